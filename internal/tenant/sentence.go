package tenant

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/text"
)

// Sentence is one rule of a body as a person reads it.
type Sentence struct {
	Rule    string // its key: quorum
	Label   string // what it is about: When it can decide
	Text    string
	Unknown bool // whether no rule is known; the text says what that means
}

// Where the sentences lie, by what stands behind.
const ruleWords = "rule."

// tellings are the rules in the order in which they are told.
var tellings = []struct {
	rule string
	tell func(telling) string // "" where nothing is known
}{
	{"chair", telling.chair},
	{"convener", telling.convener},
	{"decides", telling.decides},
	{"cadence", telling.cadence},
	{"notice", telling.notice},
	{"papers", telling.papers},
	{"proposals", telling.proposals},
	{"standingItems", telling.standingItems},
	{"deputies", telling.deputies},
	{"quorum", telling.quorum},
	{"decision", telling.decision},
	{"bias", telling.bias},
	{"ratification", telling.ratification},
	{"written", telling.written},
	{"record", telling.record},
	{TellsRecordWords, telling.recordWords},
	{"adjusting", telling.adjusting},
	{"public", telling.public},
}

// Tell gives every rule of the body as one sentence, in the order in which a
// reader meets them. called is what an organisation is called, by its key; ""
// where that is not known. What nobody has said is told as well, with what it
// means.
func (b Body) Tell(lang text.Lang, called func(organisationKey string) string) []Sentence {
	t := telling{Body: b, lang: lang, called: called}
	all := make([]Sentence, len(tellings))
	for i, of := range tellings {
		s := Sentence{Rule: of.rule, Label: lang.Fill(ruleWords+"label."+of.rule, nil), Text: of.tell(t)}
		if s.Text == "" {
			s.Text, s.Unknown = t.unknown(of.rule), true
		}
		s.Text = Capital(s.Text)
		all[i] = s
	}
	return all
}

// telling is a body that is told of, and to whom.
type telling struct {
	Body
	lang   text.Lang
	called func(string) string
}

// say fills a sentence: the body's name can stand in each.
func (t telling) say(key string, pairs ...any) string {
	name := t.Name.In(string(t.lang))
	if name == "" {
		name = t.lang.T("rule.the_body")
	}
	args := map[string]any{"body": name}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	said := t.lang.Fill(ruleWords+key, args)
	return strings.ReplaceAll(said, ". "+name, ". "+Capital(name))
}

// unknown says that no rule is known, and what follows. For a body that never
// decides, some rules are not missed.
func (t telling) unknown(rule string) string {
	if key := rule + ".needless"; !t.Rules.Decision.Decides() && text.Has(ruleWords+key) {
		return t.say(key)
	}
	return t.say(rule + ".unknown")
}

// and says one after the other, as sentences.
func and(sentences ...string) string {
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), " ")
}

func (t telling) series(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return t.say("series", "first", strings.Join(words[:len(words)-1], ", "), "last", words[len(words)-1])
}

// number writes small numbers in letters.
func (t telling) number(n int) string {
	if key := ruleWords + "number." + strconv.Itoa(n); text.Has(key) {
		return t.lang.Fill(key, nil)
	}
	return strconv.Itoa(n)
}

// share writes a share in letters, where it has any.
func (t telling) share(share string) string {
	if key := ruleWords + "share." + strings.ReplaceAll(share, "/", "-"); text.Has(key) {
		return t.lang.Fill(key, nil)
	}
	return share
}

func (t telling) days(n int, workdays bool) string {
	key := "days"
	if workdays {
		key = "workdays"
	}
	return t.say(key, "count", n, "n", t.number(n))
}

// organisation is what an organisation is called, its key where that is not known.
func (t telling) organisation(key string) string {
	if t.called == nil {
		return key
	}
	return or(t.called(key), key)
}

func (t telling) who(o Office) string {
	title := t.words(o.Title)
	switch {
	case o.Organisation == "":
		return title
	case title == "":
		return t.organisation(o.Organisation)
	}
	return title + " (" + t.organisation(o.Organisation) + ")"
}

func (t telling) words(w Words) string {
	return strings.TrimSuffix(strings.TrimSpace(w.In(string(t.lang))), ".")
}

func (t telling) chair() string { return t.office("chair", t.Chair) }

func (t telling) convener() string { return t.office("convener", t.Convener) }

func (t telling) office(rule string, o Office) string {
	who := t.who(o)
	switch {
	case o.By == "" && who == "", o.By == ByOffice && who == "":
		return ""
	case o.By == "", o.By == ByOffice:
		return t.say(rule+".office", "who", who)
	case who == "", o.By == ByNobody:
		return t.say(rule + "." + o.By)
	}
	return and(t.say(rule+"."+o.By), t.say("of", "who", who))
}

func (t telling) decides() string {
	switch {
	case !t.Rules.Decision.Decides():
		return t.say("decides.none")
	case len(t.Decides) == 0:
		return ""
	case slices.Equal(t.Decides, []string{DecidesOpinion}):
		return t.say("decides.opinion_only")
	}
	on := make([]string, len(t.Decides))
	for i, subject := range t.Decides {
		on[i] = t.say("decides." + subject)
	}
	return t.say("decides", "on", t.series(on))
}

func (t telling) cadence() string {
	c := t.Rules.Cadence
	switch {
	case c.PerYear == 0 && !c.OnNeed:
		return ""
	case c.PerYear == 0:
		return t.say("cadence.on_need")
	}
	key := "cadence.per_year"
	if c.About {
		key = "cadence.about"
	}
	if c.OnNeed {
		key += "_and_need"
	}
	return t.say(key, "count", c.PerYear, "n", t.number(c.PerYear))
}

func (t telling) notice() string {
	n := t.Rules.Notice
	if n.Days == 0 {
		return ""
	}
	late := LateReason
	if n.Late == LateStops {
		late = LateStops
	}
	return and(t.say("notice", "days", t.days(n.Days, n.Workdays)), t.say("notice."+late))
}

func (t telling) papers() string { return t.deadline("papers", t.Rules.Papers) }

func (t telling) proposals() string { return t.deadline("proposals", t.Rules.Proposals) }

func (t telling) deadline(rule string, d Deadline) string {
	if d.Days == 0 {
		return ""
	}
	return t.say(rule, "days", t.days(d.Days, d.Workdays))
}

func (t telling) standingItems() string {
	var items []string
	for _, item := range t.Rules.StandingItems {
		if said := t.words(item); said != "" {
			items = append(items, said)
		}
	}
	if len(items) == 0 {
		return ""
	}
	return t.say("standingItems", "items", t.series(items))
}

func (t telling) deputies() string {
	d := t.Rules.Deputies
	form, required, handover := "", "", ""
	if d.Form != "" {
		form = t.say("deputies." + d.Form)
	}
	if d.Required && d.Form != DeputiesNone {
		required = t.say("deputies.required")
	}
	if d.Handover {
		handover = t.say("deputies.handover")
	}
	return and(form, required, handover)
}

func (t telling) quorum() string {
	q := t.Rules.Quorum
	var when []string
	switch q.Of {
	case "":
		return ""
	case QuorumNone:
		return t.say("quorum.none")
	case QuorumSeats:
		n, all := t.Votes()
		when = t.counted(q, n, all)
	case QuorumParties:
		n, all := t.parties()
		when = t.counted(q, n, all)
	}
	if len(q.Named) > 0 {
		named := make([]string, len(q.Named))
		for i, key := range q.Named {
			named[i] = t.organisation(key)
		}
		when = append(when, t.say("quorum.named", "who", t.series(named)))
	}
	if len(when) == 0 {
		return ""
	}
	otherwise := ""
	if !q.Stops() {
		otherwise = t.say("quorum.warns")
	}
	return and(t.say("quorum", "when", t.series(when)), otherwise)
}

// counted are the number and the share that a quorum asks for, of n where that
// is all there are.
func (t telling) counted(q Quorum, n int, all bool) []string {
	var when []string
	known := all && n > 0
	switch {
	case q.Number > 0 && known:
		when = append(when, t.say("quorum."+q.Of+"_of", "count", n, "number", q.Number))
	case q.Number > 0:
		when = append(when, t.say("quorum."+q.Of, "count", q.Number, "n", t.number(q.Number)))
	}
	if q.Share == "" {
		return when
	}
	key := "quorum.share_" + q.Of
	switch of, ok := Fraction(q.Share); {
	case ok && of.Cmp(big.NewRat(1, 1)) == 0:
		return append(when, t.say("quorum.all_"+q.Of))
	case q.MoreThan:
		key = "quorum.more_" + q.Of
	}
	said := t.say(key, "share", t.share(q.Share))
	if needed := share(q.Share, q.MoreThan, n); known && needed > 0 && q.Number == 0 {
		said += t.say("quorum.so", "needed", needed, "of", n)
	}
	return append(when, said)
}

func (t telling) decision() string {
	d := t.Rules.Decision
	if d.Mode == "" {
		return ""
	}
	said := ""
	switch d.Mode {
	case ByUnanimity, ByMajority:
		said = t.say("decision." + d.Mode + "_" + d.Of())
	default:
		said = t.say("decision." + d.Mode)
	}
	if d.Mode == ByQualified && d.Share != "" {
		said = t.say("decision.qualified_"+d.Of(), "share", t.share(d.Share))
	}
	casting := ""
	if d.Casting {
		casting = t.say("decision.casting")
	}
	return and(said, casting)
}

func (t telling) bias() string { return t.one("bias", t.Rules.Bias) }

func (t telling) ratification() string { return t.one("ratification", t.Rules.Ratification) }

func (t telling) record() string { return t.one("record", t.Rules.Record) }

func (t telling) one(rule, value string) string {
	if value == "" {
		return ""
	}
	return t.say(rule + "." + value)
}

func (t telling) written() string {
	w := t.Rules.Written
	switch {
	case w.Form == "":
		return ""
	case w.Form == WrittenAllowed && w.Days > 0:
		return t.say("written.days", "days", t.days(w.Days, false))
	}
	return t.say("written." + w.Form)
}

func (t telling) adjusting() string {
	a := t.Rules.Adjusting
	switch {
	case a.By == "":
		return ""
	case a.By == AdjustedByChosen && a.Number > 0:
		return t.say("adjusting.chosen", "count", a.Number, "n", t.number(a.Number))
	case a.By == AdjustedByChosen:
		return t.say("adjusting.some")
	}
	return t.say("adjusting." + a.By)
}

func (t telling) public() string {
	p := t.Rules.Public
	if p == (Public{}) {
		return ""
	}
	p.Date = cmp.Or(p.Date, PublicAnnounced) // a day that is set is shown, unless the body says otherwise
	var known, unknown []string
	for _, of := range []struct{ what, when string }{
		{"date", p.Date}, {"agenda", p.Agenda}, {"decisions", p.Decisions}, {"minutes", p.Minutes},
	} {
		what := t.say("public." + of.what)
		if of.when == "" {
			unknown = append(unknown, what)
			continue
		}
		when := t.say("public." + of.when)
		if of.what == "minutes" && of.when == PublicAdjusted {
			when = t.say("public.attested")
		}
		known = append(known, t.say("public.when", "what", what, "when", when))
	}
	rest := ""
	if len(unknown) > 0 {
		rest = t.say("public.rest", "what", t.series(unknown))
	}
	return and(t.say("public", "what", t.series(known)), rest)
}
