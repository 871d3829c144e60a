package browsertest

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/overens/overens/internal/print"
)

// executable is the path of the browser to start, or "" when there is none.
// CHROMIUM names one.
func executable() string { return print.Find(os.Getenv("CHROMIUM")) }

// axeSource is the text of axe-core, read once.
var axeSource = sync.OnceValues(func() (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(root, ".cache", "axe", "axe.min.js"))
	return string(text), err
})

// missing says what browser tests lack on this machine, or "" when they can run.
func missing() string {
	if executable() == "" {
		return cmp.Or(os.Getenv("CHROMIUM"), "Chromium or Chrome") + " is not here; sh internal/browsertest/setup.sh says how to get it"
	}
	if _, err := axeSource(); err != nil {
		return "axe-core is not in .cache/axe; sh internal/browsertest/setup.sh fetches it"
	}
	return ""
}

// Skip skips a test and leaves the reason in artifacts/skipped.txt, which
// `make test` reads out: a skipped test must never pass for a green one. Where
// CI=true nothing may be skipped, so there it fails instead.
func Skip(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("cannot run, and CI=true allows no skipping: %s", reason)
	}
	if err := noteSkip(t.Name(), reason); err != nil {
		t.Errorf("the reason for skipping could not be written down: %v", err)
	}
	t.Skip(reason)
}

func noteSkip(test, reason string) error {
	root, err := Root()
	if err != nil {
		return err
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	room, err := filepath.Rel(root, here)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(root, "artifacts"), 0o750); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(root, "artifacts", "skipped.txt"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s %s: %s\n", filepath.ToSlash(room), test, reason)
	return errors.Join(err, f.Close())
}

// Root is the folder of the repository: the nearest one upwards with a go.mod.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod here or in any folder above")
		}
		dir = up
	}
}
