//go:build unix

package pgdev

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version with all that the migrations use.
const oldest = 15

// Binaries is an installation of PostgreSQL.
type Binaries struct {
	Dir    string // the folder of initdb and postgres
	Major  int
	Source string // who built them: "debian", "npm", "homebrew" … Two builds must not share data, for they sort text differently
}

// where lists the usual places of an installation, best first, as patterns of folders, with who puts them there.
var where = []struct{ pattern, source string }{
	{"/usr/lib/postgresql/*/bin", "debian"},
	{"/usr/pgsql-*/bin", "pgdg"},
	{"/opt/homebrew/opt/postgresql@*/bin", "homebrew"},
	{"/usr/local/opt/postgresql@*/bin", "homebrew"},
	{"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin", "homebrew"},
	{"/Applications/Postgres.app/Contents/Versions/*/bin", "postgresapp"},
}

// Find returns the PostgreSQL to use: the one that PG_BINDIR names, else the newest in the usual places and on PATH,
// else what setup.sh put into .cache/postgres. The error says what to install.
func Find() (Binaries, error) {
	if dir := os.Getenv("PG_BINDIR"); dir != "" {
		b, err := inspect(dir)
		if err != nil {
			return b, fmt.Errorf("PG_BINDIR: %w", err)
		}
		return b, nil
	}
	var tooOld *oldError
	for _, dir := range candidates() {
		b, err := inspect(dir)
		if err == nil {
			return b, nil
		}
		if e, ok := errors.AsType[*oldError](err); ok {
			tooOld = cmp.Or(tooOld, e)
		}
	}
	found := "no PostgreSQL found"
	if tooOld != nil {
		found = tooOld.Error()
	}
	return Binaries{}, fmt.Errorf("%s: install PostgreSQL %d or later (apt-get install postgresql, brew install postgresql@17, "+
		"or run internal/pgdev/setup.sh), or set PG_BINDIR to the folder of initdb and postgres", found, oldest)
}

func candidates() []string {
	var dirs []string
	for _, w := range where {
		dirs = append(dirs, newestFirst(w.pattern)...)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	if root, err := repoRoot(); err == nil {
		dirs = append(dirs, newestFirst(filepath.Join(root, ".cache", "postgres", "*", "bin"))...)
	}
	return dirs
}

var number = regexp.MustCompile(`\d+`)

// newestFirst lists the folders that match, the highest version in the folder above bin first.
func newestFirst(pattern string) []string {
	dirs, _ := filepath.Glob(pattern) // the patterns are ours: the only error is a malformed one
	version := func(dir string) int {
		n, _ := strconv.Atoi(number.FindString(filepath.Base(filepath.Dir(dir))))
		return n
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	return dirs
}

type oldError struct {
	dir   string
	major int
}

func (e *oldError) Error() string {
	return fmt.Sprintf("PostgreSQL %d in %s is too old", e.major, e.dir)
}

// inspect asks the binaries themselves what they are.
func inspect(dir string) (Binaries, error) {
	// PATH often leads through a link; two names of one installation must not become two sources.
	program, err := filepath.EvalSymlinks(filepath.Join(dir, "initdb"))
	if err != nil {
		return Binaries{}, fmt.Errorf("no initdb in %s", dir)
	}
	dir = filepath.Dir(program)
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("%s/postgres does not run: %w", dir, err)
	}
	_, version, _ := strings.Cut(string(out), ") ")
	major, err := strconv.Atoi(number.FindString(version))
	if err != nil {
		return Binaries{}, fmt.Errorf("%s/postgres names no version: %q", dir, out)
	}
	if major < oldest {
		return Binaries{}, &oldError{dir, major}
	}
	return Binaries{Dir: dir, Major: major, Source: source(dir)}, nil
}

func source(dir string) string {
	for _, w := range where {
		pattern := w.pattern
		if real, err := filepath.EvalSymlinks(filepath.Dir(filepath.Dir(pattern))); err == nil {
			pattern = filepath.Join(real, filepath.Base(filepath.Dir(pattern)), "bin")
		}
		if ok, _ := filepath.Match(pattern, dir); ok {
			return w.source
		}
	}
	switch {
	case strings.Contains(dir, "/Cellar/postgresql"): // where Homebrew's opt folders link to
		return "homebrew"
	case strings.Contains(dir, "/.cache/postgres/"):
		return "npm"
	}
	return "other-" + short(dir)
}

// short is a short name for a path, always the same.
func short(path string) string {
	h := fnv.New64a()
	h.Write([]byte(path))
	return fmt.Sprintf("%016x", h.Sum64())[:12]
}

// repoRoot is the folder of go.mod, at or above the working directory.
func repoRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod here or above")
		}
		dir = parent
	}
}
