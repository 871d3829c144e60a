package day_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
)

func TestDaysOffIn2026(t *testing.T) {
	want := map[string]string{
		"2026-01-01": "Nyårsdagen",
		"2026-01-06": "Trettondedag jul",
		"2026-04-03": "Långfredagen",
		"2026-04-05": "Påskdagen",
		"2026-04-06": "Annandag påsk",
		"2026-05-01": "Första maj",
		"2026-05-14": "Kristi himmelsfärdsdag",
		"2026-05-24": "Pingstdagen",
		"2026-06-06": "Sveriges nationaldag",
		"2026-06-19": "Midsommarafton",
		"2026-06-20": "Midsommardagen",
		"2026-10-31": "Alla helgons dag",
		"2026-12-24": "Julafton",
		"2026-12-25": "Juldagen",
		"2026-12-26": "Annandag jul",
		"2026-12-31": "Nyårsafton",
	}
	got, workdays := map[string]string{}, 0
	for d := day.Of(2026, time.January, 1); d.Year() == 2026; d = d.Add(1) {
		if name, ok := day.Holiday(d); ok {
			got[d.String()] = name
			if day.Workday(d) {
				t.Errorf("%s, %s, is a working day", d, name)
			}
		}
		if day.Workday(d) {
			workdays++
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// 261 Mondays to Fridays, of which ten are off.
	if workdays != 251 {
		t.Errorf("2026 has %d working days, want 251", workdays)
	}
}

func TestAddWorkdays(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-04-02", 1, "2026-04-07"},  // over Easter
		{"2026-04-07", -1, "2026-04-02"}, // and back
		{"2026-12-23", 1, "2026-12-28"},
		{"2026-12-30", 1, "2027-01-04"}, // over New Year
		{"2026-06-18", 1, "2026-06-22"}, // over Midsummer
		{"2026-06-05", 1, "2026-06-08"}, // the National Day on a Saturday moves nothing
		{"2026-01-04", 0, "2026-01-05"}, // a time limit that ends on a Sunday
		{"2026-01-05", 0, "2026-01-05"},
		{"2026-02-02", 10, "2026-02-16"},
		{"9999-12-31", 5, "9999-12-31"},
		{"0001-01-01", -5, "0001-01-01"},
	} {
		if got := day.AddWorkdays(must(c.from), c.n).String(); got != c.want {
			t.Errorf("%d working days from %s = %s, want %s", c.n, c.from, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		from := must("2005-01-01").Add(rapid.IntRange(0, 36_500).Draw(t, "days"))
		n := rapid.IntRange(-60, 60).Draw(t, "n")
		to := day.AddWorkdays(from, n)
		if !day.Workday(to) {
			t.Fatalf("%s is no working day", to)
		}
		count := 0
		if n < 0 {
			for d := to; d.Before(from); d = d.Add(1) {
				if day.Workday(d) {
					count--
				}
			}
		} else if n > 0 {
			for d := from.Add(1); !d.After(to); d = d.Add(1) {
				if day.Workday(d) {
					count++
				}
			}
		}
		if count != n {
			t.Fatalf("between %s and %s are %d working days, want %d", from, to, count, n)
		}
	})
}
