package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
)

// Draft is a successor while it is being drafted.
type Draft struct {
	agreement.Draft
	Linked
}

// ETag is the drafted agreement's.
func (f Draft) ETag() string { return f.Instrument.ETag() }

// NewChoice says what becomes of a goal or party of the old agreement.
type NewChoice struct {
	InAgreement
	Body agreement.Choice
}

// Choice is what has been chosen.
type Choice struct {
	agreement.Chosen
	Linked
}

// ETag never moves: another choice takes its place.
func (c Choice) ETag() string { return "1" }

// agreementDrafts are successors that are being drafted.
func (d *Door) agreementDrafts() {
	const one = "/counties/{county}/agreements/{agreement}"

	create(d, one+"/successor-drafts", "draft-successor", func(ctx context.Context, tx *pg.Tx, in *ChangedAgreement) (Agreement, error) {
		i, err := agreement.DraftSuccessor(ctx, tx, in.ID, in.Body)
		return d.agreement(tx, i), err
	})
	read(d, Member, one+"/draft", "get-successor-draft", func(ctx context.Context, tx *pg.Tx, in *InAgreement) (Draft, error) {
		f, err := agreement.GetDraft(ctx, tx, in.ID)
		return d.draft(tx, in.ID, f), err
	})
	create(d, one+"/draft/choices", "choose-for-successor", func(ctx context.Context, tx *pg.Tx, in *NewChoice) (Choice, error) {
		c, err := agreement.Choose(ctx, tx, in.ID, in.Body)
		l := d.below(tx, in.ID, "draft")
		if c.NewGoal != uuid.Nil {
			l.Links.to("goal", http.MethodGet, d.at("counties", tx.Tenant, "goals", c.NewGoal.String()))
		}
		if c.NewParticipation != uuid.Nil {
			l.Links.to("participation", http.MethodGet, d.instrument(tx, in.ID)+"/participations/"+c.NewParticipation.String())
		}
		return Choice{c, l}, err
	})
	act(d, one+"/draft/decision", "settle-successor", func(ctx context.Context, tx *pg.Tx, in *InAgreement, version int64) (Agreement, error) {
		i, err := agreement.Settle(ctx, tx, in.ID, version)
		return d.agreement(tx, i), err
	})
}

func (d *Door) draft(tx *pg.Tx, id uuid.UUID, f agreement.Draft) Draft {
	l := d.below(tx, id, "draft")
	l.Links.to("predecessor-version", http.MethodGet, d.instrument(tx, f.Predecessor.ID))
	if tx.May(auth.AgreementChange) {
		l.Links.to("choices", http.MethodPost, l.Self()+"/choices")
		l.Links.to("decision", http.MethodPost, l.Self()+"/decision")
	}
	return Draft{f, l}
}
