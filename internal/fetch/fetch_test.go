package fetch

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/overens/overens/internal/fault"
)

// served answers for every host by a server of the test's own, over https.
type served struct{ handler http.Handler }

func (s served) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

var allowed = Config{Hosts: []string{"api.scb.se", "statistik.example"}, Limit: 100, Timeout: time.Second, Agent: "overens"}

func TestWhatLiesAtAnAddressIsReadWithinLimits(t *testing.T) {
	r := newReader(allowed, served{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/small":
			_, _ = w.Write([]byte("168035"))
		case "/large":
			_, _ = w.Write([]byte(strings.Repeat("1", 101)))
		case "/moved":
			http.Redirect(w, r, "https://statistik.example/small", http.StatusFound)
		case "/elsewhere":
			http.Redirect(w, r, "https://evil.example/small", http.StatusFound)
		case "/down":
			http.Redirect(w, r, "http://api.scb.se/small", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	})})
	for address, want := range map[string]error{
		"https://api.scb.se/small":              nil,
		"https://API.SCB.SE/small":              nil,
		"https://api.scb.se:443/small":          nil,
		"https://api.scb.se/moved":              nil,
		"https://api.scb.se/large":              ErrTooLarge,
		"https://api.scb.se/none":               ErrStatus,
		"https://api.scb.se/round":              ErrStatus,
		"https://api.scb.se/elsewhere":          ErrHost,
		"https://api.scb.se/down":               ErrAddress,
		"http://api.scb.se/small":               ErrAddress,
		"https://api.scb.se:8443/small":         ErrAddress,
		"https://somebody:secret@api.scb.se/":   ErrAddress,
		"https://api.scb.se.evil.example/small": ErrHost,
		"https://127.0.0.1/small":               ErrHost,
		"file:///etc/passwd":                    ErrAddress,
		"":                                      ErrAddress,
		"https://api.scb.se/\x00":               ErrAddress,
	} {
		got, err := r.Get(t.Context(), address)
		if !errors.Is(err, want) || want == nil && string(got) != "168035" {
			t.Errorf("%q: %q, %v, want %v", address, got, err, want)
		}
	}
}

func TestNoConnectionLeadsInward(t *testing.T) {
	for address, open := range map[string]bool{
		"192.36.148.17:443": true, "[2001:6b0::1]:443": true,
		"127.0.0.1:443": false, "10.0.0.1:443": false, "172.16.3.4:443": false, "192.168.1.1:443": false, "169.254.169.254:443": false,
		"100.64.0.1:443": false, "0.0.0.0:443": false, "224.0.0.1:443": false, "255.255.255.255:443": false,
		"[::1]:443": false, "[fe80::1]:443": false, "[fd00::1]:443": false, "[::ffff:10.0.0.1]:443": false, "[64:ff9b::a00:1]:443": false, "[2002:a00:1::]:443": false, "0.1.2.3:443": false, "scb.se:443": false,
	} {
		if err := public("tcp", address, nil); (err == nil) != open {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestTheTransportItselfRefusesWhatIsPrivate(t *testing.T) {
	s := httptest.NewTLSServer(http.NotFoundHandler())
	defer s.Close()
	r := New(Config{Hosts: []string{"localhost"}, Limit: 100, Timeout: 5 * time.Second})
	if _, err := r.Get(t.Context(), "https://localhost/"); !errors.Is(err, ErrPrivate) {
		t.Errorf("got %v", err)
	}
}

func TestARefusalSaysWhy(t *testing.T) {
	r := newReader(allowed, nil)
	for err, want := range map[error]string{
		ErrAddress: "population.address_wrong", ErrHost: "population.led_away", ErrPrivate: "population.led_away",
		ErrStatus: "population.answered_wrong", ErrTooLarge: "population.too_large", errors.New("cut off"): "population.unreachable",
	} {
		if f := r.Refusal("population", err); f.Key != want || !errors.Is(f, &fault.Fault{Key: want}) {
			t.Errorf("%v: %s, want %s", err, f.Key, want)
		}
	}
}
