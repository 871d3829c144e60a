package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/jobs"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/pgdev"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/signin"
	"github.com/overens/overens/internal/web"
)

// The wall, walked from outside: somebody from Östergötland, with all the
// rights there are in that county, asks for Kronoberg's things by every road
// the program has. A road that is new and has no case here fails the test.

// stranger is who walks, and mine is whose things are asked for.
const (
	mine, mineAs       = "kronoberg", "kronoberg-administrator"
	foreign, foreignAs = "ostergotland", "ostergotland-administrator"
)

// openToAll are the roads that everyone may go, with the reason. On the others
// a stranger meets nothing.
var openToAll = map[string]string{
	"GET /{$}":                                   "the list of counties is public",
	"GET /sverige":                               "what counties have published is public",
	"GET /sverige/sign-in":                       "whoever comes in is not in yet",
	"GET /sverige/population":                    "the national register is public",
	"GET /sverige/population/{code}":             "the national register is public",
	"GET /problems":                              "what a fault means is no secret",
	"GET /problems/{key}":                        "what a fault means is no secret",
	"GET /lan/{county}":                          "the county's public page, where members see more",
	"GET /lan/{county}/accessibility":            "the law wants it public",
	"GET /lan/{county}/personal-data":            "whoever is asked for data may read why",
	"GET /lan/{county}/published-documents":      "what a county shows everyone",
	"GET /lan/{county}/published-documents/{id}": "what a county shows everyone; other rows are not there for the public's role",
	"GET /lan/{county}/published-documents/{id}/versions/{number}/content": "what a county shows everyone; other rows are not there for the public's role",
	"GET /lan/{county}/agreements":                                         "what a county shows everyone, where members see more",
	"GET /lan/{county}/sign-in":                                            "whoever comes in is not in yet",
	"GET /invitations/{county}/{token}":                                    "whoever is invited is not in yet; the token is what opens",
	"GET /lan/{county}/calendar/{feed}":                                    "calendars sign in nowhere; the secret in the address is what opens",
	"GET /lan/{county}/bodies":                                             "what a county shows everyone, where members see more",
	"GET /lan/{county}/bodies/{body}":                                      "what a county shows everyone, where members see more",
	"GET /lan/{county}/meetings":                                           "what a county shows everyone, where members see more",
	"GET /lan/{county}/meetings/{id}":                                      "what a county shows everyone, where members see more; other rows are not there for the public's role",
	"GET /lan/{county}/meetings/{id}/minutes":                              "what a county shows everyone, where members see more; other rows are not there for the public's role",
	"GET /lan/{county}/meeting-answers/{token}":                            "whoever is called may answer without signing in; the token is what opens",
	"POST /lan/{county}/meeting-answers/{token}":                           "whoever is called may answer without signing in; the token is what opens",
	"POST /lan/{county}/sign-in":                                           "whoever comes in is not in yet",
	"POST /sverige/sign-in":                                                "whoever comes in is not in yet",
	"GET /sign-in/callback":                                                "the provider sends people back; the flow's own cookie is what opens",
	"POST /lan/{county}/sign-out":                                          "ends the session of the cookie that is shown, of whichever county",
	"POST /sverige/sign-out":                                               "ends the session of the cookie that is shown, of whichever county",
	"POST /sverige/operator-entries":                                       "asks for the nation's own operator; tested below",
}

// things are one county's, by the word that stands before their id in an address.
type things map[string]string

// gather finds one of each of Kronoberg's things.
func gather(t *testing.T, p *program) things {
	t.Helper()
	own := things{"county": mine}
	for word, list := range map[string]string{"organisations": "organisations", "people": "people", "memberships": "memberships",
		"audit-entries": "entries", "sessions": "sessions"} {
		_, m := p.ask(mineAs, "GET", "/api/v1/counties/"+mine+"/"+word+"?limit=1", nil, nil)
		rows, _ := m[list].([]any)
		if len(rows) == 0 {
			if word == "sessions" { // a bearer token has none; any id does for a stranger
				own[word] = uuid.NewString()
				continue
			}
			t.Fatalf("no %s of %s to ask for: %v", word, mine, m)
		}
		row := rows[0].(map[string]any)
		for _, k := range []string{"id", "seq"} {
			if v, ok := row[k]; ok {
				own[word] = fmt.Sprint(v)
			}
		}
	}
	own["imports"] = uuid.NewString() // the nation's; its place decides before the id does
	own["members"], own["audit"] = own["memberships"], own["audit-entries"]
	own["operator-entries"] = uuid.NewString()                                          // none is made in the demo; the county decides before the id does
	own["sections"], own["settings"], own["configuration"] = "goals", "goals", "bodies" // by word: every county has the same
	own["documents"] = made(t, p, "/documents", map[string]any{"title": "Hemlig", "kind": "other", "published": false,
		"url": "https://www.lansstyrelsen.example/hemlig.pdf"})
	own["published-documents"] = own["documents"]
	agree(t, p, own)
	sit(t, p, own)
	hold(t, p, own)
	summon(t, p, own)
	minute(t, p, own)
	share(t, p, own)
	return own
}

// sit finds one who sits in a body, and one who hands a seat over.
func sit(t *testing.T, p *program, own things) {
	t.Helper()
	own["bodies"] = "steering-groups"     // by word: no body of the stranger's county is called so
	own["seat-offers"] = uuid.NewString() // no body of Kronoberg's has a seat that is offered; the county decides before the id does
	for _, word := range []string{"mandates", "handovers"} {
		_, m := p.ask(mineAs, "GET", "/api/v1/counties/"+mine+"/"+word+"?limit=1", nil, nil)
		rows, _ := m[word].([]any)
		if len(rows) == 0 {
			t.Fatalf("no %s of %s to ask for: %v", word, mine, m)
		}
		own[word] = fmt.Sprint(rows[0].(map[string]any)["id"])
	}
}

// made makes a new thing of Kronoberg's and gives its id.
func made(t *testing.T, p *program, path string, body any) string {
	t.Helper()
	resp, m := p.ask(mineAs, "POST", "/api/v1/counties/"+mine+path, body, map[string]string{"Idempotency-Key": uuid.NewString(), "If-Match": `"1"`})
	if resp.StatusCode >= 300 {
		t.Fatalf("%s of %s: %d %v", path, mine, resp.StatusCode, m)
	}
	return fmt.Sprint(m["id"])
}

// agree makes an agreement with one of each of what hangs on it.
func agree(t *testing.T, p *program, own things) {
	t.Helper()
	own["agreements"] = made(t, p, "/agreements", map[string]any{"kind": "agreement", "title": "Hemlig"})
	at := "/agreements/" + own["agreements"]
	own["texts"] = made(t, p, at+"/texts", map[string]any{"kind": "adopted", "name": "Hemlig", "source": "hemlig"})
	own["events"] = made(t, p, at+"/events", map[string]any{"kind": "other", "when": "2020", "source": "hemlig"})
	own["adoptions"] = made(t, p, at+"/adoptions", map[string]any{"kind": "adopted", "body": "Hemlig", "source": "hemlig"})
	own["participations"] = made(t, p, at+"/participations", map[string]any{"organisation": own["organisations"], "status": "supporter"})
	area := made(t, p, at+"/goals", map[string]any{"level": "area", "name": "Hemlig"})
	sub := made(t, p, at+"/goals", map[string]any{"level": "sub-goal", "name": "Hemligt", "parent": area})
	own["goals"] = made(t, p, at+"/goals", map[string]any{"level": "collaboration-area", "name": "Hemlig", "parent": area})
	made(t, p, "/goals/"+own["goals"]+"/links", map[string]any{"kind": "linked", "to": sub})
	_, m := p.ask(mineAs, "GET", "/api/v1/counties/"+mine+"/goals/"+own["goals"]+"/links", nil, nil)
	links, _ := m["goalLinks"].([]any)
	if len(links) != 1 {
		t.Fatalf("no link of %s to ask for: %v", mine, m)
	}
	own["links"] = fmt.Sprint(links[0].(map[string]any)["id"])
	own["networks"] = made(t, p, "/networks", map[string]any{"instrument": own["agreements"], "name": "Hemligt"})
	own["local-agreements"] = made(t, p, "/local-agreements", map[string]any{"instrument": own["agreements"], "title": "Hemlig", "parties": []string{own["organisations"]}, "published": false})
	own["leads"], own["parties"] = own["organisations"], own["participations"]
	own["published-agreements"] = own["agreements"]
}

var hole = regexp.MustCompile(`([a-z-]+)/\{([a-z]+)\}`)

// named tells whether a pattern names a thing by an id that no other county
// has. A place in the trail is counted in each county anew.
func named(pattern string) bool {
	s := strings.NewReplacer("{county}", "", "{seq}", "", "{section}", "", "{$}", "").Replace(pattern)
	return strings.Contains(s, "{")
}

// fill puts things' ids into a route's pattern. A hole without a case fails.
func fill(t *testing.T, pattern string, own things) string {
	t.Helper()
	path := strings.TrimSuffix(pattern, "{$}")
	for _, m := range hole.FindAllStringSubmatch(path, -1) {
		word, name := m[1], m[2]
		value, ok := own[word]
		switch {
		case name == "county":
			value, ok = own["county"], true
		case word == "versions" || word == "version":
			value, ok = "1", true
		}
		if !ok {
			t.Errorf("%s: no case for {%s} after %s: add one to gather", pattern, name, word)
			value = uuid.NewString()
		}
		path = strings.Replace(path, m[0], word+"/"+value, 1)
	}
	return path
}

// nowhere is the same place with ids that exist nowhere.
func nowhere(own things) things {
	none := things{}
	for k, v := range own {
		if k == "county" {
			none[k] = v
		} else if _, err := uuid.Parse(v); err == nil {
			none[k] = uuid.NewString()
		} else {
			none[k] = "999999999"
		}
	}
	return none
}

// plain is an answer without what differs from one request to the next: its own
// address, and what the address was filled with.
func plain(t *testing.T, body []byte, path string, own things) string {
	t.Helper()
	s := strings.ReplaceAll(string(body), path, "ADDRESS")
	s = strings.ReplaceAll(s, url.QueryEscape(path), "ADDRESS")
	for _, v := range own {
		if len(v) > 8 {
			s = strings.ReplaceAll(s, v, "ID")
		}
	}
	s = regexp.MustCompile(`<p data-ends="[^"]*".*?</p>`).ReplaceAllString(s, "ENDS")                   // each answer's session ends a moment later
	s = regexp.MustCompile(`<dd class="num">[0-9A-F]{4}-[0-9A-F]{4}</dd>`).ReplaceAllString(s, "TRACE") // as a refusal has it for people
	return regexp.MustCompile(`[0-9a-f]{32}`).ReplaceAllString(s, "TRACE")
}

func TestNoRoadLeadsToAnotherCounty(t *testing.T) {
	p := start(t, dataDir(t), nil)
	own := gather(t, p)

	t.Run("api", func(t *testing.T) {
		seen := 0
		for _, op := range api.New(api.Config{PublicURL: p.URL, Version: apiVersion}).Operations() {
			if op.Access == api.ByLink { // a secret opens in its own county alone; an unknown one nowhere
				for _, county := range []string{mine, foreign} {
					at := maps.Clone(own)
					at["county"], at["meeting-answers"] = county, "BarnetPaSparvagnenVinkar"
					if status, body, path := call(t, p, op, at); status != http.StatusNotFound {
						t.Errorf("%s %s: %d\n%s", op.Method, path, status, body)
					}
				}
				continue
			}
			if op.Access != api.Member {
				continue // read through roles that see published rows alone: held by the wall's own tests
			}
			seen++
			// By the other county's address, and by the stranger's own address with the other's ids.
			elsewhere := maps.Clone(own)
			elsewhere["county"] = foreign
			for _, at := range []things{own, elsewhere} {
				if at["county"] == foreign && !named(op.Path) {
					continue // the stranger's own list
				}
				status, body, path := call(t, p, op, at)
				none := nowhere(at)
				wantStatus, want, nonePath := call(t, p, op, none)
				if status != http.StatusNotFound && status != http.StatusUnprocessableEntity || status != wantStatus {
					t.Errorf("%s %s: %d, for an id that does not exist %d\n%s", op.Method, path, status, wantStatus, body)
				}
				if got, want := plain(t, body, path, at), plain(t, want, nonePath, none); got != want {
					t.Errorf("%s %s: the answer differs from that for nothing:\n%s\n%s", op.Method, path, got, want)
				}
			}
		}
		if seen < 20 {
			t.Errorf("%d operations were walked: the list is not whole", seen)
		}
	})

	t.Run("pages", func(t *testing.T) {
		browser := p.signIn(foreign, foreignAs)
		seen := 0
		for _, r := range web.New(web.Config{}).Routes() {
			road := r.Method + " " + r.Pattern
			if reason := openToAll[road]; reason != "" {
				continue
			}
			seen++
			status, body := browse(t, browser, r.Method, p.URL+fill(t, r.Pattern, own))
			if status != http.StatusNotFound {
				t.Errorf("%s: %d for a stranger\n%.300s", road, status, body)
			}
			elsewhere := maps.Clone(own)
			elsewhere["county"] = foreign
			if !named(r.Pattern) {
				continue
			}
			path, none := fill(t, r.Pattern, elsewhere), nowhere(elsewhere)
			status, body = browse(t, browser, r.Method, p.URL+path)
			nonePath := fill(t, r.Pattern, none)
			wantStatus, want := browse(t, browser, r.Method, p.URL+nonePath)
			if status != wantStatus || status < 400 {
				t.Errorf("%s at home with another's id: %d, with none's %d", road, status, wantStatus)
			}
			if plain(t, body, path, elsewhere) != plain(t, want, nonePath, none) {
				t.Errorf("%s: the page differs from that for nothing", road)
			}
		}
		if seen < 20 {
			t.Errorf("%d pages were walked: the list is not whole", seen)
		}
		for _, road := range signin.Routes {
			if openToAll[road] == "" {
				t.Errorf("%s: a road of the sign-in without a case", road)
			}
		}
	})

	t.Run("operator's road", func(t *testing.T) {
		browser := p.signIn(foreign, foreignAs)
		status, _ := browseForm(t, browser, p.URL+"/sverige/operator-entries", url.Values{"county": {mine}, "reason": {"Jag vill se Kronobergs innehåll"}, "hours": {"1"}})
		if status < 400 {
			t.Errorf("%d: somebody who is no operator came in", status)
		}
		if status, _ := browse(t, browser, "GET", p.URL+"/lan/"+mine+"/organisations"); status != http.StatusNotFound {
			t.Errorf("%d afterwards", status)
		}
	})

	t.Run("jobs", func(t *testing.T) {
		dev, err := pgdev.Start(t.Context(), p.data)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = dev.Stop() }()
		db, err := pg.New(t.Context(), dev.URL("overens", "overens"), pg.Options{Load: county.Load})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		// worked waits until all jobs are done.
		worked := func() {
			for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
				var left int
				if err := db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM river.river_job WHERE state NOT IN ('completed', 'discarded', 'cancelled')
					AND NOT (state = 'scheduled') AND kind = ANY($1)`, jobs.Kinds()).Scan(&left); err != nil {
					t.Fatal(err)
				}
				if left == 0 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("%d jobs are not done", left)
				}
			}
		}
		letters := func() []string {
			all, err := filepath.Glob(filepath.Join(p.data, "mail", "*.eml"))
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		// What the counties' own calls have sent, and their own sweeps remind of.
		if err := db.InTenant(t.Context(), auth.System(mine, "test", ""), pg.Write, func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), jobs.Sweep{}) }); err != nil {
			t.Fatal(err)
		}
		worked()
		before := letters()
		membership := uuid.MustParse(own["memberships"])
		var told uuid.UUID
		err = db.InTenant(t.Context(), auth.System(mine, "test", ""), pg.Read, func(tx *pg.Tx) error {
			return tx.QueryRow(t.Context(), `SELECT id FROM meeting_mail LIMIT 1`).Scan(&told)
		})
		if err != nil {
			t.Fatal(err)
		}
		cases := map[string]func(*pg.Tx) error{
			// Stamped with one county, it names another's membership: no letter goes out.
			member.Summons{}.Kind(): func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), member.Summons{Membership: membership}) },
			// Stamped with one county, it names another's party: nothing is missing there.
			governance.Reminder{}.Kind(): func(tx *pg.Tx) error {
				return tx.Enqueue(t.Context(), governance.Reminder{Organisation: uuid.MustParse(own["organisations"])})
			},
			governance.Remember{}.Kind(): func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), governance.Remember{}) },
			// Sweeps name nothing: each takes from the county it is stamped with.
			jobs.SweepCounty{}.Kind(): func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), jobs.SweepCounty{}) },
			// They name another's mail and meeting: nobody is told.
			meeting.Tell{}.Kind(): func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), meeting.Tell{Mail: told}) },
			meeting.Reminder{}.Kind(): func(tx *pg.Tx) error {
				return tx.Enqueue(t.Context(), meeting.Reminder{Meeting: uuid.MustParse(own["called-meeting"])})
			},
			// The nation's alone: stamped with a county, they find nothing.
			population.Fetch{}.Kind(): func(tx *pg.Tx) error {
				return tx.Enqueue(t.Context(), population.Fetch{Import: uuid.MustParse(own["imports"])})
			},
			population.Write{}.Kind(): func(tx *pg.Tx) error {
				return tx.Enqueue(t.Context(), population.Write{Import: uuid.MustParse(own["imports"])})
			},
			// It names another's bundle: nothing is made.
			costshare.Making{}.Kind(): func(tx *pg.Tx) error {
				return tx.Enqueue(t.Context(), costshare.Making{Bundle: uuid.MustParse(own["cost-bundles"])})
			},
			meeting.Written{}.Kind():   func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), meeting.Written{}) },
			meeting.Reseating{}.Kind(): func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), meeting.Reseating{}) },
			jobs.SweepFiles{}.Kind():   func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), jobs.SweepFiles{}) },
			jobs.Sweep{}.Kind():        func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), jobs.Sweep{}) },
		}
		for _, kind := range jobs.Kinds() {
			f, ok := cases[kind]
			if !ok {
				t.Errorf("the job %s has no case", kind)
				continue
			}
			if err := db.InTenant(t.Context(), auth.System(foreign, "test", ""), pg.Write, f); err != nil {
				t.Fatal(err)
			}
		}
		worked()
		after := letters()
		demo := map[string]bool{} // the demo goes on filling its counties meanwhile
		for _, county := range sample.InFull() {
			err := db.InTenant(t.Context(), auth.System(county, "test", ""), pg.Read, func(tx *pg.Tx) error {
				rows, err := tx.Query(t.Context(), `SELECT l.id::text FROM meeting_mail l JOIN meeting m ON m.tenant_id = l.tenant_id AND m.id = l.meeting_id WHERE m.demo`)
				if err != nil {
					return err
				}
				ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
				for _, id := range ids {
					demo["meeting-"+id+".eml"] = true
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, letter := range after {
			if !slices.Contains(before, letter) && !demo[filepath.Base(letter)] {
				t.Errorf("a letter went out: %s", letter)
			}
		}
		_, m := p.ask(mineAs, "GET", "/api/v1/counties/"+mine+"/memberships/"+own["memberships"], nil, nil)
		if m["sentAt"] != nil {
			t.Errorf("another county's job wrote in this one: %v", m)
		}
	})
}

// call asks for an operation as the stranger, with what its shape needs.
func call(t *testing.T, p *program, op api.Operation, at things) (int, []byte, string) {
	t.Helper()
	path := fill(t, op.Path, at)
	req, err := http.NewRequestWithContext(t.Context(), op.Method, p.URL+path, bytes.NewReader(op.Body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.token(foreignAs))
	if op.Body != nil {
		req.Header.Set("Content-Type", "application/json")
		if !json.Valid(op.Body) {
			req.Header.Set("Content-Type", "application/octet-stream")
		}
	}
	if op.IfMatch {
		req.Header.Set("If-Match", `"1"`)
	}
	if op.IdempotencyKey {
		req.Header.Set("Idempotency-Key", uuid.NewString())
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b, path
}

// signIn comes in by the pages, as a browser does.
func (p *program) signIn(county, persona string) *http.Client {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	status, body := browseForm(p.t, c, p.URL+"/lan/"+county+"/sign-in", url.Values{"issuer": {"demo"}, "login_hint": {persona}, "return_to": {"/lan/" + county}})
	if status != http.StatusOK || !bytes.Contains(body, []byte("/lan/"+county+"/context")) {
		p.t.Fatalf("signing in as %s: %d\n%s", persona, status, body)
	}
	return c
}

func browse(t *testing.T, c *http.Client, method, to string) (int, []byte) {
	t.Helper()
	if method == http.MethodPost {
		return browseForm(t, c, to, url.Values{"key": {uuid.NewString()}, "version": {"1"}})
	}
	req, err := http.NewRequestWithContext(t.Context(), method, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	return send(t, c, req)
}

func browseForm(t *testing.T, c *http.Client, to string, form url.Values) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return send(t, c, req)
}

func send(t *testing.T, c *http.Client, req *http.Request) (int, []byte) {
	t.Helper()
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b
}

// The program's own commands and files are roads too.
func TestWhatLiesOnDiskIsNobodyElses(t *testing.T) {
	data := dataDir(t)
	p := start(t, data, nil)
	p.Stop()
	for _, name := range []string{"openid.key", "mail"} {
		info, err := os.Stat(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", name, info.Mode())
		}
	}
}
