package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// quorumSum is whether enough serve, as a sum from top to bottom.
func (v *visit) quorumSum(q governance.Reckoning, entitled []governance.Voter) []sumRow {
	var rows []sumRow
	add := func(key, op string, n int, class string) {
		rows = append(rows, sumRow{v.Of("meeting.live.sum.", key), op, Number(v.Lang, int64(n)), class})
	}
	parties := q.Of == tenant.QuorumParties
	if parties {
		add("parties", "", q.All, "")
	} else {
		add("places", "", q.All, "")
	}
	if q.Needed > 0 {
		add("needed", "", q.Needed, "")
	}
	deputies := 0
	for _, e := range entitled {
		if e.Deputy {
			deputies++
		}
	}
	switch ordinary := len(entitled) - deputies; {
	case parties:
		add("represented", "", q.Serving, "so")
		add("biased", "−", q.Biased, "")
		add("counted", "=", q.Counted, "is")
	case len(entitled) == q.Counted:
		add("ordinary", "", ordinary, "so")
		add("deputies", "+", deputies, "")
		add("counted", "=", q.Counted, "is")
		add("biased_out", "", q.Biased, "")
	default: // those with an interest stay and count, or the body decides nothing
		add("serving", "", q.Serving, "so")
		add("biased", "−", q.Biased, "")
		add("counted", "=", q.Counted, "is")
	}
	switch {
	case q.Needed == 0:
	case q.Missing > 0:
		add("missing", "", q.Missing, "")
	default:
		add("over", "", q.Counted-q.Needed, "")
	}
	return rows
}

// quorumState is whether the body can decide, as a shape and in words.
func (v *visit) quorumState(q governance.Reckoning) (class, word string) {
	switch {
	case q.Stops:
		return "late", v.T("meeting.live.quorum.no")
	case !q.Holds:
		return "waits", v.T("meeting.live.quorum.warns")
	}
	return "on", v.T("meeting.live.quorum.yes")
}

// voteSum is what the votes come to, as a sum from top to bottom. object are how
// many do not agree.
func (v *visit) voteSum(o governance.Outcome, object int) []sumRow {
	var rows []sumRow
	add := func(key, op string, n int, class string) {
		rows = append(rows, sumRow{v.Of("meeting.live.sum.", key), op, Number(v.Lang, int64(n)), class})
	}
	if o.Mode == "" || o.Mode == tenant.ByConsensus || o.Acclamation {
		add("entitled", "", len(o.Entitled), "")
		add("objections", "−", object, "")
		add("agree", "=", len(o.Entitled)-object, "is")
		if o.Voted() {
			add("for", "", o.For, "so")
			add("against", "", o.Against, "")
			add("abstained", "", o.Abstained, "")
			add("not_voted", "", o.NotVoted, "")
		}
		return rows
	}
	add("for", "", o.For, "")
	add("against", "+", o.Against, "")
	add("cast", "=", o.For+o.Against, "is")
	if o.Needed > 0 {
		add("for_needed", "", o.Needed, "so")
		yes := o.For
		if key, op := casting(o); key != "" {
			add(key, op, 1, "")
			if o.Verdict == governance.Carried { // it stands for the vote that is short
				yes++
			}
		}
		if yes >= o.Needed {
			add("for_over", "", yes-o.Needed, "")
		} else {
			add("for_missing", "", o.Needed-yes, "")
		}
	}
	add("abstained", "", o.Abstained, "so")
	add("not_voted", "", o.NotVoted, "")
	return rows
}

// casting is the row of a sum for the chair's vote, where it decided between equals.
func casting(o governance.Outcome) (key, op string) {
	switch {
	case !o.Casting:
		return "", ""
	case o.Verdict == governance.Carried:
		return "casting_for", "+"
	}
	return "casting_against", ""
}

// verdict is what the matter comes to as it stands, as a shape and in words.
func (v *visit) verdict(o governance.Outcome) (class, word string) {
	switch o.Verdict {
	case governance.Carried:
		return "on", v.T("meeting.live.verdict.carried")
	case governance.Rejected:
		return "no", v.T("meeting.live.verdict.rejected")
	}
	return "waits", v.T("meeting.live.verdict.undecided")
}

// counts tells whether a line says no more than a number that the sum has.
var counts = []string{"places", "parties", "serving", "represented", "biased", "left", "needed", "needed_share", "needed_more", "holds", "fails", "missing", "parties_missing",
	"entitled", "for", "against", "abstained", "not_voted", "objections", "carried", "rejected", "undecided"}

// unsaid are the lines of a reckoning that the sum does not say.
func unsaid(v *visit, lines []governance.Line) string {
	var says []string
	for _, l := range lines {
		if key := strings.TrimPrefix(l.Key, "reckoning.line."); !slices.Contains(counts, key) {
			says = append(says, stopped(l.In(v.Lang)))
		}
	}
	return strings.Join(says, " ")
}

// dots are places or votes in a row.
type dots struct {
	ID, Title, Desc string
	Marks           []dot
	Limit           string // where the line goes, in per cent; "" where there is none
	LimitSays       string
	First, Last     string
	Keys            []string // the kinds that are there, in order
}

// dot is one of them.
type dot struct{ X, Kind string }

// The kinds of dots.
const (
	dotHolder   = "on"
	dotDeputy   = "half"
	dotGap      = "none"
	dotFor      = "for"
	dotAgainst  = "against"
	dotAbstains = "abstains"
)

const mostDots = 45 // more are told by the sum alone

// line puts the dots in a row from left to right, with a gap between the kinds: as
// close as if there were as many as of.
func (d *dots) line(of int, gap float64, kinds ...string) {
	groups := 0
	for i, k := range kinds {
		if i == 0 || kinds[i-1] != k {
			groups++
			d.Keys = append(d.Keys, k)
		}
	}
	step := 100 / (float64(max(of, len(kinds))) + gap*float64(groups-1))
	at := step / 2
	for i, k := range kinds {
		if i > 0 {
			at += step
			if kinds[i-1] != k {
				at += gap * step
			}
		}
		d.Marks = append(d.Marks, dot{percent(at), k})
	}
}

// quorumDots shows who serves against the limit; nil where a row of dots would
// say nothing or would not fit.
func (v *visit) quorumDots(q governance.Reckoning, entitled []governance.Voter) *dots {
	if q.Of == tenant.QuorumParties || q.All == 0 || q.All > mostDots || len(entitled) != q.Counted {
		return nil
	}
	var ordinary, deputies int
	for _, e := range entitled {
		if e.Deputy {
			deputies++
		} else {
			ordinary++
		}
	}
	gaps := q.All - ordinary - deputies
	d := &dots{ID: "quorum", Title: v.T("meeting.live.dots.quorum"), First: "1", Last: v.T("meeting.live.dots.places", "count", q.All)}
	d.line(0, 0, slices.Concat(slices.Repeat([]string{dotHolder}, ordinary), slices.Repeat([]string{dotDeputy}, deputies), slices.Repeat([]string{dotGap}, gaps))...)
	d.Desc = v.T("meeting.live.dots.quorum_says", "count", q.All, "ordinary", ordinary, "deputies", deputies, "gaps", gaps)
	if q.Needed > 0 && q.Needed <= q.All {
		d.Limit, d.LimitSays = percent(100*float64(q.Needed)/float64(q.All)), v.T("meeting.live.dots.limit", "count", q.Needed)
		d.Desc += " " + v.T("meeting.live.dots.limit_says", "count", q.Needed)
	}
	return d
}

// voteDots shows the votes that have been given; nil where there are none.
func (v *visit) voteDots(o governance.Outcome) *dots {
	n := o.For + o.Against + o.Abstained
	if n == 0 || n > mostDots {
		return nil
	}
	d := &dots{ID: "votes", Title: v.T("meeting.live.dots.votes"), Desc: v.T("meeting.live.dots.votes_says", "for", o.For, "against", o.Against, "abstained", o.Abstained)}
	d.line(max(10, len(o.Entitled)), .7, slices.Concat(slices.Repeat([]string{dotFor}, o.For), slices.Repeat([]string{dotAgainst}, o.Against), slices.Repeat([]string{dotAbstains}, o.Abstained))...)
	return d
}

// tally is what a matter comes to as it stands: by the votes where some have been
// given, else by acclamation.
func (i *liveItem) tally() *governance.Outcome {
	if i.Poll == nil {
		return nil
	}
	if o := i.Poll.ByVotes; o != nil && o.Voted() || i.Poll.ByAcclamation == nil {
		return i.Poll.ByVotes
	}
	return i.Poll.ByAcclamation
}

// object are how many of those who may decide in the matter do not agree: who says
// so and votes against it as well is one.
func (i *liveItem) object() int {
	n := 0
	for _, e := range i.entitled() {
		said := slices.ContainsFunc(i.Remarks, func(r meeting.Remark) bool {
			return r.Person == e.Person && r.Kind == meeting.Objection && r.WithdrawnAt == nil
		})
		if said || e.Vote == governance.VoteAgainst {
			n++
		}
	}
	return n
}

// voted tells whether a vote has been given in the matter.
func (i *liveItem) voted() bool {
	o := i.tally()
	return o != nil && !o.Acclamation && o.Voted()
}

// entitled are those who may decide in the matter now.
func (i *liveItem) entitled() []governance.Voter {
	if i.Poll == nil || i.Poll.ByVotes == nil {
		return nil
	}
	return i.Poll.ByVotes.Entitled
}

// heading says by what the matter is decided as it stands.
func (v *visit) tallyHeading(o governance.Outcome) string {
	if o.Acclamation {
		return v.T("meeting.live.acclamation")
	}
	return v.T("meeting.live.votes")
}

// voteWord is a vote in a table.
func (v *visit) voteWord(vote string) string {
	if vote == "" {
		return ""
	}
	return v.Of("meeting.live.vote.", vote)
}

// height is how high the picture is: lower without a limit and its words.
func (d *dots) height() string {
	if d.First == "" {
		return "40"
	}
	return "74"
}

// row is where the dots lie.
func (d *dots) row() string {
	if d.First == "" {
		return "18"
	}
	return "34"
}

// anchor keeps the words of a limit near an edge inside the picture.
func (d *dots) anchor() string {
	switch at, _ := strconv.ParseFloat(strings.TrimSuffix(d.Limit, "%"), 64); {
	case at < 12:
		return "start"
	case at > 88:
		return "end"
	}
	return "middle"
}

// voteClasses are the shapes of votes.
var voteClasses = map[string]string{dotFor: "on", dotAgainst: "no", dotAbstains: "closed"}

// twice and barred are measures of a shape from its radius.
func twice(r string) string  { return scaled(r, 2) }
func barred(r string) string { return scaled(r, .8) }

func scaled(r string, by float64) string {
	x, _ := strconv.ParseFloat(r, 64)
	return strconv.FormatFloat(x*by, 'f', -1, 64)
}
