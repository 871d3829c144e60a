package agreement

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// Attachable asks for each thing that a document is newly hung on whether it is
// there: a paper of this county hangs on nothing of another's. What it hung on
// before is not asked about again. It stands here because this is the lowest
// room that knows all that a paper can hang on.
func Attachable(ctx context.Context, tx *pg.Tx, abouts, before []document.About) error {
	for _, a := range abouts {
		if slices.Contains(before, a) {
			continue
		}
		var err error = fault.Missing()
		switch a.About {
		case "organisation":
			_, err = organisation.Get(ctx, tx, a.ID)
		case "person":
			_, err = person.Get(ctx, tx, a.ID)
		case "instrument":
			err = Exists(ctx, tx, a.ID)
		}
		if fault.Is(err, "common.not_found") {
			return fault.Bad("document.about_unknown", "/subjects")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Hang lets a document be about an instrument too. One that is already stays
// as it is.
func Hang(ctx context.Context, tx *pg.Tx, instrument, paper uuid.UUID) (document.Document, error) {
	on := document.About{About: "instrument", ID: instrument}
	if err := Exists(ctx, tx, instrument); err != nil {
		return document.Document{}, err
	}
	d, err := document.Get(ctx, tx, paper)
	if fault.Is(err, "common.not_found") {
		return d, fault.Bad("agreement.document_unknown", "/document")
	}
	if err != nil {
		return d, err
	}
	if slices.Contains(d.About, on) {
		return d, nil
	}
	c := d.Card
	c.About = append(slices.Clone(c.About), on)
	return document.Change(ctx, tx, paper, d.Version, c)
}

// TakeOff lets a document be about an instrument no longer. The document stays.
// version is the document's, as it was read.
func TakeOff(ctx context.Context, tx *pg.Tx, instrument, paper uuid.UUID, version int64) (document.Document, error) {
	on := document.About{About: "instrument", ID: instrument}
	d, err := document.Get(ctx, tx, paper)
	if err != nil {
		return d, err
	}
	if !slices.Contains(d.About, on) {
		return d, fault.Missing()
	}
	c := d.Card
	c.About = slices.DeleteFunc(slices.Clone(c.About), func(a document.About) bool { return a == on })
	return document.Change(ctx, tx, paper, version, c)
}
