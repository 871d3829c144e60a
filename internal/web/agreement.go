package web

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) agreementRoutes() []route {
	const at = "/lan/{county}/agreements"
	const one = at + "/{id}"
	const goal = one + "/goals/{goal}"
	const party = one + "/parties/{party}"
	return slices.Concat(
		[]route{
			get("/lan/{county}/search", d.page(members, d.search)),
			get(at, d.dated(either, d.agreements)),
			get(one, d.dated(either, d.agreement)),
			get(one+"/compare", d.page(members, d.compareAgreement)),
			get(goal, d.dated(members, d.goal)),
			get(party, d.dated(members, d.party)),
			get(one+"/networks/{network}", d.dated(members, d.network)),
			get(one+"/local-agreements/{local}", d.dated(members, d.localAgreement)),
			get(one+"/draft", d.page(members, d.draft)),
			post(one+"/publication", d.act(members, publishAgreement)),
			post(one+"/settlement", d.act(members, settleDraft)),
			post(party+"/succession", d.act(members, followParty)),
		},
		both(at+"/import", importing{d}),
		d.agreementForms(at, one),
		d.partyForms(one, party),
		d.goalForms(one, goal),
		d.networkForms(one),
		d.localForms(one),
		d.draftForms(one),
		d.agreementPapers(one),
	)
}

// agreementList is a county's instruments, by how they stand on the day.
type agreementList struct {
	Holds, Coming, Ended []agreement.Instrument
	Parties              map[uuid.UUID]int          // in a public list, where signatures are not known
	Alone                []agreement.LocalAgreement // local ones that stand under none
	Public               bool
	paging
}

func (d *Door) agreements(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := agreementList{Public: !v.Member(), Parties: map[uuid.UUID]int{}, paging: paging{Page: v.pageAsked()}}
	var all []agreement.Instrument
	var err error
	if l.Public {
		var ns []agreement.Notice
		ns, l.Total, err = agreement.Published(ctx, tx, v.On, perPage, l.Page)
		for _, n := range ns {
			all = append(all, n.Card)
			l.Parties[n.Card.ID] = n.Parties
		}
	} else {
		all, l.Total, err = agreement.List(ctx, tx, agreement.Filter{On: v.On, Limit: perPage, Page: l.Page})
		if err == nil {
			l.Alone, _, err = agreement.Locals(ctx, tx, agreement.LocalFilter{On: v.On, Limit: mostOffered, Page: 1})
		}
		l.Alone = slices.DeleteFunc(l.Alone, func(a agreement.LocalAgreement) bool { return a.Instrument != uuid.Nil })
	}
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		switch {
		case i.State.HasEnded():
			l.Ended = append(l.Ended, i)
		case i.State.Holds():
			l.Holds = append(l.Holds, i)
		default:
			l.Coming = append(l.Coming, i)
		}
	}
	return agreementsPage(v, l), nil
}

// sentence says how many there are of each sort.
func (l agreementList) sentence(v *visit) string {
	if l.Total == 0 {
		return v.T("web.agreement.list_none")
	}
	var s []string
	for _, of := range []struct {
		key string
		n   int
	}{{"web.agreement.list_holds", len(l.Holds)}, {"web.agreement.list_coming", len(l.Coming)}, {"web.agreement.list_ended", len(l.Ended)}} {
		if of.n > 0 {
			s = append(s, v.Lang.T(of.key, "count", of.n, "n", v.spelled(of.n, "en")))
		}
	}
	return capital(strings.Join(s, ", ")) + "."
}

// agreed is one instrument with all that its page shows.
type agreed struct {
	agreement.Instrument
	Public    bool
	Signs     bool           // whether its kind is signed
	AllSigned agreement.When // when all had, as one source tells of all
	Kin       []agreement.Relative
	Leads     []agreement.Leader
	Parties   agreement.Parties
	Absent    []agreement.Neighbour
	Goals     []branch
	goalCount
	Levels    []agreement.Level
	Terms     []agreement.Term
	Adoptions []agreement.Adoption
	Editions  []agreement.Edition
	Papers    documentList
	Moments   []agreement.Moment
	Happened  int // all moments, also beyond those shown
	Networks  []agreement.Network
	Locals    []agreement.LocalAgreement
	Coverage  []agreement.Coverage
	Drawn     timeline
	HasTime   bool
}

// goalCount is how many goals there are directly under the instrument.
type goalCount struct {
	Standing, Closed int
	Top              string // their level, where they are all of one
}

// branch is a goal with what lies directly under it, by level: facets that
// stand side by side.
type branch struct {
	agreement.Node
	Facets []facet
	Under  int // all that lies under it
}

type facet struct {
	Level string
	Nodes []agreement.Node
}

// shown is how many of what lies under it the page has.
func (b branch) shown() int {
	n := 0
	for _, f := range b.Facets {
		n += len(f.Nodes)
	}
	return n
}

// How much of the tree one page bears.
const (
	mostTop    = 50 // goals directly under the instrument
	mostOpened = 12 // of them, shown with what lies under
	mostUnder  = 20 // goals under one
)

func (d *Door) agreement(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	var a agreed
	if v.Member() {
		a, err = v.agreed(ctx, tx, id)
	} else {
		a, err = v.publishedAgreement(ctx, tx, id)
	}
	if err != nil {
		return nil, err
	}
	a.Drawn, a.HasTime = v.timelineOf(a)
	return agreementPage(v, a), nil
}

func (v *visit) agreed(ctx context.Context, tx *pg.Tx, id uuid.UUID) (a agreed, err error) {
	if a.Instrument, err = agreement.Get(ctx, tx, id, v.On); err != nil {
		return a, err
	}
	kind, ok := v.County.InstrumentKinds.Kind(a.Kind)
	a.Signs = !ok || kind.Signed() || kind.Adoption == ""
	for _, ask := range []func() error{
		func() (err error) { a.Kin, err = agreement.Relatives(ctx, tx, id); return err },
		func() (err error) { a.Leads, err = agreement.Leads(ctx, tx, id, v.On); return err },
		func() (err error) { a.Parties, err = agreement.PartiesOn(ctx, tx, id, v.On); return err },
		func() (err error) { a.Absent, err = agreement.NotParties(ctx, tx, id, v.On); return err },
		func() (err error) { a.Levels, err = agreement.Levels(ctx, tx, id, v.On); return err },
		func() (err error) { a.Terms, err = agreement.Validities(ctx, tx, id); return err },
		func() (err error) { a.Adoptions, err = agreement.Adoptions(ctx, tx, id); return err },
		func() (err error) { a.Editions, err = agreement.Editions(ctx, tx, id); return err },
		func() (err error) { a.Papers, err = papersAbout(ctx, tx, id); return err },
		func() (err error) { a.Moments, a.Happened, err = agreement.Timeline(ctx, tx, id, 200, 1); return err },
		func() (err error) {
			a.Networks, _, err = agreement.Networks(ctx, tx, uuid.Nil, v.On, 500, 1)
			a.Networks = slices.DeleteFunc(a.Networks, func(n agreement.Network) bool { return !a.has(n.Instrument) })
			return err
		},
		func() (err error) {
			a.Locals, _, err = agreement.Locals(ctx, tx, agreement.LocalFilter{On: v.On, Limit: 500, Page: 1})
			if a.Locals = slices.DeleteFunc(a.Locals, func(l agreement.LocalAgreement) bool { return !a.has(l.Instrument) }); err == nil && len(a.Locals) > 0 {
				a.Coverage, err = agreement.LocalPerMunicipality(ctx, tx, v.On)
			}
			return err
		},
	} {
		if err := ask(); err != nil {
			return a, err
		}
	}
	for _, m := range a.Moments {
		if m.Kind == "event.signed" && !m.Corrected && (a.AllSigned.IsZero() || m.When.Day().Before(a.AllSigned.Day())) {
			a.AllSigned = m.When
		}
	}
	nodes, n, err := agreement.Tree(ctx, tx, id, v.On, uuid.Nil, mostTop, 1)
	if err != nil {
		return a, err
	}
	for i, node := range nodes {
		b := branch{Node: node, Under: node.Standing + node.Ended}
		if i < mostOpened && b.Under > 0 {
			under, _, err := agreement.Tree(ctx, tx, id, v.On, node.ID, mostUnder, 1)
			if err != nil {
				return a, err
			}
			b.Facets = v.facets(under)
		}
		a.Goals = append(a.Goals, b)
	}
	a.goalCount = counted(nodes, n)
	return a, nil
}

// publishedAgreement is what the public may see of one: what is not published is not there.
func (v *visit) publishedAgreement(ctx context.Context, tx *pg.Tx, id uuid.UUID) (a agreed, err error) {
	a.Public = true
	for page := 1; a.ID == uuid.Nil; page++ {
		ns, total, err := agreement.Published(ctx, tx, v.On, perPage, page)
		if err != nil {
			return a, err
		}
		for _, n := range ns {
			if n.Card.ID == id {
				a.Instrument, a.Parties.Known, a.Parties.Counted = n.Card, n.Parties, n.Parties
			}
		}
		if a.ID == uuid.Nil && page*perPage >= total {
			return a, fault.Missing()
		}
	}
	if a.Parties.List, err = agreement.PublishedParties(ctx, tx, id, v.On); err != nil {
		return a, err
	}
	if a.Papers, err = publishedAbout(ctx, tx, id); err != nil {
		return a, err
	}
	slices.SortStableFunc(a.Parties.List, func(a, b agreement.Party) int { // those that count first
		switch {
		case a.Counted == b.Counted:
			return 0
		case a.Counted:
			return -1
		}
		return 1
	})
	goals, n, err := agreement.PublishedGoals(ctx, tx, id, v.On, uuid.Nil, mostTop, 1)
	if err != nil {
		return a, err
	}
	var nodes []agreement.Node
	for i, g := range goals {
		node := agreement.Node{Goal: g}
		nodes = append(nodes, node)
		b := branch{Node: node}
		if i < mostOpened {
			under, total, err := agreement.PublishedGoals(ctx, tx, id, v.On, g.ID, mostUnder, 1)
			if err != nil {
				return a, err
			}
			b.Under = total
			var below []agreement.Node
			for _, u := range under {
				below = append(below, agreement.Node{Goal: u})
			}
			b.Facets = v.facets(below)
		}
		a.Goals = append(a.Goals, b)
	}
	a.goalCount = counted(nodes, n)
	return a, nil
}

// situation is what a member's first page says of the agreements.
func (b *begun) situation(ctx context.Context, tx *pg.Tx, v *visit) error {
	s, err := agreement.InForce(ctx, tx, v.Today)
	if err != nil {
		return err
	}
	b.InForce, b.Coming, b.LivesOn = s.InForce, s.Coming, s.LivesOn
	switch {
	case len(s.InForce) > 0:
		b.Missing = s.Missing
	case len(s.Missing) > 0:
		b.Others = s.Missing
	default:
		b.Others, b.Coming = s.Coming, nil
	}
	// The county's own kind of agreement comes first in its configuration.
	first := slices.Concat(s.InForce, s.Missing)
	if kinds := v.County.InstrumentKinds.Kinds; len(kinds) > 0 {
		first = slices.DeleteFunc(first, func(i agreement.Instrument) bool { return i.Kind != kinds[0].Key })
	}
	if len(first) != 1 {
		return nil // none, or none before the others
	}
	a := agreed{Instrument: first[0]}
	if a.Parties, err = agreement.PartiesOn(ctx, tx, a.ID, v.On); err != nil {
		return err
	}
	if a.Absent, err = agreement.NotParties(ctx, tx, a.ID, v.On); err != nil {
		return err
	}
	nodes, n, err := agreement.Tree(ctx, tx, a.ID, v.On, uuid.Nil, mostTop, 1)
	a.goalCount = counted(nodes, n)
	b.First = &a
	return err
}

// has tells whether the page shows what hangs on an instrument. What no source
// hangs on any is shown with the county's latest.
func (a agreed) has(instrument uuid.UUID) bool {
	return instrument == a.ID || instrument == uuid.Nil && len(a.Successors) == 0
}

func counted(nodes []agreement.Node, total int) (c goalCount) {
	for i, n := range nodes {
		if n.Closed {
			c.Closed++
		}
		if i == 0 {
			c.Top = n.Level
		} else if c.Top != n.Level {
			c.Top = ""
		}
	}
	c.Standing = total - c.Closed
	return c
}

// facets sorts what lies under a goal by level, in the configuration's order.
func (v *visit) facets(nodes []agreement.Node) []facet {
	var fs []facet
	for _, n := range nodes {
		i := slices.IndexFunc(fs, func(f facet) bool { return f.Level == n.Level })
		if i < 0 {
			i = len(fs)
			fs = append(fs, facet{Level: n.Level})
		}
		fs[i].Nodes = append(fs[i].Nodes, n)
	}
	order := func(level string) int {
		return slices.IndexFunc(v.County.Goals.Levels, func(l tenant.GoalLevel) bool { return l.Key == level })
	}
	slices.SortStableFunc(fs, func(a, b facet) int { return order(a.Level) - order(b.Level) })
	return fs
}

// At is an address under the agreement.
func (a agreed) At(v *visit, parts ...string) templ.SafeURL { return agreementAt(v, a.ID, parts...) }

func agreementAt(v *visit, id uuid.UUID, parts ...string) templ.SafeURL {
	return v.To("/agreements/", id.String(), strings.Join(parts, ""))
}

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

// begun are the days that sources give for the agreement's beginning: decided,
// adopted, signed, in force, applied. Where they differ all stand.
func (a agreed) begun() []agreement.Moment {
	var ms []agreement.Moment
	for _, m := range slices.Backward(a.Moments) {
		switch m.Kind {
		case "event.decided", "event.adopted", "event.signed", "event.effective", "event.began-to-apply", "adoption.adopted":
			ms = append(ms, m)
		}
	}
	if len(ms) < 2 {
		return nil
	}
	return ms
}

// happening is what a moment is called, whom or what it is about first.
func (v *visit) happening(m agreement.Moment) string {
	kind := v.Of("agreement.moment.", m.Kind)
	subject := titled(m.Subject)
	switch of, what, _ := strings.Cut(m.Kind, "."); {
	case subject == "" && of == "event" && what == "other" && m.Note != "":
		return m.Note
	case subject == "":
		return kind
	case of == "adoption":
		return kind + " " + subject
	case of == "party":
		return subject + " " + kind
	}
	return subject + ": " + kind
}

// momentOf is one line of the log: a moment, with those of the same sort and
// day that have nothing more to say.
type momentOf struct {
	agreement.Moment
	Subjects []string
}

// more is what a moment says beyond what happened.
func (m momentOf) more() string {
	if m.Kind == "event.other" {
		return ""
	}
	return m.Note
}

// grouped is the log, what began or joined on the same day in one line.
func (a agreed) grouped() []momentOf {
	var ms []momentOf
	for _, m := range a.Moments {
		if n := len(ms) - 1; n >= 0 && together(ms[n].Moment, m) {
			ms[n].Subjects = append(ms[n].Subjects, m.Subject)
			if !strings.Contains(ms[n].Source, m.Source) {
				ms[n].Source = joined("; ", ms[n].Source, m.Source)
			}
			continue
		}
		ms = append(ms, momentOf{m, []string{m.Subject}})
	}
	return ms
}

func together(a, b agreement.Moment) bool {
	switch a.Kind {
	case "goal.began", "party.joined", "party.signed", "party.left":
		return a.Kind == b.Kind && a.When == b.When && a.Note == "" && b.Note == "" && a.Reference == b.Reference && !a.Corrected && !b.Corrected
	}
	return false
}

// happenings is a line of the log in words.
func (v *visit) happenings(m momentOf) string {
	if len(m.Subjects) < 2 {
		return v.happening(m.Moment)
	}
	subjects := slices.Clone(m.Subjects)
	for i, s := range subjects {
		subjects[i] = titled(s)
	}
	if m.Kind == "goal.began" {
		return v.T("web.agreement.goals_began", "goals", v.and(subjects))
	}
	return v.and(subjects) + " " + v.Of("agreement.moment.", m.Kind)
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

// publishAgreement shows it to everyone, or no longer.
func publishAgreement(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	i, err := agreement.Get(ctx, tx, id, v.Today)
	if err != nil {
		return "", err
	}
	i, err = agreement.Publish(ctx, tx, id, version, !i.Published)
	done := "agreement_published"
	if !i.Published {
		done = "agreement_unpublished"
	}
	return string(agreementAt(v, id, "?done="+done)), err
}

// act tells whether a page of the agreement shows the ways to change it.
func (v *visit) changesAgreements() bool { return v.Acts(auth.AgreementChange) }
