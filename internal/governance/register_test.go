package governance_test

import (
	"fmt"
	"testing"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/text"
)

var header = []string{"Organ", "plats", "Roll", "ordning", "organisation", "namn", "e-post", "titel", "från", "till och med", "utsedd av", "beteckning"}

func (d *desk) enter(rows ...[]string) governance.Entries {
	d.Helper()
	var lines []governance.TableRow
	for i, r := range rows {
		lines = append(lines, governance.TableRow{Number: i + 2, Cells: r})
	}
	es, err := governance.ReadRegister(header, lines)
	if err != nil {
		d.Fatal(err)
	}
	in, err := governance.Enter(d.ctx, d.tx, es)
	if err != nil {
		d.Fatal(err)
	}
	return in
}

func outcomes(in governance.Entries) (s []string) {
	for _, r := range in.Rows {
		o := r.Outcome
		for _, f := range r.Faults {
			o += " " + f.Key + f.Field
		}
		s = append(s, o)
	}
	return s
}

// exported is the register as a table that can be taken in again.
func (d *desk) exported(l text.Lang) [][]string {
	d.Helper()
	rows, err := governance.Register(d.ctx, d.tx, l)
	if err != nil {
		d.Fatal(err)
	}
	var out [][]string
	for _, r := range rows {
		var cells []string
		for _, v := range r {
			switch v := v.(type) {
			case nil:
				cells = append(cells, "")
			case day.Day:
				cells = append(cells, v.String())
			default:
				cells = append(cells, fmt.Sprint(v))
			}
		}
		out = append(out, cells)
	}
	return out
}

func TestARegisterComesInOnceAndGoesOutAsItCame(t *testing.T) {
	d := sit(t)
	rows := [][]string{
		{"forum", "municipality/alvesta", "ordinarie", "", "alvesta", "Kim Lind", "kim@alvesta.example", "Ordförande", "2022-11-01", "", "KS", "KS 1"},
		{"forum", "municipality/alvesta", "Ersättare", "", "", "Robin Berg", "", "", "2022-11-01", "", "", ""},
		{"forum", "", "ersättare", "", "af", "Sam Ek", "", "", "2023-01-01", "2023-12-31", "", ""},
		{"forum", "af", "ordinarie", "", "af", "Sam Ek", "", "", "2024-01-01", "", "", ""},
		{"forum", "expert#2", "ordinarie", "", "", "Mio Holm", "", "", "2024-01-01", "", "", ""},
	}
	if in := d.enter(rows...); in.Count(governance.RowCreated) != len(rows) {
		t.Fatalf("%v", outcomes(in))
	}
	for range 2 {
		if in := d.enter(rows...); in.Count(governance.RowSame) != len(rows) {
			t.Fatalf("the same file again: %v", outcomes(in))
		}
	}
	for _, l := range text.Langs {
		out := d.exported(l)
		if in := d.enter(out...); in.Count(governance.RowSame) != len(rows) || len(out) != len(rows) {
			t.Fatalf("what went out in %s came in as %v", l, outcomes(in))
		}
	}
	ms, n, err := governance.List(d.ctx, d.tx, governance.Filter{Status: governance.Every, Limit: 10, Page: 1})
	if err != nil || n != len(rows) {
		t.Fatalf("%d mandates, %v", n, err)
	}
	for _, m := range ms {
		if !m.Imported {
			t.Errorf("%s at %s is not marked as imported", m.Name, m.Place)
		}
		if m.Pooled() && m.To != on("2024-01-01") {
			t.Errorf("the last day is 2023-12-31, so it no longer holds on %s", m.To)
		}
	}

	// Kim's time ends, somebody else comes, a day is mended: in whatever order.
	changed := [][]string{
		{"forum", "municipality/alvesta", "ordinarie", "", "alvesta", "Lo Dahl", "", "", "2025-01-01", "", "", ""},
		{"forum", "municipality/alvesta", "ordinarie", "", "alvesta", "Kim Lind", "kim@alvesta.example", "", "2022-11-01", "2024-12-31", "", ""},
		{"forum", "af", "ordinarie", "", "af", "Sam Ek", "", "", "2024-02-01", "", "", "AF 7"},
	}
	want := "[created ended changed]"
	if in := d.enter(changed...); fmt.Sprint(outcomes(in)) != want {
		t.Errorf("%v, want %s", outcomes(in), want)
	}
	// A cell that says nothing takes nothing away.
	kim, _, err := governance.List(d.ctx, d.tx, governance.Filter{Place: "municipality/alvesta", Status: governance.Over, Limit: 10, Page: 1})
	if err != nil || len(kim) != 1 || kim[0].AppointedBy != "KS" {
		t.Errorf("%+v, %v", kim, err)
	}
	// What was read wrong is told with row and column, and the others are done.
	in := d.enter(
		[]string{"nowhere", "x", "ordinarie", "", "", "Kim Lind", "kim@alvesta.example", "", "2025-01-01", "", "", ""},
		[]string{"forum", "af", "ledamot", "x", "pumpan", "", "", "", "i går", "", "", ""},
		[]string{"forum", "af", "ordinarie", "", "", "Ulla Ny", "", "", "2025-06-01", "", "", ""},
		[]string{"forum", "expert#1", "ordinarie", "", "", "Mio Holm", "", "", "2024-01-01", "", "", ""},
		[]string{"forum", "expert#1", "ordinarie", "", "", "Mio Holm", "", "", "2024-01-01", "", "", ""},
		[]string{"forum", "municipality/lessebo", "ersättare", "", "", "Bo Ny", "bo ny", "", "2024-01-01", "2023-12-31", "", ""})
	want = "[refused mandate.body_unknown/body" +
		" refused register.role_unknown/role register.rank_wrong/rank register.organisation_unknown/organisation register.person_missing/name register.day_wrong/from" +
		" refused mandate.held_already/place created refused register.twice/body refused common.email_wrong/email]"
	if fmt.Sprint(outcomes(in)) != want {
		t.Errorf("\n got %v\nwant %s", outcomes(in), want)
	}
	if !fault.Is(in.Err(), "register.twice") || fault.All(in.Err())[0].Field != "/rows/2/body" {
		t.Errorf("all together: %v", in.Err())
	}
}

func TestAFileThatIsNoRegisterIsRefusedAsAWhole(t *testing.T) {
	for key, c := range map[string]struct {
		header []string
		lines  []governance.TableRow
	}{
		"register.columns_missing": {[]string{"organ", "plats"}, make([]governance.TableRow, 1)},
		"register.column_unknown":  {append([]string{"lön"}, header...), make([]governance.TableRow, 1)},
		"register.column_twice":    {append([]string{"body"}, header...), make([]governance.TableRow, 1)},
		"register.empty":           {header, nil},
		"register.too_many":        {header, make([]governance.TableRow, governance.RegisterLimit+1)},
	} {
		if _, err := governance.ReadRegister(c.header, c.lines); !fault.Is(err, key) {
			t.Errorf("%v, want %s", err, key)
		}
	}
}
