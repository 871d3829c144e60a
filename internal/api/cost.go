package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/pg"
)

// CostRun is a sharing of a cost with what leads on from it.
type CostRun struct {
	costshare.Run
	Linked
}

// CostRunBrief is a sharing of a cost in a list.
type CostRunBrief struct {
	costshare.Brief
	Linked
}

// CostRunList is a page of sharings of costs.
type CostRunList struct {
	Runs []CostRunBrief `json:"costRuns" doc:"The runs, the latest period first."`
	Paged
}

// CostComparison is several keys and years side by side.
type CostComparison struct {
	costshare.Comparison
	Linked
}

// CostVerification is what came of working every adopted run out again.
type CostVerification struct {
	costshare.Verified
	Linked
}

// RevisedFigures are figures that a run used and that have been revised since.
type RevisedFigures struct {
	Figures []costshare.Difference `json:"revisedFigures" nullable:"false" doc:"The figures. None: all are as they were."`
	Linked
}

// InCostRun names a run in the path.
type InCostRun struct {
	InCounty
	ID uuid.UUID `path:"run" doc:"The run's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// CostRunQuery asks for runs.
type CostRunQuery struct {
	InCounty
	Function string `query:"function" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"Only of this shared function, by key." example:"coordinator"`
	State    string `query:"state" enum:"preview,adopted" doc:"Only those that stand so." example:"adopted"`
	Paging
}

// NewCostRun is an order of a run.
type NewCostRun struct {
	InCounty
	Body costshare.Order
}

// RedrawnCostRun is an order that draws a preview anew.
type RedrawnCostRun struct {
	InCostRun
	Body costshare.Order
}

// CostAdoption is by what a run is adopted.
type CostAdoption struct {
	InCostRun
	Body costshare.Adoption
}

// CostTrial asks for a comparison.
type CostTrial struct {
	InCounty
	Function string   `query:"function" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"The shared function, by key." example:"coordinator"`
	Keys     []string `query:"keys" maxItems:"10" doc:"The keys to compare, by key." example:"[\"population\",\"equal\"]"`
	Years    []int    `query:"years" maxItems:"20" doc:"The years to compare." example:"[2024,2025]"`
	Amount   int64    `query:"amount" minimum:"0" doc:"What is shared each year, in öre. 0: each year's own budget." example:"100000000"`
}

func (d *Door) costs() {
	const all, one = "/counties/{county}/cost-runs", "/counties/{county}/cost-runs/{run}"

	list(d, Member, all, "list-cost-runs", func(ctx context.Context, tx *pg.Tx, in *CostRunQuery) (l CostRunList, total int, err error) {
		bs, total, err := costshare.List(ctx, tx, costshare.Filter{Function: in.Function, State: in.State, Limit: in.Limit, Page: in.Page})
		for _, b := range bs {
			l.Runs = append(l.Runs, CostRunBrief{b, Linked{d.costRunLinks(tx, b, uuid.Nil)}})
		}
		return l, total, err
	})
	create(d, all, "draw-cost-run", func(ctx context.Context, tx *pg.Tx, in *NewCostRun) (CostRun, error) {
		r, err := costshare.Draw(ctx, tx, in.Body)
		return d.costRun(tx, r), err
	})
	read(d, Member, one, "get-cost-run", func(ctx context.Context, tx *pg.Tx, in *InCostRun) (CostRun, error) {
		r, err := costshare.Get(ctx, tx, in.ID)
		return d.costRun(tx, r), err
	})
	replace(d, one, "redraw-cost-run", func(ctx context.Context, tx *pg.Tx, in *RedrawnCostRun, version int64) (CostRun, error) {
		r, err := costshare.Redraw(ctx, tx, in.ID, version, in.Body)
		return d.costRun(tx, r), err
	})
	discard(d, one, "drop-cost-run", func(ctx context.Context, tx *pg.Tx, in *InCostRun, version int64) error {
		return costshare.Drop(ctx, tx, in.ID, version)
	})
	act(d, one+"/adoption", "adopt-cost-run", func(ctx context.Context, tx *pg.Tx, in *CostAdoption, version int64) (CostRun, error) {
		r, err := costshare.Adopt(ctx, tx, in.ID, version, in.Body)
		return d.costRun(tx, r), err
	})
	read(d, Member, one+"/revised-figures", "get-revised-figures", func(ctx context.Context, tx *pg.Tx, in *InCostRun) (RevisedFigures, error) {
		r, err := costshare.Get(ctx, tx, in.ID)
		if err != nil {
			return RevisedFigures{}, err
		}
		ds, err := costshare.Revised(ctx, tx, r)
		if ds == nil {
			ds = []costshare.Difference{}
		}
		l := Links{}
		l.to("self", http.MethodGet, d.at("counties", tx.Tenant, "cost-runs", r.ID.String(), "revised-figures"))
		l.to("run", http.MethodGet, d.at("counties", tx.Tenant, "cost-runs", r.ID.String()))
		return RevisedFigures{ds, Linked{l}}, err
	})
	read(d, Member, "/counties/{county}/cost-comparison", "compare-cost-keys", func(ctx context.Context, tx *pg.Tx, in *CostTrial) (CostComparison, error) {
		c, err := costshare.Compare(ctx, tx, costshare.Trial{Function: in.Function, Keys: in.Keys, Years: in.Years, Amount: in.Amount})
		l := Links{}
		l.to("self", http.MethodGet, d.url+from(ctx).r.URL.RequestURI())
		return CostComparison{c, Linked{l}}, err
	})
	read(d, Member, "/counties/{county}/cost-verification", "verify-cost-runs", func(ctx context.Context, tx *pg.Tx, _ *InCounty) (CostVerification, error) {
		v, err := costshare.Verify(ctx, tx)
		l := Links{}
		l.to("self", http.MethodGet, d.at("counties", tx.Tenant, "cost-verification"))
		return CostVerification{v, Linked{l}}, err
	})
	d.costStatements()
	d.costFiles()
	d.costBundles()
}

func (d *Door) costRun(tx *pg.Tx, r costshare.Run) CostRun {
	return CostRun{r, Linked{d.costRunLinks(tx, r.Brief, r.Next)}}
}

// costRunLinks lead on from a run; next is the one that came after it.
func (d *Door) costRunLinks(tx *pg.Tx, b costshare.Brief, next uuid.UUID) Links {
	runs := d.at("counties", tx.Tenant, "cost-runs")
	here := runs + "/" + b.ID.String()
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, runs)
	l.to("revised-figures", http.MethodGet, here+"/revised-figures")
	if b.Previous != uuid.Nil {
		l.to("predecessor-version", http.MethodGet, runs+"/"+b.Previous.String())
	}
	if next != uuid.Nil {
		l.to("successor-version", http.MethodGet, runs+"/"+next.String())
	}
	if b.State == costshare.Adopted {
		l.to("xlsx", http.MethodGet, here+"/xlsx")
		l.to("csv", http.MethodGet, here+"/csv")
		if next == uuid.Nil && tx.May(auth.CostPrepare) {
			l.to("follow", http.MethodPost, runs)
		}
		return l
	}
	if tx.May(auth.CostPrepare) {
		l.to("redraw", http.MethodPut, here)
		l.to("drop", http.MethodDelete, here)
	}
	if tx.May(auth.CostAdopt) {
		l.to("adoption", http.MethodPost, here+"/adoption")
	}
	return l
}
