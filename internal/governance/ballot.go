package governance

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
)

// Vote is what one says to a proposal.
type Vote string

// The votes. No vote at all is none of them.
const (
	VoteFor      Vote = "for"
	VoteAgainst  Vote = "against"
	VoteAbstains Vote = "abstains"
)

// Ballot is a vote as it was cast: from which place, and by whom.
type Ballot struct {
	Place  string    `json:"place" minLength:"1" maxLength:"110" doc:"The place, by key." example:"municipality/alvesta"`
	Person uuid.UUID `json:"person" doc:"Who votes." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Vote   Vote      `json:"vote" enum:"for,against,abstains" doc:"For, against, or neither." example:"for"`
}

// Voter is one who was entitled to decide, and what he said.
type Voter struct {
	Place  string       `json:"place" doc:"The place, by key." example:"municipality/alvesta"`
	Seat   tenant.Words `json:"seat,omitempty" doc:"What the seat is called, where its party does not say it."`
	Party  string       `json:"party,omitempty" doc:"What the party is called that is served for." example:"Alvesta kommun"`
	Person uuid.UUID    `json:"person" doc:"Who serves." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name   string       `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Deputy bool         `json:"deputy,omitempty" doc:"Whether as deputy." example:"false"`
	For    string       `json:"for,omitempty" doc:"For whom a deputy serves. Left out where the place is vacant." example:"Robin Berg"`
	Vote   Vote         `json:"vote,omitempty" enum:",for,against,abstains" doc:"What the person said. Empty: no vote was cast." example:"for"`
}

// entitled are those who decide: they serve a place with a vote, and are not
// biased in the matter.
func entitled(t Table, q Reckoning) []Voter {
	gaps := map[string]bool{}
	for _, g := range q.Gaps {
		gaps[g.Place] = true
	}
	all := []Voter{}
	for _, c := range t.Chairs {
		if !c.Place.Votes() || c.Server == nil || gaps[c.Place.Key] {
			continue
		}
		v := Voter{
			Place: c.Place.Key, Seat: c.Place.Seat.Name, Party: c.Server.Party,
			Person: c.Server.Person, Name: c.Server.Name, Deputy: c.Server.Deputy,
		}
		if v.Party == "" {
			v.Party = names(c.Place.Parties)
		}
		if v.Deputy && c.Holder != nil {
			v.For = c.Holder.Name
		}
		all = append(all, v)
	}
	return all
}

// cast gives each voter the vote that was cast from the place. A ballot that
// does not count is a fault that names it, and then none is counted.
func cast(voters []Voter, t Table, ballots []Ballot) error {
	chairs := make(map[string]*Chair, len(t.Chairs))
	for i := range t.Chairs {
		chairs[t.Chairs[i].Place.Key] = &t.Chairs[i]
	}
	at := make(map[string]int, len(voters))
	for i, v := range voters {
		at[v.Place] = i
	}
	var faults fault.List
	for n, b := range ballots {
		refuse := func(key string) {
			place := b.Place
			if c, stands := chairs[b.Place]; stands && len(c.Place.Parties) > 0 {
				place = names(c.Place.Parties)
			}
			faults.Add(fault.Bad(key, fmt.Sprintf("/ballots/%d", n)).With("place", place))
		}
		c, stands := chairs[b.Place]
		i, votes := at[b.Place]
		switch {
		case !stands:
			refuse("ballot.no_place")
		case !c.Place.Votes():
			refuse("ballot.voteless")
		case c.Server == nil:
			refuse("ballot.nobody_serves")
		case c.Server.Person != b.Person:
			refuse("ballot.another_serves")
		case !votes: // all else has been asked
			refuse("ballot.biased")
		case voters[i].Vote != "":
			refuse("ballot.twice")
		case b.Vote != VoteFor && b.Vote != VoteAgainst && b.Vote != VoteAbstains:
			refuse("ballot.unknown")
		default:
			voters[i].Vote = b.Vote
		}
	}
	return faults.Err()
}

// names are several parties in a row.
func names(parties []Party) string {
	all := make([]string, len(parties))
	for i, p := range parties {
		all[i] = p.Name
	}
	return strings.Join(all, ", ")
}
