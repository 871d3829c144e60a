package signin_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/overens/overens/internal/signin"
)

// ring is a provider's keys, as the test wants them.
type ring struct {
	mu    sync.Mutex
	set   any
	down  bool
	asked int
	ahead time.Duration
}

func (r *ring) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	if r.down {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": r.set})
}

func (r *ring) now() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return time.Now().Add(r.ahead) }

func (r *ring) do(f func()) { r.mu.Lock(); defer r.mu.Unlock(); f() }

func ec(t *testing.T, id string) jose.JSONWebKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: k, KeyID: id, Algorithm: "ES256", Use: "sig"}
}

func signed(t *testing.T, k jose.JSONWebKey, alg jose.SignatureAlgorithm) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: k}, nil)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	return must(jws.CompactSerialize())
}

func TestKeysComeAndGo(t *testing.T) {
	a, b := ec(t, "a"), ec(t, "b")
	r := &ring{set: []any{a.Public()}}
	server := httptest.NewServer(r)
	defer server.Close()
	keys := signin.Keys(server.URL, r.now)
	ok := func(k jose.JSONWebKey) bool {
		_, err := keys.VerifySignature(t.Context(), signed(t, k, jose.ES256))
		return err == nil
	}
	if !ok(a) || ok(b) || r.asked != 1 {
		t.Fatalf("asked %d times", r.asked)
	}
	// A new key, seen when the throttle allows.
	r.do(func() { r.set, r.ahead = []any{b.Public(), a.Public()}, 31*time.Second })
	if !ok(b) || !ok(a) || r.asked != 2 {
		t.Errorf("after a new key: asked %d times", r.asked)
	}
	// The old key is taken away: it works until the keys are old, and no longer.
	r.do(func() { r.set, r.ahead = []any{b.Public()}, 31*time.Second+59*time.Minute })
	if !ok(a) {
		t.Error("known keys are not asked for within the hour")
	}
	r.do(func() { r.ahead = 31*time.Second + time.Hour })
	if ok(a) || !ok(b) {
		t.Error("a key that was taken away still works after an hour")
	}
	// A provider that is away when the keys are old: nothing is believed.
	r.do(func() { r.down, r.ahead = true, r.ahead+61*time.Minute })
	before := r.asked
	for range 5 {
		if ok(b) {
			t.Error("old keys are believed")
		}
	}
	if r.asked != before+1 {
		t.Errorf("asked %d times while away", r.asked-before)
	}
	r.do(func() { r.down, r.ahead = false, r.ahead+31*time.Second })
	if !ok(b) {
		t.Error("the provider is back")
	}
}

func TestManyAtOnceAskOnce(t *testing.T) {
	k := ec(t, "a")
	r := &ring{set: []any{k.Public()}}
	server := httptest.NewServer(r)
	defer server.Close()
	keys := signin.Keys(server.URL, r.now)
	token := signed(t, k, jose.ES256)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			ctx := t.Context()
			if i == 0 {
				ctx = gone // whoever gives up does not spoil it for the others
			}
			if _, err := keys.VerifySignature(ctx, token); err != nil && i != 0 {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r.asked != 1 {
		t.Errorf("asked %d times", r.asked)
	}
}

func TestKeysThatMustNotVerify(t *testing.T) {
	good := ec(t, "good")
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Skipf("this Go makes no short keys: %v", err)
	}
	weak := jose.JSONWebKey{Key: small, KeyID: "weak"}
	secret := jose.JSONWebKey{Key: []byte("0123456789abcdef0123456789abcdef"), KeyID: "secret"}
	enc := ec(t, "enc")
	public := enc.Public()
	public.Use = "enc"
	bound := ec(t, "bound")
	other := bound.Public()
	other.Algorithm = "ES384"
	r := &ring{set: []any{map[string]any{"kty": "future", "kid": "x"}, secret, weak.Public(), public, other, good.Public()}}
	server := httptest.NewServer(r)
	defer server.Close()
	keys := signin.Keys(server.URL, r.now)
	if _, err := keys.VerifySignature(t.Context(), signed(t, good, jose.ES256)); err != nil {
		t.Errorf("a good key among bad ones: %v", err)
	}
	for name, token := range map[string]string{"short": signed(t, weak, jose.RS256), "secret": signed(t, secret, jose.HS256),
		"for encryption": signed(t, enc, jose.ES256), "of another algorithm": signed(t, bound, jose.ES256)} {
		if _, err := keys.VerifySignature(t.Context(), token); err == nil {
			t.Errorf("a %s key verifies", name)
		}
	}
}
