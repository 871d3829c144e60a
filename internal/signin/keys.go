package signin

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	keysAge      = time.Hour        // a key that the provider has taken away works no longer than this
	keysThrottle = 30 * time.Second // between two fetches, however many tokens with unknown keys come
	keysMost     = 100
	weakest      = 2048 // bits of an RSA key
)

// algorithms are those that a token may be signed with: asymmetric ones, so
// that nobody who can check a token can make one.
var algorithms = []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.ES512, jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.EdDSA}

var (
	errKey  = errors.New("signin: no key of the provider's has signed the token")
	errAway = errors.New("signin: the provider's keys could not be fetched")
)

// keySet is a provider's keys. It asks the provider when its keys are old, and
// for a key it does not know at most once in a while: anybody can send tokens
// with made-up key ids, and the provider shall not pay for it.
type keySet struct {
	url    string
	client *http.Client
	now    func() time.Time

	mu      sync.Mutex
	keys    []jose.JSONWebKey
	fetched time.Time // of keys
	asked   time.Time // last, whatever came of it
	failed  error     // of the last fetch
	under   chan struct{}
}

// VerifySignature gives the payload of a token that one of the keys has signed.
func (s *keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	jws, err := jose.ParseSigned(token, algorithms)
	if err != nil {
		return nil, err
	}
	if len(jws.Signatures) != 1 {
		return nil, errKey
	}
	header := jws.Signatures[0].Header
	keys, err := s.current(ctx, header.KeyID)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if !fits(k, header) {
			continue
		}
		if payload, err := jws.Verify(k); err == nil {
			return payload, nil
		}
	}
	return nil, errKey
}

// fits tells whether a key may have signed: by its id, where the token names
// one, its algorithm, where the key is bound to one, and its purpose.
func fits(k jose.JSONWebKey, h jose.Header) bool {
	return (h.KeyID == "" || k.KeyID == h.KeyID) && (k.Algorithm == "" || k.Algorithm == h.Algorithm) && (k.Use == "" || k.Use == "sig")
}

func has(keys []jose.JSONWebKey, id string) bool {
	return id == "" || slices.ContainsFunc(keys, func(k jose.JSONWebKey) bool { return k.KeyID == id })
}

// current gives the keys, fetched anew when they are old or do not have id.
func (s *keySet) current(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	for {
		s.mu.Lock()
		now := s.now()
		fresh := !s.fetched.IsZero() && now.Sub(s.fetched) < keysAge
		if fresh && has(s.keys, id) {
			keys := s.keys
			s.mu.Unlock()
			return keys, nil
		}
		if s.under == nil && !s.asked.IsZero() && now.Sub(s.asked) < keysThrottle {
			failed := s.failed
			s.mu.Unlock()
			if failed != nil || !fresh {
				return nil, errors.Join(errAway, failed)
			}
			return nil, errKey
		}
		if s.under == nil {
			s.asked, s.under = now, make(chan struct{})
			// Whoever gives up waiting does not stop it for the others.
			go s.fetch(context.WithoutCancel(ctx), s.under)
		}
		under := s.under
		s.mu.Unlock()
		select {
		case <-under:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (s *keySet) fetch(ctx context.Context, done chan struct{}) {
	keys, err := s.ask(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed, s.under = err, nil
	if err == nil {
		s.keys, s.fetched = keys, s.now()
	}
	close(done)
}

func (s *keySet) ask(ctx context.Context) ([]jose.JSONWebKey, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/jwk-set+json, application/json")
	res, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("signin: the provider's keys: %s", res.Status)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	// Each by itself: a key of a kind unknown here must not hide the others.
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("signin: the provider's keys: %w", err)
	}
	var keys []jose.JSONWebKey
	for _, raw := range set.Keys[:min(len(set.Keys), keysMost)] {
		var k jose.JSONWebKey
		if json.Unmarshal(raw, &k) == nil && k.Valid() && k.IsPublic() && strong(k) {
			keys = append(keys, k)
		}
	}
	return keys, nil
}

// strong tells whether a key is long enough to mean anything.
func strong(k jose.JSONWebKey) bool {
	r, ok := k.Key.(*rsa.PublicKey)
	return !ok || r.N.BitLen() >= weakest
}
