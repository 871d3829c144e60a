package document_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

func store(t *testing.T) (*files.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := files.Open(t.Context(), "file://"+dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, dir
}

// accept takes in a text.
func accept(t *testing.T, s *files.Store, county, content string) document.Blob {
	t.Helper()
	b, err := document.Accept(t.Context(), s, auth.System(county, "test", ""), "avtal.txt", strings.NewReader(content), 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func card(change ...func(*document.Card)) document.Card {
	c := document.Card{Title: "Överenskommelsen", Kind: "agreement"}
	for _, f := range change {
		f(&c)
	}
	return c
}

func published(c *document.Card) { c.Published = true }

func about(a ...document.About) func(*document.Card) {
	return func(c *document.Card) { c.About = a }
}

func add(t *testing.T, ctx context.Context, tx *pg.Tx, s *files.Store, c document.Card) document.Document { //nolint:revive // a test's helper begins with t
	t.Helper()
	d, err := document.Add(ctx, tx, c, accept(t, s, tx.Tenant, "första lydelsen "+uuid.NewString()))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func is(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Is(err, key) {
		t.Errorf("got %v, want %s", err, key)
	}
}

func read(t *testing.T, s *files.Store, f document.File) string {
	t.Helper()
	r, err := f.Reader(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestADocumentIsAddedAndReadBack(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	on := document.About{About: "instrument", ID: tx.NewID()}
	b := accept(t, s, tx.Tenant, "lydelse")
	d, err := document.Add(ctx, tx, card(published, about(on, on), func(c *document.Card) { c.Title, c.Source = "  Över\nens\u202ekommelsen ", " dnr 1 " }), b)
	if err != nil {
		t.Fatal(err)
	}
	want := document.Document{ID: d.ID, Latest: 1, Version: 1,
		Card: document.Card{Title: "Över enskommelsen", Kind: "agreement", Language: "sv", Published: true, Source: "dnr 1", About: []document.About{on}},
		Versions: []document.Version{{Number: 1, Name: "avtal.txt", MediaType: "text/plain; charset=utf-8", Size: 7, SHA256: b.SHA256(),
			UploadedBy: tx.Person, UploadedAt: tx.Now}}}
	if diff := cmp.Diff(want, d, cmpopts.EquateComparable(day.Day{})); diff != "" {
		t.Error(diff)
	}
	got, err := document.Get(ctx, tx, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, got, cmpopts.EquateComparable(day.Day{})); diff != "" {
		t.Error(diff)
	}
	f, err := document.Open(ctx, tx, d.ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, f); got != "lydelse" {
		t.Errorf("read %q", got)
	}
}

func TestAllThatIsWrongWithACardIsToldAtOnce(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	_, err := document.AddLink(ctx, tx, document.Card{Title: " \u200b", Kind: "song", Language: "svenska", About: []document.About{{About: "instrument"}}},
		document.Link{URL: "http://a.example/b.pdf"})
	var keys []string
	for _, f := range fault.All(err) {
		keys = append(keys, f.Key+" "+f.Field)
	}
	if d := cmp.Diff([]string{"document.titled /title", "document.kind_unknown /kind", "document.language /language",
		"document.about_unknown /subjects", "document.link_wrong /url"}, keys); d != "" {
		t.Error(d)
	}
	_, err = document.Add(ctx, tx, card(), document.Blob{})
	is(t, err, "document.file_none")
}

func TestALinkIsAnAddressThatAnybodyCanFollow(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	for _, u := range []string{"javascript:alert(1)", "https://", "//a.example", "https://me:secret@a.example/", "ftp://a.example",
		"https://a.example/" + strings.Repeat("x", 2000), "https:/a.example", "https://a.example/\x00", "https:a.example", "https://:443/"} {
		_, err := document.AddLink(ctx, tx, card(), document.Link{URL: u})
		is(t, err, "document.link_wrong")
	}
	d, err := document.AddLink(ctx, tx, card(), document.Link{URL: " HTTPS://a.example/överens?x=1#s "})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Versions[0].Link; got != "https://a.example/%C3%B6verens?x=1#s" {
		t.Errorf("kept %q", got)
	}
	_, err = document.Open(ctx, tx, d.ID, 1)
	is(t, err, "document.only_link")
}

func TestADeadLinkIsKept(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d, err := document.AddLink(ctx, tx, card(), document.Link{URL: "https://a.example/b.pdf"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = document.NoteDead(ctx, tx, d.ID, 1, d.Version, document.Death{On: tx.Today().Add(1)})
	is(t, err, "document.dead_later")
	d, err = document.Get(ctx, tx, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	on := day.Of(2026, 3, 1)
	d, err = document.NoteDead(ctx, tx, d.ID, 1, d.Version, document.Death{On: on})
	if err != nil {
		t.Fatal(err)
	}
	if v := d.Versions[0]; v.DeadOn != on || v.Link != "https://a.example/b.pdf" {
		t.Errorf("%+v", v)
	}
	d, err = document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, tx.Tenant, "the paper itself, found in a binder"))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Versions) != 2 || d.Versions[1].DeadOn != on {
		t.Errorf("%+v", d.Versions)
	}
	_, err = document.NoteDead(ctx, tx, d.ID, 2, d.Version, document.Death{On: on})
	is(t, err, "document.no_link")
}

func TestANewVersionLeavesTheOldOneReadable(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d, err := document.Add(ctx, tx, card(), accept(t, s, tx.Tenant, "ett"))
	if err != nil {
		t.Fatal(err)
	}
	d, err = document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, tx.Tenant, "två"))
	if err != nil {
		t.Fatal(err)
	}
	d, err = document.Correct(ctx, tx, d.ID, 1, d.Version, document.Erratum{Note: " På sidan 4 ska det stå 2025. "})
	if err != nil {
		t.Fatal(err)
	}
	if d.Latest != 2 || d.Version != 3 || d.Versions[0].Number != 2 || d.Versions[1].Errata != "På sidan 4 ska det stå 2025." || d.Versions[0].Errata != "" {
		t.Errorf("%+v", d)
	}
	for number, want := range map[int]string{0: "två", 1: "ett", 2: "två"} {
		f, err := document.Open(ctx, tx, d.ID, number)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, s, f); got != want {
			t.Errorf("version %d: %q", number, got)
		}
	}
	_, err = document.Open(ctx, tx, d.ID, 3)
	is(t, err, "common.not_found")
	_, err = document.Correct(ctx, tx, d.ID, 3, d.Version, document.Erratum{})
	is(t, err, "common.not_found")
}

func TestTheSameContentIsNoNewVersionButMayBeAnotherDocument(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d, err := document.Add(ctx, tx, card(), accept(t, s, tx.Tenant, "samma"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, tx.Tenant, "samma"))
	is(t, err, "document.same_as_before")
	if _, err = document.Add(ctx, tx, card(), accept(t, s, tx.Tenant, "samma")); err != nil {
		t.Error(err)
	}
	// What was replaced may come back.
	if d, err = document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, tx.Tenant, "annan")); err != nil {
		t.Fatal(err)
	}
	if _, err = document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, tx.Tenant, "samma")); err != nil {
		t.Error(err)
	}
}

func TestAFileHasOneRow(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	b := accept(t, s, tx.Tenant, "en")
	if _, err := document.Add(ctx, tx, card(), b); err != nil {
		t.Fatal(err)
	}
	_, err := document.Add(ctx, tx, card(), b)
	is(t, err, "document_version.key_once")
}

func TestAVersionIsNeverOverwritten(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d := add(t, ctx, tx, s, card())
	for _, sql := range []string{"UPDATE document_version SET blob_key = blob_key", "UPDATE document_version SET sha256 = sha256",
		"DELETE FROM document_version", "DELETE FROM document", "UPDATE document_version SET number = 7"} {
		err := tx.Savepoint(ctx, func() error {
			_, err := tx.Exec(ctx, sql)
			return err
		})
		if err == nil {
			t.Errorf("%s: was allowed", sql)
		}
	}
	if _, err := document.Get(ctx, tx, d.ID); err != nil {
		t.Fatal(err)
	}
}

func TestWhoeverComesSecondIsShownBoth(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d := add(t, ctx, tx, s, card())
	now, err := document.Change(ctx, tx, d.ID, d.Version, card(func(c *document.Card) { c.Title = "Ny" }))
	if err != nil {
		t.Fatal(err)
	}
	late := map[string]func() error{
		"change": func() error { _, err := document.Change(ctx, tx, d.ID, d.Version, card()); return err },
		"version": func() error {
			_, err := document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, tx.Tenant, "x"))
			return err
		},
		"withdraw": func() error {
			_, err := document.Withdraw(ctx, tx, d.ID, d.Version, document.Withdrawal{Reason: "x"})
			return err
		},
		"correct": func() error {
			_, err := document.Correct(ctx, tx, d.ID, 1, d.Version, document.Erratum{Note: "x"})
			return err
		},
	}
	for name, f := range late {
		fs := fault.All(f())
		if len(fs) != 1 || fs[0].Kind != fault.Stale {
			t.Errorf("%s: %v", name, fs)
			continue
		}
		if diff := cmp.Diff(now, fs[0].Current, cmpopts.EquateComparable(day.Day{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Two at the same instant read the same version; the second waits for the
// first's commit and then finds what it changed.
func TestTwoVersionsAtOnceAreNotBothTheSecond(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	s, _ := store(t)
	actor := auth.System("kronoberg", "test", "")
	var doc document.Document
	work := func(f func(*pg.Tx) error) error { return d.InTenant(t.Context(), actor, pg.Write, f) }
	if err := work(func(tx *pg.Tx) (err error) {
		doc, err = document.Add(t.Context(), tx, card(), accept(t, s, "kronoberg", "ett"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	first, second := accept(t, s, "kronoberg", "två"), accept(t, s, "kronoberg", "tre")
	begun := make(chan struct{})
	done := make(chan error)
	err := work(func(tx *pg.Tx) error {
		if _, err := document.AddVersion(t.Context(), tx, doc.ID, doc.Version, first); err != nil {
			return err
		}
		go func() {
			done <- work(func(tx *pg.Tx) error {
				// Sees the version as it was: the first has not committed.
				if _, err := document.Get(t.Context(), tx, doc.ID); err != nil {
					return err
				}
				close(begun)
				_, err := document.AddVersion(t.Context(), tx, doc.ID, doc.Version, second)
				return err
			})
		}()
		<-begun
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	fs := fault.All(<-done)
	if len(fs) != 1 || fs[0].Kind != fault.Stale {
		t.Fatalf("the second: %v", fs)
	}
	if now := fs[0].Current.(document.Document); now.Latest != 2 || now.Versions[0].SHA256 != first.SHA256() {
		t.Errorf("shown: %+v", now)
	}
}

func TestAWithdrawnDocumentStaysInTheListAndClosesItsFile(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d := add(t, ctx, tx, s, card(published))
	_, err := document.Withdraw(ctx, tx, d.ID, d.Version, document.Withdrawal{Reason: " "})
	is(t, err, "document.withdrawn_without_reason")
	d, err = document.Withdraw(ctx, tx, d.ID, d.Version, document.Withdrawal{Reason: "Fel fil."})
	if err != nil {
		t.Fatal(err)
	}
	if !d.Withdrawn() || d.WithdrawnReason != "Fel fil." {
		t.Errorf("%+v", d)
	}
	if _, err := document.Open(ctx, tx, d.ID, 1); err != nil {
		t.Errorf("who may change documents: %v", err)
	}
	_, err = document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, tx.Tenant, "ny"))
	is(t, err, "document.withdrawn_already")
	_, err = document.Withdraw(ctx, tx, d.ID, d.Version, document.Withdrawal{Reason: "Igen."})
	is(t, err, "document.withdrawn_already")

	dbtest.As(tx, auth.RoleAuditor, uuid.Nil)
	list, n, err := document.List(ctx, tx, document.Filter{Limit: 10, Page: 1})
	if err != nil || n != 1 || !list[0].Withdrawn() {
		t.Errorf("listed: %+v %v", list, err)
	}
	_, err = document.Open(ctx, tx, d.ID, 1)
	is(t, err, "document.withdrawn_closed")
}

func TestAListIsOfWhatHangsOnAThing(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	a, b := document.About{About: "instrument", ID: tx.NewID()}, document.About{About: "meeting", ID: tx.NewID()}
	titled := func(title string, on ...document.About) document.Document {
		return add(t, ctx, tx, s, card(about(on...), func(c *document.Card) { c.Title = title }))
	}
	titled("Ärenden", a)
	both := titled("Zon", a, b)
	titled("Åtgärder", b)
	for _, c := range []struct {
		f    document.Filter
		want []string
		n    int
	}{
		{document.Filter{Limit: 10, Page: 1}, []string{"Zon", "Åtgärder", "Ärenden"}, 3},
		{document.Filter{About: a, Limit: 10, Page: 1}, []string{"Zon", "Ärenden"}, 2},
		{document.Filter{About: document.About{About: "meeting", ID: a.ID}, Limit: 10, Page: 1}, nil, 0},
		{document.Filter{Kind: "report", Limit: 10, Page: 1}, nil, 0},
		{document.Filter{Limit: 1, Page: 2}, []string{"Åtgärder"}, 3},
		{document.Filter{Limit: 10, Page: 9}, nil, 3},
	} {
		list, n, err := document.List(ctx, tx, c.f)
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, d := range list {
			titles = append(titles, d.Title)
			if len(d.Versions) != 1 {
				t.Errorf("%s: %d versions", d.Title, len(d.Versions))
			}
		}
		if d := cmp.Diff(c.want, titles); d != "" || n != c.n {
			t.Errorf("%+v: %d in all, %s", c.f, n, d)
		}
	}
	moved, err := document.Change(ctx, tx, both.ID, both.Version, card(about(b), func(c *document.Card) { c.Title = "Zon" }))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]document.About{b}, moved.About); d != "" {
		t.Error(d)
	}
	if _, n, err := document.List(ctx, tx, document.Filter{About: a, Limit: 10, Page: 1}); err != nil || n != 1 {
		t.Errorf("%d still hang on it, %v", n, err)
	}
}

func TestAnotherCountysDocumentIsNotThere(t *testing.T) {
	t.Parallel()
	ctx, here := dbtest.Kronoberg(t)
	s, _ := store(t)
	theirs := accept(t, s, "ostergotland", "deras")
	_, err := document.Add(ctx, here, card(), theirs)
	is(t, err, "common.not_found")
	d := add(t, ctx, here, s, card())
	_, err = document.AddVersion(ctx, here, d.ID, d.Version, theirs)
	is(t, err, "common.not_found")
	// The row itself cannot name another county's file, whatever the program does.
	err = here.Savepoint(ctx, func() error {
		_, err := here.Exec(ctx, `INSERT INTO document_version (id, document_id, number, published, blob_key, name, media_type, size, sha256, uploaded_at)
			VALUES ($1, $2, 2, false, 'ostergotland/x', 'a', 'b', 1, $3, $4)`, here.NewID(), d.ID, make([]byte, 32), here.Now)
		return err
	})
	is(t, err, "document_version.file")

	database := dbtest.New(t)
	in := func(county string, f func(tx *pg.Tx) error) {
		t.Helper()
		if err := database.InTenant(ctx, auth.System(county, "test", ""), pg.Write, f); err != nil {
			t.Fatal(err)
		}
	}
	on := document.About{About: "instrument", ID: uuid.New()}
	in("ostergotland", func(tx *pg.Tx) (err error) {
		d, err = document.Add(ctx, tx, card(about(on)), theirs)
		return err
	})
	in("kronoberg", func(tx *pg.Tx) error {
		_, err := document.Get(ctx, tx, d.ID)
		is(t, err, "common.not_found")
		_, err = document.Open(ctx, tx, d.ID, 1)
		is(t, err, "common.not_found")
		_, err = document.Change(ctx, tx, d.ID, d.Version, card())
		is(t, err, "common.not_found")
		if _, n, err := document.List(ctx, tx, document.Filter{About: on, Limit: 1, Page: 1}); n != 0 || err != nil {
			t.Errorf("%d listed, %v", n, err)
		}
		return nil
	})
}

func TestThePublicSeesWhatIsPublishedUntilItIsWithdrawn(t *testing.T) {
	t.Parallel()
	database := dbtest.New(t)
	ctx := t.Context()
	s, _ := store(t)
	on := document.About{About: "instrument", ID: uuid.New()}
	work := func(f func(tx *pg.Tx) error) {
		t.Helper()
		if err := database.InTenant(ctx, auth.System("kronoberg", "test", ""), pg.Write, f); err != nil {
			t.Fatal(err)
		}
	}
	seen := func(county string) []document.Document {
		t.Helper()
		var list []document.Document
		if err := database.InPublic(ctx, county, func(tx *pg.Tx) (err error) {
			list, _, err = document.Published(ctx, tx, document.Filter{About: on, Limit: 10, Page: 1})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return list
	}
	open := func(id uuid.UUID, number int) (f document.File, err error) {
		err = database.InPublic(ctx, "kronoberg", func(tx *pg.Tx) (err error) {
			f, err = document.OpenPublished(ctx, tx, id, number)
			return err
		})
		return f, err
	}
	var d document.Document
	work(func(tx *pg.Tx) (err error) {
		d, err = document.Add(ctx, tx, card(about(on)), accept(t, s, "kronoberg", "ett"))
		return err
	})
	if len(seen("kronoberg")) != 0 {
		t.Error("seen before it is published")
	}
	_, err := open(d.ID, 1)
	is(t, err, "common.not_found")

	work(func(tx *pg.Tx) (err error) {
		if d, err = document.Change(ctx, tx, d.ID, d.Version, card(published, about(on))); err != nil {
			return err
		}
		d, err = document.AddVersion(ctx, tx, d.ID, d.Version, accept(t, s, "kronoberg", "två"))
		return err
	})
	list := seen("kronoberg")
	if len(list) != 1 || len(list[0].Versions) != 1 || list[0].Versions[0].Number != 2 || list[0].Versions[0].UploadedBy != uuid.Nil {
		t.Fatalf("%+v", list)
	}
	if len(seen("halland")) != 0 {
		t.Error("seen in another county")
	}
	for number, want := range map[int]string{0: "två", 1: "ett"} {
		f, err := open(d.ID, number)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, s, f); got != want {
			t.Errorf("version %d: %q", number, got)
		}
	}

	work(func(tx *pg.Tx) (err error) {
		d, err = document.Withdraw(ctx, tx, d.ID, d.Version, document.Withdrawal{Reason: "Namnger en person."})
		return err
	})
	list = seen("kronoberg")
	if len(list) != 1 || !list[0].Withdrawn() || list[0].WithdrawnReason != "" || len(list[0].Versions) != 0 {
		t.Errorf("%+v", list)
	}
	_, err = open(d.ID, 2)
	is(t, err, "common.not_found")
}

func TestWhoMayWhat(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d := add(t, ctx, tx, s, card())
	b := accept(t, s, tx.Tenant, "x")
	dbtest.As(tx, auth.RolePartyReporter, uuid.New())
	if _, err := document.Get(ctx, tx, d.ID); err != nil {
		t.Error(err)
	}
	for name, f := range map[string]func() error{
		"accept": func() error {
			_, err := document.Accept(ctx, s, tx.Actor, "a.txt", strings.NewReader("x"), 0)
			return err
		},
		"add":      func() error { _, err := document.Add(ctx, tx, card(), b); return err },
		"link":     func() error { _, err := document.AddLink(ctx, tx, card(), document.Link{}); return err },
		"version":  func() error { _, err := document.AddVersion(ctx, tx, d.ID, d.Version, b); return err },
		"change":   func() error { _, err := document.Change(ctx, tx, d.ID, d.Version, card()); return err },
		"correct":  func() error { _, err := document.Correct(ctx, tx, d.ID, 1, d.Version, document.Erratum{}); return err },
		"dead":     func() error { _, err := document.NoteDead(ctx, tx, d.ID, 1, d.Version, document.Death{}); return err },
		"withdraw": func() error { _, err := document.Withdraw(ctx, tx, d.ID, d.Version, document.Withdrawal{}); return err },
	} {
		if err := f(); !fault.Is(err, "auth.forbidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
	dbtest.As(tx, auth.RoleNationalAnalyst, uuid.Nil)
	_, _, err := document.List(ctx, tx, document.Filter{Limit: 1, Page: 1})
	is(t, err, "auth.forbidden")
	_, err = document.Open(ctx, tx, d.ID, 1)
	is(t, err, "auth.forbidden")
}

func TestAFileThatIsGoneOrCutIsToldBeforeItIsRead(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, dir := store(t)
	d := add(t, ctx, tx, s, card())
	f, err := document.Open(ctx, tx, d.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "kronoberg", "*"))
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if err := os.Truncate(kept[0], 3); err != nil {
		t.Fatal(err)
	}
	_, err = f.Reader(ctx, s)
	is(t, err, "document.file_gone")
	if err := os.Remove(kept[0]); err != nil {
		t.Fatal(err)
	}
	_, err = f.Reader(ctx, s)
	is(t, err, "document.file_gone")
}

func TestAPartOfAFileIsRead(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	s, _ := store(t)
	d, err := document.Add(ctx, tx, card(), accept(t, s, tx.Tenant, "0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := document.Open(ctx, tx, d.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Reader(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if _, err := r.Seek(-4, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	part := make([]byte, 2)
	if _, err := io.ReadFull(r, part); err != nil || string(part) != "67" {
		t.Errorf("%q %v", part, err)
	}
}

func TestEveryKindHasAWord(t *testing.T) {
	for _, k := range document.Kinds {
		if !text.Has("document.kind." + k) {
			t.Errorf("no word for the kind %q", k)
		}
	}
}

func TestARestrictedDocumentIsThereForThoseWhoKeepDocumentsAlone(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	d, err := document.AddLink(ctx, tx, document.Card{Title: "Underlag om hemligt boende", Kind: "other"}, document.Link{URL: "https://www.exempel.se/underlag"})
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Restrict(ctx, tx, d.ID); err != nil {
		t.Fatal(err)
	}
	if now, err := document.Get(ctx, tx, d.ID); err != nil || !now.Restricted {
		t.Errorf("who keeps documents reads %+v, %v", now, err)
	}
	keeper := tx.Actor
	dbtest.As(tx, auth.RoleAuditor, uuid.Nil)
	if _, err := document.Get(ctx, tx, d.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("another reads it: %v", err)
	}
	if _, err := document.Open(ctx, tx, d.ID, 0); !fault.Is(err, "common.not_found") {
		t.Errorf("another opens it: %v", err)
	}
	if list, n, err := document.List(ctx, tx, document.Filter{Limit: 10, Page: 1}); err != nil || len(list) != 0 || n != 0 {
		t.Errorf("another's list has %d of %d, %v", len(list), n, err)
	}
	tx.Actor = keeper
	if _, n, err := document.List(ctx, tx, document.Filter{Limit: 10, Page: 1}); err != nil || n != 1 {
		t.Errorf("the keeper's list has %d, %v", n, err)
	}
	now, err := document.Get(ctx, tx, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	now.Published = true
	if open, err := document.Change(ctx, tx, d.ID, now.Version, now.Card); err != nil || open.Restricted {
		t.Errorf("published it is still restricted: %+v, %v", open, err)
	}
}
