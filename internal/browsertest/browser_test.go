package browsertest_test

import (
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// site serves a page for each path: what the tests below look at.
func site(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	for path, body := range pages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src *")
			fmt.Fprintf(w, `<!doctype html><html lang="sv"><meta name="viewport" content="width=device-width"><title>Prov</title>%s</html>`, body)
		})
	}
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /script.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `document.querySelector("h1").textContent = "Med skript"`)
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "prov", Value: "1", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusUnprocessableEntity)
		said := template.HTMLEscapeString(r.PostFormValue("name") + " " + r.PostFormValue("day"))
		fmt.Fprintf(w, `<!doctype html><html lang="sv"><title>Svar</title><h1>%s</h1></html>`, said)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAxe(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{
		"/good": `<main><h1>Överenskommelse</h1><p>Text som syns.</p></main>`,
		"/pale": `<main><h1>Överenskommelse</h1><p style="color:#bbb;background:#fff">Text som knappt syns.</p></main>`,
	})
	b := browsertest.New(t)

	b.Open(at + "/good")
	if found := b.Axe(); len(found) != 0 {
		t.Errorf("a good page: %v", found)
	}

	b.Open(at + "/pale")
	found := b.Axe()
	if len(found) != 1 || found[0].ID != "color-contrast" || found[0].Impact != "serious" {
		t.Fatalf("a page with pale text: got %v, want color-contrast alone", found)
	}
	if len(found[0].Nodes) != 1 || !strings.Contains(found[0].Nodes[0], "knappt syns") {
		t.Errorf("which text is pale: %q", found[0].Nodes)
	}
}

func TestAxeFindsSmallTargets(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `<main><h1>Mål</h1>
		<button style="all:unset;width:10px;height:10px;display:inline-block" aria-label="a"></button><button
		style="all:unset;width:10px;height:10px;display:inline-block" aria-label="b"></button></main>`})
	b := browsertest.New(t)
	b.Open(at)
	if !slices.ContainsFunc(b.Axe(), func(v browsertest.Violation) bool { return v.ID == "target-size" }) {
		t.Error("two targets of 10 pixels side by side pass; WCAG 2.2 AA wants 24")
	}
}

func TestAxeWithoutScript(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `<main><h1>Ö</h1><p style="color:#bbb;background:#fff">Blek.</p></main>`})
	b := browsertest.New(t)
	b.NoScript(true)
	b.Open(at)
	if found := b.Axe(); len(found) != 1 {
		t.Errorf("axe on a page without script: %v", found)
	}
}

func TestTabStops(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `
		<style>body{margin:0} header{position:fixed;top:0;left:0;right:0;height:50px;background:#fff}
		.bare:focus{outline:none} .under{position:absolute;top:10px;z-index:-1}</style>
		<header></header>
		<main style="padding-top:60px"><h1>Gå</h1>
		<a href="#a">Möten</a>
		<label>Namn <input name="name"></label>
		<button class="bare">Utan ring</button>
		<button class="under">Under</button>
		<button disabled>Stängd</button>
		<a href="#b" style="display:block;margin-top:2000px" aria-label="Längst ner">x</a></main>`})
	b := browsertest.New(t)
	b.Open(at)
	want := []browsertest.Stop{
		{Tag: "a", Role: "link", Name: "Möten", Ring: true, InView: true},
		{Tag: "input", Role: "textbox", Name: "Namn", Ring: true, InView: true},
		{Tag: "button", Role: "button", Name: "Utan ring", Ring: false, InView: true},
		{Tag: "button", Role: "button", Name: "Under", Ring: true, InView: false},
		{Tag: "a", Role: "link", Name: "Längst ner", Ring: true, InView: true},
	}
	if diff := cmp.Diff(want, b.TabStops(20)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[:2], b.TabStops(2)); diff != "" {
		t.Errorf("a second, shorter walk begins at the top: %s", diff)
	}
}

func TestConsole(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{
		"/good":   `<h1>Utan skript</h1><script src="/script.js"></script>`,
		"/inline": `<h1>Ö</h1><script>document.title = "stulen"</script>`,
		"/third":  `<h1>Ö</h1><img src="http://tredje.example/bild.png" alt="">`,
		"/gone":   `<h1>Ö</h1><img src="/finns-inte.png" alt="">`,
	})
	b := browsertest.New(t)

	b.Open(at + "/good")
	if status := b.Open(at + "/nowhere"); status != http.StatusNotFound {
		t.Errorf("status of a page that is not there: %d", status)
	}
	if got := b.Console(); len(got) != 0 {
		t.Errorf("a good page and a 404 page complain: %q", got)
	}

	b.Open(at + "/inline")
	if got := b.Console(); len(got) != 1 || !strings.Contains(got[0], "inline script") {
		t.Errorf("an inline script under a strict policy: %q", got)
	}
	if b.Title() != "Prov" {
		t.Errorf("the inline script ran: %q", b.Title())
	}

	b.Open(at + "/third")
	if got := b.Console(); len(got) != 2 || !strings.Contains(got[1], "tredje.example") {
		t.Errorf("a picture from a third party: %q", got)
	}

	b.Open(at + "/gone")
	if got := b.Console(); len(got) != 3 || !strings.Contains(got[2], "finns-inte.png") {
		t.Errorf("a picture that is not there: %q", got)
	}
}

func TestForm(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `<h1>Fyll i</h1><p><a href="/next">Vidare</a></p>
		<form method="post" action="/form"><label>Namn <input name="name" value="gammalt"></label>
		<input type="date" name="day"><button>Spara</button></form>`,
		"/next": `<h1>Vidare</h1>`})
	for _, script := range []bool{true, false} {
		b := browsertest.New(t)
		b.NoScript(!script)
		b.Open(at)
		b.Follow("a")
		if got := b.Text("h1"); got != "Vidare" {
			t.Errorf("script %v: followed a link to %q", script, got)
		}
		b.Open(at)
		b.Type("[name=name]", "Åsa Öberg")
		b.Set("[name=day]", "2026-11-25")
		b.Submit("[name=name]")
		if got := b.Text("h1"); got != "Åsa Öberg 2026-11-25" {
			t.Errorf("script %v: the server was told %q", script, got)
		}
		if !strings.HasSuffix(b.URL(), "/form") {
			t.Errorf("script %v: at %s", script, b.URL())
		}
		cookies := b.Cookies()
		if len(cookies) != 1 || cookies[0].Name != "prov" || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
			t.Errorf("script %v: cookies %v", script, cookies)
		}
		if got := b.Console(); len(got) != 0 {
			t.Errorf("script %v: a form answered with 422 complains: %q", script, got)
		}
	}
}

func TestEachTestHasItsOwnCookies(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `<form method="post" action="/form"><button>Spara</button></form>`})
	one, other := browsertest.New(t), browsertest.New(t)
	one.Open(at)
	one.Submit("form")
	other.Open(at)
	if len(one.Cookies()) != 1 || len(other.Cookies()) != 0 {
		t.Errorf("cookies: one %v, other %v", one.Cookies(), other.Cookies())
	}
}

func TestNoScript(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `<h1>Utan skript</h1><script src="/script.js"></script>`})
	b := browsertest.New(t)
	b.Open(at)
	if got := b.Text("h1"); got != "Med skript" {
		t.Errorf("with script: %q", got)
	}
	b.NoScript(true)
	b.Open(at)
	if got := b.Text("h1"); got != "Utan skript" {
		t.Errorf("without script: %q", got)
	}
}

func TestLooks(t *testing.T) {
	at := site(t, map[string]string{"/": `<style>
		body{margin:0} i{display:none}
		@media (prefers-color-scheme:dark){.dark{display:block}}
		@media print{.print{display:block}}
		.wide{width:400px;height:1500px}</style>
		<h1>Ö</h1><i class="dark">mörk</i><i class="print">papper</i><div class="wide"></div>`})
	b := browsertest.New(t)
	b.Open(at)
	shown := func(class string) bool {
		return browsertest.Eval[bool](b, `getComputedStyle(document.querySelector("`+class+`")).display === "block"`)
	}

	if shown(".dark") || shown(".print") {
		t.Error("dark or print by itself")
	}
	b.Dark(true)
	b.Print(true)
	if !shown(".dark") || !shown(".print") {
		t.Error("dark and print were asked for together and did not come")
	}
	b.Dark(false)
	b.Print(false)
	if shown(".dark") || shown(".print") {
		t.Error("dark or print does not go away")
	}

	if got := b.OverflowX(); got != 0 {
		t.Errorf("overflow at 1280: %d", got)
	}
	b.Size(320, 640)
	if got := b.OverflowX(); got != 80 {
		t.Errorf("overflow of 400 in 320: %d", got)
	}

	t.Setenv("SCREENS", "")
	if path := b.Screenshot("unasked"); path != "" {
		t.Errorf("a picture that nobody asked for: %s", path)
	}
	t.Setenv("SCREENS", "1")
	picture, err := os.ReadFile(b.Screenshot("whole"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(picture), "\x89PNG") {
		t.Error("the screenshot is no PNG")
	}
}

// witness stands in for a test that is expected to fail, and keeps what it said.
type witness struct {
	testing.TB
	said string
}

func (w *witness) Fatalf(format string, args ...any) {
	w.said = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// failing runs f as a test and returns the words it failed with.
func failing(t *testing.T, f func(testing.TB)) string {
	t.Helper()
	w := &witness{TB: t}
	var wg sync.WaitGroup
	wg.Go(func() { f(w) })
	wg.Wait()
	return w.said
}

func TestADayIsOneStopAndNoTrap(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `<h1>Dag</h1><label>Läget den <input type="date"></label><label>Tid <input type="time" value="13:02"></label><button>Visa dagen</button>`})
	b := browsertest.New(t)
	b.Open(at)
	var names []string
	for _, s := range b.TabStops(30) {
		names = append(names, s.Name)
		if !s.Ring {
			t.Errorf("%v has no ring", s)
		}
	}
	if diff := cmp.Diff([]string{"Läget den", "Tid", "Visa dagen"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestTabStopsTellsOfADayThatHolds(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{"/": `<h1>Fälla</h1><input type="date" aria-label="Dag"><a href="#b">Efter</a>`})
	browsertest.New(t) // where there is no browser, it is this test that is skipped
	said := failing(t, func(t testing.TB) {
		b := browsertest.New(t)
		b.Open(at)
		browsertest.Eval[bool](b, `(document.querySelector("input").addEventListener("keydown", e => e.preventDefault()), true)`)
		b.TabStops(40)
	})
	if !strings.Contains(said, "trapped") || !strings.Contains(said, `input "Dag"`) {
		t.Errorf("a day that holds the focus: %q", said)
	}
}

func TestTabStopsTellsOfATrap(t *testing.T) {
	t.Parallel()
	at := site(t, map[string]string{
		"/": `<h1>Fälla</h1><a href="#a">Före</a><button id="one">Ett</button><button id="two">Två</button><a href="#b">Efter</a>`,
	})
	browsertest.New(t) // where there is no browser, it is this test that is skipped
	said := failing(t, func(t testing.TB) {
		b := browsertest.New(t)
		b.Open(at)
		browsertest.Eval[bool](b, `(document.querySelector("#two").addEventListener("keydown", e => {
			e.preventDefault();
			document.querySelector("#one").focus();
		}), true)`)
		b.TabStops(20)
	})
	if !strings.Contains(said, "trapped") || !strings.Contains(said, `button "Ett"`) {
		t.Errorf("a page that holds the focus: %q", said)
	}
}

func TestWhereNothingMayBeSkipped(t *testing.T) {
	t.Setenv("CI", "true")
	t.Setenv("CHROMIUM", "/nowhere/chromium")
	said := failing(t, func(t testing.TB) { browsertest.New(t) })
	if !strings.Contains(said, "/nowhere/chromium is not here") {
		t.Errorf("without a browser, under CI: %q", said)
	}
}
