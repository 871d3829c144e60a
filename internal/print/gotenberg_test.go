package print_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/print"
)

func gotenberg(t *testing.T, answer http.HandlerFunc) print.Printer {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	p, err := print.New(print.Config{Gotenberg: s.URL + "/pdf/"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGotenberg(t *testing.T) {
	fields, files := map[string]string{}, map[string]string{}
	p := gotenberg(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/pdf/forms/chromium/convert/html" {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
			return
		}
		for name, values := range r.MultipartForm.Value {
			fields[name] = strings.Join(values, ",")
		}
		for _, header := range r.MultipartForm.File["files"] {
			f, err := header.Open()
			if err != nil {
				t.Error(err)
				return
			}
			data, _ := io.ReadAll(f)
			files[header.Filename] = string(data)
		}
		_, _ = io.WriteString(w, "%PDF-1.7 ...")
	})
	d := minutes()
	pdf, err := p.Print(t.Context(), d)
	if err != nil || string(pdf) != "%PDF-1.7 ..." {
		t.Fatalf("%q, %v", pdf, err)
	}
	want := []string{
		"generateDocumentOutline=true", "generateTaggedPdf=true", "marginBottom=0.8", "marginLeft=0.8", "marginRight=0.8", "marginTop=0.8",
		"paperHeight=297mm", "paperWidth=210mm", "preferCssPageSize=true", "printBackground=true",
	}
	if diff := cmp.Diff(want, sorted(fields)); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	wantFiles := map[string]string{"index.html": string(d.HTML), "print.css": string(d.Assets["print.css"]), "logo.svg": string(d.Assets["logo.svg"])}
	if diff := cmp.Diff(wantFiles, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if len(d.Assets) != 2 {
		t.Errorf("the document was changed: %d assets", len(d.Assets))
	}
}

func TestGotenbergRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		code      int
		temporary bool
		document  bool
	}{
		"busy":     {http.StatusServiceUnavailable, true, false},
		"too much": {http.StatusTooManyRequests, true, false},
		"wrong":    {http.StatusBadRequest, false, true},
		"closed":   {http.StatusUnauthorized, false, false},
	} {
		p := gotenberg(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "hemligt", c.code) })
		_, err := p.Print(t.Context(), minutes())
		no, ok := errors.AsType[*print.Refusal](err)
		if !ok || no.Code != c.code || no.Temporary() != c.temporary || errors.Is(err, print.ErrDocument) != c.document || strings.Contains(err.Error(), "hemligt") {
			t.Errorf("%s: %v", name, err)
		}
	}
	elsewhere := gotenberg(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) })
	p := gotenberg(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+strings.TrimPrefix(elsewhere.String(), "Gotenberg at "), http.StatusTemporaryRedirect)
	})
	if _, err := p.Print(t.Context(), minutes()); err == nil {
		t.Error("the document was sent elsewhere")
	}
	p = gotenberg(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Hej</html>") })
	if _, err := p.Print(t.Context(), minutes()); err == nil {
		t.Error("a page is taken for a PDF")
	}
	p = gotenberg(t, func(w http.ResponseWriter, _ *http.Request) {
		chunk := make([]byte, 1<<20)
		for range 65 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	if _, err := p.Print(t.Context(), minutes()); !errors.Is(err, print.ErrTooLarge) {
		t.Errorf("without end: %v", err)
	}
}

func TestGotenbergIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := gotenberg(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done() // it never answers
	})
	if _, err := p.Print(ctx, minutes()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
