package document

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document/internal/documentdb"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
)

// Grace is how long a file may wait for its row. What is younger may be on its way.
const Grace = 24 * time.Hour

// Swept is what a sweep found.
type Swept struct {
	Deleted int       // files without a row, taken away
	Missing []Missing // rows without a file: somebody has to know of them
}

// Missing is a version whose file is not in the store.
type Missing struct {
	Document uuid.UUID
	Number   int
}

// sweepPage is how many rows a unit of work of the sweep reads.
const sweepPage = 1000

// SweepOrphans takes away a county's files that have had no row for Grace, and
// finds the rows whose file is not there. It walks both by key, side by side,
// in short units of work, and asks again before it believes what it saw: rows
// and files come and go meanwhile. Done again, it finds nothing more to do.
func SweepOrphans(ctx context.Context, db *pg.DB, store *files.Store, county string) (Swept, error) {
	actor := auth.System(county, "job:document.sweep", "")
	var s Swept
	var orphans []string
	take := func() error {
		n, err := takeAway(ctx, db, store, actor, orphans)
		s.Deleted, orphans = s.Deleted+n, orphans[:0]
		return err
	}
	old := db.Now().Add(-Grace)

	next, stop := iter.Pull2(store.List(ctx, county))
	defer stop()
	e, err, more := next()
	for after, last := "", false; !last; {
		var rows []documentdb.FilesRow
		if err := db.InTenant(ctx, actor, pg.Read, func(tx *pg.Tx) (err error) {
			rows, err = documentdb.New(tx).Files(ctx, documentdb.FilesParams{After: after, Max: sweepPage})
			return err
		}); err != nil {
			return s, err
		}
		last = len(rows) < sweepPage
		for i := 0; i < len(rows) || (last && more); {
			switch {
			case more && err != nil:
				return s, err
			case more && (i == len(rows) || e.Key < rows[i].BlobKey):
				if e.At.Before(old) {
					orphans = append(orphans, e.Key)
				}
				e, err, more = next()
			case more && e.Key == rows[i].BlobKey:
				e, err, more = next()
				i++
			default:
				if _, err := store.Stat(ctx, rows[i].BlobKey); errors.Is(err, files.ErrMissing) {
					s.Missing = append(s.Missing, Missing{Document: rows[i].DocumentID, Number: int(rows[i].Number)})
				} else if err != nil {
					return s, err
				}
				i++
			}
			if len(orphans) == sweepPage {
				if err := take(); err != nil {
					return s, err
				}
			}
		}
		if len(rows) > 0 {
			after = rows[len(rows)-1].BlobKey
		}
	}
	return s, take()
}

// takeAway deletes those of the files that have no row now either.
func takeAway(ctx context.Context, db *pg.DB, store *files.Store, actor auth.Actor, keys []string) (n int, err error) {
	if len(keys) == 0 {
		return 0, nil
	}
	rowed := map[string]bool{}
	if err := db.InTenant(ctx, actor, pg.Read, func(tx *pg.Tx) error {
		ks, err := documentdb.New(tx).Rowed(ctx, keys)
		for _, k := range ks {
			rowed[k] = true
		}
		return err
	}); err != nil {
		return 0, err
	}
	for _, k := range keys {
		if rowed[k] {
			continue
		}
		if err := store.Delete(ctx, k); err != nil && !errors.Is(err, files.ErrMissing) {
			return n, err
		}
		n++
	}
	return n, nil
}
