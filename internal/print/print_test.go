package print_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/overens/overens/internal/print"
)

// minutes is a document of five pages.
func minutes() print.Document {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Protokoll från Växjö</title>` +
		`<link rel="stylesheet" href="print.css"></head><body><h1>Protokoll åäö ÅÄÖ</h1><img src="logo.svg" alt="Vapen">`)
	for i := range 5 {
		fmt.Fprintf(&b, `<section><h2>§ %d Ärendet om överenskommelsen</h2>`, i+1)
		for range 12 {
			b.WriteString(`<p>Forumet beslutade att ställa sig bakom förslaget, då parterna är överens om åtgärderna.</p>`)
		}
		b.WriteString(`<table><caption>Närvaro</caption><thead><tr><th scope="col">Part</th><th scope="col">Röst</th></tr></thead>` +
			`<tbody><tr><td>Växjö kommun</td><td>Ja</td></tr></tbody></table></section>`)
	}
	b.WriteString(`</body></html>`)
	return print.Document{HTML: []byte(b.String()), Assets: map[string][]byte{
		"print.css": []byte(`@page { size: A4; margin: 2cm } section { break-after: page } section:last-of-type { break-after: auto }`),
		"logo.svg":  []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18" fill="#004b87"/></svg>`),
	}}
}

// headings are the bookmarks that minutes should have.
func headings() []string {
	want := []string{"Protokoll åäö ÅÄÖ"}
	for i := range 5 {
		want = append(want, fmt.Sprintf("§ %d Ärendet om överenskommelsen", i+1))
	}
	return want
}

func TestNone(t *testing.T) {
	p, err := print.New(print.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Print(t.Context(), minutes()); !errors.Is(err, print.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for name, address := range map[string]string{
		"no scheme":     "gotenberg:3000",
		"other scheme":  "ftp://gotenberg",
		"no host":       "http://",
		"password":      "http://overens:hemligt@gotenberg",
		"unreadable":    "http://overens:hemligt@gotenberg:port",
		"with question": "http://gotenberg?trace=hemligt",
	} {
		_, err := print.New(print.Config{Gotenberg: address})
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "hemligt") {
			t.Errorf("%s: %q tells the password", name, err)
		}
	}
	p, err := print.New(print.Config{Gotenberg: "http://gotenberg:3000/", Chromium: "/usr/bin/chromium"})
	if err != nil {
		t.Fatal(err)
	}
	if got := p.String(); got != "Gotenberg at gotenberg:3000" {
		t.Errorf("%q prints", got)
	}
	if got := print.Find("no-such-browser"); got != "" {
		t.Errorf("found %q", got)
	}
}

func TestDocumentsThatCannotBePrinted(t *testing.T) {
	// Refused before anything is started or asked.
	chromium, err := print.New(print.Config{Chromium: "/no/such/browser"})
	if err != nil {
		t.Fatal(err)
	}
	gotenberg, err := print.New(print.Config{Gotenberg: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		d    print.Document
		want error
	}{
		"nothing":          {print.Document{HTML: []byte(" \n")}, print.ErrDocument},
		"path as name":     {print.Document{HTML: []byte("a"), Assets: map[string][]byte{"../a.css": nil}}, print.ErrDocument},
		"folder in name":   {print.Document{HTML: []byte("a"), Assets: map[string][]byte{"a/a.css": nil}}, print.ErrDocument},
		"a script":         {print.Document{HTML: []byte("a"), Assets: map[string][]byte{"a.js": nil}}, print.ErrDocument},
		"the page's name":  {print.Document{HTML: []byte("a"), Assets: map[string][]byte{"index.html": nil}}, print.ErrDocument},
		"line in the name": {print.Document{HTML: []byte("a"), Assets: map[string][]byte{"a\r\n.css": nil}}, print.ErrDocument},
		"too large":        {print.Document{HTML: []byte("a"), Assets: map[string][]byte{"a.png": make([]byte, 32<<20)}}, print.ErrTooLarge},
	} {
		for _, p := range []print.Printer{chromium, gotenberg} {
			if _, err := p.Print(t.Context(), c.d); !errors.Is(err, c.want) {
				t.Errorf("%s, %v: %v", name, p, err)
			}
		}
	}
	if _, err := chromium.Print(t.Context(), minutes()); err == nil || errors.Is(err, print.ErrDocument) {
		t.Errorf("without a browser: %v", err)
	}
}

func sorted(m map[string]string) []string {
	var all []string
	for k, v := range m {
		all = append(all, k+"="+v)
	}
	slices.Sort(all)
	return all
}
