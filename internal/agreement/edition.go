package agreement

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// EditionKinds are what a text of an instrument can be.
var EditionKinds = []string{"adopted", "edited", "errata", "revised", "appendix"}

// Paper is a text of an instrument as it is handed in.
type Paper struct {
	Kind     string    `json:"kind" enum:"adopted,edited,errata,revised,appendix" doc:"As adopted, edited after adoption, errata, revised, or an appendix." example:"errata"`
	Name     string    `json:"name" minLength:"1" maxLength:"300" doc:"What it is called." example:"Rättad tabell"`
	When     When      `json:"when,omitzero" maxLength:"13" doc:"From when, as closely as is known: 2017-03-06, 2017-03, 2017-21, 2017. Empty: unknown." example:"2017-03-06"`
	Note     string    `json:"note,omitempty" maxLength:"4000" doc:"What differs from the text before." example:"En tabell är rättad"`
	Pages    int       `json:"pages,omitempty" minimum:"0" maximum:"10000" doc:"How many pages. 0: unknown." example:"24"`
	Link     string    `json:"link,omitempty" maxLength:"500" doc:"Where it lies, when it lies elsewhere." example:"https://www.lansstyrelsen.se/norrbotten"`
	Document uuid.UUID `json:"document,omitzero" doc:"The document, when it lies here." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Of       uuid.UUID `json:"of,omitzero" doc:"The text that an errata is about." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Source   string    `json:"source" minLength:"1" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/norrbotten"`
}

// Edition is a text that has been written down. It is never replaced.
type Edition struct {
	ID     uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Number int       `json:"number" doc:"Counted from 1 within the instrument." example:"2"`
	Paper
}

// AddEdition adds a text after those that are there. version is the
// instrument's, so that two who add at once number their texts apart.
func AddEdition(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, version int64, p Paper) (Edition, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Edition{}, err
	}
	tidy(&p.Name, &p.Note, &p.Link, &p.Source)
	var wrong fault.List
	wrong.Add(oneOf(EditionKinds, p.Kind, "/kind", "instrument_text.kind"))
	if p.Name == "" {
		wrong.Add(fault.Bad("instrument_text.named", "/name"))
	}
	if p.Pages < 0 || p.Pages > 10_000 {
		wrong.Add(fault.Bad("instrument_text.pages", "/pages"))
	}
	if p.Kind == "errata" && p.Of == uuid.Nil {
		wrong.Add(fault.Bad("instrument_text.errata_names_text", "/of"))
	}
	wrong.Add(sourced(p.Source, "instrument_text.sourced"))
	wrong.Add(linked(p.Link))
	q := agreementdb.New(tx)
	if p.Of != uuid.Nil {
		if of, err := q.Text(ctx, p.Of); fault.Is(err, "common.not_found") || err == nil && of.InstrumentID != instrument {
			wrong.Add(fault.Bad("instrument_text.errata_names_text", "/of"))
		} else if err != nil {
			return Edition{}, err
		}
	}
	if p.Document != uuid.Nil {
		if _, err := document.Get(ctx, tx, p.Document); fault.Is(err, "common.not_found") {
			wrong.Add(fault.Bad("instrument_text.document", "/document"))
		} else if err != nil {
			return Edition{}, err
		}
	}
	if err := wrong.Err(); err != nil {
		return Edition{}, err
	}
	if _, err := touch(ctx, tx, instrument, version); err != nil {
		return Edition{}, err
	}
	row, err := q.AddText(ctx, agreementdb.AddTextParams{ID: tx.NewID(), InstrumentID: instrument, Kind: p.Kind, Name: p.Name, OnDay: p.When.Day(),
		Precision: p.When.precision(), Note: p.Note, Pages: int32(p.Pages), Link: p.Link, DocumentID: maybe(p.Document), OfID: maybe(p.Of), Source: p.Source}) //nolint:gosec // checked
	if err != nil {
		return Edition{}, at(err)
	}
	return edition(row), nil
}

// Editions are the texts of an instrument in their order.
func Editions(ctx context.Context, tx *pg.Tx, instrument uuid.UUID) ([]Edition, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Texts(ctx, instrument)
	if err != nil {
		return nil, err
	}
	es := make([]Edition, len(rows))
	for i, r := range rows {
		es[i] = edition(r)
	}
	return es, nil
}

func edition(r agreementdb.InstrumentText) Edition {
	return Edition{ID: r.ID, Number: int(r.Number), Paper: Paper{Kind: r.Kind, Name: r.Name, When: kept(r.OnDay, r.Precision), Note: r.Note,
		Pages: int(r.Pages), Link: r.Link, Document: r.DocumentID.UUID, Of: r.OfID.UUID, Source: r.Source}}
}

// linked refuses an address that no reader could follow.
func linked(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil {
		return fault.Bad("common.website_wrong", "/link").With("address", address)
	}
	return nil
}
