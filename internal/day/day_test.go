package day_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
)

func days() *rapid.Generator[day.Day] {
	first := day.Of(1, time.January, 1)
	span := day.Of(9999, time.December, 31).Sub(first)
	return rapid.Custom(func(t *rapid.T) day.Day {
		return first.Add(rapid.IntRange(0, span).Draw(t, "days"))
	})
}

func must(s string) day.Day {
	d, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestParseReadsOneSpellingOnly(t *testing.T) {
	for _, written := range []string{"0001-01-01", "2024-02-29", "2026-12-31", "9999-12-31"} {
		if got := must(written).String(); got != written {
			t.Errorf("Parse(%q) = %s", written, got)
		}
	}
	for _, written := range []string{
		"", "2026", "2026-1-2", "20260102", "02/01/2026", "2026-02-29", "2026-13-01", "2026-00-10",
		"2026-01-02T00:00:00Z", " 2026-01-02", "0000-01-01", "-001-01-01", "２026-01-0", strings.Repeat("9", 10),
	} {
		d, err := day.Parse(written)
		if err == nil || !d.IsZero() {
			t.Errorf("Parse(%q) = %q, %v: want no day and an error", written, d, err)
		}
	}
}

func TestOfCarriesOverAndKeepsToTheCalendar(t *testing.T) {
	for _, c := range []struct {
		got  day.Day
		want string
	}{
		{day.Of(2024, time.February, 30), "2024-03-01"},
		{day.Of(2023, time.February, 30), "2023-03-02"},
		{day.Of(2025, 13, 1), "2026-01-01"},
		{day.Of(2026, time.March, 0), "2026-02-28"},
		{day.Of(0, time.December, 31), ""},
		{day.Of(10000, time.January, 1), ""},
		{day.Of(9999, time.December, 32), ""},
		{day.Of(1<<40, time.January, 1), ""},
		{day.Of(-1<<40, time.January, 1), ""},
		{day.Of(1, time.January, 1), "0001-01-01"},
	} {
		if c.got.String() != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestAtIsTheDayInStockholm(t *testing.T) {
	for _, c := range []struct{ instant, want string }{
		{"2025-12-31T22:59:59Z", "2025-12-31"},
		{"2025-12-31T23:00:00Z", "2026-01-01"}, // winter: one hour ahead
		{"2026-06-30T21:59:59Z", "2026-06-30"},
		{"2026-06-30T22:00:00Z", "2026-07-01"}, // summer: two
		{"2026-03-29T00:59:59Z", "2026-03-29"},
		{"2026-07-01T03:00:00+09:00", "2026-06-30"},
	} {
		instant, err := time.Parse(time.RFC3339, c.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := day.At(instant).String(); got != c.want {
			t.Errorf("At(%s) = %s, want %s", c.instant, got, c.want)
		}
	}
	if d := day.At(time.Time{}); !d.IsZero() {
		t.Errorf("At the zero instant = %s, want no day", d)
	}
}

func TestDaysAreLongerAndShorterWhereTheClockChanges(t *testing.T) {
	for _, c := range []struct {
		day   string
		hours float64
	}{
		{"2026-03-28", 24}, {"2026-03-29", 23}, {"2026-10-25", 25}, {"2026-12-31", 24},
	} {
		d := must(c.day)
		if got := d.Add(1).Start().Sub(d.Start()).Hours(); got != c.hours {
			t.Errorf("%s lasts %v hours, want %v", c.day, got, c.hours)
		}
	}
}

func TestAddMonthsKeepsToTheMonth(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -1, "2025-12-15"},
		{"2026-03-31", -1, "2026-02-28"},
		{"9999-12-01", 1, "9999-12-31"},
		{"0001-01-15", -1, "0001-01-01"},
		{"2026-01-15", 1 << 40, "9999-12-31"},
	} {
		if got := must(c.from).AddMonths(c.months).String(); got != c.want {
			t.Errorf("%s and %d months = %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestISOWeekAtTheTurnOfTheYear(t *testing.T) {
	for _, c := range []struct {
		day        string
		year, week int
	}{
		{"2026-01-01", 2026, 1}, {"2025-12-29", 2026, 1}, {"2026-12-31", 2026, 53}, {"2027-01-03", 2026, 53}, {"2027-01-04", 2027, 1},
	} {
		if year, week := must(c.day).ISOWeek(); year != c.year || week != c.week {
			t.Errorf("%s is in week %d of %d, want %d of %d", c.day, week, year, c.week, c.year)
		}
	}
}

func TestNoDay(t *testing.T) {
	var none day.Day
	someday := must("2026-01-01")
	if none.String() != "" || none.Year() != 0 || none.Month() != 0 || none.MonthDay() != 0 || !none.Start().IsZero() {
		t.Errorf("no day shows itself as %q, %d-%d-%d, %s", none, none.Year(), none.Month(), none.MonthDay(), none.Start())
	}
	if !none.Add(5).IsZero() || !none.AddMonths(5).IsZero() || !day.AddWorkdays(none, 5).IsZero() {
		t.Error("something added to no day gave a day")
	}
	if !none.Before(someday) || none.Compare(someday) != -1 || someday.Compare(none) != 1 || none.Compare(day.Day{}) != 0 {
		t.Error("no day does not sort first")
	}
	if day.Workday(none) {
		t.Error("no day is a working day")
	}
	defer func() {
		if recover() == nil {
			t.Error("the distance from no day was given")
		}
	}()
	someday.Sub(none)
}

func TestADayIsWhatItIsWrittenAs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := days().Draw(t, "d")
		if read, err := day.Parse(d.String()); err != nil || read != d {
			t.Fatalf("Parse(%s) = %s, %v", d, read, err)
		}
		if again := day.Of(d.Date()); again != d {
			t.Fatalf("Of(%s.Date()) = %s", d, again)
		}
		year, month, monthDay := d.Date()
		if at := time.Date(year, month, monthDay, 12, 0, 0, 0, time.UTC); at.Weekday() != d.Weekday() {
			t.Fatalf("%s is a %s, want %s", d, d.Weekday(), at.Weekday())
		}
	})
}

func TestAddAndSubAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := days().Draw(t, "a"), days().Draw(t, "b")
		if got := b.Add(a.Sub(b)); got != a {
			t.Fatalf("%s.Add(%s.Sub(%s)) = %s", b, a, b, got)
		}
		if (a.Sub(b) < 0) != a.Before(b) || (a.Sub(b) > 0) != a.After(b) || a.Compare(b) != -b.Compare(a) {
			t.Fatalf("%s and %s are ordered in two ways", a, b)
		}
		if (a.String() < b.String()) != a.Before(b) {
			t.Fatalf("%s and %s sort otherwise as text", a, b)
		}
	})
}

func TestAddStopsAtTheEndsOfTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := days().Draw(t, "d"), rapid.Int().Draw(t, "n")
		got := d.Add(n)
		if got.IsZero() || n > 0 && got.Before(d) || n < 0 && got.After(d) {
			t.Fatalf("%s.Add(%d) = %q", d, n, got)
		}
	})
}

func TestADayBeginsInItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := must("1900-01-01").Add(rapid.IntRange(0, 100_000).Draw(t, "days"))
		if at := day.At(d.Start()); at != d {
			t.Fatalf("%s starts on %s", d, at)
		}
		// Until 1980, when summer time came, clocks changed at midnight now and then.
		if d.Year() >= 1950 {
			if at := day.At(d.Start().Add(-time.Nanosecond)); at != d.Add(-1) {
				t.Fatalf("the instant before %s is on %s", d, at)
			}
		}
	})
}

func TestSpan(t *testing.T) {
	span := func(from, to string) (s day.Span) {
		if from != "" {
			s.From = must(from)
		}
		if to != "" {
			s.To = must(to)
		}
		return s
	}
	agreement := span("2019-01-01", "2026-01-01")
	for d, want := range map[string]bool{"2018-12-31": false, "2019-01-01": true, "2025-12-31": true, "2026-01-01": false} {
		if got := agreement.Contains(must(d)); got != want {
			t.Errorf("contains %s: %v", d, got)
		}
	}
	if got := agreement.Last().String(); got != "2025-12-31" {
		t.Errorf("last day %s", got)
	}
	if !span("", "").Contains(must("2026-01-01")) || span("", "").Contains(day.Day{}) || !span("", "").Last().IsZero() {
		t.Error("a span without limits holds every day and only days")
	}
	for _, c := range []struct {
		a, b day.Span
		want bool
	}{
		{agreement, span("2026-01-01", ""), false}, // the one ends as the other begins
		{agreement, span("2025-12-31", ""), true},
		{agreement, span("", "2019-01-01"), false},
		{agreement, span("", "2019-01-02"), true},
		{agreement, span("", ""), true},
		{span("2020-01-01", ""), span("", "2020-01-01"), false},
		{agreement, span("2020-01-01", "2020-01-01"), false},
	} {
		if got := c.a.Overlaps(c.b); got != c.want {
			t.Errorf("%v overlaps %v: %v", c.a, c.b, got)
		}
		if got := c.b.Overlaps(c.a); got != c.want {
			t.Errorf("%v overlaps %v: %v", c.b, c.a, got)
		}
	}
	if span("2020-01-02", "2020-01-01").Valid() || span("2020-01-01", "2020-01-01").Valid() || !span("2020-01-01", "2020-01-02").Valid() {
		t.Error("a span is valid where it holds a day")
	}
}

func TestSpansOverlapWhereADayIsInBoth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := must("2026-01-01")
		limit := rapid.Custom(func(t *rapid.T) day.Day {
			if rapid.Bool().Draw(t, "open") {
				return day.Day{}
			}
			return base.Add(rapid.IntRange(1, 8).Draw(t, "day"))
		})
		a := day.Span{From: limit.Draw(t, "a from"), To: limit.Draw(t, "a to")}
		b := day.Span{From: limit.Draw(t, "b from"), To: limit.Draw(t, "b to")}
		common := false
		for n := range 12 {
			common = common || a.Contains(base.Add(n)) && b.Contains(base.Add(n))
		}
		if got := a.Overlaps(b); got != common {
			t.Fatalf("%v overlaps %v: %v, a day in both: %v", a, b, got, common)
		}
	})
}

func TestQuarter(t *testing.T) {
	for d, want := range map[string]day.Quarter{
		"2026-01-01": {2026, 1}, "2026-03-31": {2026, 1}, "2026-04-01": {2026, 2}, "2026-09-30": {2026, 3}, "2026-12-31": {2026, 4},
	} {
		if got := must(d).Quarter(); got != want {
			t.Errorf("%s is in %v, want %v", d, got, want)
		}
	}
	if got, want := (day.Quarter{Year: 2026, Number: 4}).Span(), (day.Span{From: must("2026-10-01"), To: must("2027-01-01")}); got != want {
		t.Errorf("the fourth quarter is %v, want %v", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := must("1900-01-01").Add(rapid.IntRange(0, 100_000).Draw(t, "days"))
		q := d.Quarter()
		if !q.Span().Contains(d) {
			t.Fatalf("%s is not in its quarter %v", d, q)
		}
		if next := q.Span().To.Quarter(); q.Add(1) != next || next.Add(-1) != q {
			t.Fatalf("after %v comes %v, want %v", q, q.Add(1), next)
		}
	})
	if q := (day.Day{}).Quarter(); q != (day.Quarter{}) {
		t.Errorf("no day is in %v", q)
	}
}

func TestDaysSort(t *testing.T) {
	got := []day.Day{must("2026-02-01"), {}, must("2025-12-31")}
	slices.SortFunc(got, day.Day.Compare)
	if want := []day.Day{{}, must("2025-12-31"), must("2026-02-01")}; !slices.Equal(got, want) {
		t.Errorf("sorted: %v", got)
	}
}
