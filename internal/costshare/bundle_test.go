package costshare_test

import (
	"archive/zip"
	"bytes"
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/text"
)

// slow prints one file at a time, when it is told to.
type slow struct {
	print.None
	next chan struct{}
}

func (s slow) Print(ctx context.Context, d print.Document) ([]byte, error) {
	select {
	case <-s.next:
		return append([]byte("%PDF-1.7 "), d.HTML...), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// All statements are bound by a job that tells how far it is; who asks again gets
// the one there is.
func TestAllStatementsAreMadeByAJobThatTellsHowFarItIs(t *testing.T) {
	w := begin(t)
	r := w.adopted(2025)
	preview := w.draw(costshare.Order{Function: "coordinator", From: day.Of(2024, 1, 1)})
	printer := slow{next: make(chan struct{})}
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[costshare.Making]) error {
		return costshare.Make(ctx, w.DB, job, printer)
	}))
	client, err := river.NewClient(riverpgxv5.New(w.Pool()), &river.Config{Schema: "river", Workers: workers, TestOnly: true,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}, Logger: slog.New(slog.DiscardHandler), FetchPollInterval: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.StopAndCancel(context.WithoutCancel(t.Context())) }()

	var b costshare.Bundle
	pack := func() error {
		return w.try(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) (err error) {
			b, err = costshare.Pack(ctx, tx, r.ID, text.Swedish)
			return err
		})
	}
	if err := pack(); err != nil || b.Ready || b.Total != 13 {
		t.Fatalf("%v %+v", err, b)
	}
	first := b.ID
	look := func(until func() bool) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); !until(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("it gets nowhere: %+v", b)
			}
			w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) (err error) {
				b, err = costshare.GetBundle(ctx, tx, first)
				return err
			})
		}
	}
	for range 3 {
		printer.next <- struct{}{}
	}
	look(func() bool { return b.Done == 3 })
	err = w.try(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		_, _, err := costshare.Content(ctx, tx, first)
		return err
	})
	if !fault.Is(err, "cost.bundle_not_ready") {
		t.Errorf("fetched before it is ready: %v", err)
	}
	if err := pack(); err != nil || b.ID != first {
		t.Errorf("asked for again: %v %s", err, b.ID)
	}
	// A server that was killed leaves it where it was: then it may be asked for anew.
	if _, err := w.Owner(t).Exec(t.Context(), "UPDATE cost_bundle SET moved_at = moved_at - interval '3 minutes'"); err != nil {
		t.Fatal(err)
	}
	if err := pack(); err != nil || b.ID == first || b.Done != 0 {
		t.Fatalf("asked for anew: %v %+v", err, b)
	}
	first = b.ID
	close(printer.next)
	look(func() bool { return b.Ready })
	w.as(auth.RoleAuditor, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		name, content, err := costshare.Content(ctx, tx, first)
		if err != nil {
			return err
		}
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return err
		}
		var names []string
		for _, f := range z.File {
			names = append(names, f.Name)
		}
		if name != "Kommunal integrationssamordnare 2025" || len(names) != 16 || !slices.Contains(names, "11 Motala kommun.pdf") || int64(len(content)) != b.Size {
			t.Errorf("%s: %v", name, names)
		}
		return nil
	})
	err = w.try(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		_, err := costshare.Pack(ctx, tx, preview.ID, text.Swedish)
		return err
	})
	if !fault.Is(err, "cost.not_adopted") {
		t.Errorf("a preview: %v", err)
	}
	if err := w.try(auth.RolePartyFinance, w.ids["Kinda"], func(ctx context.Context, tx *pg.Tx) error {
		_, err := costshare.Pack(ctx, tx, r.ID, text.Swedish)
		return err
	}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("a payer: %v", err)
	}
}
