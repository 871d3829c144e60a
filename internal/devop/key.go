package devop

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-jose/go-jose/v4"
)

const algorithm = jose.ES256

// Key signs tokens. Its id is the thumbprint of its public half, so that two
// processes that share the file also agree on the name.
type Key struct {
	private *ecdsa.PrivateKey
	id      string
}

// NewKey makes a key that lives in memory only.
func NewKey() (*Key, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("devop: make key: %w", err)
	}
	return named(private)
}

func named(private *ecdsa.PrivateKey) (*Key, error) {
	web := jose.JSONWebKey{Key: private.Public()}
	sum, err := web.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("devop: name key: %w", err)
	}
	return &Key{private: private, id: base64.RawURLEncoding.EncodeToString(sum)}, nil
}

// LoadKey reads the key in a file, which it makes (readable by its owner
// alone) where there is none. Processes that start at the same moment end up
// with the same key. A file that holds something else is left as it is.
func LoadKey(file string) (*Key, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKeyFile(file); err != nil {
			return nil, fmt.Errorf("devop: make key file: %w", err)
		}
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("devop: read key file: %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("devop: %s holds no private key; remove it to have a new one made", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("devop: %s holds a damaged private key; remove it to have a new one made", file)
	}
	private, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return nil, fmt.Errorf("devop: %s holds a key that is not for %s", file, algorithm)
	}
	return named(private)
}

func makeKeyFile(file string) error {
	k, err := NewKey()
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return err
	}
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(folder, ".key-*") // 0600 from the start
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	if err = errors.Join(err, draft.Close()); err != nil {
		return err
	}
	// A link appears whole or not at all, and never replaces the key of
	// whoever came first. Some file systems have none; there a rename will do.
	err = os.Link(draft.Name(), file)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return os.Rename(draft.Name(), file)
}

// Sign makes a token of any claims: what the provider would say, or what a
// test wants refused.
func (k *Key) Sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("devop: claims: %w", err)
	}
	return sign(algorithm, k.private, k.id, payload)
}

func sign(alg jose.SignatureAlgorithm, secret any, id string, payload []byte) (string, error) {
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: secret, KeyID: id}},
		(&jose.SignerOptions{}).WithType("JWT"),
	)
	if err != nil {
		return "", fmt.Errorf("devop: sign: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("devop: sign: %w", err)
	}
	return signed.CompactSerialize()
}

// signing and verifying are the key's two halves, as the library wants to see
// them.
type signing struct{ of *Key }

func (k signing) ID() string                                  { return k.of.id }
func (k signing) SignatureAlgorithm() jose.SignatureAlgorithm { return algorithm }
func (k signing) Key() any                                    { return k.of.private }

type verifying struct{ of *Key }

func (k verifying) ID() string                         { return k.of.id }
func (k verifying) Algorithm() jose.SignatureAlgorithm { return algorithm }
func (k verifying) Use() string                        { return "sig" }
func (k verifying) Key() any                           { return k.of.private.Public() }
