package api

import (
	"bytes"
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sheet"
	"github.com/overens/overens/internal/text"
)

// CostTable asks for a run as CSV.
type CostTable struct {
	InCostRun
	Dialect string `query:"dialect" default:"swedish" enum:"swedish,rfc4180" doc:"How it is written: for a Swedish Excel, or by RFC 4180." example:"rfc4180"`
}

// costFile is a run that a file is made of.
type costFile struct {
	costshare.Run
	lang      text.Lang
	county    string
	statement uuid.UUID
	dialect   sheet.Dialect
}

func (d *Door) costFiles() {
	const one = "/counties/{county}/cost-runs/{run}"
	made(d, Member, one+"/xlsx", "get-cost-run-xlsx", madeFile{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Kostnad.xlsx", "PK…"},
		func(ctx context.Context, tx *pg.Tx, in *InCostRun) (costFile, error) {
			return d.costFile(ctx, tx, in.ID)
		},
		func(_ context.Context, f costFile) (string, []byte, error) {
			var b bytes.Buffer
			err := costshare.Book(&b, f.lang, f.Run)
			return costshare.FileName(f.lang, f.Brief), b.Bytes(), err
		})
	made(d, Member, one+"/csv", "get-cost-run-csv", madeFile{"text/csv; charset=utf-8", "Kostnad.csv", "Kod;Betalare…"},
		func(ctx context.Context, tx *pg.Tx, in *CostTable) (costFile, error) {
			f, err := d.costFile(ctx, tx, in.ID)
			if in.Dialect == "rfc4180" {
				f.dialect = sheet.RFC4180
			}
			return f, err
		},
		func(_ context.Context, f costFile) (string, []byte, error) {
			var b bytes.Buffer
			err := costshare.Table(&b, f.dialect, f.lang, f.Run)
			return costshare.FileName(f.lang, f.Brief), b.Bytes(), err
		})
	made(d, Member, "/counties/{county}/cost-statements/{statement}/pdf", "get-cost-statement-pdf", madeFile{pdfType, "Kostnadsbesked.pdf", "%PDF-1.7 …"},
		func(ctx context.Context, tx *pg.Tx, in *InCostStatement) (costFile, error) {
			r, s, err := costshare.RunOf(ctx, tx, in.ID)
			if err != nil {
				return costFile{}, err
			}
			return d.costFileOf(ctx, tx, r, s.Organisation)
		},
		func(ctx context.Context, f costFile) (string, []byte, error) {
			s, _ := f.Of(f.statement)
			leaf := costshare.Leaf(f.lang, f.county, f.Run, s)
			pdf, err := d.printLeaf(ctx, leaf)
			return leaf.Title, pdf, err
		})
}

// CostBundle is all statements of a run in one file, and how far it is.
type CostBundle struct {
	costshare.Bundle
	Linked
}

// InCostBundle names a bundle in the path.
type InCostBundle struct {
	InCounty
	ID uuid.UUID `path:"bundle" doc:"The bundle's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// costBundleFile is a bundle's file with its name.
type costBundleFile struct {
	name    string
	content []byte
}

// costBundles are made by a job: whoever asks looks how far it is.
func (d *Door) costBundles() {
	const one = "/counties/{county}/cost-bundles/{bundle}"
	create(d, "/counties/{county}/cost-runs/{run}/bundles", "pack-cost-run", func(ctx context.Context, tx *pg.Tx, in *InCostRun) (CostBundle, error) {
		b, err := costshare.Pack(ctx, tx, in.ID, from(ctx).lang)
		return d.costBundle(tx, b), err
	})
	read(d, Member, one, "get-cost-bundle", func(ctx context.Context, tx *pg.Tx, in *InCostBundle) (CostBundle, error) {
		b, err := costshare.GetBundle(ctx, tx, in.ID)
		return d.costBundle(tx, b), err
	})
	made(d, Member, one+"/zip", "get-cost-bundle-zip", madeFile{"application/zip", "Kostnadsbesked.zip", "PK…"},
		func(ctx context.Context, tx *pg.Tx, in *InCostBundle) (f costBundleFile, err error) {
			f.name, f.content, err = costshare.Content(ctx, tx, in.ID)
			return f, err
		},
		func(_ context.Context, f costBundleFile) (string, []byte, error) { return f.name, f.content, nil })
}

func (d *Door) costBundle(tx *pg.Tx, b costshare.Bundle) CostBundle {
	here := d.at("counties", tx.Tenant, "cost-bundles", b.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("run", http.MethodGet, d.at("counties", tx.Tenant, "cost-runs", b.Run.String()))
	if b.Ready {
		l.to("zip", http.MethodGet, here+"/zip")
	}
	return CostBundle{b, Linked{l}}
}

func (d *Door) costFile(ctx context.Context, tx *pg.Tx, run uuid.UUID) (costFile, error) {
	r, err := costshare.Get(ctx, tx, run)
	if err != nil {
		return costFile{}, err
	}
	return d.costFileOf(ctx, tx, r, uuid.Nil)
}

func (d *Door) costFileOf(ctx context.Context, tx *pg.Tx, r costshare.Run, statement uuid.UUID) (costFile, error) {
	if err := r.Closed(); err != nil {
		return costFile{}, err
	}
	lang := from(ctx).lang
	return costFile{Run: r, lang: lang, county: tx.Config().Identity.Administration.In(string(lang)), statement: statement}, nil
}
