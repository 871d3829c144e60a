// Package day is civil time: the days, spans and quarters that agreements,
// mandates and plans are counted in, and Sweden's working days.
//
// A day has no clock and no zone; it becomes an instant only where it meets
// one, and then the zone is Stockholm's.
package day

import (
	"fmt"
	"time"
	_ "time/tzdata" // Stockholm must be found in a container that has no zone files.
)

// Stockholm is the zone in which Sweden's days begin and end.
var Stockholm = mustZone("Europe/Stockholm")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // The zones are embedded: this is a broken build.
	}
	return zone
}

// Day is a day in the calendar, from 0001-01-01 to 9999-12-31. Days compare
// with ==. The zero value is no day: unknown, or without limit, as its place
// says. It sorts before every day, and it stays no day whatever is added to it.
type Day struct {
	n int32 // 1 is 0001-01-01.
}

const (
	layout  = "2006-01-02"
	seconds = 24 * 60 * 60
	last    = 3_652_059 // 9999-12-31
)

var dayOne = time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC).Unix()

// Of gives the day with these numbers. Numbers outside their range are carried
// over as time.Date does: 30 February is the first or second of March.
// Outside the years 1 to 9999 there is no day.
func Of(year int, month time.Month, d int) Day {
	n := (time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() - dayOne) / seconds
	if year < 0 || n < 0 || n >= last {
		return Day{}
	}
	return Day{int32(n) + 1}
}

// At gives the day it is in Sweden at the instant t, and no day for the zero
// instant.
func At(t time.Time) Day {
	if t.IsZero() {
		return Day{}
	}
	return Of(t.In(Stockholm).Date())
}

// Parse reads a day written as 2026-03-31, and nothing else.
func Parse(s string) (Day, error) {
	// time.Parse alone would let a few other spellings through.
	if len(s) != len(layout) {
		return Day{}, notADay(s)
	}
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1 {
		return Day{}, notADay(s)
	}
	return Of(t.Date()), nil
}

// HowToWrite is how what is refused as a day ends.
const HowToWrite = "write it as 2026-03-31"

func notADay(s string) error {
	return fmt.Errorf("%.40q is not a day: %s", s, HowToWrite)
}

// IsZero tells whether d is no day.
func (d Day) IsZero() bool { return d.n == 0 }

// Before tells whether d comes before other.
func (d Day) Before(other Day) bool { return d.n < other.n }

// After tells whether d comes after other.
func (d Day) After(other Day) bool { return d.n > other.n }

// Compare is -1, 0 or +1 as d comes before, is, or comes after other: what
// slices.SortFunc asks for.
func (d Day) Compare(other Day) int {
	switch {
	case d.n < other.n:
		return -1
	case d.n > other.n:
		return +1
	}
	return 0
}

// Add gives the day so many days later, or earlier where days is negative. It
// stops at the calendar's first and last day.
func (d Day) Add(days int) Day {
	if d.IsZero() {
		return d
	}
	// Bounded first, so that the sum cannot overflow.
	days = min(max(days, -last), last)
	return Day{int32(min(max(int(d.n)+days, 1), last))}
}

// AddMonths gives the same day so many months later or earlier. Where that
// month is too short it is the month's last day: a month after 31 January is
// 28 or 29 February.
func (d Day) AddMonths(months int) Day {
	if d.IsZero() {
		return d
	}
	const most = 12 * 9999
	year, month, monthDay := d.Date()
	months = min(max(months, -most), most)
	count := year*12 + int(month) - 1 + months
	switch {
	case count < 12:
		return Day{1}
	case count >= 12*10_000:
		return Day{last}
	}
	year, month = count/12, time.Month(count%12+1)
	return Of(year, month, min(monthDay, daysIn(year, month)))
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Sub gives the number of days from other to d: d.Sub(other) == n where
// other.Add(n) == d. Both must be days; from no day there is no distance, and
// to ask for one is a mistake in the program, so it panics.
func (d Day) Sub(other Day) int {
	if d.IsZero() || other.IsZero() {
		panic("day: Sub where there is no day")
	}
	return int(d.n) - int(other.n)
}

// Date gives the day's year, month and day of the month; all 0 for no day.
func (d Day) Date() (year int, month time.Month, monthDay int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	return d.utc().Date()
}

// Year is the day's year, or 0.
func (d Day) Year() int { year, _, _ := d.Date(); return year }

// Month is the day's month, or 0.
func (d Day) Month() time.Month { _, month, _ := d.Date(); return month }

// MonthDay is the day of the month, or 0.
func (d Day) MonthDay() int { _, _, monthDay := d.Date(); return monthDay }

// Weekday is the day of the week. Only a day has one; see IsZero.
func (d Day) Weekday() time.Weekday {
	// 0001-01-01, which is 1, was a Monday.
	return time.Weekday(d.n % 7)
}

// ISOWeek gives the week, as Swedish calendars number it, and the year that
// the week belongs to, which around New Year need not be the day's own.
func (d Day) ISOWeek() (year, week int) {
	if d.IsZero() {
		return 0, 0
	}
	return d.utc().ISOWeek()
}

// Start is the instant the day begins in Sweden, and the zero instant for no
// day. The day ends where the next one starts, 23, 24 or 25 hours later.
func (d Day) Start() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	year, month, monthDay := d.Date()
	return time.Date(year, month, monthDay, 0, 0, 0, 0, Stockholm)
}

// String writes the day as 2026-03-31, and no day as nothing.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(layout)
}

func (d Day) utc() time.Time {
	return time.Unix(dayOne+(int64(d.n)-1)*seconds, 0).UTC()
}
