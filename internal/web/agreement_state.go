package web

import (
	"regexp"
	"slices"
	"strings"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/tenant"
)

// How an agreement, its goals and its parties stand, in words.

// kindWord is what a kind of instrument is called.
func (v *visit) kindWord(kind string) tenant.Forms {
	if k, ok := v.County.InstrumentKinds.Kind(kind); ok {
		return k.Word.In(string(v.Lang))
	}
	return v.word(tenant.Agreement)
}

// levelWord is what goals of a level are called.
func (v *visit) levelWord(level string) tenant.Forms {
	if l, ok := v.County.Goals.Level(level); ok {
		return l.Word.In(string(v.Lang))
	}
	return v.word(tenant.Goal)
}

// statusOf is what those who take part in a way are called.
func (v *visit) statusOf(key string) string {
	if s, ok := v.County.PartyStatuses.Status(key); ok {
		return s.Word.In(string(v.Lang)).One
	}
	return key
}

// kindLine is what stands above the title: kind, abbreviation, number.
func (v *visit) kindLine(i agreement.Instrument) string {
	w := v.kindWord(i.Kind)
	s := capital(w.One)
	if w.Short != "" && w.Short != w.One {
		s += " (" + w.Short + ")"
	}
	if i.RegistryNumber != "" {
		s += " · " + v.T("web.agreement.registry", "number", i.RegistryNumber)
	}
	return s
}

var years = regexp.MustCompile(`\b(\d{4})-(\d{4})\b`)

// titled is a title with its years as a span is written.
func titled(s string) string { return years.ReplaceAllString(s, "$1–$2") }

// stateOf is an instrument's state in words.
func (v *visit) stateOf(s agreement.State) string {
	if s.HasEnded() && !v.Member() { // what came after may be there without being published
		return v.T("web.agreement.state_ended")
	}
	return v.Of("agreement.state.", s.Key, "signed", s.Signed, "signers", s.Signers)
}

// period says from when until when it holds, in words; "" where nothing is known.
func (v *visit) period(val agreement.Validity) string {
	from, until := val.From, val.Until
	switch {
	case val.Kind == "" && from.IsZero() && until.IsZero():
		return ""
	case val.Kind == agreement.ValidityNone:
		return v.T("agreement.validity.none")
	case !from.IsZero() && !until.IsZero():
		return v.T("web.agreement.period", "from", from.In(v.Lang), "until", until.In(v.Lang))
	case !until.IsZero():
		return v.T("web.agreement.period_until", "until", until.In(v.Lang))
	}
	s := ""
	if !from.IsZero() {
		s = v.T("web.agreement.period_from", "from", from.In(v.Lang)) + ", "
	}
	s += v.Of("agreement.validity.", val.Kind)
	if val.ReviewMonths > 0 {
		s += ", " + v.T("agreement.review", "count", val.ReviewMonths)
	}
	return s
}

// until is the end, as it follows on "are agreed": till och med 2025.
func (v *visit) until(val agreement.Validity) string {
	switch {
	case !val.Until.IsZero():
		return " " + v.T("web.agreement.period_until", "until", val.Until.In(v.Lang))
	case val.Kind == agreement.ValidityUntilNotice:
		return " " + v.T("agreement.validity.until-further-notice")
	}
	return ""
}

// municipalities are how many of the county's own take part, and how many there are.
func (a agreed) municipalities(v *visit) (in, all int) {
	for _, p := range a.Parties.List {
		if p.Counted && p.Type == "municipality" && strings.HasPrefix(p.OfficialCode, v.County.Identity.Code) {
			in++
		}
	}
	return in, in + len(a.Absent)
}

// lead says in at most three sentences how the agreement stands.
func (a agreed) lead(v *visit) string {
	var s []string
	s = append(s, a.whoAgrees(v))
	if a.State.Key == agreement.StateAwaiting || a.State.Key == agreement.StateInForceEarly {
		s = append(s, v.T("web.agreement.lead_signed", "signed", Number(v.Lang, int64(a.State.Signed)), "signers", Number(v.Lang, int64(a.State.Signers))))
	}
	if g := a.goalSentence(v); g != "" {
		s = append(s, g)
	}
	switch after := a.after(); {
	case a.State.HasEnded() && !a.Public && after == nil:
		s = append(s, v.T("web.agreement.lead_unknown_after"))
	case a.State.HasEnded() && after != nil:
		s = append(s, v.T("web.agreement.lead_after", "title", titled(after.Title)))
	}
	return strings.Join(s, " ")
}

// after is what came after the agreement, where it is known and decided.
func (a agreed) after() *agreement.Relative {
	for _, k := range a.Kin {
		if slices.Contains(a.Successors, k.ID) {
			return &k
		}
	}
	return nil
}

// whoAgrees is the first sentence: how many, until when, and who of them.
func (a agreed) whoAgrees(v *visit) string {
	n, until := a.Parties.Known, v.until(a.Validity)
	party := v.word(tenant.Party)
	among := ""
	if in, all := a.municipalities(v); in > 0 && all > 1 {
		key := "web.agreement.among_some"
		if in == all {
			key = "web.agreement.among_all"
		}
		among = ", " + v.Lang.T(key, "in", v.spelled(in, "en"), "all", v.spelled(all, "en"))
	}
	who := capital(v.spelled(n, party.Gender) + " " + party.Of(n))
	switch {
	case a.Draft:
		return v.T("web.agreement.lead_draft")
	case n == 0 && a.State.HasEnded():
		return v.T("web.agreement.lead_nobody_ended", "until", until)
	case n == 0:
		return v.T("web.agreement.lead_nobody")
	case a.State.HasEnded():
		return v.T("web.agreement.lead_ended", "who", who, "until", until, "among", among)
	case a.State.Key == agreement.StateWithoutText:
		return v.T("web.agreement.lead_partnership", "who", who, "among", among)
	case a.State.Key == agreement.StateComing || a.State.Key == agreement.StateAwaiting:
		return v.T("web.agreement.lead_coming", "who", who, "among", among)
	}
	return v.T("web.agreement.lead_holds", "who", who, "until", until, "among", among)
}

func (a agreed) goalSentence(v *visit) string {
	if a.Standing+a.Closed == 0 || a.Draft {
		return ""
	}
	w := v.levelWord(a.Top)
	ended := ""
	if a.Closed > 0 {
		key := "web.agreement.lead_closed"
		if a.State.HasEnded() {
			key = "web.agreement.lead_was_closed"
		}
		ended = ", " + v.Lang.T(key, "count", a.Closed, "n", v.spelled(a.Closed, w.Gender))
	}
	key := "web.agreement.lead_goals"
	if a.State.HasEnded() {
		key = "web.agreement.lead_goals_ended"
	}
	return v.Lang.T(key, "count", a.Standing, "goals", capital(v.spelled(a.Standing, w.Gender)+" "+w.Of(a.Standing)), "closed", ended)
}

// goalState is the state of a goal on the page's day: its class and word.
func (v *visit) goalState(i agreement.Instrument, n agreement.Node) (class, word string) {
	switch {
	case n.Closed:
		return "closed", v.T("web.agreement.goal_closed", "day", LongDay(v.Lang, n.ValidTo))
	case i.Draft:
		return "next", v.T("agreement.state.draft")
	case i.State.HasEnded():
		return "closed quiet", v.T("web.agreement.goal_ended")
	}
	return "on", v.T("web.agreement.goal_holds")
}

// twoDays are the goals, on the page, that were closed with effect on another
// day than the decision's.
func (a agreed) twoDays() []agreement.Node {
	var ns []agreement.Node
	for _, b := range a.Goals {
		if b.Closed && !b.Decided.IsZero() && b.Decided.Day() != b.ValidTo {
			ns = append(ns, b.Node)
		}
		for _, f := range b.Facets {
			for _, n := range f.Nodes {
				if !b.Closed && n.Closed && !n.Decided.IsZero() && n.Decided.Day() != n.ValidTo {
					ns = append(ns, n)
				}
			}
		}
	}
	return ns
}

// signs is whether and how a party has signed: its class and word.
func (v *visit) partyState(a agreed, p agreement.Party) (class, word string) {
	switch {
	case !p.Counted:
		return "half quiet", v.statusOf(p.Status)
	case a.Public || !p.Signs:
		return "on", v.statusOf(p.Status)
	case p.HasSigned:
		return "on", v.T("web.agreement.has_signed")
	case !a.signingKnown():
		return "none", v.T("web.agreement.signed_unknown")
	}
	return "waits", v.T("web.agreement.not_signed")
}

// signingKnown tells whether anything is known of who has signed. None known is
// not none.
func (a agreed) signingKnown() bool {
	return a.State.Signed > 0 || !a.AllSigned.IsZero() && !a.Draft || a.State.Key == agreement.StateAwaiting || a.State.Key == agreement.StateInForceEarly
}

// columns says which columns of the parties' table anyone has a value in: a
// column of nothing but dashes is said once, below.
func (a agreed) columns() (since, signed, decided bool) {
	for _, p := range a.Parties.List {
		since = since || !p.From.IsZero()
		if s := p.Signature; s != nil {
			signed = true
			decided = decided || s.Decision != "" || !s.Decided.IsZero()
		}
	}
	return since, signed, decided
}

// unworded says how many of a level are known by their number alone.
func (v *visit) unworded(l agreement.Level) string {
	w := v.levelWord(l.Key)
	if l.Named == 0 {
		return v.T("web.agreement.unworded_all", "known", capital(v.spelled(l.Known, w.Gender)+" "+w.Of(l.Known)))
	}
	return v.T("web.agreement.unworded", "count", l.Unworded(), "known", capital(v.spelled(l.Known, w.Gender)+" "+w.Of(l.Known)),
		"named", v.spelled(l.Named, w.Gender), "rest", v.spelled(l.Unworded(), w.Gender))
}
