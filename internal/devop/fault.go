package devop

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Fault is one way of being a bad provider. The zero Fault is a good one.
// Tests play them to see that the relying party refuses.
type Fault struct {
	Down   bool                                         // every request is answered 503
	Claims func(claims map[string]any)                  // changes the ID token's claims; they are signed again
	Sign   func(k *Key, payload []byte) (string, error) // signs in place of the provider's key k
}

// The faults that every relying party must withstand.
var (
	Down          = Fault{Down: true}
	WrongIssuer   = Fault{Claims: func(c map[string]any) { c["iss"] = "https://someone-else.example" }}
	WrongAudience = Fault{Claims: func(c map[string]any) { c["aud"] = []string{"someone-else"}; c["azp"] = "someone-else" }}
	WrongNonce    = Fault{Claims: func(c map[string]any) { c["nonce"] = "of-another-sign-in" }}
	Expired       = Fault{Claims: func(c map[string]any) {
		past := time.Now().Add(-2 * time.Hour)
		c["iat"], c["auth_time"], c["exp"] = past.Unix(), past.Unix(), past.Add(idTokenLife).Unix()
	}}
	Unsigned    = Fault{Sign: unsigned}
	ForgedHS256 = Fault{Sign: forgedHS256}
	ForgedKey   = Fault{Sign: forgedKey}
)

// Misbehave makes the provider play a fault from now on; Misbehave(Fault{})
// ends it.
func (p *Provider) Misbehave(f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
}

func (p *Provider) faulty() Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fault
}

// bend turns a good ID token into the fault's.
func (f Fault) bend(token string, k *Key) (string, error) {
	if f.Claims == nil && f.Sign == nil {
		return token, nil
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", fmt.Errorf("devop: a token of %d parts", len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", fmt.Errorf("devop: payload: %w", err)
	}
	if f.Claims != nil {
		var claims map[string]any
		if err := json.Unmarshal(payload, &claims); err != nil {
			return "", fmt.Errorf("devop: payload: %w", err)
		}
		f.Claims(claims)
		if payload, err = json.Marshal(claims); err != nil {
			return "", fmt.Errorf("devop: payload: %w", err)
		}
	}
	if f.Sign != nil {
		return f.Sign(k, payload)
	}
	return sign(algorithm, k.private, k.id, payload)
}

func unsigned(_ *Key, payload []byte) (string, error) {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + encode(payload) + ".", nil
}

// forgedHS256 uses the public key as a shared secret: it fools whoever lets
// the token say how it is to be checked.
func forgedHS256(k *Key, payload []byte) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		return "", fmt.Errorf("devop: public key: %w", err)
	}
	secret := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	return sign(jose.HS256, secret, k.id, payload)
}

// forgedKey signs with a stranger's key under the provider's key id.
func forgedKey(k *Key, payload []byte) (string, error) {
	stranger, err := NewKey()
	if err != nil {
		return "", err
	}
	return sign(algorithm, stranger.private, k.id, payload)
}
