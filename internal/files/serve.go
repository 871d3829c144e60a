package files

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// patience is how long a caller may take to send or receive the next piece of a
// file. The whole may take as long as it must; a caller who does nothing may not.
const patience = 30 * time.Second

// Served is a file as it is sent to whoever asked for it.
type Served struct {
	Name      string // as it is offered for saving
	MediaType string
	SHA256    string // in hexadecimal: the checksum, and the ETag
	At        time.Time
}

// Serve answers a request with a file, whole or the part asked for, or only
// that it has not changed. It is offered for saving and never opened as a page
// of ours. beyond answers whoever asks for a part that is not there; who may
// keep the answer, the caller has said in Cache-Control.
func Serve(w http.ResponseWriter, r *http.Request, f Served, content io.ReadSeeker, beyond http.HandlerFunc) {
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", disposition(f.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if sum, err := hex.DecodeString(f.SHA256); err == nil && len(sum) > 0 {
		h.Set("ETag", `"`+f.SHA256+`"`)
		h.Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum)+":")
	}
	out := &sender{ResponseWriter: w, control: http.NewResponseController(w)}
	http.ServeContent(out, r, "", f.At, content)
	if out.beyond {
		for _, name := range []string{"Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Repr-Digest", "Accept-Ranges"} {
			h.Del(name)
		}
		beyond(w, r)
	}
}

// disposition says that a file is to be saved, and as what: once in the letters
// that every program reads, once in all letters (RFC 6266).
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%':
			return '-'
		}
		return r
	}, norm.NFD.String(name))
	var whole strings.Builder
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			whole.WriteByte(c)
		} else {
			fmt.Fprintf(&whole, "%%%02X", c)
		}
	}
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + whole.String()
}

// sender gives each piece its own time, and keeps back the library's own words
// for a part that is not there.
type sender struct {
	http.ResponseWriter
	control *http.ResponseController
	beyond  bool
}

func (s *sender) WriteHeader(status int) {
	if s.beyond = status == http.StatusRequestedRangeNotSatisfiable; !s.beyond {
		s.ResponseWriter.WriteHeader(status)
	}
}

func (s *sender) Write(b []byte) (int, error) {
	if s.beyond {
		return len(b), nil
	}
	_ = s.control.SetWriteDeadline(time.Now().Add(patience)) // where it cannot be set, the server's own holds
	return s.ResponseWriter.Write(b)
}

// Receive readies a request that brings a file of up to limit bytes: it may
// take longer than other requests, as long as something keeps coming. Twice
// the limit is read at most, so that somebody who sends too much is told so and
// not merely cut off: see Drain.
func Receive(w http.ResponseWriter, r *http.Request, limit int64) {
	r.Body = http.MaxBytesReader(w, &receiver{r.Body, http.NewResponseController(w)}, 2*limit+1<<20)
}

// Drain takes in the rest of a request that is going to be refused: a browser
// reads no answer before all is sent.
func Drain(r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

type receiver struct {
	io.ReadCloser
	control *http.ResponseController
}

func (s *receiver) Read(b []byte) (int, error) {
	now := time.Now()
	_ = s.control.SetReadDeadline(now.Add(patience))
	_ = s.control.SetWriteDeadline(now.Add(2 * patience)) // for the answer, which begins when all has come
	return s.ReadCloser.Read(b)
}
