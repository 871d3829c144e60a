package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) meetingLiveRoutes() []route {
	const at = "/lan/{county}" + meetingsAt + "/{id}"
	return []route{
		get(at+"/live", d.page(members, d.meetingLive)),
		get(at+"/events", d.meetingEvents),
		deed[struct{}]{d, "open", false, meetingDeed(meeting.Start)}.at(at),
		deed[struct{}]{d, "close", false, meetingDeed(closeMeeting)}.at(at),
		deed[struct{}]{d, "reopen", false, meetingDeed(meeting.Reopen)}.at(at),
		deed[struct{}]{d, "all-came", false, allCame}.at(at),
		deed[meeting.Presence]{d, "arrive", false, presenceDeed(meeting.Arrive)}.at(at),
		deed[meeting.Presence]{d, "leave", false, presenceDeed(meeting.Leave)}.at(at),
		deed[absence]{d, "absent", false, neverCame}.at(at),
		deed[aboutItem]{d, "take-up", true, takeUp}.at(at),
		deed[liveSettlement]{d, "settle", true, settle}.at(at),
		deed[liveDelay]{d, "postpone", true, postpone}.at(at),
		deed[liveRuling]{d, "decide", true, decide}.at(at),
		deed[liveVoice]{d, "vote", true, vote}.at(at),
		deed[aboutItem]{d, "votes", true, noteVotes}.at(at),
		deed[liveTelling]{d, "bias", true, tellBias}.at(at),
		deed[liveAbsence]{d, "unbias", true, takeBackBias}.at(at),
		deed[liveSaying]{d, "say", true, say}.at(at),
		deed[aboutRemark]{d, "take-back", false, takeBack}.at(at),
	}
}

// What the forms send: the room's own inputs, with the matter that they are about.
type (
	aboutItem struct {
		Item uuid.UUID `json:"item"`
	}
	absence struct {
		Person uuid.UUID `json:"person"`
	}
	liveAbsence struct {
		Item   uuid.UUID `json:"item"`
		Person uuid.UUID `json:"person"`
	}
	liveSettlement struct {
		Item uuid.UUID `json:"item"`
		meeting.Settlement
	}
	liveDelay struct {
		Item uuid.UUID `json:"item"`
		meeting.Delay
	}
	liveRuling struct {
		Item uuid.UUID `json:"item"`
		meeting.Ruling
		Duty string `json:"duty,omitempty" maxLength:"1000"`
	}
	liveVoice struct {
		Item uuid.UUID `json:"item"`
		meeting.Voice
	}
	liveTelling struct {
		Item uuid.UUID `json:"item"`
		meeting.Telling
	}
	liveSaying struct {
		Item uuid.UUID `json:"item"`
		meeting.Saying
	}
	aboutRemark struct {
		Remark uuid.UUID `json:"remark"`
	}
)

// deed is one form of the page of a meeting that is held: it does its work and
// leads back to the same place, or shows the page again with what was typed and
// why it could not be done.
type deed[T any] struct {
	door  *Door
	name  string // ends the form's address, and names it on the page
	items bool   // whether it is about a matter, which has to be the meeting's
	// do does it to the meeting that the address names, and gives the part of the
	// page to come back to. version is the one of what the form is about.
	do func(ctx context.Context, tx *pg.Tx, v *visit, at uuid.UUID, version int64, in T) (part string, err error)
}

func (f deed[T]) at(meeting string) route { return post(meeting+"/live/"+f.name, f.send) }

func (f deed[T]) send(w http.ResponseWriter, r *http.Request) {
	v, typed, ok := f.door.posted(w, r)
	if !ok {
		return
	}
	in, err := decode[T](typed)
	if err == nil {
		version, _ := strconv.ParseInt(typed.Get("version"), 10, 64)
		err = f.door.once(w, v, members, pg.Once{Key: typed.Get("key"), Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			at, err := id(r, "id")
			if err != nil {
				return "", err
			}
			if f.items {
				if err := within(r.Context(), tx, at, typed.Get("item")); err != nil {
					return "", err
				}
			}
			part, err := f.do(r.Context(), tx, v, at, version, in)
			return string(liveAt(v, at, part)), err
		})
		if err == nil {
			return
		}
	}
	f.again(w, v, typed, err)
}

// liveAt is a part of the page of a meeting that is held.
func liveAt(v *visit, at uuid.UUID, part string) templ.SafeURL {
	return meetingAt(v, at, "/live", part)
}

// within refuses a matter that is not on the meeting's agenda, as if it were not there.
func within(ctx context.Context, tx *pg.Tx, at uuid.UUID, item string) error {
	id, err := uuid.Parse(item)
	if err != nil {
		return fault.Missing()
	}
	i, err := meeting.GetItem(ctx, tx, id)
	if err == nil && i.Meeting != at {
		err = fault.Missing()
	}
	return err
}

// again shows the page with why something could not be done.
func (f deed[T]) again(w http.ResponseWriter, v *visit, typed url.Values, err error) {
	faults := fault.All(err)
	if len(faults) == 0 || slices.ContainsFunc(faults, func(f *fault.Fault) bool {
		return f.Kind == fault.Unauthenticated || f.Kind == fault.NotFound || f.Kind == fault.Unavailable
	}) {
		f.door.refuse(w, v, err)
		return
	}
	v.status = statuses[faults[0].Kind]
	if fault.Is(err, "idempotency.other_request") {
		faults = []*fault.Fault{fault.New(fault.Invalid, "form.sent_before")}
	}
	f.door.answer(w, v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		s, err := v.live(ctx, tx)
		if err != nil {
			return nil, err
		}
		s.sent = liveSent{Form: s.formOf(f.name, typed.Get("item")), Typed: typed, Wrong: faults}
		for _, one := range faults {
			if one.Kind == fault.Stale {
				s.sent.Changes = v.overtook(one.Current, f.name, typed)
			}
		}
		return livePage(v, s), nil
	})
}

// overtook are how the thing stands now and what was asked of it, side by side.
func (v *visit) overtook(now any, form string, typed url.Values) []change {
	state := ""
	switch x := now.(type) {
	case meeting.Meeting:
		_, state = v.meetingState(x)
	case meeting.Item:
		_, state = v.itemState(x)
	}
	cs := []change{{v.T("meeting.live.how_it_stands"), state, v.Of("meeting.live.act.", form)}}
	kept, _ := json.Marshal(now)
	var is map[string]any
	_ = json.Unmarshal(kept, &is)
	for _, name := range []string{"wording", "result", "reason"} {
		yours := strings.TrimSpace(typed.Get(name))
		was, _ := is[name].(string)
		if name == "wording" {
			was, _ = is["proposal"].(string)
		}
		if yours != "" && yours != was {
			cs = append(cs, change{v.Of("meeting.live.field.", name), was, yours})
		}
	}
	return cs
}

// The parts of the page that a form leads back to.
const (
	atTable      = "#table"
	atAgenda     = "#agenda"
	atAttendance = "#attendance"
	atDeviations = "#deviations"
)

func meetingDeed(do func(context.Context, *pg.Tx, uuid.UUID, int64) (meeting.Meeting, error)) func(context.Context, *pg.Tx, *visit, uuid.UUID, int64, struct{}) (string, error) {
	return func(ctx context.Context, tx *pg.Tx, _ *visit, at uuid.UUID, version int64, _ struct{}) (string, error) {
		_, err := do(ctx, tx, at, version)
		return atTable, err
	}
}

func closeMeeting(ctx context.Context, tx *pg.Tx, at uuid.UUID, version int64) (meeting.Meeting, error) {
	c, err := meeting.Close(ctx, tx, at, version)
	return c.Meeting, err
}

func allCame(ctx context.Context, tx *pg.Tx, _ *visit, at uuid.UUID, _ int64, _ struct{}) (string, error) {
	_, err := meeting.AllCame(ctx, tx, at)
	return atAttendance, err
}

func presenceDeed(do func(context.Context, *pg.Tx, uuid.UUID, meeting.Presence) error) func(context.Context, *pg.Tx, *visit, uuid.UUID, int64, meeting.Presence) (string, error) {
	return func(ctx context.Context, tx *pg.Tx, _ *visit, at uuid.UUID, _ int64, p meeting.Presence) (string, error) {
		return atDeviations, do(ctx, tx, at, p)
	}
}

func neverCame(ctx context.Context, tx *pg.Tx, _ *visit, at uuid.UUID, _ int64, who absence) (string, error) {
	return atDeviations, meeting.NeverCame(ctx, tx, at, who.Person)
}

func takeUp(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, version int64, i aboutItem) (string, error) {
	_, err := meeting.TakeUp(ctx, tx, i.Item, version)
	return atTable, err
}

func settle(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, version int64, s liveSettlement) (string, error) {
	_, err := meeting.Settle(ctx, tx, s.Item, version, s.Settlement)
	return atTable, err
}

func postpone(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, version int64, s liveDelay) (string, error) {
	_, err := meeting.Postpone(ctx, tx, s.Item, version, s.Delay)
	return atTable, err
}

func decide(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, version int64, r liveRuling) (string, error) {
	if duty := strings.TrimSpace(r.Duty); duty != "" {
		r.Duties = []meeting.Charge{{Wording: duty}}
	}
	_, err := meeting.Decide(ctx, tx, r.Item, version, r.Ruling)
	return atTable, err
}

func vote(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, _ int64, b liveVoice) (string, error) {
	return atTable, meeting.Vote(ctx, tx, b.Item, b.Voice)
}

// noteVotes notes the votes of all whose vote was written down as another than the
// page showed: what somebody has voted himself meanwhile stays.
func noteVotes(ctx context.Context, tx *pg.Tx, v *visit, _ uuid.UUID, _ int64, i aboutItem) (string, error) {
	var wrong fault.List
	for name, values := range v.r.PostForm {
		place, is := strings.CutPrefix(name, "vote:")
		if !is || len(values) == 0 || values[0] == "" || values[0] == v.r.PostForm.Get("was:"+place) {
			continue
		}
		err := meeting.Vote(ctx, tx, i.Item, meeting.Voice{Place: place, Vote: values[0]})
		if err != nil && len(fault.All(err)) == 0 {
			return "", err
		}
		wrong.Add(err)
	}
	return atTable, wrong.Err()
}

func tellBias(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, _ int64, b liveTelling) (string, error) {
	return atTable, meeting.Bias(ctx, tx, b.Item, b.Telling)
}

func takeBackBias(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, _ int64, b liveAbsence) (string, error) {
	return atTable, meeting.Unbias(ctx, tx, b.Item, b.Person)
}

func say(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, _ int64, s liveSaying) (string, error) {
	_, err := meeting.Say(ctx, tx, s.Item, s.Saying)
	return atTable, err
}

func takeBack(ctx context.Context, tx *pg.Tx, _ *visit, _ uuid.UUID, _ int64, r aboutRemark) (string, error) {
	_, err := meeting.TakeBack(ctx, tx, r.Remark)
	return atTable, err
}

// liveField is a field of one of the page's forms: filled with what was typed
// there where the form was refused, else with value.
func liveField[T any](v *visit, s *liveSeen, form, name, kind, value string, options ...option) field {
	p := shapeOf[T]().of[name]
	f := field{ID: form + "-" + name, Name: name, Label: v.Of("meeting.live.field.", name), Type: kind, Value: value, Options: options, Required: p.required, Autocomplete: "off"}
	if key := "meeting.live.help." + name; hasWords(key) {
		f.Help = v.Of("meeting.live.help.", name)
	}
	if p.schema != nil && p.schema.MaxLength != nil {
		f.Max = *p.schema.MaxLength
	}
	if s.sent.Form != form {
		return f
	}
	if typed, there := s.sent.Typed[name]; there || kind == "check" {
		f.Value = url.Values(s.sent.Typed).Get(name)
		if len(typed) == 0 {
			f.Value = ""
		}
	}
	for _, w := range s.sent.Wrong {
		if field, _, _ := strings.Cut(strings.TrimPrefix(w.Field, "/"), "/"); field == name {
			if w.Key == "shape.required" {
				w = w.With("name", f.Label)
			}
			f.Why, f.WhyMore = sentences(v.say(w), v.detail(w.Key, w.Args))
		}
	}
	return f
}

// formOf is what a form is called on the page: with the matter's number where each
// matter has one of its own.
func (s *liveSeen) formOf(name, item string) string {
	if name == "leave" { // two buttons of one form
		name = "arrive"
	}
	if !s.written() {
		return name
	}
	at := slices.IndexFunc(s.Items, func(i liveItem) bool { return i.ID.String() == item })
	if at < 0 {
		return name
	}
	return name + "-" + strconv.Itoa(s.Items[at].Number)
}

// faults is what is wrong, as the summary above the page tells it.
func (s *liveSeen) faults(v *visit) []told {
	var ts []told
	for _, w := range s.sent.Wrong {
		name, _, _ := strings.Cut(strings.TrimPrefix(w.Field, "/"), "/")
		t := told{}
		if name != "" && hasWords("meeting.live.field."+name) {
			t.Field, t.Label = s.sent.Form+"-"+name, v.Of("meeting.live.field.", name)
			if w.Key == "shape.required" {
				w = w.With("name", t.Label)
			}
		}
		t.Text = v.say(w)
		if more := v.detail(w.Key, w.Args); more != "" {
			t.Text = stopped(t.Text) + " " + more
		}
		ts = append(ts, t)
	}
	return ts
}

// unfolded tells whether a folded form is open: it was refused.
func (s *liveSeen) unfolded(forms ...string) bool { return slices.Contains(forms, s.sent.Form) }

// choosing are the votes as a vote's buttons or rows show them.
func (v *visit) choosing() []option {
	var os []option
	for _, vote := range []governance.Vote{governance.VoteFor, governance.VoteAgainst, governance.VoteAbstains} {
		os = append(os, option{string(vote), v.Of("meeting.live.vote.", string(vote))})
	}
	return os
}

// votedIn is the vote that a row of the table of votes shows.
func (s *liveSeen) votedIn(form, place, kept string) string {
	if s.sent.Form == form {
		if typed := url.Values(s.sent.Typed).Get("vote:" + place); typed != "" {
			return typed
		}
	}
	return kept
}

// sayFirst is what is most likely to be said of a matter, chosen beforehand where
// there is nothing else to say.
func sayFirst(s *liveSeen, v *visit, i *liveItem) string {
	if os := s.sayings(v, i); len(os) == 1 {
		return os[0].Value
	}
	return ""
}

// mine is the reader among those whom something can be noted of.
func mine(s *liveSeen, v *visit) string {
	me := v.Actor.Person.String()
	if v.Actor.Person != uuid.Nil && slices.ContainsFunc(s.Called, func(o option) bool { return o.Value == me }) {
		return me
	}
	return ""
}
