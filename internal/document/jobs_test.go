package document_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/pg"
)

// The store's clock is the file system's, the program's is the test's.
func age(t *testing.T, path string, before time.Duration) {
	t.Helper()
	at := dbtest.Noon.Add(-before)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func filesOf(t *testing.T, dir, county string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, county, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAFileThatNeverGotItsRowIsSweptAfterADay(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	s, dir := store(t)
	var docs []document.Document
	for range 3 {
		b := accept(t, s, "kronoberg", "med rad "+uuid.NewString())
		if err := d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
			doc, err := document.Add(t.Context(), tx, card(), b)
			docs = append(docs, doc)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	rowed := filesOf(t, dir, "kronoberg")

	// Killed between file and row, some a day ago, some just now; and in the
	// midst of a file. Another county's are not this sweep's.
	for _, county := range []string{"kronoberg", "halland"} {
		for range 3 {
			accept(t, s, county, "utan rad")
		}
	}
	half := rowed[0] + ".18a0f1c2d3e4f567.tmp"
	other := filepath.Join(dir, "kronoberg", "readme.txt")
	for _, path := range []string{half, other} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all := filesOf(t, dir, "kronoberg")
	for _, path := range append(all, filesOf(t, dir, "halland")...) {
		age(t, path, document.Grace+time.Minute)
	}
	var young string
	for _, path := range all {
		if !slices.Contains(rowed, path) && path != half && path != other {
			young = path
			break
		}
	}
	age(t, young, document.Grace-time.Minute)

	got, err := document.SweepOrphans(t.Context(), d.DB, s, "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(document.Swept{Deleted: 3}, got); diff != "" {
		t.Error(diff)
	}
	left := filesOf(t, dir, "kronoberg")
	for _, path := range append(rowed, young, other) {
		if !slices.Contains(left, path) {
			t.Errorf("%s was taken away", path)
		}
	}
	if len(left) != len(rowed)+2 {
		t.Errorf("left: %v", left)
	}
	if n := len(filesOf(t, dir, "halland")); n != 3 {
		t.Errorf("%d of another county's three files are left", n)
	}

	// A row without its file is told, also when it is the first or the last.
	if err := os.Remove(rowed[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(rowed[2]); err != nil {
		t.Fatal(err)
	}
	got, err = document.SweepOrphans(t.Context(), d.DB, s, "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	want := document.Swept{Missing: []document.Missing{{Document: docs[0].ID, Number: 1}, {Document: docs[2].ID, Number: 1}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmptyStoreIsSweptInPeace(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	s, _ := store(t)
	got, err := document.SweepOrphans(t.Context(), d.DB, s, "kronoberg")
	if err != nil || got.Deleted != 0 || got.Missing != nil {
		t.Errorf("%+v %v", got, err)
	}
}
