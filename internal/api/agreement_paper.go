package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/pg"
)

// Text is one text of an agreement.
type Text struct {
	agreement.Edition
	Linked
}

// ETag never moves: a text is never replaced.
func (t Text) ETag() string { return "1" }

// TextList is a page of texts.
type TextList struct {
	Texts []Text `json:"texts" doc:"The texts in their order. None replaces another."`
	Paged
}

// NewText is a text to be added.
type NewText struct {
	InAgreement
	Body agreement.Paper
}

// InText names a text in the path.
type InText struct {
	InAgreement
	Text uuid.UUID `path:"text" doc:"The text's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Event is something that happened to an agreement.
type Event struct {
	agreement.Event
	Linked
}

// ETag moves when the event is corrected.
func (e Event) ETag() string { return corrected(e.Corrected) }

// EventList is a page of events.
type EventList struct {
	Events []Event `json:"events" doc:"What happened, by day, also what has been corrected since."`
	Paged
}

// NewEvent is something that happened.
type NewEvent struct {
	InAgreement
	Body agreement.Happening
}

// InEvent names an event in the path.
type InEvent struct {
	InAgreement
	Event uuid.UUID `path:"event" doc:"The event's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Adoption is what a body decided about an agreement.
type Adoption struct {
	agreement.Adoption
	Linked
}

// ETag moves when the decision is corrected.
func (a Adoption) ETag() string { return corrected(a.Corrected) }

// AdoptionList is a page of decisions.
type AdoptionList struct {
	Adoptions []Adoption `json:"adoptions" doc:"The decisions, by day, each by its own minutes."`
	Paged
}

// NewAdoption is what a body decided.
type NewAdoption struct {
	InAgreement
	Body agreement.Resolution
}

// InAdoption names a decision in the path.
type InAdoption struct {
	InAgreement
	Adoption uuid.UUID `path:"adoption" doc:"The decision's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

func corrected(is bool) string {
	if is {
		return "2"
	}
	return "1"
}

// agreementPapers are an agreement's texts, and what was decided and happened.
func (d *Door) agreementPapers() {
	const one = "/counties/{county}/agreements/{agreement}"

	list(d, Member, one+"/texts", "list-agreement-texts", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (l TextList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		es, err := agreement.Editions(ctx, tx, in.ID)
		for _, e := range cut(es, in.Paging) {
			l.Texts = append(l.Texts, d.text(tx, in.ID, e))
		}
		return l, len(es), err
	})
	extend(d, one+"/texts", "create-agreement-text", func(ctx context.Context, tx *pg.Tx, in *NewText, version int64) (Text, error) {
		e, err := agreement.AddEdition(ctx, tx, in.ID, version, in.Body)
		return d.text(tx, in.ID, e), err
	})
	read(d, Member, one+"/texts/{text}", "get-agreement-text", func(ctx context.Context, tx *pg.Tx, in *InText) (Text, error) {
		es, err := agreement.Editions(ctx, tx, in.ID)
		for _, e := range es {
			if e.ID == in.Text {
				return d.text(tx, in.ID, e), nil
			}
		}
		return Text{}, orMissing(err)
	})

	list(d, Member, one+"/events", "list-agreement-events", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (l EventList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		es, err := agreement.Events(ctx, tx, in.ID)
		for _, e := range cut(es, in.Paging) {
			l.Events = append(l.Events, Event{e, d.collected(tx, in.ID, "events", e.ID)})
		}
		return l, len(es), err
	})
	create(d, one+"/events", "create-agreement-event", func(ctx context.Context, tx *pg.Tx, in *NewEvent) (Event, error) {
		e, err := agreement.Record(ctx, tx, in.ID, in.Body)
		return Event{e, d.collected(tx, in.ID, "events", e.ID)}, err
	})
	read(d, Member, one+"/events/{event}", "get-agreement-event", func(ctx context.Context, tx *pg.Tx, in *InEvent) (Event, error) {
		es, err := agreement.Events(ctx, tx, in.ID)
		for _, e := range es {
			if e.ID == in.Event {
				return Event{e, d.collected(tx, in.ID, "events", e.ID)}, nil
			}
		}
		return Event{}, orMissing(err)
	})

	list(d, Member, one+"/adoptions", "list-agreement-adoptions", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (l AdoptionList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		as, err := agreement.Adoptions(ctx, tx, in.ID)
		for _, a := range cut(as, in.Paging) {
			l.Adoptions = append(l.Adoptions, Adoption{a, d.collected(tx, in.ID, "adoptions", a.ID)})
		}
		return l, len(as), err
	})
	create(d, one+"/adoptions", "create-agreement-adoption", func(ctx context.Context, tx *pg.Tx, in *NewAdoption) (Adoption, error) {
		a, err := agreement.Adopt(ctx, tx, in.ID, in.Body)
		return Adoption{a, d.collected(tx, in.ID, "adoptions", a.ID)}, err
	})
	read(d, Member, one+"/adoptions/{adoption}", "get-agreement-adoption", func(ctx context.Context, tx *pg.Tx, in *InAdoption) (Adoption, error) {
		as, err := agreement.Adoptions(ctx, tx, in.ID)
		for _, a := range as {
			if a.ID == in.Adoption {
				return Adoption{a, d.collected(tx, in.ID, "adoptions", a.ID)}, nil
			}
		}
		return Adoption{}, orMissing(err)
	})
}

func orMissing(err error) error {
	if err != nil {
		return err
	}
	return missing()
}

// collected links what stands in one of an agreement's collections.
func (d *Door) collected(tx *pg.Tx, in uuid.UUID, collection string, id uuid.UUID) Linked {
	l := d.below(tx, in, collection+"/"+id.String())
	l.Links.to("collection", http.MethodGet, d.instrument(tx, in)+"/"+collection)
	return l
}

func (d *Door) text(tx *pg.Tx, in uuid.UUID, e agreement.Edition) Text {
	l := d.collected(tx, in, "texts", e.ID)
	if e.Document != uuid.Nil {
		l.Links.to("document", http.MethodGet, d.at("counties", tx.Tenant, "documents", e.Document.String()))
	}
	return Text{e, l}
}
