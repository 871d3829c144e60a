package main

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/overens/overens/internal/pgdev"
)

// The journeys are scripts that anyone can read: testdata/*.txt. Each goes
// through the whole program, as people and their programs do:
//
//	api <persona or -> <method> <path> [header=value ...] [{json}]   asks the API
//	page <persona or -> <path>                                      opens a page
//	form <persona> <path> [field=value ...]                          fills in the form of a page and sends it
//	status <code>                                                    what was answered
//	keep <NAME> <regexp with one group>                              keeps a part of the answer as $NAME
//	letter <regexp with one group> <NAME>                            keeps a part of the newest letter
//	overens <argument ...>                                           runs a command beside the server, on its database
//	owner <sql>                                                      writes into the database past the program, as its owner could
//
// stdout holds the answer: an API's body, a page's text.
func TestJourneys(t *testing.T) {
	p := start(t, dataDir(t), nil)
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Values["browsers"] = map[string]*http.Client{}
			e.Setenv("URL", p.URL)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"api":     p.apiCommand,
			"page":    p.pageCommand,
			"form":    p.formCommand,
			"status":  statusCommand,
			"keep":    keepCommand,
			"letter":  p.letterCommand,
			"overens": p.overensCommand,
			"owner":   p.ownerCommand,
		},
	})
}

// answered keeps an answer where stdout, status and keep find it.
func answered(ts *testscript.TestScript, status int, header http.Header, body string) {
	ts.Setenv("STATUS", fmt.Sprint(status))
	ts.Setenv("ETAG", header.Get("ETag"))
	ts.Setenv("LOCATION", header.Get("Location"))
	ts.Check(os.WriteFile(ts.MkAbs("answer"), []byte(body), 0o600))
	_, _ = io.WriteString(ts.Stdout(), body)
}

func (p *program) apiCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: api <persona or -> <method> <path> [header=value ...] [{json}]")
	}
	var body string
	header := http.Header{}
	for _, a := range args[3:] {
		if strings.HasPrefix(a, "{") {
			body = a
			continue
		}
		k, v, _ := strings.Cut(a, "=")
		header.Set(k, v)
	}
	path := args[2]
	if !strings.HasPrefix(path, "http") {
		path = p.URL + "/api/v1" + path
	}
	req, err := http.NewRequest(args[1], path, strings.NewReader(body))
	ts.Check(err)
	req.Header = header
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if args[0] != "-" {
		req.Header.Set("Authorization", "Bearer "+p.token(args[0]))
	}
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	ts.Check(err)
	answered(ts, resp.StatusCode, resp.Header, string(b))
}

// browser is a persona's browser, signed in the first time it is used.
func (p *program) browser(ts *testscript.TestScript, persona string) *http.Client {
	all, _ := ts.Value("browsers").(map[string]*http.Client)
	if all[persona] == nil {
		if persona == "-" {
			all[persona] = &http.Client{}
		} else {
			who, ok := findPersona(persona)
			if !ok {
				ts.Fatalf("there is no persona %q", persona)
			}
			all[persona] = p.signIn(who.County, persona)
		}
	}
	return all[persona]
}

func (p *program) pageCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: page <persona or -> <path>")
	}
	resp, err := p.browser(ts, args[0]).Get(p.URL + args[1])
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	ts.Check(err)
	answered(ts, resp.StatusCode, resp.Header, html.UnescapeString(string(b)))
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

func (p *program) formCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: form <persona> <path> [field=value ...]")
	}
	c := p.browser(ts, args[0])
	values := url.Values{"key": {uuid.NewString()}}
	if resp, err := c.Get(p.URL + args[1]); err == nil {
		b, err := io.ReadAll(resp.Body)
		ts.Check(err)
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			for _, m := range hidden.FindAllStringSubmatch(string(b), -1) {
				values.Set(m[1], html.UnescapeString(m[2]))
			}
		}
	}
	for _, a := range args[2:] {
		k, v, _ := strings.Cut(a, "=")
		values.Set(k, v)
	}
	req, err := http.NewRequest(http.MethodPost, p.URL+args[1], strings.NewReader(values.Encode()))
	ts.Check(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := c.Do(req)
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	ts.Check(err)
	answered(ts, resp.StatusCode, resp.Header, html.UnescapeString(string(b)))
}

func statusCommand(ts *testscript.TestScript, neg bool, args []string) {
	if got := ts.Getenv("STATUS"); len(args) != 1 || (got == args[0]) == neg {
		ts.Fatalf("status %s, want %v\n%s", got, args, ts.ReadFile("answer"))
	}
}

func keepCommand(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("answer"))
	if len(m) != 2 {
		ts.Fatalf("%s is not in\n%s", args[1], ts.ReadFile("answer"))
	}
	ts.Setenv(args[0], m[1])
}

// overensCommand runs a command of the program's on the database that the server
// works with.
func (p *program) overensCommand(ts *testscript.TestScript, neg bool, args []string) {
	dev, err := pgdev.Start(p.t.Context(), p.data) // attaches to the one that runs
	ts.Check(err)
	defer func() { _ = dev.Stop() }()
	for i, a := range args {
		if _, err := os.Stat(ts.MkAbs(a)); err == nil {
			args[i] = ts.MkAbs(a)
		}
	}
	err = run(p.t.Context(), args, func(name string) string {
		return map[string]string{"DATABASE_URL": dev.URL("overens", "overens")}[name]
	}, ts.Stdout(), ts.Stderr())
	if err != nil {
		fmt.Fprintln(ts.Stderr(), "overens:", err)
	}
	if (err != nil) != neg {
		ts.Fatalf("%v: %v", args, err)
	}
}

// ownerCommand writes into the database as its owner, whom the program never is.
func (p *program) ownerCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: owner <sql>")
	}
	dev, err := pgdev.Start(p.t.Context(), p.data) // attaches to the one that runs
	ts.Check(err)
	defer func() { _ = dev.Stop() }()
	conn, err := pgx.Connect(p.t.Context(), dev.URL("overens", "overens_owner"))
	ts.Check(err)
	defer func() { _ = conn.Close(p.t.Context()) }()
	_, err = conn.Exec(p.t.Context(), args[0])
	ts.Check(err)
}

// letterCommand waits for a letter that holds what is looked for.
func (p *program) letterCommand(ts *testscript.TestScript, _ bool, args []string) {
	want := regexp.MustCompile(args[0])
	for range 500 {
		letters, err := filepath.Glob(filepath.Join(p.data, "mail", "*.eml"))
		ts.Check(err)
		for _, name := range letters {
			b, err := os.ReadFile(name)
			ts.Check(err)
			plain := strings.NewReplacer("=\r\n", "", "=\n", "", "=3D", "=").Replace(string(b))
			if m := want.FindStringSubmatch(plain); len(m) == 2 {
				ts.Setenv(args[1], m[1])
				return
			}
		}
		pause()
	}
	ts.Fatalf("no letter with %s came", args[0])
}
