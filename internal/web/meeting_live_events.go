package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// A page of a meeting that is held is told when it has become another. What is
// told is that, and nothing else: the page is asked for again, by whoever may see
// it. A stream that is open asks as often as something happens what its reader
// sees, and is silent where that is the same: what is confidential to others makes
// no sound for them.

const (
	heartbeat   = 20 * time.Second       // so that whoever stands between keeps the line, and one that has gone is noticed
	settling    = 150 * time.Millisecond // what comes together is told together
	longestEar  = time.Hour              // then the browser comes back by itself
	mostEars    = 2000                   // streams open at once at one server
	aliveWithin = 10 * time.Second       // how long a browser may take to receive a line
)

// fingerprint is what a reader sees of a meeting as one word: it moves when, and
// only when, that does.
func fingerprint(now meeting.Now, items []meeting.Item) string {
	now.Meeting.Version = 0 // moves also for what the reader may not see
	// Most matters have not been touched, and what is reckoned is one and the same.
	polls := now.Polls
	now.Polls = nil
	told := map[*governance.Outcome]int{}
	var same []int
	for _, p := range polls {
		at, known := told[p.ByVotes]
		if p.ByVotes == nil || !known {
			at = len(now.Polls)
			told[p.ByVotes] = at
			now.Polls = append(now.Polls, p)
		}
		same = append(same, at)
	}
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(struct {
		Now   meeting.Now
		Same  []int
		Items []meeting.Item
	}{now, same, items}); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// ears are those who want to hear of meetings at this server. There is one
// connection that listens, while there is somebody to hear it.
type ears struct {
	mu   sync.Mutex
	of   map[ear]map[chan struct{}]bool
	n    int
	hush context.CancelFunc
}

type ear struct {
	tenant string
	id     uuid.UUID
}

// join lets news of a meeting be heard until leave is called.
func (e *ears) join(db *pg.DB, to ear) (news <-chan struct{}, leave func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.n >= mostEars {
		return nil, nil, fault.New(fault.Unavailable, "meeting.live.crowded")
	}
	if e.n++; e.n == 1 {
		ctx, cancel := context.WithCancel(context.Background())
		e.hush = cancel
		go func() { _ = db.Listen(ctx, e.hear) }() // ends when it is told to
	}
	c := make(chan struct{}, 1)
	if e.of == nil {
		e.of = map[ear]map[chan struct{}]bool{}
	}
	if e.of[to] == nil {
		e.of[to] = map[chan struct{}]bool{}
	}
	e.of[to][c] = true
	return c, func() { e.leave(to, c) }, nil
}

func (e *ears) leave(to ear, c chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if delete(e.of[to], c); len(e.of[to]) == 0 {
		delete(e.of, to)
	}
	if e.n--; e.n == 0 {
		e.hush()
	}
}

// hear passes a notice on to those whom it is about; one without a topic, to all:
// something may have been missed.
func (e *ears) hear(n pg.Notice) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch n.Topic {
	case "":
		for to := range e.of {
			e.tell(to)
		}
	case "meeting":
		for _, id := range n.IDs {
			e.tell(ear{n.Tenant, id})
		}
	}
}

func (e *ears) tell(to ear) {
	for c := range e.of[to] {
		select {
		case c <- struct{}{}:
		default: // has something to look at already
		}
	}
}

// meetingEvents is the stream of one page of a meeting that is held.
func (d *Door) meetingEvents(w http.ResponseWriter, r *http.Request) {
	v := d.visit(w, r)
	at, err := id(r, "id")
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	is, err := d.standing(r.Context(), v, at)
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Accel-Buffering", "no")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodHead {
		return
	}
	news, leave, err := d.ears.join(d.DB, ear{v.Slug, at})
	if err != nil {
		h.Del("Content-Type")
		d.refuse(w, v, err)
		return
	}
	defer leave()
	said := r.Header.Get("Last-Event-ID")
	if said == "" {
		said = v.Asked("seen")
	}
	s := stream{w, http.NewResponseController(w)}
	if err := s.begin(); err != nil {
		return
	}
	s.follow(r.Context(), d, v, at, news, said, is)
}

// standing is what the reader sees of a meeting now, as one word.
func (d *Door) standing(ctx context.Context, v *visit, at uuid.UUID) (state string, err error) {
	_, err = d.ask(ctx, v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		_, _, state, err = v.stand(ctx, tx, at)
		return nil, err
	})
	return state, err
}

// stream is an answer that goes on.
type stream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

// begin takes off the time that reading the request may take, which would else
// end the stream.
func (s stream) begin() error {
	if err := s.rc.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return s.send("retry: 3000\n\n")
}

// send writes a piece at once: it has its own time to arrive, the stream has none.
func (s stream) send(piece string) error {
	if err := s.rc.SetWriteDeadline(time.Now().Add(aliveWithin)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := fmt.Fprint(s.w, piece); err != nil {
		return err
	}
	return s.rc.Flush()
}

// follow tells that the meeting has become another for its reader, until he goes,
// may not see it any more, or the server stops.
func (s stream) follow(ctx context.Context, d *Door, v *visit, at uuid.UUID, news <-chan struct{}, said, is string) {
	beat, enough := time.NewTicker(heartbeat), time.NewTimer(longestEar)
	defer beat.Stop()
	defer enough.Stop()
	for {
		if is != said {
			if s.send("id: "+is+"\nevent: changed\ndata: 1\n\n") != nil {
				return
			}
			said = is
		}
		select {
		case <-ctx.Done():
			return
		case <-d.Leaving:
			return
		case <-enough.C:
			return
		case <-beat.C:
			if s.send(": \n\n") != nil {
				return
			}
		case <-news:
			time.Sleep(settling)
			select { // what came meanwhile is seen with it
			case <-news:
			default:
			}
			var err error
			if is, err = d.standing(ctx, v, at); err != nil {
				return // the browser comes back, and is told why
			}
		}
	}
}
