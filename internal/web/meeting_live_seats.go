package web

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// chairAway is a place whose holder is not there, and nobody serves instead.
const chairAway = "closed"

// liveSeat is a place at the table as it is served now.
type liveSeat struct {
	N           int
	Key         string
	Whose       string
	Who         string // who serves it, or would
	Class, Word string
	Times       string
	Voted       string // what has been voted from it in the matter on the table
	Serves      bool
	Votes       bool // whether it has a vote in the matter on the table
}

// livePerson is somebody who was called or has come.
type livePerson struct {
	meeting.Attendance
	As          string
	Class, Word string
	Times       string
	Last        bool // the latest row of the person
}

// seats are the places in the order in which they sit, and the table as it is
// seen from above.
func (s *liveSeen) seats(v *visit, b tenant.Body) {
	served := map[string]governance.Chair{}
	for _, c := range s.Table.Chairs {
		served[c.Place.Key] = c
	}
	members := make([]governance.Member, len(s.Order))
	for i, key := range s.Order { // as the body's own page has them, with the same numbers
		c := served[key]
		members[i] = governance.Member{Place: c.Place, Holder: c.Holder}
	}
	all := v.chairs(b, members)
	votes := s.votes()
	for i := range all {
		c := &all[i]
		at := served[c.Key]
		seat := liveSeat{N: c.N, Key: c.Key, Whose: c.Whose, Serves: at.Server != nil, Voted: votes[c.Key]}
		_, seat.Votes = votes[c.Key]
		switch {
		case at.Server != nil && at.Server.Deputy:
			c.State, c.Deputies = chairDeputy, []governance.Mandate{*at.Server}
		case at.Server != nil:
			c.State = chairHeld
		case at.Holder != nil:
			c.State = chairAway
		default:
			c.State = chairVacant
		}
		seat.Class, seat.Word = c.State, v.Of("meeting.live.seat.", c.State)
		if at.Empty == governance.EmptyElsewhere {
			seat.Word = v.T("meeting.live.seat.elsewhere")
		}
		switch {
		case at.Server != nil:
			seat.Who, seat.Times = titledName(at.Server), s.times(v, at.Server.Person)
		case at.Holder != nil:
			seat.Who, seat.Times = titledName(at.Holder), s.times(v, at.Holder.Person)
		}
		if s.written() && at.Server == nil {
			seat.Times = ""
		}
		if c.Votes() {
			s.Voting++
			if seat.Serves {
				s.Serving++
			}
		}
		s.Seats = append(s.Seats, seat)
	}
	s.picture(v, b, all)
}

// titledName is somebody with the office.
func titledName(m *governance.Mandate) string {
	if m.Title == "" {
		return m.Name
	}
	return m.Name + ", " + small(m.Title)
}

// votes are what has been voted in the matter on the table, by place; a place
// without a vote in it is not among them.
func (s *liveSeen) votes() map[string]string {
	said := map[string]string{}
	if s.On == nil || s.On.Poll == nil || s.On.Poll.ByVotes == nil {
		return said
	}
	for _, e := range s.On.Poll.ByVotes.Entitled {
		said[e.Place] = string(e.Vote)
	}
	return said
}

// picture draws the table with who serves now.
func (s *liveSeen) picture(v *visit, b tenant.Body, all []chair) {
	if s.Map = v.seatMap(b, all); s.Map == nil {
		return
	}
	s.Map.Held, s.Map.All = s.Serving, s.Voting
	deputies := 0
	var away, vacant []string
	for i := range s.Map.Sitters {
		at := &s.Map.Sitters[i]
		c := all[at.N-1]
		switch c.State {
		case chairDeputy:
			deputies++
		case chairAway:
			away = append(away, c.Whose)
			at.Below, at.Lost = v.T("meeting.live.seat.closed"), true
		case chairVacant:
			vacant = append(vacant, c.Whose)
			at.Below = v.T("meeting.live.seat.none")
		}
	}
	s.Map.Vacant = len(vacant) > 0
	s.Map.Title = v.T("meeting.live.map")
	says := []string{v.T("meeting.live.map_serving", "serving", s.Serving, "count", s.Voting)}
	if deputies > 0 {
		says = append(says, v.T("meeting.live.map_deputies", "count", deputies))
	}
	if len(away) > 0 {
		says = append(says, v.T("meeting.live.map_away", "who", v.series(away), "count", len(away)))
	}
	if len(vacant) > 0 {
		says = append(says, v.T("meeting.live.map_vacant", "who", v.series(vacant), "count", len(vacant)))
	}
	s.Map.Desc = strings.Join(says, " ")
}

// away tells whether the picture shows somebody who is not there.
func (s *liveSeen) away() bool {
	return slices.ContainsFunc(s.Seats, func(c liveSeat) bool { return c.Class == chairAway })
}

// times are when somebody came and went, with the matter on the table then.
func (s *liveSeen) times(v *visit, who uuid.UUID) string {
	var spans []string
	for _, p := range s.People {
		if p.Person == who && p.ArrivedAt != nil {
			spans = append(spans, s.spanOf(v, p))
		}
	}
	return strings.Join(spans, "; ")
}

// spanOf is one time that somebody was there: 13.25, from matter 3.
func (s *liveSeen) spanOf(v *visit, p meeting.Attendance) string {
	if p.ArrivedAt == nil {
		return ""
	}
	says := Clock(v.Lang, *p.ArrivedAt)
	if p.LeftAt != nil {
		says += "–" + Clock(v.Lang, *p.LeftAt)
	}
	if n := s.numberOf(p.ArrivedItem); n > 0 {
		says += v.T("meeting.live.from_item", "number", n)
	}
	if n := s.numberOf(p.LeftItem); n > 0 {
		says += v.T("meeting.live.left_item", "number", n)
	}
	if p.Remote {
		says += v.T("meeting.live.remotely")
	}
	return says
}

func (s *liveSeen) numberOf(item uuid.UUID) int {
	for _, i := range s.Items {
		if i.ID == item {
			return i.Number
		}
	}
	return 0
}

// people are all who were called and all who came; those who sit nowhere stand
// among the guests as well.
func (s *liveSeen) people(v *visit) {
	for i, p := range s.People {
		l := livePerson{Attendance: p, Times: s.spanOf(v, p), Last: !slices.ContainsFunc(s.People[i+1:], func(o meeting.Attendance) bool { return o.Person == p.Person })}
		if p.Role != "" {
			l.As = v.Of("meeting.live.role.", p.Role)
		} else {
			l.As = v.T("meeting.live.role.uncalled")
		}
		switch {
		case p.Here:
			l.Class, l.Word = "on", v.T("meeting.live.here")
		case p.LeftAt != nil:
			l.Class, l.Word = "closed", v.T("meeting.live.gone")
		case p.Answer == meeting.AnswerNo:
			l.Class, l.Word = "closed", v.T("meeting.live.said_no")
		default:
			l.Class, l.Word = "none", v.T("meeting.live.not_noted")
		}
		if !p.Called && p.ArrivedAt == nil {
			continue
		}
		s.Present = append(s.Present, l)
		if p.Role != "member" && p.Role != "deputy" && !s.seated(p.Person) {
			s.Guests = append(s.Guests, l)
		}
	}
}

// seated tells whether somebody serves or holds a place.
func (s *liveSeen) seated(who uuid.UUID) bool {
	return slices.ContainsFunc(s.Table.Chairs, func(c governance.Chair) bool {
		return c.Holder != nil && c.Holder.Person == who || c.Server != nil && c.Server.Person == who
	})
}

// noted tells whether anybody has been noted as there.
func (s *liveSeen) noted() bool {
	return slices.ContainsFunc(s.People, func(p meeting.Attendance) bool { return p.ArrivedAt != nil })
}

// clockNow is the time of day as the page shows it.
func (v *visit) clockNow() string { return Clock(v.Lang, v.Now) }

// instant is a moment as a machine reads it.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// does is what can be noted of somebody next.
func (p livePerson) does() string {
	if p.Here {
		return "leave"
	}
	return "arrive"
}

// seatsCaption is what the table of places is called.
func (s *liveSeen) seatsCaption(v *visit) string {
	if s.On != nil && s.On.voted() {
		return v.T("meeting.live.seats_votes", "number", s.On.Number)
	}
	return v.T("meeting.live.seats_caption")
}
