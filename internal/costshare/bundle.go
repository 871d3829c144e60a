package costshare

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare/internal/costsharedb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/sheet"
	"github.com/overens/overens/internal/text"
)

// bundleKept is how long a bundle is kept.
const bundleKept = 7 * 24 * time.Hour

// stalled is after how long without getting on a bundle may be asked for anew: the
// server that made it may have been killed.
const stalled = 2 * time.Minute

// Bundle is all statements of an adopted run in one file, and how far the making
// of it is.
type Bundle struct {
	ID      uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Run     uuid.UUID `json:"run" doc:"The run." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Lang    string    `json:"language" enum:"sv,en" doc:"In which language." example:"sv"`
	Done    int       `json:"done" doc:"How many statements are made." example:"12"`
	Total   int       `json:"total" doc:"How many there are." example:"49"`
	Ready   bool      `json:"ready" doc:"Whether it can be fetched." example:"false"`
	Failed  string    `json:"failed,omitempty" doc:"Why it was not made, where it was not: a rule by name." example:"bundle.nothing_prints"`
	Stalled bool      `json:"stalled" doc:"Whether it has not got on for so long that it may be asked for anew." example:"false"`
	Size    int64     `json:"size" doc:"How large it is, in bytes. 0: not ready." example:"3145728"`
	AskedAt time.Time `json:"askedAt" doc:"When it was asked for." example:"2026-01-15T09:00:00Z"`
}

// ETag moves as the making gets on.
func (b Bundle) ETag() string { return fmt.Sprintf("%d-%t-%s", b.Done, b.Ready, b.Failed) }

// Pack asks for a bundle of an adopted run in a language: the files are made by a
// job. Who asks again gets the one there is; one that failed is made anew.
func Pack(ctx context.Context, tx *pg.Tx, run uuid.UUID, l text.Lang) (Bundle, error) {
	if err := tx.Require(auth.CostRead); err != nil {
		return Bundle{}, err
	}
	r, err := Get(ctx, tx, run)
	if err == nil {
		err = r.Closed()
	}
	if err != nil {
		return Bundle{}, err
	}
	q := costsharedb.New(tx)
	there, err := q.BundleOf(ctx, costsharedb.BundleOfParams{RunID: run, Lang: string(l)})
	switch {
	case err == nil && !packed(costsharedb.BundleRow(there), tx.Now).Stalled:
		return packed(costsharedb.BundleRow(there), tx.Now), nil
	case err == nil:
		if err := q.DropBundle(ctx, there.ID); err != nil {
			return Bundle{}, err
		}
	case !fault.Is(err, "common.not_found"):
		return Bundle{}, err
	}
	id := tx.NewID()
	if err := q.AskBundle(ctx, costsharedb.AskBundleParams{ID: id, RunID: run, Lang: string(l), Total: int32(len(r.Statements)), AskedAt: tx.Now}); err != nil { //nolint:gosec // as many as there are payers
		return Bundle{}, err
	}
	if err := tx.Enqueue(ctx, Making{Bundle: id}); err != nil {
		return Bundle{}, err
	}
	return GetBundle(ctx, tx, id)
}

// GetBundle tells how far a bundle is.
func GetBundle(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Bundle, error) {
	if err := tx.Require(auth.CostRead); err != nil {
		return Bundle{}, err
	}
	row, err := costsharedb.New(tx).Bundle(ctx, id)
	return packed(row, tx.Now), err
}

// Content is the file of a bundle that is ready, with its name.
func Content(ctx context.Context, tx *pg.Tx, id uuid.UUID) (name string, content []byte, err error) {
	b, err := GetBundle(ctx, tx, id)
	if err != nil {
		return "", nil, err
	}
	if !b.Ready {
		return "", nil, fault.New(fault.Conflict, "cost.bundle_not_ready")
	}
	r, err := Get(ctx, tx, b.Run)
	if err != nil {
		return "", nil, err
	}
	content, err = costsharedb.New(tx).BundleContent(ctx, id)
	return FileName(text.Lang(b.Lang), r.Brief), content, err
}

// SweepBundles takes bundles away that have been kept for long enough.
func SweepBundles(ctx context.Context, tx *pg.Tx) error {
	return costsharedb.New(tx).SweepBundles(ctx, tx.Now.Add(-bundleKept))
}

func packed(r costsharedb.BundleRow, now time.Time) Bundle {
	return Bundle{Stalled: r.MadeAt == nil && (r.Failed != "" || now.Sub(r.MovedAt) >= stalled), ID: r.ID, Run: r.RunID, Lang: r.Lang, Done: int(r.Done), Total: int(r.Total), Ready: r.MadeAt != nil, Failed: r.Failed, Size: r.Size, AskedAt: r.AskedAt}
}

// tries is how often a bundle is tried before it is told that it cannot be made.
const tries = 3

// Making is the job that makes a bundle.
type Making struct {
	Bundle uuid.UUID `json:"bundle"`
}

// Kind names the job.
func (Making) Kind() string { return "cost.bundle" }

// Make does the job Making: it reads the run, makes the files outside of any unit
// of work, telling after each how far it is, and keeps them as it completes.
func Make(ctx context.Context, db *pg.DB, job *river.Job[Making], printer print.Printer) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	id := job.Args.Bundle
	var b Bundle
	var r Run
	var above string
	err = db.InTenant(ctx, actor, pg.Read, func(tx *pg.Tx) (err error) {
		if b, err = GetBundle(ctx, tx, id); err != nil {
			return err
		}
		above = tx.Config().Identity.Administration.In(b.Lang)
		r, err = Get(ctx, tx, b.Run)
		return err
	})
	if fault.Is(err, "common.not_found") || err == nil && b.Ready { // swept or made since
		return pg.InJob(ctx, db, job, func(*pg.Tx) error { return nil })
	}
	if err != nil {
		return err
	}
	content, err := pack(ctx, text.Lang(b.Lang), above, r, printer, func(done int) error {
		return db.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) error {
			return costsharedb.New(tx).BundleGetsOn(ctx, costsharedb.BundleGetsOnParams{ID: id, Done: int32(done), MovedAt: tx.Now}) //nolint:gosec // as many as there are payers
		})
	})
	if errors.Is(err, print.ErrUnavailable) { // no number of tries makes a printer
		return pg.InJob(ctx, db, job, func(tx *pg.Tx) error {
			return costsharedb.New(tx).BundleFailed(ctx, costsharedb.BundleFailedParams{ID: id, Failed: "bundle.nothing_prints"})
		})
	}
	if err != nil && ctx.Err() == nil && job.Attempt >= tries {
		return pg.InJob(ctx, db, job, func(tx *pg.Tx) error {
			return costsharedb.New(tx).BundleFailed(ctx, costsharedb.BundleFailedParams{ID: id, Failed: "cost.bundle_failed"})
		})
	}
	if err != nil {
		return err
	}
	return pg.InJob(ctx, db, job, func(tx *pg.Tx) error {
		return costsharedb.New(tx).BundleMade(ctx, costsharedb.BundleMadeParams{ID: id, Content: content, MadeAt: &tx.Now})
	})
}

// pack makes a ZIP of a run's workbook, its two tables and a PDF for each payer.
func pack(ctx context.Context, l text.Lang, above string, r Run, printer print.Printer, told func(done int) error) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, write func(*bytes.Buffer) error) error {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.CreatedAt})
		if err != nil {
			return err
		}
		_, err = w.Write(b.Bytes())
		return err
	}
	name := FileName(l, r.Brief)
	for _, f := range []struct {
		name  string
		write func(*bytes.Buffer) error
	}{
		{name + ".xlsx", func(b *bytes.Buffer) error { return Book(b, l, r) }},
		{name + ".csv", func(b *bytes.Buffer) error { return Table(b, sheet.Swedish, l, r) }},
		{name + "-rfc4180.csv", func(b *bytes.Buffer) error { return Table(b, sheet.RFC4180, l, r) }},
	} {
		if err := add(f.name, f.write); err != nil {
			return nil, err
		}
	}
	for i, s := range r.Statements {
		doc, err := Leaf(l, above, r, s).Document()
		if err != nil {
			return nil, err
		}
		pdf, err := printer.Print(ctx, doc)
		if err != nil {
			return nil, err
		}
		err = add(fmt.Sprintf("%02d %s.pdf", i+1, fileName(s.Name)), func(b *bytes.Buffer) error {
			_, err := b.Write(pdf)
			return err
		})
		if err != nil {
			return nil, err
		}
		if err := told(i + 1); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// FileName is what a file about a run is called, without its ending.
func FileName(l text.Lang, b Brief) string { return fileName(RunName(l, b)) }

// mostInName is how long a file's name may be, in characters.
const mostInName = 80

// fileName is a name without what means something in a path.
func fileName(s string) string {
	if long := []rune(s); len(long) > mostInName {
		s = string(long[:mostInName])
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, s)
}
