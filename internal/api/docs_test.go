package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/overens/overens/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

func TestThePageIsForEveryone(t *testing.T) {
	b := browsertest.New(t)
	mux := http.NewServeMux()
	door(nil).Register(mux)
	mux.Handle("GET /static/", http.StripPrefix("/static/", http.FileServer(http.Dir("../web/static"))))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, c := range []struct {
		name, path string
		width      int
		dark       bool
	}{{"overview", "", 1200, false}, {"narrow overview", "?lang=en", 320, true}, {"subject", "/organisations?lang=en", 1200, true}, {"narrow subject", "/counties", 320, false}} {
		b.Size(c.width, 800)
		b.Dark(c.dark)
		if status := b.Open(server.URL + "/api/v1/docs" + c.path); status != 200 {
			t.Fatalf("%s: %d", c.name, status)
		}
		for _, v := range b.Axe() {
			t.Errorf("%s: %v", c.name, v)
		}
		if n := b.OverflowX(); n != 0 {
			t.Errorf("%s: %d px lie outside the window", c.name, n)
		}
		for _, s := range b.Console() {
			t.Errorf("%s: %s", c.name, s)
		}
	}
	if b.Count("h1") != 1 || b.Count("main article") == 0 {
		t.Error("no headings or operations")
	}
}
