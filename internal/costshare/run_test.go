package costshare_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/tenant"
)

// world is Östergötland with its thirteen municipalities, a coordinator whose
// cost they share, and their population at two year's ends.
type world struct {
	*dbtest.Database
	t      *testing.T
	ids    map[string]uuid.UUID // by name
	person uuid.UUID
}

var key = tenant.CostKey{Key: "population", Name: tenant.Words{"sv": "Folkmängd"},
	Parts: []tenant.CostPart{{By: tenant.ByPopulation, Reference: tenant.CostReference{YearsBefore: 1}}}}

func coordinator() tenant.SharedFunction {
	f := tenant.SharedFunction{Key: "coordinator", Name: tenant.Words{"sv": "Kommunal integrationssamordnare"}, Kind: tenant.FunctionPost, Employer: "lansstyrelsen",
		Ground: tenant.CostGround{Decision: "Rådets beslut", On: day.Of(2017, 4, 18), FurtherNotice: true}, SharedBy: "population",
		Periods: []tenant.CostPeriod{
			{From: day.Of(2024, 1, 1), Until: day.Of(2024, 12, 31), Budget: "1000000.00", Invented: true},
			{From: day.Of(2025, 1, 1), Until: day.Of(2025, 12, 31), Budget: "1000000.00", Outcome: "987654.32", Invented: true},
		}}
	for _, m := range ostergotland {
		f.Payers.List = append(f.Payers.List, tenant.CostPayer{Organisation: slug(m.name)})
	}
	return f
}

func slug(name string) string {
	return strings.NewReplacer("å", "a", "ä", "a", "ö", "o").Replace(strings.ToLower(name))
}

func begin(t *testing.T) *world {
	t.Helper()
	w := &world{Database: dbtest.New(t), t: t, ids: map[string]uuid.UUID{}}
	w.count(0)
	w.as("", uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		for _, m := range ostergotland {
			o, err := organisation.Import(ctx, tx, organisation.Card{Type: "municipality", Name: m.name + " kommun", OfficialCode: m.code, Published: true}, organisation.Origin{Key: slug(m.name)})
			if err != nil {
				return err
			}
			w.ids[m.name] = o.ID
		}
		p, err := person.Create(ctx, tx, person.Card{Name: "Pia Lund"})
		w.person = p.ID
		return err
	})
	w.configure(coordinator(), key)
	return w
}

// count puts the population of both years into the national register, each so
// many more.
func (w *world) count(more int64) {
	w.t.Helper()
	var lines []population.Line
	for _, m := range ostergotland {
		lines = append(lines, population.Line{Municipality: m.code, Day: day.Of(2024, 12, 31), Count: m.in2024 + more, Source: "SCB"},
			population.Line{Municipality: m.code, Day: day.Of(2023, 12, 31), Count: m.in2023 + more, Source: "SCB"})
	}
	w.put(lines...)
}

func (w *world) put(lines ...population.Line) {
	w.t.Helper()
	err := w.InTenant(w.t.Context(), auth.System(pg.Nation, "test", "test"), pg.Write, func(tx *pg.Tx) error {
		_, err := population.Put(w.t.Context(), tx, lines, tx.Now)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// configure puts a function and keys into the county's configuration.
func (w *world) configure(f tenant.SharedFunction, keys ...tenant.CostKey) {
	w.t.Helper()
	w.as("", uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		c := tx.County
		c.CostKeys = tenant.Section[tenant.CostKeys]{{Value: tenant.CostKeys{Keys: keys}, Decision: "Rådet 2017-04-18"}}
		c.SharedFunctions = tenant.Section[tenant.SharedFunctions]{{Value: tenant.SharedFunctions{Functions: []tenant.SharedFunction{f}}}}
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})
}

// try does something as somebody with a role, "" as the system, and gives what
// came of it.
func (w *world) try(role auth.Role, party uuid.UUID, f func(context.Context, *pg.Tx) error) error {
	return w.InTenant(w.t.Context(), auth.System("ostergotland", "test", "test"), pg.Write, func(tx *pg.Tx) error {
		if role != "" {
			dbtest.As(tx, role, party)
			tx.Person = w.person
		}
		return f(w.t.Context(), tx)
	})
}

func (w *world) as(role auth.Role, party uuid.UUID, f func(context.Context, *pg.Tx) error) {
	w.t.Helper()
	if err := w.try(role, party, f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) draw(o costshare.Order) (r costshare.Run) {
	w.t.Helper()
	w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) (err error) {
		r, err = costshare.Draw(ctx, tx, o)
		return err
	})
	return r
}

func (w *world) adopt(r costshare.Run) costshare.Run {
	w.t.Helper()
	w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) (err error) {
		r, err = costshare.Adopt(ctx, tx, r.ID, r.Version, costshare.Adoption{Mandate: "Delegationsordning, punkt 7"})
		return err
	})
	return r
}

func (w *world) adopted(year int) costshare.Run {
	w.t.Helper()
	return w.adopt(w.draw(costshare.Order{Function: "coordinator", From: day.Of(year, 1, 1)}))
}

func (w *world) verify() (v costshare.Verified) {
	w.t.Helper()
	w.as(auth.RoleAuditor, uuid.Nil, func(ctx context.Context, tx *pg.Tx) (err error) {
		v, err = costshare.Verify(ctx, tx)
		return err
	})
	return v
}

// What is drawn comes out to the öre, with all that it rests on; once adopted it
// refuses every write, whoever tries and however.
func TestAnAdoptedRunStands(t *testing.T) {
	w := begin(t)
	r := w.draw(costshare.Order{Function: "coordinator", From: day.Of(2025, 1, 1)})
	motala, ok := r.Of(w.ids["Motala"])
	if !ok || motala.Billed != 9208460 || r.State != costshare.Preview || len(r.Statements) != 13 || !r.Demo {
		t.Fatalf("%+v", motala)
	}
	if f := r.Input.Function; f.Decision != "Rådets beslut" || f.On != day.Of(2017, 4, 18) || !f.Notice {
		t.Errorf("the ground: %+v", f)
	}
	if k := r.Input.Key; k.Number != 1 || k.Decision != "Rådet 2017-04-18" || k.Parts[0].Reference != day.Of(2024, 12, 31) {
		t.Errorf("the key: %+v", k)
	}
	r = w.adopt(r)
	if r.State != costshare.Adopted || r.Mandate == "" || r.AdoptedOn.IsZero() {
		t.Fatalf("%+v", r.Brief)
	}
	for name, deed := range map[string]func(context.Context, *pg.Tx) error{
		"drawn anew": func(ctx context.Context, tx *pg.Tx) error {
			_, err := costshare.Redraw(ctx, tx, r.ID, r.Version, costshare.Order{})
			return err
		},
		"dropped": func(ctx context.Context, tx *pg.Tx) error { return costshare.Drop(ctx, tx, r.ID, r.Version) },
		"adopted again": func(ctx context.Context, tx *pg.Tx) error {
			_, err := costshare.Adopt(ctx, tx, r.ID, r.Version, costshare.Adoption{Mandate: "x"})
			return err
		},
	} {
		if err := w.try(auth.RoleCountyAdministrator, uuid.Nil, deed); !fault.Is(err, "cost_run.closed") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, sql := range []string{
		"UPDATE cost_run SET reason = 'x' WHERE id = $1", "UPDATE cost_run SET state = 'preview' WHERE id = $1", "DELETE FROM cost_run WHERE id = $1",
		"DELETE FROM cost_statement WHERE run_id = $1",
		"INSERT INTO cost_statement (id, run_id, organisation_id, position, share, billed) SELECT gen_random_uuid(), $1, id, 99, 1, 1 FROM organisation WHERE key = 'kinda'",
	} {
		err := w.try("", uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
			_, err := tx.Exec(ctx, sql, r.ID)
			return err
		})
		if !fault.Is(err, "cost_run.closed") {
			t.Errorf("%s: %v", sql, err)
		}
	}
	// Not even the owner, whom no policy binds, writes past the lock.
	if _, err := w.Owner(t).Exec(t.Context(), "UPDATE cost_run SET shared = 1 WHERE id = $1", r.ID); err == nil {
		t.Error("the owner changed an adopted run")
	}
}

// A run of long ago comes out the same when its key, its payers and its
// populations are others.
func TestAnOldRunComesOutTheSame(t *testing.T) {
	w := begin(t)
	r := w.adopted(2025)
	w.count(1000)
	f := coordinator()
	f.Payers.List, f.SharedBy = f.Payers.List[:5], "equal"
	f.Periods[1].Budget = "5.00"
	w.configure(f, tenant.CostKey{Key: "equal", Name: tenant.Words{"sv": "Lika"}, Parts: []tenant.CostPart{{By: tenant.ByEqual}}})
	if v := w.verify(); v.Runs != 1 || len(v.Wrong) != 0 {
		t.Errorf("%+v", v)
	}
	w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		now, err := costshare.Get(ctx, tx, r.ID)
		if d := cmp.Diff(r, now, cmp.Comparer(func(a, b day.Day) bool { return a == b })); d != "" {
			t.Error(d)
		}
		ds, e := costshare.Revised(ctx, tx, r)
		if e != nil || len(ds) != 13 || ds[0].Now.Revision != 2 || ds[0].Now.Count != ds[0].Used.Count+1000 {
			t.Errorf("what has been revised since: %v %+v", e, ds)
		}
		return err
	})
	if !r.ComesOut() {
		t.Error("it does not come out the same")
	}
	// Whoever writes into the database past everything is seen.
	owner := w.Owner(t)
	for _, sql := range []string{"ALTER TABLE cost_run DISABLE TRIGGER cost_run_closed", `UPDATE cost_run SET input = jsonb_set(input, '{payers,0,population,count}', '1')`} {
		if _, err := owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	if v := w.verify(); !slices.Equal(v.Wrong, []uuid.UUID{r.ID}) {
		t.Errorf("a figure that was written over is not seen: %+v", v)
	}
	w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		now, err := costshare.Get(ctx, tx, r.ID)
		if now.ComesOut() {
			t.Error("a figure that was written over comes out the same")
		}
		return err
	})
}

func TestAPeriodIsBilledOnceAndWhatFollowsNamesIt(t *testing.T) {
	w := begin(t)
	first := w.adopted(2025)
	again := w.draw(costshare.Order{Function: "coordinator", From: day.Of(2025, 1, 1)})
	err := w.try(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		_, err := costshare.Adopt(ctx, tx, again.ID, again.Version, costshare.Adoption{Mandate: "x"})
		return err
	})
	if !fault.Is(err, "cost_run.once") {
		t.Errorf("twice: %v", err)
	}

	// Ydre's population was wrong: the difference is billed, and sums to nothing.
	w.put(population.Line{Municipality: "0512", Day: day.Of(2024, 12, 31), Count: 4626, Source: "SCB, rättad"})
	correction := w.adopt(w.draw(costshare.Order{Kind: costshare.KindCorrection, Previous: first.ID, Reason: "SCB har rättat Ydre"}))
	ydre, _ := correction.Of(w.ids["Ydre"])
	if correction.Billed != 0 || ydre.Before != 767495 || ydre.Billed != ydre.Share-ydre.Before || ydre.Billed <= 0 || correction.Origin != first.ID || correction.Previous != first.ID {
		t.Errorf("%+v %+v", correction.Brief, ydre)
	}
	// The outcome is shared as the budget was, after the correction.
	settled := w.adopt(w.draw(costshare.Order{Kind: costshare.KindSettlement, Previous: correction.ID, Reason: "Bokslut 2025"}))
	if settled.Billed != 98765432-100000000 || settled.Shared != 98765432 || settled.Origin != first.ID || settled.Basis != costshare.Outcome {
		t.Errorf("%+v", settled.Brief)
	}
	if ydreNow, _ := settled.Of(w.ids["Ydre"]); ydreNow.Before != ydre.Share || ydreNow.Billed >= 0 {
		t.Errorf("%+v", ydreNow)
	}
	for key, o := range map[string]costshare.Order{
		"cost.previous_followed":  {Kind: costshare.KindCorrection, Previous: first.ID, Reason: "x"},
		"cost.settled":            {Kind: costshare.KindSettlement, Previous: settled.ID, Reason: "x"},
		"cost.reason_missing":     {Kind: costshare.KindCorrection, Previous: settled.ID},
		"cost.previous_missing":   {Kind: costshare.KindCorrection, Reason: "x"},
		"cost.previous_open":      {Kind: costshare.KindCorrection, Previous: again.ID, Reason: "x"},
		"cost.statement_is_first": {Function: "coordinator", From: day.Of(2025, 1, 1), Previous: first.ID},
		"cost.period_unknown":     {Function: "coordinator", From: day.Of(2031, 1, 1)},
		"cost.from_of_previous":   {Kind: costshare.KindCorrection, Previous: settled.ID, From: day.Of(2024, 1, 1), Reason: "x"},
		"cost.period_missing":     {Function: "coordinator"},
		"cost.function_unknown":   {Function: "project", From: day.Of(2025, 1, 1)},
		"cost.key_unknown":        {Function: "coordinator", From: day.Of(2025, 1, 1), SharedBy: "none"},
		"cost.outcome_unknown":    {Function: "coordinator", From: day.Of(2024, 1, 1), Basis: costshare.Outcome},
	} {
		err := w.try(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
			_, err := costshare.Reckon(ctx, tx, o)
			return err
		})
		if !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if v := w.verify(); v.Runs != 3 || len(v.Wrong) != 0 {
		t.Errorf("%+v", v)
	}
	w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		chain, err := costshare.Chain(ctx, tx, correction)
		if len(chain) != 3 || chain[0].ID != first.ID || chain[2].ID != settled.ID {
			t.Errorf("%+v", chain)
		}
		bills, total, e := costshare.OfPayer(ctx, tx, w.ids["Ydre"], 10, 1)
		if e != nil || total != 3 || bills[0].Run.ID != settled.ID || bills[0].Payer.Population.Count != 4626 || bills[2].Statement.Billed != 767495 {
			t.Errorf("%v %+v", e, bills)
		}
		return err
	})
}

// A figure that is missing refuses the working-out by name; it never counts as 0.
func TestAMissingFigureRefusesByName(t *testing.T) {
	w := begin(t)
	f := coordinator()
	f.Periods = append(f.Periods, tenant.CostPeriod{From: day.Of(2026, 1, 1), Until: day.Of(2026, 12, 31), Budget: "1.00"})
	w.configure(f, key)
	err := w.try(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		_, err := costshare.Draw(ctx, tx, costshare.Order{Function: "coordinator", From: day.Of(2026, 1, 1)})
		return err
	})
	fs := fault.All(err)
	if len(fs) != 13 || fs[0].Key != "cost.population_missing" || fs[0].Args["payer"] != "Ödeshög kommun" || fs[0].Args["day"] != "2025-12-31" {
		t.Errorf("%v", err)
	}
}

// Who comes in in July pays for half the year, who has left by then the other
// half; where a municipality lies decides nothing.
func TestComingAndGoingInThePeriodCountsByDays(t *testing.T) {
	w := begin(t)
	f := coordinator()
	f.Payers.List = []tenant.CostPayer{{Organisation: "linkoping"}, {Organisation: "motala", From: day.Of(2025, 7, 1)}, {Organisation: "kinda", Until: day.Of(2025, 6, 30)}}
	w.configure(f, tenant.CostKey{Key: "population", Name: tenant.Words{"sv": "Lika"}, Parts: []tenant.CostPart{{By: tenant.ByEqual}}})
	r := w.draw(costshare.Order{Function: "coordinator", From: day.Of(2025, 1, 1)})
	days := map[string]int64{}
	for _, p := range r.Input.Payers {
		days[p.Key] = p.Days
	}
	if d := cmp.Diff(map[string]int64{"linkoping": 365, "motala": 184, "kinda": 181}, days); d != "" {
		t.Error(d)
	}
	kinda, _ := r.Of(w.ids["Kinda"])
	if sum := kinda.Share; sum != 24794521 { // 181 of 730 days
		t.Errorf("Kinda: %d", sum)
	}
	if p := r.Input.Payers[2]; p.Key != "motala" || p.From != day.Of(2025, 7, 1) || !p.Until.IsZero() {
		t.Errorf("%+v", p)
	}
}

func TestAPreviewThatHasBeenOvertakenIsNotAdopted(t *testing.T) {
	w := begin(t)
	r := w.draw(costshare.Order{Function: "coordinator", From: day.Of(2025, 1, 1)})
	w.put(population.Line{Municipality: "0512", Day: day.Of(2024, 12, 31), Count: 4626, Source: "SCB, rättad"})
	adopt := func(a costshare.Adoption) error {
		return w.try(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
			_, err := costshare.Adopt(ctx, tx, r.ID, r.Version, a)
			return err
		})
	}
	if err := adopt(costshare.Adoption{Mandate: "x"}); !fault.Is(err, "cost.moved") {
		t.Errorf("%v", err)
	}
	w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) (err error) {
		_, err = costshare.Redraw(ctx, tx, r.ID, r.Version, costshare.Order{})
		return err
	})
	if err := adopt(costshare.Adoption{Mandate: "x"}); !fault.Is(err, "common.changed") {
		t.Errorf("another version: %v", err)
	}
	r.Version++
	for key, a := range map[string]costshare.Adoption{
		"cost.ground_missing": {}, "cost.ground_twice": {Mandate: "x", Decision: uuid.Must(uuid.NewV7())}, "cost.decision_unknown": {Decision: uuid.Must(uuid.NewV7())},
	} {
		if err := adopt(a); !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if err := adopt(costshare.Adoption{Mandate: "x"}); err != nil {
		t.Error(err)
	}
}

// A payer sees what is adopted and bills it, with all shares, and its own
// questions; never a preview, and never another payer's questions.
func TestWhoSeesWhat(t *testing.T) {
	w := begin(t)
	motala, kinda := w.ids["Motala"], w.ids["Kinda"]
	r := w.adopted(2025)
	preview := w.draw(costshare.Order{Function: "coordinator", From: day.Of(2024, 1, 1)})
	own, _ := r.Of(motala)
	var q costshare.Question
	w.as(auth.RolePartyFinance, motala, func(ctx context.Context, tx *pg.Tx) error {
		list, total, err := costshare.List(ctx, tx, costshare.Filter{Limit: 10, Page: 1})
		if err != nil || total != 1 || list[0].ID != r.ID {
			t.Errorf("%v %+v", err, list)
		}
		seen, err := costshare.Get(ctx, tx, r.ID)
		if err != nil || len(seen.Statements) != 13 {
			t.Errorf("%v", err)
		}
		if _, err := costshare.Get(ctx, tx, preview.ID); !fault.Is(err, "common.not_found") {
			t.Errorf("a preview: %v", err)
		}
		if _, _, err := costshare.OfPayer(ctx, tx, kinda, 10, 1); !fault.Is(err, "auth.forbidden") {
			t.Errorf("another's statements: %v", err)
		}
		if _, err := costshare.Ask(ctx, tx, own.ID, costshare.Text{Text: " \u202e\u200b"}); !fault.Is(err, "cost.text_missing") {
			t.Errorf("%v", err)
		}
		if err := costshare.Drop(ctx, tx, r.ID, r.Version); !fault.Is(err, "auth.forbidden") {
			t.Errorf("%v", err)
		}
		q, err = costshare.Ask(ctx, tx, own.ID, costshare.Text{Text: "Varför 2024?"})
		return err
	})
	w.as(auth.RolePartyFinance, kinda, func(ctx context.Context, tx *pg.Tx) error {
		if _, err := costshare.Questions(ctx, tx, own.ID); !fault.Is(err, "auth.forbidden") {
			t.Errorf("another payer's questions: %v", err)
		}
		if _, err := costshare.GetQuestion(ctx, tx, q.ID); !fault.Is(err, "common.not_found") {
			t.Errorf("another payer's question: %v", err)
		}
		return nil
	})
	w.as(auth.RoleOfficer, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		waits, n, err := costshare.Waiting(ctx, tx, 10, 1)
		if err != nil || n != 1 || waits[0].Name != "Motala kommun" {
			t.Errorf("%v %+v", err, waits)
		}
		if _, err := costshare.Answer(ctx, tx, q.ID, q.Version, costshare.Text{Text: "Nyckeln räknar med året före."}); err != nil {
			return err
		}
		_, err = costshare.Answer(ctx, tx, q.ID, q.Version+1, costshare.Text{Text: "En gång till"})
		if !fault.Is(err, "cost_question.stands") {
			t.Errorf("answered twice: %v", err)
		}
		return nil
	})
	// The coordinator has two principals: every payer's matters, but not what the
	// county has not adopted.
	w.as(auth.RoleCoordinator, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		qs, err := costshare.Questions(ctx, tx, own.ID)
		if err != nil || len(qs) != 1 || qs[0].Answer == "" || qs[0].Asker != "Pia Lund" {
			t.Errorf("%v %+v", err, qs)
		}
		if _, err := costshare.Get(ctx, tx, preview.ID); !fault.Is(err, "common.not_found") {
			t.Errorf("a preview: %v", err)
		}
		return nil
	})
	err := w.InTenant(t.Context(), auth.System("kronoberg", "test", "test"), pg.Read, func(tx *pg.Tx) error {
		_, err := costshare.Get(t.Context(), tx, r.ID)
		return err
	})
	if !fault.Is(err, "common.not_found") {
		t.Errorf("another county: %v", err)
	}
}

// Keys are compared side by side, and nothing is kept.
func TestKeysAreComparedAndNothingIsKept(t *testing.T) {
	w := begin(t)
	equal := tenant.CostKey{Key: "equal", Name: tenant.Words{"sv": "Lika delar"}, Parts: []tenant.CostPart{{By: tenant.ByEqual}}}
	w.configure(coordinator(), key, equal)
	w.as(auth.RoleStrategist, uuid.Nil, func(ctx context.Context, tx *pg.Tx) error {
		c, err := costshare.Compare(ctx, tx, costshare.Trial{Function: "coordinator", Keys: []string{"population", "equal"}, Years: []int{2025, 2031}, Amount: 100_000_000})
		if err != nil {
			return err
		}
		if len(c.Columns) != 4 || len(c.Rows) != 13 || c.Columns[2].Refused == nil || c.Columns[2].Refused[0].Key != "cost.population_missing" || c.Columns[3].Refused != nil {
			t.Errorf("%+v", c.Columns)
		}
		motala := c.Rows[slices.IndexFunc(c.Rows, func(r costshare.ComparedRow) bool { return r.Organisation == w.ids["Motala"] })]
		want := []costshare.Cell{{Pays: true, Amount: 9208460, Tenths: 92, Inhabitant: 212}, {Pays: true, Amount: 7692307, Tenths: 77, Inhabitant: 177, Difference: -1516153},
			{}, {Pays: true, Amount: 7692307, Tenths: 77, Difference: -1516153}}
		if d := cmp.Diff(want, motala.Cells); d != "" {
			t.Error(d)
		}
		none, err := costshare.Compare(ctx, tx, costshare.Trial{Function: "coordinator", Keys: []string{"none"}, Years: []int{2025}})
		if err != nil || none.Rows == nil || none.Function.Key != "coordinator" || none.Columns[0].Refused[0].Key != "cost.key_unknown" || none.Columns[0].Name.In("sv") != "none" {
			t.Errorf("a key that there is not: %v %+v", err, none)
		}
		_, n, err := costshare.List(ctx, tx, costshare.Filter{Limit: 1, Page: 1})
		if n != 0 {
			t.Error("comparing kept something")
		}
		for key, trial := range map[string]costshare.Trial{
			"cost.compare_keys": {Function: "coordinator", Years: []int{2025}}, "cost.compare_years": {Function: "coordinator", Keys: []string{"equal"}},
			"cost.compare_year": {Function: "coordinator", Keys: []string{"equal"}, Years: []int{20255}},
		} {
			if _, err := costshare.Compare(ctx, tx, trial); !fault.Is(err, key) {
				t.Errorf("%s: %v", key, err)
			}
		}
		return err
	})
}
