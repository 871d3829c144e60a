package web_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/text"
)

func TestEveryPageIsWholeInBothLanguages(t *testing.T) {
	h := build(t)
	for _, s := range h.tour() {
		for _, lang := range text.Langs {
			path, _, _ := strings.Cut(s.path, "?lang=")
			p := h.get(s.as, path, "Cookie", "lang="+string(lang), "Accept-Language", string(lang))
			at := fmt.Sprintf("%s %s (%s)", s.name, path, lang)
			if strings.Contains(p.Body, "⟨") {
				i := strings.Index(p.Body, "⟨")
				t.Errorf("%s: words are missing: %s", at, p.Body[i:min(len(p.Body), i+60)])
			}
			if l, _ := p.Find("html").Attr("lang"); l != string(lang) {
				t.Errorf("%s: lang %q", at, l)
			}
			if n := p.Find("h1").Length(); n != 1 {
				t.Errorf("%s: %d h1", at, n)
			}
			if title := p.says("head > title"); !strings.HasSuffix(title, " · Överens") || strings.HasPrefix(title, " ") {
				t.Errorf("%s: title %q", at, title)
			}
			if href, _ := p.Find("body > a").First().Attr("href"); href != "#main" || p.Find("main#main").Length() != 1 {
				t.Errorf("%s: the first link leads to %q", at, href)
			}
			if n := p.Find("style, [style], script:not([src]), [onclick], [onload]").Length(); n > 0 {
				t.Errorf("%s: %d inline styles or scripts", at, n)
			}
			if !strings.Contains(p.Header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") {
				t.Errorf("%s: policy %q", at, p.Header.Get("Content-Security-Policy"))
			}
			p.Find("th").Each(func(_ int, th *goquery.Selection) {
				if _, ok := th.Attr("scope"); !ok {
					t.Errorf("%s: th without scope: %s", at, th.Text())
				}
			})
			p.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, f *goquery.Selection) {
				if id, _ := f.Attr("id"); id == "" || p.Find(`label[for="`+id+`"]`).Length() != 1 {
					t.Errorf("%s: a field without label: %s", at, id)
				}
			})
			ids := map[string]bool{}
			p.Find("[id]").Each(func(_ int, e *goquery.Selection) {
				id, _ := e.Attr("id")
				if ids[id] {
					t.Errorf("%s: the id %s stands twice", at, id)
				}
				ids[id] = true
			})
			for _, name := range []string{"aria-describedby", "aria-labelledby"} {
				p.Find("[" + name + "]").Each(func(_ int, e *goquery.Selection) {
					v, _ := e.Attr(name)
					for id := range strings.FieldsSeq(v) {
						if !ids[id] {
							t.Errorf("%s: %s names %s, which is not there", at, name, id)
						}
					}
				})
			}
			p.Find("[href], [src]").Each(func(_ int, e *goquery.Selection) {
				to, _ := e.Attr("href")
				if to == "" {
					to, _ = e.Attr("src")
				}
				if u, err := url.Parse(to); err != nil || (u.Host != "" && goquery.NodeName(e) != "a") {
					t.Errorf("%s: loads %q from elsewhere", at, to)
				}
			})
		}
	}
}

// The keys that pages make at run time.
func TestEveryValueHasWords(t *testing.T) {
	var keys []string
	for _, r := range append([]auth.Role{auth.RolePublic}, auth.Roles...) {
		keys = append(keys, "auth.role."+string(r))
	}
	for _, p := range auth.Permissions {
		keys = append(keys, "auth.permission."+string(p))
	}
	for _, o := range organisation.Types {
		keys = append(keys, "organisation.type."+o, "organisation.types."+o)
	}
	for _, k := range []string{"merged", "split", "renamed", "replaced"} {
		keys = append(keys, "organisation.kind."+k, "organisation.kin.before_"+k, "organisation.kin.after_"+k)
	}
	for _, s := range []string{organisation.Standing, organisation.Ended, organisation.Any} {
		keys = append(keys, "organisation.page.count_"+s, "person.page.count_"+s, "web.status_filter."+s)
	}
	for _, k := range document.Kinds {
		keys = append(keys, "document.kind."+k)
	}
	for _, s := range member.States {
		keys = append(keys, "member.state."+string(s), "web.member.is."+string(s))
	}
	for _, s := range []member.State{member.Active, member.Bound, member.NeverIn, member.Coming, member.Ended, member.Revoked} {
		keys = append(keys, "web.member.state."+string(s), "web.member.heading."+string(s))
	}
	for _, a := range []string{"insert", "update", "delete"} {
		keys = append(keys, "web.trail."+a, "web.did."+a)
	}
	for words, columns := range map[string][]string{"register": governance.RegisterColumns, "past": meeting.PastColumns} {
		for _, k := range []string{"refused", "whole", "row", "cell", "more", "columns", "columns_note"} {
			keys = append(keys, words+".page."+k)
		}
		for _, c := range columns {
			keys = append(keys, words+".column."+c, words+".help."+c)
		}
		keys = append(keys, words+".nothing")
	}
	for _, s := range []string{"full", "partial", "none", "unknown"} {
		keys = append(keys, "web.a11y.status_"+s)
	}
	// Whatever leaves a trail is called something.
	protected := regexp.MustCompile(`CALL protect\('([a-z_]+)'`)
	err := fs.WalkDir(os.DirFS(dbtest.Root()), "db/migrations", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".sql") {
			return err
		}
		sql, err := os.ReadFile(filepath.Join(dbtest.Root(), path))
		for _, m := range protected.FindAllStringSubmatch(string(sql), -1) {
			keys = append(keys, "web.subject."+m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if !text.Has(k) {
			t.Errorf("no words for %s", k)
		}
	}
}

func TestTheLanguageIsWhatWasChosenThenWhatTheBrowserAccepts(t *testing.T) {
	h := build(t)
	if got := h.get("", "/", "Accept-Language", "en-GB").says("h1"); got != "Choose your county" {
		t.Errorf("accepting English: %q", got)
	}
	p := h.get("", "/?lang=en", "Accept-Language", "sv")
	if p.says("h1") != "Choose your county" || !strings.Contains(p.Header.Get("Set-Cookie"), "lang=en") {
		t.Errorf("choosing English: %q, cookie %q", p.says("h1"), p.Header.Get("Set-Cookie"))
	}
	if got := h.get("", "/", "Cookie", "lang=en", "Accept-Language", "sv").says("h1"); got != "Choose your county" {
		t.Errorf("having chosen English: %q", got)
	}
	p = h.get("", "/?lang=xx")
	if p.says("h1") != "Välj ditt län" || p.Header.Get("Set-Cookie") != "" {
		t.Errorf("choosing nothing that is: %q, cookie %q", p.says("h1"), p.Header.Get("Set-Cookie"))
	}
	if !strings.Contains(p.Header.Get("Vary"), "Accept-Language") {
		t.Errorf("Vary: %q", p.Header.Get("Vary"))
	}
}

func TestAHeadIsAGetWithoutItsBody(t *testing.T) {
	h := build(t)
	p := h.ask(http.MethodHead, strategist, "/lan/kronoberg/organisations", nil)
	if p.Status != http.StatusOK || p.Body != "" {
		t.Errorf("%d, %d bytes", p.Status, len(p.Body))
	}
}

func TestPagesOfMembersAreKeptByNobody(t *testing.T) {
	h := build(t)
	if got := h.get(strategist, "/lan/kronoberg").Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("a member's page: %q", got)
	}
	if got := h.get("", "/lan/kronoberg").Header.Get("Cache-Control"); got != "public, max-age=60" {
		t.Errorf("a public page: %q", got)
	}
}

func TestStaticFilesHaveNamesThatCanBeKeptForEver(t *testing.T) {
	h := build(t)
	p := h.get("", "/")
	for _, at := range []string{"link[rel=stylesheet]", "script[src]", "link[rel=icon]"} {
		to, _ := p.Find(at).Attr("href")
		if to == "" {
			to, _ = p.Find(at).Attr("src")
		}
		f := h.get("", to)
		if f.Status != http.StatusOK || !strings.Contains(f.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %q", to, f.Status, f.Header.Get("Cache-Control"))
		}
	}
	if p := h.get("", "/static/look.css"); p.Status != http.StatusNotFound || p.says("h1") == "" {
		t.Errorf("without its hash: %d %q", p.Status, p.Body)
	}
}

func TestThePublicSeesWhatIsPublishedAndNothingElse(t *testing.T) {
	h := build(t)
	p := h.get("", "/lan/kronoberg")
	if !strings.Contains(p.says("table"), "Alvesta kommun") {
		t.Error("a published organisation is not there")
	}
	for _, hidden := range []string{h.Church.Name, h.Old.Name, "kommun@alvesta.example", "Kim Åberg"} {
		if strings.Contains(p.Body, hidden) {
			t.Errorf("the public reads %q", hidden)
		}
	}
	if n := p.says("tfoot") + h.get("", "/sverige").says("tfoot"); !strings.Contains(n, "4") {
		t.Errorf("the nation counts %q", n)
	}
}

func TestAnotherDayIsSaidAndTakesTheActsAway(t *testing.T) {
	h := build(t)
	at := "/lan/kronoberg/organisations"
	p := h.get(strategist, at+"?on=2010-05-01")
	if p.Find("body.past").Length() != 1 || !strings.Contains(p.says(".past-note"), "1 maj 2010") {
		t.Errorf("the page does not say that it is of another day: %q", p.says(".past-note"))
	}
	if !strings.Contains(p.says("table"), h.Old.Name) {
		t.Error("what stood that day is not there")
	}
	if p.Find(`a[href*="/new"]`).Length() != 0 {
		t.Error("something can be added on another day")
	}
	p.Find("table a[href^='/lan']").Each(func(_ int, a *goquery.Selection) {
		if to, _ := a.Attr("href"); !strings.Contains(to, "on=2010-05-01") {
			t.Errorf("%s loses the day", to)
		}
	})
	p = h.get(strategist, at+"/"+h.Old.ID.String()+"?on=2010-05-01")
	if p.Find(`a[href*="/edit"]`).Length() != 0 || !strings.Contains(p.says(".head .st"), "till och med 31 december 2018") {
		t.Errorf("on another day: %q", p.says(".head"))
	}
	for _, none := range []string{"2026-02-30", "0000-01-01", "i går", "12026-01-01"} {
		if p := h.get(strategist, at+"?on="+url.QueryEscape(none)); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("h1"), "Skriv en dag") {
			t.Errorf("%s: %d %q", none, p.Status, p.says("h1"))
		}
	}
	if p = h.get(strategist, at); p.Find(".past-note").Length() != 0 || strings.Contains(p.says("table"), h.Old.Name) {
		t.Error("today is shown as another day, or shows what has ended")
	}
}

func TestTheNavigationShowsWhatExistsAndMayBeSeen(t *testing.T) {
	h := build(t)
	for as, want := range map[string]string{
		"":         "Start Samverkansorgan Möten Alla län",
		neighbour:  "Start Samverkansorgan Möten Alla län",
		strategist: "Start Strategiska överenskommelser Samverkansorgan Möten Organisationer Handlingar Inställningar Alla län",
		officer:    "Start Strategiska överenskommelser Samverkansorgan Möten Organisationer Handlingar Inställningar Alla län",
		"kronoberg,party-reporter," + h.Alvesta.ID.String(): "Start Strategiska överenskommelser Samverkansorgan Möten Organisationer Handlingar Inställningar Alla län",
	} {
		if got := h.get(as, "/lan/kronoberg").says(".places"); strings.Join(strings.Fields(got), "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("%s: %q, want %q", as, got, want)
		}
	}
}

func TestSearchFindsSwedishLettersAndSaysHowMany(t *testing.T) {
	h := build(t)
	p := h.get(strategist, "/lan/kronoberg/organisations?q=älm")
	if got := p.says(".lead"); got != "En organisation finns med ”älm”." {
		t.Errorf("%q", got)
	}
	if got := p.value("#q"); got != "älm" {
		t.Errorf("what was searched for is not kept: %q", got)
	}
	if got := h.get(strategist, "/lan/kronoberg/organisations?q=finnsinte").says(".nothing h3"); got != "Inget passar det du söker" {
		t.Errorf("%q", got)
	}
}

func TestEveryFaultKeyIsExplained(t *testing.T) {
	h := build(t)
	p := h.get("", "/problems")
	for _, key := range []string{"organisation.number_wrong", "common.not_found", "auth.forbidden", "idempotency.in_flight", "person.named", "member.over"} {
		if p.Find(`a[href="/problems/`+key+`"]`).Length() != 1 {
			t.Errorf("%s is not in the index", key)
		}
		if got := h.get("", "/problems/"+key).Status; got != http.StatusOK {
			t.Errorf("%s: %d", key, got)
		}
	}
	for _, key := range []string{"web.skip", "no.such", "organisation.field.name", "organisation.number_wrong_detail"} {
		if got := h.get("", "/problems/"+key).Status; got != http.StatusNotFound {
			t.Errorf("%s: %d", key, got)
		}
	}
}
