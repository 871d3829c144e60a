package print_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/print"
)

func chromium(t testing.TB) print.Printer {
	t.Helper()
	path := print.Find(os.Getenv("CHROMIUM"))
	if path == "" {
		browsertest.Skip(t, "Chromium or Chrome is not here; sh internal/browsertest/setup.sh says how to get it")
	}
	p, err := print.New(print.Config{Chromium: path})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestChromium(t *testing.T) {
	pdf, err := chromium(t).Print(t.Context(), minutes())
	if err != nil {
		t.Fatal(err)
	}
	got := look(t, pdf)
	if got.pages != 5 || !got.marked || got.language != "sv" || got.elements["H2"] != 5 || got.elements["TH"] != 10 || got.elements["Figure"] != 1 {
		t.Errorf("%d pages, marked %v, language %q, structure %v", got.pages, got.marked, got.language, got.elements)
	}
	if diff := cmp.Diff(headings(), got.bookmarks); diff != "" {
		t.Errorf("bookmarks (-want +got):\n%s", diff)
	}
	for _, letter := range "åäöÅÄÖ§" {
		if !strings.ContainsRune(got.letters, letter) {
			t.Errorf("no %q can be read out of it", letter)
		}
	}
	if got.info["Title"] != "Protokoll från Växjö" {
		t.Errorf("description: %v", got.info)
	}
}

// Nothing outside the document is asked for anything, and no script runs.
func TestChromiumIsClosedIn(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		t.Errorf("asked for %s", r.URL)
	}))
	t.Cleanup(s.Close)
	secret := filepath.Join(t.TempDir(), "secret.html")
	if err := os.WriteFile(secret, []byte("<h1>Hemligt</h1>"), 0o600); err != nil {
		t.Fatal(err)
	}
	html := strings.NewReplacer("{there}", s.URL, "{port}", strings.TrimPrefix(s.URL, "http://127.0.0.1"), "{file}", "file://"+secret).Replace(
		`<!doctype html><html lang="sv"><head><title>A</title><meta http-equiv="refresh" content="0;url={there}/refresh">
		<link rel="stylesheet" href="{there}/style"><link rel="preload" as="image" href="{there}/preload"><link rel="prefetch" href="{there}/prefetch">
		<link rel="preconnect" href="{there}"><link rel="stylesheet" href="evil.css"><script src="{there}/script"></script>
		<style>@import "{there}/import"; @font-face { font-family: X; src: url("http://localhost{port}/font") } h1 { font-family: X; background: url({there}/background) }</style>
		</head><body><h1>Kvar</h1><img src="{there}/img"><img src="missing.png"><iframe src="{there}/frame"></iframe><iframe src="{file}"></iframe>
		<iframe srcdoc="<img src='{there}/srcdoc'>"></iframe><object data="{there}/object"></object><embed src="{there}/embed"><video src="{there}/video"></video>
		<script>document.querySelector("h1").textContent = "Skript"; fetch("{there}/fetch"); new WebSocket("ws://127.0.0.1{port}/socket")</script>
		<img src="x" onerror="document.querySelector('h1').textContent = 'Fel'"></body></html>`)
	d := print.Document{HTML: []byte(html), Assets: map[string][]byte{"evil.css": []byte("@import url(" + s.URL + "/deep);")}}
	pdf, err := chromium(t).Print(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Kvar"}, look(t, pdf).bookmarks); diff != "" {
		t.Errorf("what was printed (-want +got):\n%s", diff)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("asked %d times", n)
	}
}

// Whether it prints, or nobody waits any longer, the browser goes.
func TestChromiumLeavesNothingBehind(t *testing.T) {
	if _, err := os.Stat("/proc/self/environ"); err != nil {
		t.Skip("the processes of this system cannot be looked at")
	}
	mark := "PRINT_TEST=" + uuid.NewString()
	name, value, _ := strings.Cut(mark, "=")
	t.Setenv(name, value)
	running := func() (n int) {
		files, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, file := range files {
			if env, err := os.ReadFile(file); err == nil && bytes.Contains(env, []byte(mark)) {
				n++
			}
		}
		return n
	}
	p := chromium(t)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 5 { // more than there are turns
		wg.Go(func() {
			if _, err := p.Print(ctx, minutes()); !errors.Is(err, context.Canceled) {
				t.Errorf("given up, and yet: %v", err)
			}
		})
	}
	for running() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	wg.Wait()
	for range 3 {
		wg.Go(func() {
			if _, err := p.Print(t.Context(), minutes()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for deadline := time.Now().Add(time.Minute); running() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d processes are left", running())
		}
	}
}

func BenchmarkChromium(b *testing.B) {
	p := chromium(b)
	for name, d := range map[string]print.Document{"five pages": minutes(), "one word": {HTML: []byte("<title>A</title>A")}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Print(b.Context(), d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
