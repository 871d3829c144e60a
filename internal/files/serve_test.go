package files_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/overens/overens/internal/files"
)

const sum = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" // of "test"

func serve(t *testing.T, name string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	files.Serve(w, r, files.Served{Name: name, MediaType: "text/plain; charset=utf-8", SHA256: sum, At: time.Unix(1_700_000_000, 0)},
		strings.NewReader("test"), func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "not that far", http.StatusRequestedRangeNotSatisfiable)
		})
	return w.Result()
}

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAFileIsOfferedForSavingAndNeverActs(t *testing.T) {
	r := serve(t, `Överenskommelse 50% "ny";=.txt`)
	if got := read(t, r); r.StatusCode != http.StatusOK || got != "test" {
		t.Fatalf("%d %q", r.StatusCode, got)
	}
	for name, want := range map[string]string{
		"Content-Type":            "text/plain; charset=utf-8",
		"Content-Disposition":     `attachment; filename="Overenskommelse 50- -ny-;=.txt"; filename*=UTF-8''%C3%96verenskommelse%2050%25%20%22ny%22%3B%3D.txt`,
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
		"X-Content-Type-Options":  "nosniff",
		"Etag":                    `"` + sum + `"`,
		"Repr-Digest":             "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:",
		"Accept-Ranges":           "bytes",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestAPartIsGivenAndOneThatIsNotThereIsRefusedInTheDoorsOwnWords(t *testing.T) {
	if r := serve(t, "a.txt", "Range", "bytes=1-2"); r.StatusCode != http.StatusPartialContent || read(t, r) != "es" || r.Header.Get("Content-Range") != "bytes 1-2/4" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	r := serve(t, "a.txt", "Range", "bytes=9-")
	if got := read(t, r); r.StatusCode != http.StatusRequestedRangeNotSatisfiable || got != "not that far\n" || r.Header.Get("Content-Range") != "bytes */4" ||
		r.Header.Get("Content-Disposition") != "" || r.Header.Get("Etag") != "" {
		t.Errorf("%d %q %v", r.StatusCode, got, r.Header)
	}
	if r := serve(t, "a.txt", "If-None-Match", `"`+sum+`"`); r.StatusCode != http.StatusNotModified {
		t.Errorf("%d", r.StatusCode)
	}
}

func TestTwiceTheLimitIsTakenInAndNoMore(t *testing.T) {
	const limit = 1 << 20
	for size, tooLarge := range map[int]bool{2*limit + 1<<20: false, 2*limit + 1<<20 + 1: true} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(make([]byte, size)))
		files.Receive(httptest.NewRecorder(), r, limit)
		_, err := io.Copy(io.Discard, r.Body)
		if _, cut := errors.AsType[*http.MaxBytesError](err); cut != tooLarge {
			t.Errorf("%d bytes: %v", size, err)
		}
		files.Drain(r)
	}
}
