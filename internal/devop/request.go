package devop

import (
	"crypto/rand"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// requestLife is how long somebody may look at the page before choosing, and
// how long a code waits for being redeemed.
const requestLife = 10 * time.Minute

var errNoRequest = errors.New("devop: the request is unknown, too old or already answered")

// request is one authorization request: what the client asked, and who was
// chosen. It is a value, so that nobody changes it behind the lock.
type request struct {
	*oidc.AuthRequest // never changed after it is added
	id                string
	made              time.Time
	persona           Persona
	chosen            time.Time // zero until a person is chosen
	code              string
}

func (q request) GetID() string          { return q.id }
func (q request) GetACR() string         { return "" }
func (q request) GetAMR() []string       { return nil }
func (q request) GetAudience() []string  { return []string{q.ClientID} }
func (q request) GetAuthTime() time.Time { return q.chosen }
func (q request) GetClientID() string    { return q.ClientID }
func (q request) GetNonce() string       { return q.Nonce }
func (q request) GetScopes() []string    { return q.Scopes }
func (q request) GetSubject() string     { return q.persona.Key }
func (q request) Done() bool             { return !q.chosen.IsZero() }
func (q request) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: q.CodeChallenge, Method: q.CodeChallengeMethod}
}

// requests are those under way. They live in memory: a restart means signing
// in once more.
type requests struct {
	mu  sync.Mutex
	all map[string]request
}

func randomID() string { return rand.Text() }

func (r *requests) add(in *oidc.AuthRequest, now time.Time) request {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.all, func(_ string, q request) bool { return now.Sub(q.made) > requestLife })
	if r.all == nil {
		r.all = map[string]request{}
	}
	q := request{AuthRequest: in, id: randomID(), made: now}
	r.all[q.id] = q
	return q
}

func (r *requests) byID(id string) (request, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q, ok := r.all[id]
	if !ok {
		return request{}, errNoRequest
	}
	return q, nil
}

// choose settles who answers the request; the first choice stands.
func (r *requests) choose(id string, p Persona, now time.Time) (request, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q, ok := r.all[id]
	if !ok || q.Done() {
		return request{}, errNoRequest
	}
	q.persona, q.chosen = p, now
	r.all[id] = q
	return q, nil
}

func (r *requests) giveCode(id, code string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	q, ok := r.all[id]
	if !ok || q.code != "" {
		return errNoRequest
	}
	q.code = code
	r.all[id] = q
	return nil
}

// redeem takes the request out: a code is good for one attempt, also a failed
// one.
func (r *requests) redeem(code string) (request, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, q := range r.all {
		if q.code != "" && q.code == code {
			delete(r.all, id)
			return q, nil
		}
	}
	return request{}, errNoRequest
}

func (r *requests) remove(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, id)
}
