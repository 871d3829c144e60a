package web

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) decisionRoutes() []route {
	const (
		at  = "/lan/{county}" + decisionsAt
		one = at + "/{id}"
	)
	return slices.Concat(
		[]route{
			get(at, d.page(members, d.decisions)),
			get(one, d.page(members, d.decision)),
			post(one+"/carry", d.act(members, carryDecision)),
		},
		both(one+"/status", form[meeting.Progress]{d, members, d.settingStatus, setStatus}),
		both(one+"/assignment", form[meeting.Assignment]{d, members, d.assigning, assign}),
		both(one+"/wording", form[meeting.Rewording]{d, members, d.rewording, reword}),
		both("/lan/{county}/ratifications/{id}", form[meeting.HomeAnswer]{d, members, d.ratifying, ratify}),
	)
}

// The ways to narrow the register.
var decisionStates = []string{"", "open", "overdue", "waiting", "done"}

// decisionRow is a decision in the register.
type decisionRow struct {
	meeting.Decision
	BodyName    string
	Class, Word string
}

// decisionList is the register as it was asked for.
type decisionList struct {
	Body, State, Query string
	Year               int
	Years              []int
	Bodies             []option
	Rows               []decisionRow
	Awaited            []awaited
	More               int  // how many more answers are awaited than were asked for
	Decides            bool // whether any body of the county decides today
	paging
}

func (d *Door) decisions(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := decisionList{Body: v.Asked("body"), State: v.Asked("state"), Query: v.Asked("q"), Bodies: v.bodyOptions(tx.County), paging: paging{Page: v.pageAsked()}}
	if !slices.ContainsFunc(l.Bodies, func(o option) bool { return o.Value == l.Body }) {
		l.Body = ""
	}
	if !slices.Contains(decisionStates, l.State) {
		l.State = ""
	}
	if y, err := strconv.Atoi(v.Asked("year")); err == nil && y > 1900 && y < 3000 {
		l.Year = y
	}
	f := meeting.DecisionFilter{Body: l.Body, Year: l.Year, Query: l.Query, Limit: perPage, Page: l.Page}
	switch l.State {
	case "open":
		f.Status, f.ByDue = meeting.StatusOpen, true
	case "overdue":
		f.Status, f.Overdue, f.ByDue = meeting.StatusOpen, true, true
	case "waiting":
		f.Waiting = true
	case "done":
		f.Status = meeting.StatusDone
	}
	all, total, err := meeting.Decisions(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	l.Total = total
	for _, one := range all {
		r := decisionRow{Decision: one, BodyName: v.bodyCalled(tx.County, one.Body)}
		r.Class, r.Word = v.decisionState(one)
		l.Rows = append(l.Rows, r)
	}
	// The first and the last year of all, to choose among.
	for y := v.Today.Year(); y >= v.Today.Year()-10; y-- {
		l.Years = append(l.Years, y)
	}
	l.Decides = slices.ContainsFunc(v.County.Bodies.Bodies, func(b tenant.Body) bool { return len(b.Decides) > 0 })
	silent, n, err := meeting.Ratifications(ctx, tx, meeting.RatificationFilter{Answer: "awaited", Limit: mostSilent, Page: 1})
	l.Awaited, l.More = awaiting(v, silent), n-len(silent)
	return decisionsPage(v, l), err
}

// mostSilent is how many parties' answers the register looks for, to tell of the
// decisions that wait for them.
const mostSilent = 500

// awaited is a decision that parties have still to decide on at home.
type awaited struct {
	meeting.Ratification      // the first to be due
	Own                  bool // it is the reader's own party that has not answered
	Parties              []string
	Class, Word          string
}

// awaiting gathers the answers that are awaited by decision. The reader's own
// stands for the others.
func awaiting(v *visit, silent []meeting.Ratification) []awaited {
	var all []awaited
	at := map[uuid.UUID]int{}
	for _, r := range silent {
		i, ok := at[r.Decision]
		if !ok {
			i = len(all)
			at[r.Decision] = i
			all = append(all, awaited{Ratification: r})
			all[i].Class, all[i].Word = v.homeState(r)
		}
		if v.Actor.Party() == r.Organisation && v.Actor.MayFor(auth.MeetingPropose, r.Organisation) {
			all[i].Ratification, all[i].Own = r, true
			all[i].Class, all[i].Word = v.homeState(r)
		}
		all[i].Parties = append(all[i].Parties, r.Party)
	}
	return all
}

// asked tells whether the register is narrowed.
func (l decisionList) asked() bool {
	return l.Body != "" || l.State != "" || l.Query != "" || l.Year != 0
}

// decisionState is what has become of a decision: as a shape and in words.
func (v *visit) decisionState(d meeting.Decision) (class, word string) {
	switch {
	case d.Outcome == meeting.OutcomeRejected:
		return "no", v.T("agenda_item.page.outcome.rejected")
	case d.Status == meeting.StatusOpen && !d.Due.IsZero() && d.Due.Before(v.Today):
		return "late", v.T("decision.page.overdue", "day", SentenceDay(v.Lang, d.Due, v.Today))
	case d.Status == meeting.StatusOpen && !d.Due.IsZero():
		return "waits", v.T("decision.page.open_by", "day", SentenceDay(v.Lang, d.Due, v.Today))
	}
	class = map[string]string{meeting.StatusOpen: "half", meeting.StatusDone: "on", meeting.StatusLapsed: "closed", meeting.StatusNone: "on"}[d.Status]
	return class, v.Of("decision.page.status.", d.Status)
}

// decisionSeen is one decision with all that its page shows.
type decisionSeen struct {
	meeting.Decision
	BodyName    string
	Of          *meeting.Meeting // where the reader sees it
	Class, Word string
	OwnerName   string
	Quorum      []sumRow
	Votes       []sumRow
	Says        []string // what the sums come to, in sentences
	Reckoned    meeting.Reckoning
	Does        string
	DoesTo      templ.SafeURL
	Home        []homeRow
	Duties      []meeting.Duty
	Revised     *meeting.Decision
	Follows     bool // whether the reader can say what became of it
	Leads       bool
	Carries     bool // whether the reader may do in the program what it says
	Rewords     bool // whether its words may still be written right
}

// homeRow is one party's decision at home.
type homeRow struct {
	meeting.Ratification
	Class, Word string
	Own         bool // whether the reader answers for the party
}

// sumRow is one row of a sum that is written out.
type sumRow struct {
	Label, Op, N string
	Class        string // is: a result; so: a new part
}

func (d *Door) decision(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	one, err := meeting.GetDecision(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := decisionSeen{Decision: one, BodyName: v.bodyCalled(tx.County, one.Body)}
	s.Class, s.Word = v.decisionState(one)
	m, err := meeting.Get(ctx, tx, one.Meeting)
	switch {
	case err == nil:
		s.Of = &m
	case !fault.Is(err, "common.not_found"):
		return nil, err
	}
	s.OwnerName = one.OwnerName
	if one.Owner != uuid.Nil {
		name, err := organisationCalled(ctx, tx, one.Owner)
		if err != nil {
			return nil, err
		}
		s.OwnerName = cmp.Or(name, s.OwnerName)
	}
	s.reckon(v)
	if s.Does, s.DoesTo, err = v.did(ctx, tx, one); err != nil {
		return nil, err
	}
	if one.Ratification {
		home, _, err := meeting.Ratifications(ctx, tx, meeting.RatificationFilter{Decision: at, Limit: 500, Page: 1})
		if err != nil {
			return nil, err
		}
		for _, r := range home {
			row := homeRow{Ratification: r, Own: v.Member() && v.Actor.MayFor(auth.MeetingPropose, r.Organisation)}
			row.Class, row.Word = v.homeState(r)
			s.Home = append(s.Home, row)
		}
	}
	if s.Duties, err = meeting.Duties(ctx, tx, meeting.DutyFilter{Decision: at}); err != nil {
		return nil, err
	}
	if one.Revises != uuid.Nil {
		switch r, err := meeting.GetDecision(ctx, tx, one.Revises); {
		case err == nil:
			s.Revised = &r
		case !fault.Is(err, "common.not_found"):
			return nil, err
		}
	}
	s.Leads, s.Carries = v.Acts(auth.MeetingPrepare), !v.Past() && one.Carries(tx)
	s.Rewords = s.Leads && s.Of != nil && !s.Of.State.Settled()
	s.Follows = s.Leads || one.Owner != uuid.Nil && v.Actor.MayFor(auth.MeetingPropose, one.Owner)
	return decisionPage(v, s), nil
}

// reckon writes out the sums that the decision rests on.
func (s *decisionSeen) reckon(v *visit) {
	if json.Unmarshal(s.Reckoning, &s.Reckoned) != nil || s.Reckoned.Quorum.All == 0 && len(s.Reckoned.Result.Entitled) == 0 {
		return
	}
	q, r := s.Reckoned.Quorum, s.Reckoned.Result
	number := func(n int) string { return Number(v.Lang, int64(n)) }
	row := func(to *[]sumRow, key, op string, n int, class string) {
		*to = append(*to, sumRow{v.Of("decision.page.sum.", key), op, number(n), class})
	}
	row(&s.Quorum, "all", "", q.All, "")
	row(&s.Quorum, "absent", "−", q.All-q.Serving, "")
	row(&s.Quorum, "serving", "=", q.Serving, "is")
	if q.Serving != q.Counted {
		row(&s.Quorum, "biased", "−", q.Serving-q.Counted, "")
		row(&s.Quorum, "counted", "=", q.Counted, "is")
	}
	if q.Needed > 0 {
		row(&s.Quorum, "needed", "", q.Needed, "so")
		if q.Counted >= q.Needed {
			row(&s.Quorum, "above", "", q.Counted-q.Needed, "")
		} else {
			row(&s.Quorum, "missing", "", q.Missing, "")
		}
	}
	if r.Acclamation {
		row(&s.Votes, "entitled", "", len(r.Entitled), "")
		row(&s.Votes, "objections", "−", r.Objections, "")
		row(&s.Votes, "agree", "=", len(r.Entitled)-r.Objections, "is")
	} else {
		row(&s.Votes, "for", "", r.For, "")
		row(&s.Votes, "against", "+", r.Against, "")
		row(&s.Votes, "cast", "=", r.For+r.Against, "is")
		if r.Needed > 0 {
			row(&s.Votes, "for_needed", "", r.Needed, "so")
		}
		if key, op := casting(r); key != "" {
			row(&s.Votes, key, op, 1, "")
		}
		row(&s.Votes, "abstained", "", r.Abstained, "so")
		row(&s.Votes, "not_voted", "", r.NotVoted, "")
	}
	for _, l := range r.Lines {
		if says := l.In(v.Lang); says != "" {
			s.Says = append(s.Says, says)
		}
	}
}

// did says what a decision has done or is to do, and leads to it.
func (v *visit) did(ctx context.Context, tx *pg.Tx, d meeting.Decision) (string, templ.SafeURL, error) {
	if d.Act == "" {
		return "", "", nil
	}
	says, to, err := v.does(ctx, tx, d.Act, d.ActBody())
	sort, key, _ := strings.Cut(d.ActedOn, ":")
	if err != nil || sort != "goal" || !tx.May(auth.AgreementRead) {
		return says, to, err
	}
	at, _ := uuid.Parse(key)
	g, err := agreement.GetGoal(ctx, tx, at, v.Today) // of one that was added it is known where it stands
	if fault.Is(err, "common.not_found") {
		return says, to, nil
	}
	return says, agreementAt(v, g.Instrument, "/goals/", at.String()), err
}

// homeState is what a party has said at home: as a shape and in words.
func (v *visit) homeState(r meeting.Ratification) (class, word string) {
	switch {
	case r.Answer == meeting.Ratified:
		return "on", v.T("decision.page.home.ratified")
	case r.Answer == meeting.Refused:
		return "no", v.T("decision.page.home.refused")
	case !r.Due.IsZero() && r.Due.Before(v.Today):
		return "late", v.T("decision.page.home.late", "day", SentenceDay(v.Lang, r.Due, v.Today))
	case !r.AnchoredOn.IsZero():
		return "half", v.T("decision.page.home.anchored")
	}
	return "waits", v.T("decision.page.home.awaited")
}

// earlierAnswer tells what a party had answered before that was corrected.
func (v *visit) earlierAnswer(e meeting.EarlierAnswer) string {
	says := v.Of("decision.page.home.", e.Answer) + " " + LongDay(v.Lang, e.AnsweredOn)
	if e.Reference != "" {
		says += ", " + e.Reference
	}
	if e.Note != "" {
		says += ": " + strings.TrimSuffix(e.Note, ".")
	}
	return v.T("decision.page.home.earlier", "answer", says, "day", LongDay(v.Lang, day.At(e.CorrectedAt)), "reason", stopped(e.Reason))
}

// lead says when it was decided, how, and from when it holds.
func (s decisionSeen) lead(v *visit) string {
	says := []string{v.Of("decision.page.lead_", s.Outcome, "body", s.BodyName, "day", LongDay(v.Lang, s.DecidedOn))}
	switch {
	case s.Outcome != meeting.OutcomeCarried:
	case s.EffectiveOn.Before(s.DecidedOn):
		says = append(says, v.T("decision.page.lead_before", "day", LongDay(v.Lang, s.EffectiveOn), "count", s.DecidedOn.Sub(s.EffectiveOn)))
	case s.EffectiveOn.After(s.DecidedOn):
		says = append(says, v.T("decision.page.lead_from", "day", LongDay(v.Lang, s.EffectiveOn)))
	default:
		says = append(says, v.T("decision.page.lead_at_once"))
	}
	if len(s.Home) > 0 {
		yes := 0
		for _, h := range s.Home {
			if h.Answer == meeting.Ratified {
				yes++
			}
		}
		says = append(says, v.T("decision.page.lead_home", "yes", yes, "count", len(s.Home)))
	}
	return strings.Join(says, " ")
}

// aboutDecision is the beginning of a form about the decision that the address names.
func (v *visit) aboutDecision(ctx context.Context, tx *pg.Tx, words string) (meeting.Decision, sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return meeting.Decision{}, sheet{}, err
	}
	one, err := meeting.GetDecision(ctx, tx, at)
	if err != nil {
		return one, sheet{}, err
	}
	s := sheet{Words: words, Crumbs: []crumb{{v.T("decision.page.title"), string(v.To(decisionsAt))}, {one.Title, string(decisionAt(v, at))}}, Cancel: string(decisionAt(v, at)),
		Submit: v.T("form.save"), Options: map[string][]option{}, Kinds: map[string]string{"note": "area"}, Version: one.Version}
	if one.Owner == uuid.Nil || !tx.MayFor(auth.MeetingPropose, one.Owner) {
		err = tx.Require(auth.MeetingPrepare)
	}
	return one, s, err
}

// keptProgress is what has become of a decision, as its form is filled.
type keptProgress struct {
	meeting.Progress
	Version int64 `json:"version"`
}

func progressOf(d meeting.Decision) keptProgress {
	return keptProgress{meeting.Progress{Status: d.Status, On: d.StatusOn, Note: d.StatusNote}, d.Version}
}

func (d *Door) settingStatus(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	one, s, err := v.aboutDecision(ctx, tx, "decision.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("decision.page.set_status", "title", one.Title), v.T("decision.page.set_status_lead")
	s.Leaves = []leaf{{"status", v.T("decision.page.became"), []string{v.T("decision.page.status_note")}, []string{"status", "on", "note"}}}
	s.Thing = progressOf(one)
	return s, nil
}

func setStatus(ctx context.Context, tx *pg.Tx, v *visit, version int64, p meeting.Progress) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.SetStatus(ctx, tx, at, version, p)
	if fault.Is(err, "common.changed") {
		one, e := meeting.GetDecision(ctx, tx, at)
		if e != nil {
			return "", e
		}
		return "", fault.Changed(progressOf(one)) // in the form's own words
	}
	return string(decisionAt(v, at, "?done=saved")), err
}

func (d *Door) assigning(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	one, s, err := v.aboutDecision(ctx, tx, "decision.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("decision.page.assign", "title", one.Title), v.T("decision.page.assign_lead")
	s.Leaves = []leaf{{"who", v.T("decision.page.carries_out"), []string{v.T("decision.page.assign_note")}, []string{"owner", "ownerName", "due", "registryNumber"}}}
	s.Thing = one
	s.Options["owner"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	return s, err
}

func assign(ctx context.Context, tx *pg.Tx, v *visit, version int64, a meeting.Assignment) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.Assign(ctx, tx, at, version, a)
	return string(decisionAt(v, at, "?done=saved")), err
}

func (d *Door) rewording(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	one, s, err := v.aboutDecision(ctx, tx, "decision.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("decision.page.reword", "title", one.Title), v.T("decision.page.reword_lead")
	s.Leaves = []leaf{{"words", v.T("decision.page.wording"), []string{v.T("decision.page.reword_note")}, []string{"title", "wording"}}}
	s.Thing, s.Kinds["wording"] = one, "area"
	return s, tx.Require(auth.MeetingPrepare)
}

func reword(ctx context.Context, tx *pg.Tx, v *visit, version int64, r meeting.Rewording) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.Reword(ctx, tx, at, version, r)
	return string(decisionAt(v, at, "?done=saved")), err
}

// carryDecision is the button that does in the program what a decision says.
func carryDecision(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.Carry(ctx, tx, at, version)
	return string(decisionAt(v, at, "?done=decision_carried#did")), err
}

func (d *Door) ratifying(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return sheet{}, err
	}
	r, err := meeting.GetRatification(ctx, tx, at)
	if err != nil {
		return sheet{}, err
	}
	to := string(decisionAt(v, r.Decision))
	s := sheet{
		Title: v.T("decision.page.ratify", "party", r.Party), Lead: v.T("decision.page.ratify_lead", "body", v.bodyCalled(tx.County, r.Body), "day", LongDay(v.Lang, r.DecidedOn)),
		Words: "ratification.form", Crumbs: []crumb{{v.T("decision.page.title"), string(v.To(decisionsAt))}, {r.Title, to}}, Cancel: to, Submit: v.T("form.save"),
		Leaves: []leaf{
			{"anchored", v.T("decision.page.anchored"), []string{v.T("decision.page.anchored_note")}, []string{"anchoredWith", "anchoredOn"}},
			{"answer", v.T("decision.page.answered"), []string{v.T("decision.page.answered_note")}, []string{"answer", "answeredOn", "reference", "note"}},
		},
		Thing: r, Kinds: map[string]string{"note": "area"}, Before: wordingOf(v, r.Title, r.Wording),
	}
	if answer := &s.Leaves[len(s.Leaves)-1]; r.Answer != "" {
		answer.Fields = append(answer.Fields, "correction")
	}
	return s, tx.RequireFor(auth.MeetingPropose, r.Organisation)
}

func ratify(ctx context.Context, tx *pg.Tx, v *visit, version int64, a meeting.HomeAnswer) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	r, err := meeting.Ratify(ctx, tx, at, version, a)
	return string(decisionAt(v, r.Decision, "?done=saved#home")), err
}
