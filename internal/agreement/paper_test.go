package agreement_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
)

func (c *county) paper(title string, about ...document.About) document.Document {
	c.t.Helper()
	return must(document.AddLink(c.ctx, c.tx, document.Card{Title: title, Kind: "decision", About: about}, document.Link{URL: "https://example.org/" + title}))(c.t)
}

func TestAPaperHangsOnAnAgreementUntilItIsTakenOff(t *testing.T) {
	c := kronoberg(t)
	other := document.About{About: "organisation", ID: c.org("alvesta")}
	p := c.paper("beslut", other)
	hung := must(agreement.Hang(c.ctx, c.tx, c.id, p.ID))(t)
	if d := cmp.Diff([]document.About{{About: "instrument", ID: c.id}, other}, hung.About); d != "" {
		t.Error(d)
	}
	if again := must(agreement.Hang(c.ctx, c.tx, c.id, p.ID))(t); again.Version != hung.Version {
		t.Error("what hangs already was hung again")
	}
	on, n, err := document.List(c.ctx, c.tx, document.Filter{About: document.About{About: "instrument", ID: c.id}, Limit: 10, Page: 1})
	if err != nil || n != 1 || on[0].ID != p.ID {
		t.Errorf("%v %+v", err, on)
	}
	if _, err := agreement.TakeOff(c.ctx, c.tx, c.id, p.ID, p.Version); !fault.Is(err, "common.changed") {
		t.Errorf("taken off by whoever had read less: %v", err)
	}
	off := must(agreement.TakeOff(c.ctx, c.tx, c.id, p.ID, hung.Version))(t)
	if d := cmp.Diff([]document.About{other}, off.About); d != "" {
		t.Error(d)
	}
	if _, err := agreement.TakeOff(c.ctx, c.tx, c.id, p.ID, off.Version); !fault.Is(err, "common.not_found") {
		t.Errorf("taken off twice: %v", err)
	}
}

func TestAPaperHangsOnlyOnWhatIsThere(t *testing.T) {
	c := kronoberg(t)
	nobody := uuid.Must(uuid.NewV7())
	there := document.About{About: "instrument", ID: c.id}
	for what, abouts := range map[string][]document.About{
		"no such instrument":   {there, {About: "instrument", ID: nobody}},
		"no such organisation": {{About: "organisation", ID: nobody}},
		"no such person":       {{About: "person", ID: nobody}},
		"no such subject":      {{About: "moon", ID: c.id}},
	} {
		err := agreement.Attachable(c.ctx, c.tx, abouts, nil)
		if wants(t, err, "document.about_unknown", "/subjects"); err == nil {
			t.Error(what)
		}
		if err := agreement.Attachable(c.ctx, c.tx, abouts, abouts); err != nil {
			t.Errorf("%s: what it hung on before is asked about again: %v", what, err)
		}
	}
	if err := agreement.Attachable(c.ctx, c.tx, []document.About{there, {About: "organisation", ID: c.org("region")}}, nil); err != nil {
		t.Error(err)
	}
	_, err := agreement.Hang(c.ctx, c.tx, c.id, nobody)
	wants(t, err, "agreement.document_unknown", "/document")
	p := c.paper("beslut")
	if _, err := agreement.Hang(c.ctx, c.tx, nobody, p.ID); !fault.Is(err, "common.not_found") {
		t.Error(err)
	}
	dbtest.As(c.tx, auth.RoleAuditor, uuid.Nil)
	if _, err := agreement.Hang(c.ctx, c.tx, c.id, p.ID); !fault.Is(err, "auth.forbidden") {
		t.Error(err)
	}
}

func TestATextLiesInADocumentOfTheCountys(t *testing.T) {
	c := kronoberg(t)
	p := agreement.Paper{Kind: "adopted", Name: "Antagen", Source: "källa", Document: uuid.Must(uuid.NewV7())}
	_, err := agreement.AddEdition(c.ctx, c.tx, c.id, c.on("2024-01-01").Version, p)
	wants(t, err, "instrument_text.document", "/document")
	p.Document = c.paper("avtal").ID
	if e := must(agreement.AddEdition(c.ctx, c.tx, c.id, c.on("2024-01-01").Version, p))(t); e.Document != p.Document {
		t.Errorf("%+v", e)
	}
	// The database says so itself, past the room.
	if _, err := c.tx.Exec(c.ctx, `INSERT INTO instrument_text (id, instrument_id, number, kind, name, source, document_id) VALUES ($1, $2, 9, 'adopted', 'x', 'x', $1)`,
		uuid.Must(uuid.NewV7()), c.id); !fault.Is(err, "instrument_text.document") {
		t.Error(err)
	}
}
