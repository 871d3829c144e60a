package meeting

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Readings remembers who has opened which paper, and writes it down a moment
// later for many at once: the reading itself stays a reading.
type Readings struct {
	db    *pg.DB
	delay time.Duration
	fail  func(error)

	mu      sync.Mutex
	kept    map[string][]glance // by county
	pending sync.WaitGroup
}

type glance struct {
	paper, person uuid.UUID
	at            time.Time
}

// NewReadings makes the memory. What cannot be written is told to fail.
func NewReadings(db *pg.DB, delay time.Duration, fail func(error)) *Readings {
	return &Readings{db: db, delay: delay, fail: fail, kept: map[string][]glance{}}
}

// Opened notes that a person has opened a paper. A role without a person leaves
// no trace.
func (r *Readings) Opened(a auth.Actor, paper uuid.UUID, at time.Time) {
	if r == nil || a.Person == uuid.Nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	first := len(r.kept[a.Tenant]) == 0
	r.kept[a.Tenant] = append(r.kept[a.Tenant], glance{paper, a.Person, at})
	if first {
		r.pending.Add(1)
		time.AfterFunc(r.delay, func() {
			defer r.pending.Done()
			r.write(a.Tenant)
		})
	}
}

// Wait lets what is kept be written, as when the server stops.
func (r *Readings) Wait() {
	if r != nil {
		r.pending.Wait()
	}
}

func (r *Readings) write(county string) {
	r.mu.Lock()
	all := r.kept[county]
	delete(r.kept, county)
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := r.db.InTenant(ctx, auth.System(county, "reading", ""), pg.Write, func(tx *pg.Tx) error {
		var p meetingdb.ReadPapersParams
		for _, o := range all {
			p.Papers, p.People, p.Times = append(p.Papers, o.paper), append(p.People, o.person), append(p.Times, o.at)
		}
		return meetingdb.New(tx).ReadPapers(ctx, p)
	})
	if err != nil {
		r.fail(err)
	}
}
