package meeting_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
)

// locked are the tables of what happens at a meeting, a change of each, and the
// states in which the database lets each be written at all.
var locked = []struct {
	table, change          string
	insert, update, delete []meeting.State
}{
	{"meeting", "title = title || '.'", nil, []meeting.State{meeting.Open, meeting.Closed, meeting.Minuted}, nil},
	{"agenda_item", "title = title || '.'", working, working, nil},
	{"agenda_paper", "note = note || '.'", working, working, nil},
	{"agenda_called", "title = title || '.'", []meeting.State{meeting.Open}, nil, nil},
	{"invitation", "note = note || '.'", []meeting.State{meeting.Open}, []meeting.State{meeting.Open}, nil},
	{"attendance", "remote = NOT remote", []meeting.State{meeting.Open}, []meeting.State{meeting.Open}, []meeting.State{meeting.Open}},
	{"bias", "reason = reason || '.'", []meeting.State{meeting.Open}, nil, []meeting.State{meeting.Open}},
	{"ballot", "vote = 'abstains'", []meeting.State{meeting.Open}, []meeting.State{meeting.Open}, nil},
	{"remark", "wording = wording || '.'", []meeting.State{meeting.Open}, []meeting.State{meeting.Open}, nil},
	{"decision", "wording = wording || '.'", []meeting.State{meeting.Open}, working, nil},
	{"minutes_paragraph", "wording = wording || '.'", working, working, working},
	{"adjusting", "reason = reason || '.'", working, working, working},
	{"minutes", "record = 'notes'", []meeting.State{meeting.Closed, meeting.Minuted, meeting.Adjusted}, nil, nil},
	{"amendment", "wording = wording || '.'", []meeting.State{meeting.Adjusted, meeting.Published}, nil, nil},
}

var working = []meeting.State{meeting.Open, meeting.Closed, meeting.Minuted}

// TestNothingIsWrittenOnWhatIsClosed tries every write on every table in every
// state, past the rooms: what refuses is the database.
func TestNothingIsWrittenOnWhatIsClosed(t *testing.T) {
	h, items := gather(t, majority, "", toDecide, toDecide) // the other stays as it is
	h.open(seats...)
	h.take(items[0].ID)
	h.vote(items[0].ID, "alvesta:for lessebo:for ljungby:for")
	h.ok(meeting.Bias(h.ctx, h.tx, items[0].ID, meeting.Telling{Person: h.holds["region"]}))
	must(h.decide(items[0].ID, meeting.Ruling{Ratify: true}))(h)
	must(meeting.Say(h.ctx, h.tx, items[0].ID, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["alvesta"], Wording: "Nej"}))(h)
	paper := uuid.New()
	h.exec("INSERT INTO document (id, title, kind, language, latest) VALUES ($1, 'Underlag', 'other', 'sv', 1)", paper)
	h.exec("INSERT INTO agenda_paper (id, item_id, meeting_id, document_id, number, added_at) VALUES (gen_random_uuid(), $1, $2, $3, 1, now())", items[0].ID, h.id, paper)
	h.exec("INSERT INTO minutes_paragraph (id, meeting_id, number, heading, part, item_id) VALUES (gen_random_uuid(), $1, 1, 'Riktning', 'item', $2)", h.id, items[0].ID)
	h.exec("INSERT INTO adjusting (id, meeting_id, person_id, role, position) VALUES (gen_random_uuid(), $1, $2, 'chair', 1)", h.id, h.holds["region"])
	h.exec("INSERT INTO sharing (id, meeting_id, decision_id, kind, recipient, shared_at) SELECT gen_random_uuid(), meeting_id, id, 'comment', 'Alla', now() FROM decision")
	open := h.beside()
	h.attested(items[0].ID)

	h.try(meeting.Open)
	h.astray(open, meeting.Open)
	h.exec("UPDATE meeting SET state = 'closed', closed_at = now(), county_version = 1, item_id = NULL WHERE id = $1", h.id)
	h.try(meeting.Closed)
	h.astray(open, meeting.Closed)
	h.exec("UPDATE meeting SET state = 'drafted' WHERE id = $1", h.id)
	h.exec("INSERT INTO minutes (id, meeting_id, record, body, hash, adjusted_on) VALUES (gen_random_uuid(), $1, 'minutes', '{}', '\\x00', '2026-11-25')", h.id)
	h.try(meeting.Minuted)
	h.exec("UPDATE meeting SET state = 'adjusted', adjusted_at = now() WHERE id = $1", h.id)
	h.exec("INSERT INTO amendment (id, meeting_id, number, on_day, wording, ground, made_at) VALUES (gen_random_uuid(), $1, 1, '2026-11-25', 'Så', 'Fel', now())", h.id)
	h.try(meeting.Adjusted)
	h.astray(open, meeting.Adjusted)
	h.exec("UPDATE agenda_item SET published = true WHERE meeting_id = $1", h.id)
	h.exec("UPDATE decision SET published = true WHERE meeting_id = $1", h.id)
	h.exec("UPDATE minutes_paragraph SET published = true, public_heading = heading, public_wording = wording WHERE meeting_id = $1", h.id)
	h.exec("UPDATE amendment SET published = true WHERE meeting_id = $1", h.id)
	h.never("while adjusted", public)
	h.exec("UPDATE meeting SET state = 'published', published = true, published_at = now() WHERE id = $1", h.id)
	h.try(meeting.Published)
	h.astray(open, meeting.Published)
	h.never("while published", public)
	h.never("while published", []string{"UPDATE meeting SET published_at = now() - interval '3 years' WHERE state = 'published'", "UPDATE meeting SET published = false WHERE state = 'published'"})

	cancelled := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today().Add(9)}))(h).Meeting.ID
	h.exec("UPDATE meeting SET state = 'cancelled', cancelled_at = now(), cancelled_reason = 'För få' WHERE id = $1", cancelled)
	h.tryAt(cancelled, meeting.Cancelled)

	// Now that there are minutes and amendments to copy, once more before they may come.
	again := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today()}))(h).Meeting.ID
	must(meeting.Put(h.ctx, h.tx, again, toTell))(h)
	for _, step := range []string{"state = 'called', called_at = now()", "state = 'open'", "state = 'closed', closed_at = now(), county_version = 1", "state = 'drafted'"} {
		h.exec("UPDATE meeting SET "+step+" WHERE id = $1", again)
		m := must(meeting.Get(h.ctx, h.tx, again))(h)
		if m.State != meeting.Called {
			h.tryAt(again, m.State)
		}
	}

	// What comes of a decision moves on, and a party may answer anew.
	h.exec("UPDATE decision SET status = 'done', status_on = '2026-11-26', status_note = 'Klart' WHERE meeting_id = $1", h.id)
	h.exec("UPDATE ratification SET answer = 'ratified', answered_on = '2026-11-26', version = version + 1")
	h.never("in a blow", []string{"UPDATE ratification SET answer = 'refused'", "UPDATE ratification SET answer = 'refused', version = version + 1", "UPDATE ratification SET note = 'x', version = version + 1", "UPDATE ratification SET answered_on = '2026-01-01', version = version + 1",
		"UPDATE ratification_earlier SET reason = 'x'", "DELETE FROM ratification_earlier", "UPDATE ratification SET due_on = '2030-01-01', version = version + 1",
		"INSERT INTO ratification (id, decision_id, organisation_id, asked_on) SELECT gen_random_uuid(), decision_id, (SELECT id FROM organisation o WHERE o.id NOT IN (SELECT organisation_id FROM ratification) LIMIT 1), asked_on FROM ratification LIMIT 1"})
}

// public are changes of what the public reads.
var public = []string{
	"UPDATE agenda_item SET published = false WHERE published",
	"UPDATE decision SET published = false WHERE published",
	"UPDATE amendment SET published = false WHERE published",
	"UPDATE minutes_paragraph SET published = false WHERE published",
	"UPDATE minutes_paragraph SET public_heading = 'Nytt' WHERE published",
	"UPDATE minutes_paragraph SET public_wording = 'Avslås' WHERE published",
}

// beside is another meeting of the body that is open all the while, with what
// happens at one.
func (h *hall) beside() uuid.UUID {
	h.Helper()
	id := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today()}))(h).Meeting.ID
	must(meeting.Put(h.ctx, h.tx, id, toDecide))(h)
	must(meeting.Put(h.ctx, h.tx, id, toDecide))(h)
	h.exec("UPDATE meeting SET state = 'called', called_at = now() WHERE id = $1", id)
	h.exec("UPDATE meeting SET state = 'open' WHERE id = $1", id)
	for _, table := range []string{"attendance", "ballot", "bias", "remark", "agenda_paper", "decision", "minutes_paragraph"} {
		h.exec("INSERT INTO "+table+` SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'meeting_id', $1::uuid, 'number', 99,
			'item_id', (SELECT id FROM agenda_item WHERE meeting_id = $1 ORDER BY position LIMIT 1)))).* FROM `+table+" r LIMIT 1", id)
	}
	return id
}

// astray tries to lead what happens at a meeting that is open to a matter of
// another, and what that has to the open one: whatever the state of the other.
func (h *hall) astray(open uuid.UUID, state meeting.State) {
	h.Helper()
	there := fmt.Sprintf("(SELECT id FROM agenda_item WHERE meeting_id = '%s' ORDER BY position DESC LIMIT 1)", h.id)
	here := fmt.Sprintf("(SELECT id FROM agenda_item WHERE meeting_id = '%s' ORDER BY position DESC LIMIT 1)", open)
	var all []string
	for table, columns := range map[string][]string{
		"ballot": {"item_id"}, "bias": {"item_id"}, "remark": {"item_id"}, "decision": {"item_id"}, "minutes_paragraph": {"item_id"}, "attendance": {"arrived_item", "left_item"},
	} {
		for _, column := range columns {
			// The open meeting's own, on the other's matter, and anew.
			if table != "bias" {
				all = append(all, fmt.Sprintf("UPDATE %s SET %s = %s WHERE meeting_id = '%s'", table, column, there, open))
				all = append(all, fmt.Sprintf("UPDATE %s SET %s = %s WHERE meeting_id = '%s'", table, column, here, h.id))
			}
			if table != "bias" && (table != "attendance" || state != meeting.Open) {
				all = append(all, fmt.Sprintf("UPDATE %s SET meeting_id = '%s' WHERE meeting_id = '%s'", table, open, h.id))
			}
			// By somebody and in a place that has said nothing there yet.
			all = append(all, fmt.Sprintf(`INSERT INTO %[1]s SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'number', 77, 'place', 'other', 'kind', 'statement',
				'arrived_at', now() - interval '9 days', 'left_at', now() - interval '8 days', 'person_id', '%[2]s'::uuid, '%[3]s', %[4]s))).* FROM %[1]s r WHERE meeting_id = '%[5]s' LIMIT 1`,
				table, h.holds["ljungby"], column, there, open))
		}
	}
	all = append(all,
		fmt.Sprintf("UPDATE decision SET meeting_id = '%s', item_id = %s, wording = 'Nytt' WHERE meeting_id = '%s'", open, here, h.id),
		fmt.Sprintf("UPDATE meeting SET item_id = %s WHERE id = '%s'", there, open),
		fmt.Sprintf("UPDATE agenda_item SET meeting_id = '%s' WHERE meeting_id = '%s'", open, h.id),
		fmt.Sprintf("INSERT INTO adjusting (id, meeting_id, paragraph_id, person_id, role, position) SELECT gen_random_uuid(), '%s', id, '%s', 'chair', 1 FROM minutes_paragraph WHERE meeting_id = '%s'", open, h.holds["region"], h.id),
		fmt.Sprintf("INSERT INTO sharing (id, meeting_id, decision_id, kind, recipient, shared_at) SELECT gen_random_uuid(), '%s', id, 'comment', 'Alla', now() FROM decision WHERE meeting_id = '%s'", open, h.id),
	)
	if state == meeting.Adjusted || state == meeting.Published {
		paper := "SELECT gen_random_uuid(), %s, %s, document_id, 9, now() FROM agenda_paper LIMIT 1"
		of := "INSERT INTO agenda_paper (id, item_id, meeting_id, document_id, number, added_at) "
		all = append(all, of+fmt.Sprintf(paper, there, "NULL::uuid"), of+fmt.Sprintf(paper, there, "'"+open.String()+"'::uuid"), of+fmt.Sprintf(paper, here, "'"+h.id.String()+"'::uuid"),
			fmt.Sprintf("UPDATE agenda_paper SET item_id = %s, number = 9 WHERE meeting_id = '%s'", there, open),
			fmt.Sprintf("UPDATE agenda_paper SET item_id = %s, number = 9 WHERE meeting_id = '%s'", here, h.id),
			fmt.Sprintf("UPDATE amendment SET paragraph_id = (SELECT id FROM minutes_paragraph WHERE meeting_id = '%s') WHERE meeting_id = '%s'", open, h.id),
			fmt.Sprintf("INSERT INTO amendment (id, meeting_id, number, paragraph_id, on_day, wording, ground, made_at) SELECT gen_random_uuid(), '%s', 8, id, '2026-11-25', 'Så', 'Fel', now() FROM minutes_paragraph WHERE meeting_id = '%s'", h.id, open))
	}
	h.never("while the other is "+string(state), all)
}

// attested tries to change what a paragraph tells of that was adjusted at once,
// while the meeting goes on.
func (h *hall) attested(item uuid.UUID) {
	h.Helper()
	err := h.tx.Savepoint(h.ctx, func() error {
		h.exec("INSERT INTO adjusting (id, meeting_id, paragraph_id, person_id, role, position, asked_at, adjusted_at, hash) SELECT gen_random_uuid(), meeting_id, id, $2, 'chair', 1, now(), now(), '\\x00' FROM minutes_paragraph WHERE item_id = $1", item, h.holds["region"])
		h.exec("UPDATE minutes_paragraph SET adjusted_at = now() WHERE item_id = $1", item)
		of := fmt.Sprintf(" WHERE item_id = '%s'", item)
		h.never("while its paragraph is attested", []string{
			"UPDATE agenda_item SET result = 'Nytt' WHERE id" + of[len(" WHERE item_id"):],
			"UPDATE agenda_item SET state = 'on-table', outcome = '' WHERE id" + of[len(" WHERE item_id"):],
			"UPDATE decision SET wording = 'Nytt'" + of, "UPDATE ballot SET vote = 'abstains'" + of, "UPDATE remark SET wording = 'Nytt'" + of, "DELETE FROM bias" + of,
			"INSERT INTO ballot (id, meeting_id, item_id, place, person_id, vote, cast_at, how) SELECT gen_random_uuid(), meeting_id, item_id, 'other', person_id, vote, cast_at, how FROM ballot" + of + " LIMIT 1",
			"INSERT INTO bias (id, meeting_id, item_id, person_id, told_at) SELECT gen_random_uuid(), meeting_id, item_id, '" + h.holds["ljungby"].String() + "', told_at FROM bias" + of,
			"INSERT INTO remark (id, meeting_id, item_id, person_id, kind, wording, made_at) SELECT gen_random_uuid(), meeting_id, item_id, person_id, 'statement', 'Nytt', made_at FROM remark" + of,
			"UPDATE adjusting SET hash = '\\x01' WHERE paragraph_id IS NOT NULL", "DELETE FROM adjusting WHERE paragraph_id IS NOT NULL",
		})
		// What comes of it moves on, and so does its place on the agenda.
		h.exec("UPDATE decision SET status = 'done', status_on = '2026-11-26'" + of)
		h.exec("UPDATE agenda_item SET position = position + 1 WHERE id = $1", item)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		h.Error(err)
	}
}

// never wants each write to be refused by a rule of the database, of something that is there.
func (h *hall) never(when string, all []string) {
	h.Helper()
	for _, sql := range all {
		var n int64
		err := h.tx.Savepoint(h.ctx, func() error {
			tag, err := h.tx.Exec(h.ctx, sql)
			if n = tag.RowsAffected(); err == nil {
				return errUndo
			}
			return err
		})
		refused := slices.ContainsFunc(fault.All(err), func(f *fault.Fault) bool { return f.Kind == fault.Invalid })
		var refusal interface{ SQLState() string } // no right to write it at all
		if errors.As(err, &refusal) && refusal.SQLState() == "42501" {
			refused = true
		}
		if !refused {
			h.Errorf("%s, %s was not refused: %d rows, %v", when, sql, n, err)
		}
	}
}

func (h *hall) exec(sql string, args ...any) {
	h.Helper()
	if _, err := h.tx.Exec(h.ctx, sql, args...); err != nil {
		h.Fatalf("%s: %v", sql, err)
	}
}

func (h *hall) try(state meeting.State) { h.Helper(); h.tryAt(h.id, state) }

func (h *hall) tryAt(id uuid.UUID, state meeting.State) {
	h.Helper()
	for _, l := range locked {
		var n int
		if err := h.tx.QueryRow(h.ctx, "SELECT count(*) FROM "+l.table).Scan(&n); err != nil || n == 0 && !slices.Contains([]string{"minutes", "amendment"}, l.table) {
			h.Fatalf("nothing in %s to try with: %v", l.table, err)
		}
		of := "meeting_id"
		if l.table == "meeting" {
			of = "id"
		}
		// A copy of a row that is there, on this meeting: the lock speaks before any
		// other rule that the copy may break.
		insert := fmt.Sprintf(`INSERT INTO %[1]s SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), '%[2]s', $1::uuid))).* FROM %[1]s r LIMIT 1`, l.table, of)
		if l.table == "agenda_paper" { // of one of its matters, which is what is asked for
			insert = strings.Replace(insert, "$1::uuid", "$1::uuid, 'item_id', (SELECT id FROM agenda_item WHERE meeting_id = $1 LIMIT 1)", 1)
		}
		if l.table != "meeting" {
			h.tries(state, "insert into "+l.table, l.insert, insert, id, false)
		}
		h.tries(state, "update "+l.table, l.update, fmt.Sprintf("UPDATE %s SET %s WHERE %s = $1", l.table, l.change, of), id, true)
		h.tries(state, "delete from "+l.table, l.delete, fmt.Sprintf("DELETE FROM %s WHERE %s = $1", l.table, of), id, true)
	}
}

var errUndo = errors.New("undo")

// tries wants a write to be refused by lock or right, unless the state allows it.
func (h *hall) tries(state meeting.State, what string, allowed []meeting.State, sql string, id uuid.UUID, rows bool) {
	h.Helper()
	var n int64
	err := h.tx.Savepoint(h.ctx, func() error {
		tag, err := h.tx.Exec(h.ctx, sql, id)
		if n = tag.RowsAffected(); err == nil {
			return errUndo
		}
		return err
	})
	var refusal interface{ SQLState() string } // no right to write it at all
	denied := fault.Is(err, "meeting.locked") || errors.As(err, &refusal) && refusal.SQLState() == "42501"
	switch may := slices.Contains(allowed, state); {
	case may && denied:
		h.Errorf("%s while %s: %v", what, state, err)
	case !may && !denied && (n > 0 || !rows && !errors.Is(err, errUndo)):
		h.Errorf("%s while %s was not refused: %d rows, %v", what, state, n, err)
	}
}
