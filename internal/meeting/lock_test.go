package meeting_test

import (
	"errors"
	"fmt"
	"slices"
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
	h, items := gather(t, majority, "", toDecide)
	h.open(seats...)
	h.take(items[0].ID)
	h.vote(items[0].ID, "alvesta:for lessebo:for ljungby:for")
	h.ok(meeting.Bias(h.ctx, h.tx, items[0].ID, meeting.Telling{Person: h.holds["region"]}))
	must(h.decide(items[0].ID, meeting.Ruling{}))(h)
	must(meeting.Say(h.ctx, h.tx, items[0].ID, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["alvesta"], Wording: "Nej"}))(h)
	paper := uuid.New()
	h.exec("INSERT INTO document (id, title, kind, language, latest) VALUES ($1, 'Underlag', 'other', 'sv', 1)", paper)
	h.exec("INSERT INTO agenda_paper (id, item_id, meeting_id, document_id, number, added_at) VALUES (gen_random_uuid(), $1, $2, $3, 1, now())", items[0].ID, h.id, paper)
	h.exec("INSERT INTO minutes_paragraph (id, meeting_id, number, heading, part) VALUES (gen_random_uuid(), $1, 1, 'Öppnande', 'opening')", h.id)
	h.exec("INSERT INTO adjusting (id, meeting_id, person_id, role, position) VALUES (gen_random_uuid(), $1, $2, 'chair', 1)", h.id, h.holds["region"])

	h.try(meeting.Open)
	h.exec("UPDATE meeting SET state = 'closed', closed_at = now(), county_version = 1, item_id = NULL WHERE id = $1", h.id)
	h.try(meeting.Closed)
	h.exec("UPDATE meeting SET state = 'drafted' WHERE id = $1", h.id)
	h.exec("INSERT INTO minutes (id, meeting_id, record, body, hash, adjusted_on) VALUES (gen_random_uuid(), $1, 'minutes', '{}', '\\x00', '2026-11-25')", h.id)
	h.try(meeting.Minuted)
	h.exec("UPDATE meeting SET state = 'adjusted', adjusted_at = now() WHERE id = $1", h.id)
	h.exec("INSERT INTO amendment (id, meeting_id, number, on_day, wording, ground, made_at) VALUES (gen_random_uuid(), $1, 1, '2026-11-25', 'Så', 'Fel', now())", h.id)
	h.try(meeting.Adjusted)
	h.exec("UPDATE meeting SET state = 'published', published_at = now() WHERE id = $1", h.id)
	h.try(meeting.Published)

	cancelled := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today().Add(9)}))(h).Meeting.ID
	h.exec("UPDATE meeting SET state = 'cancelled', cancelled_at = now(), cancelled_reason = 'För få' WHERE id = $1", cancelled)
	h.tryAt(cancelled, meeting.Cancelled)

	// Now that there are minutes and amendments to copy, once more before they may come.
	again := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today()}))(h).Meeting.ID
	for _, step := range []string{"state = 'called', called_at = now()", "state = 'open'", "state = 'closed', closed_at = now(), county_version = 1", "state = 'drafted'"} {
		h.exec("UPDATE meeting SET "+step+" WHERE id = $1", again)
		m := must(meeting.Get(h.ctx, h.tx, again))(h)
		if m.State != meeting.Called {
			h.tryAt(again, m.State)
		}
	}

	// What comes of a decision moves on.
	h.exec("UPDATE decision SET status = 'done', status_on = '2026-11-26', status_note = 'Klart' WHERE meeting_id = $1", h.id)
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
