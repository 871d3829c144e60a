package pg

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// channel is where commits are told to all servers.
const channel = "overens"

// Notice says that something of a county has changed: ids only, for whoever
// listens stands outside the wall.
type Notice struct {
	Tenant string      `json:"tenant"`
	Topic  string      `json:"topic"`
	IDs    []uuid.UUID `json:"ids"`
}

type notice struct{ payload string }

// most is how many ids one notice carries: PostgreSQL takes 8000 bytes.
const most = 100

// Notify tells all servers, at commit, that things of a topic have changed.
func (tx *Tx) Notify(topic string, ids ...uuid.UUID) {
	for len(ids) > most {
		tx.Notify(topic, ids[:most]...)
		ids = ids[most:]
	}
	b, _ := json.Marshal(Notice{Tenant: tx.Tenant, Topic: topic, IDs: ids}) // strings and uuids: cannot fail
	tx.after = append(tx.after, notice{string(b)})
}

// Listen calls f for each notice until ctx ends, on one connection of its own.
// When the connection is lost it is made anew, and f gets a Notice without
// topic: something may have been missed.
func (db *DB) Listen(ctx context.Context, f func(Notice)) error {
	for wait := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
		conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
		if err != nil {
			wait = min(wait*2+100*time.Millisecond, 5*time.Second)
			continue
		}
		wait = 100 * time.Millisecond
		if _, err := conn.Exec(ctx, "LISTEN "+channel); err == nil {
			f(Notice{})
			for {
				n, err := conn.WaitForNotification(ctx)
				if err != nil {
					break
				}
				var got Notice
				if json.Unmarshal([]byte(n.Payload), &got) == nil && got.Topic != "" {
					f(got)
				}
			}
		}
		_ = conn.Close(context.WithoutCancel(ctx))
	}
}
