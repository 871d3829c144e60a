package audit

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit/internal/auditdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
)

// Ref is one thing, as the trail points at it.
type Ref struct{ Subject, ID string }

// Ref is the thing that the entry is about.
func (e Entry) Ref() Ref { return Ref{e.Subject, e.RowID} }

// Called is what a thing is called today, and the thing it is a part of: a
// version of a goal is part of its instrument, a whole thing is its own whole.
type Called struct {
	Name  string // a membership by its person
	Whole Ref
	Title string // what the whole is called

	// Of a membership: what it is a membership of.
	Role  auth.Role
	Party string // "" where the role is the county's
}

// readable says what right a reader needs to learn what a thing is called, and
// thereby which things have a name at all.
var readable = func() map[string]auth.Permission {
	m := map[string]auth.Permission{}
	for p, subjects := range map[auth.Permission][]string{
		auth.OrganisationRead: {"organisation", "succession"},
		auth.PersonRead:       {"person", "identity"},
		auth.MemberRead:       {"membership"},
		auth.GovernanceRead:   {"mandate", "seat_offer", "handover", "handover_item"},
		auth.DocumentRead:     {"document", "document_version", "document_about"},
		auth.AgreementRead: {"instrument", "instrument_validity", "instrument_event", "instrument_text", "instrument_count", "instrument_lead",
			"instrument_succession", "draft_choice", "adoption", "participation", "signature", "goal", "goal_version", "goal_note", "goal_link",
			"network", "network_goal", "local_agreement", "local_party"},
	} {
		for _, s := range subjects {
			m[s] = p
		}
	}
	return m
}()

// Names tells in one question what many things are called today. What has no
// name, is gone, or is not for the reader to know is not in the answer.
func Names(ctx context.Context, tx *pg.Tx, refs []Ref) (map[Ref]Called, error) {
	called := make(map[Ref]Called, len(refs))
	var ask auditdb.NamesParams
	asked := make(map[Ref]bool, len(refs))
	for _, r := range refs {
		id, err := uuid.Parse(r.ID)
		p, known := readable[r.Subject]
		if err != nil || !known || asked[r] || !tx.MayAnywhere(p) {
			continue
		}
		asked[r] = true
		ask.Subjects, ask.Ids = append(ask.Subjects, r.Subject), append(ask.Ids, id)
	}
	if len(asked) == 0 {
		return called, nil
	}
	rows, err := auditdb.New(tx).Names(ctx, ask)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		// A party's administrator reads the memberships of the own party.
		if p := readable[r.Subject]; !tx.May(p) && !tx.MayFor(p, r.PartyID.UUID) {
			continue
		}
		called[Ref{r.Subject, r.ID.String()}] = Called{Name: r.Name, Whole: Ref{r.WholeSubject, r.WholeID.String()}, Title: r.Whole,
			Role: auth.Role(r.Role), Party: r.Party}
	}
	return called, nil
}
