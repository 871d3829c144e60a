package web_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/text"
)

// Keys that are made at run time, of a stem and a value.
func TestEveryValueOfAMeetingHasWords(t *testing.T) {
	var keys []string
	add := func(stem string, values ...string) {
		for _, v := range values {
			keys = append(keys, stem+v)
		}
	}
	for _, s := range meeting.States {
		add("meeting.page.", "state."+string(s))
		if !s.Held() {
			add("meeting.page.", "lead_meeting."+string(s), "lead_written."+string(s))
			continue
		}
		add("meeting.page.record.", "minutes."+string(s), "notes."+string(s))
	}
	for d := range 7 {
		add("meeting.page.weekday.", strconv.Itoa(d))
	}
	for _, stands := range []string{"held", "imported"} {
		add("meeting.page.", "lead_meeting."+stands, "lead_written."+stands)
	}
	for _, record := range []string{"minutes", "notes"} {
		add("meeting.page.record.", record+".drafted_settled", record+".adjusted_settled")
		add("meeting.public.", "with_"+record, "with_"+record+"_settled", "no_"+record)
		add("meeting.page.", "to_"+record)
	}
	kinds := []string{meeting.ForInformation, meeting.ForDiscussion, meeting.ForDecision, meeting.ForLearning}
	add("agenda_item.page.kind.", kinds...)
	add("agenda_item.form.kind.", kinds...)
	add("agenda_item.page.state.", meeting.ItemProposed, meeting.ItemDeclined, meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemOnTable, meeting.ItemHandled, meeting.ItemPostponed, meeting.ItemWithdrawn)
	add("agenda_item.page.outcome.", meeting.OutcomeNoted, meeting.OutcomeDiscussed, meeting.OutcomeLearned, meeting.OutcomeCarried, meeting.OutcomeRejected, meeting.OutcomeAdvised,
		meeting.OutcomeSentOn, meeting.OutcomePostponed, meeting.OutcomeWithdrawn)
	roles := enum[meeting.Invitation](t, "Role")
	add("meeting.page.role.", roles...)
	add("meeting.answer.lead_", roles...)
	add("meeting.page.answer.", enum[meeting.Reply](t, "Answer")...)
	add("meeting.answer.answer.", enum[meeting.Reply](t, "Answer")...)
	add("meeting.page.differs.", enum[meeting.Difference](t, "What")...)
	add("meeting.page.year_", "held", "open", "coming", "missed", "cancelled")
	add("meeting.page.sum.", "yes", "remote", "no", "deputies", "silent")
	acts := enum[meeting.Matter](t, "Act")
	add("act.does.", acts...)
	add("act.choose.", slices.DeleteFunc(slices.Clone(acts), func(a string) bool { return a == meeting.ActConfiguration })...) // changed where it is read
	add("decision.page.status.", enum[meeting.Decision](t, "Status")...)
	add("decision.form.status.", enum[meeting.Progress](t, "Status")...)
	add("decision.page.lead_", enum[meeting.Decision](t, "Outcome")...)
	for _, state := range []string{"all", "open", "overdue", "waiting", "done"} {
		add("decision.page.", "lead."+state, "filter."+state)
	}
	add("decision.page.vote.", enum[meeting.Voice](t, "Vote")...)
	add("decision.page.sum.", "all", "absent", "serving", "biased", "counted", "needed", "above", "missing", "entitled", "objections", "agree", "for", "against", "cast", "for_needed", "casting_for", "casting_against", "abstained", "not_voted")
	add("decision.page.", "did", "did_note", "to_do", "to_do_note", "undone", "undone_note", "home.leaf_note", "home.leaf_act")
	add("agreement.validity.", enum[agreement.Term](t, "Kind")...)
	add("ratification.form.answer.", meeting.Ratified, meeting.Refused)
	for _, k := range keys {
		if !text.Has(k) {
			t.Errorf("no words for %s", k)
		}
	}
}

// enum are the values that a field's tag allows.
func enum[T any](t *testing.T, name string) []string {
	t.Helper()
	f, ok := reflect.TypeFor[T]().FieldByName(name)
	if !ok {
		t.Fatalf("%v has no %s", reflect.TypeFor[T](), name)
	}
	return slices.DeleteFunc(strings.Split(f.Tag.Get("enum"), ","), func(v string) bool { return v == "" })
}
