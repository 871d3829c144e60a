package devop

import (
	"errors"
	"fmt"
	"maps"
	"time"
)

// Persona is one made-up person who can sign in without a password.
type Persona struct {
	Key    string         // "kronoberg-strategist": also the subject
	Name   string         // shown on the page, and the claim "name" unless Claims has one
	Group  string         // heading on the page: the county's name
	About  string         // one line: what this person does
	Claims map[string]any // further claims in ID and access tokens: "roles", "orgAffiliation"
}

// protocol lists the claims that the provider itself answers for.
var protocol = map[string]bool{
	"iss": true, "sub": true, "aud": true, "exp": true, "iat": true, "nbf": true, "jti": true, "nonce": true,
	"azp": true, "client_id": true, "auth_time": true, "at_hash": true, "c_hash": true, "sid": true,
}

func (p Persona) check() error {
	if p.Key == "" || p.Name == "" {
		return errors.New("devop: a persona needs a key and a name")
	}
	for claim := range p.Claims {
		if protocol[claim] {
			return fmt.Errorf("devop: persona %q may not carry the claim %q", p.Key, claim)
		}
	}
	return nil
}

// claims gives what the persona adds to a token, free for the caller to keep.
func (p Persona) claims() map[string]any {
	c := map[string]any{"name": p.Name}
	maps.Copy(c, p.Claims)
	return c
}

// Token mints a bearer token as the provider at the issuer would for a
// persona who signed in now. Another process that shares the key can so give
// out tokens that the provider's JWKS confirms.
func Token(k *Key, issuer, clientID string, p Persona, now time.Time, ttl time.Duration) (string, error) {
	if err := p.check(); err != nil {
		return "", err
	}
	claims := p.claims()
	maps.Copy(claims, map[string]any{
		"iss": issuer, "sub": p.Key, "aud": []string{clientID}, "azp": clientID, "client_id": clientID,
		"iat": now.Unix(), "nbf": now.Unix(), "auth_time": now.Unix(), "exp": now.Add(ttl).Unix(),
		"jti": randomID(),
	})
	return k.Sign(claims)
}
