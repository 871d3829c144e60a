package agreement_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
)

// documents are the titles of the documents that words find, and how many things
// were found in all.
func (c *county) documents(query string) ([]string, int) {
	c.t.Helper()
	hits, n, err := agreement.Search(c.ctx, c.tx, query, 50, 1)
	if err != nil {
		c.t.Fatal(err)
	}
	titles := []string{}
	for _, h := range hits {
		if h.Subject == "document" {
			titles = append(titles, h.Name)
		}
	}
	return titles, n
}

func TestDocumentsAreFoundByTitleKindAndFileName(t *testing.T) {
	c := kronoberg(t)
	store, err := files.Open(t.Context(), "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	accept := func(name string) document.Blob {
		return must(document.Accept(t.Context(), store, auth.System("kronoberg", "test", ""), name, strings.NewReader("Om boende: "+name), 0))(t)
	}
	d := must(document.Add(c.ctx, c.tx, document.Card{Title: "Överenskommelser i Värend", Kind: "minutes"}, accept("Forum_2023-03-30.txt")))(t)
	for query, found := range map[string]bool{
		"värend": true, "varend": true, "överenskommelsen": true, "värend över": true, // title, without marks, another form, beginnings
		"protokollen": true, "minutes": true, // kind, in both languages
		"forum 2023": true, "txt": true, // file name
		"rapport": false, "värend lund": false,
	} {
		titles, n := c.documents(query)
		if found != slices.Contains(titles, d.Title) || !found && n != 0 {
			t.Errorf("%q finds %v, %d in all", query, titles, n)
		}
	}

	// What it is called and holds now is what finds it.
	d = must(document.AddVersion(c.ctx, c.tx, d.ID, d.Version, accept("Styrgruppen.txt")))(t)
	if titles, _ := c.documents("styrgruppen"); len(titles) != 1 {
		t.Error("not found by its later version")
	}
	card := d.Card
	card.Title, card.Kind = "Bostäder", "report"
	d = must(document.Change(c.ctx, c.tx, d.ID, d.Version, card))(t)
	if titles, _ := c.documents("värend"); len(titles) != 0 {
		t.Error("found by what it was called before")
	}
	if titles, _ := c.documents("rapporten bostad forum"); len(titles) != 1 {
		t.Error("not found by what it is called now")
	}

	// A withdrawn one is still in the list, and is told as such.
	must(document.Withdraw(c.ctx, c.tx, d.ID, d.Version, document.Withdrawal{Reason: "Ersatt"}))(t)
	hits, _, err := agreement.Search(c.ctx, c.tx, "bostäder", 10, 1)
	if err != nil || len(hits) != 1 || !hits[0].Ended {
		t.Errorf("%v %+v", err, hits)
	}
}

// What lies in another county is neither found nor counted.
func TestAnotherCountysDocumentLeavesNoTrace(t *testing.T) {
	db := dbtest.New(t)
	elsewhere(t, db, "ostergotland", func(ctx context.Context, tx *pg.Tx) {
		must(document.AddLink(ctx, tx, document.Card{Title: "Hemligt beslut", Kind: "decision"}, document.Link{URL: "https://example.org/a"}))(t)
	})
	for county, want := range map[string]int{"kronoberg": 0, "ostergotland": 1} {
		elsewhere(t, db, county, func(ctx context.Context, tx *pg.Tx) {
			if hits, n, err := agreement.Search(ctx, tx, "hemligt", 10, 1); err != nil || n != want || len(hits) != want {
				t.Errorf("%s: %v %d %+v", county, err, n, hits)
			}
		})
	}
}
