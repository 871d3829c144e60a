package day

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"
)

// daysOff are the public holidays of lag (1989:253) om allmänna helgdagar, and
// the three eves that Swedish law treats as Sundays: Midsummer Eve, Christmas
// Eve and New Year's Eve (semesterlag 1977:480, 3 a §; for time limits, lag
// 1930:173 om beräkning av lagstadgad tid, 2 §). They hold from 2005, when
// the National Day took Whit Monday's place.
var daysOff = func() *cal.Calendar {
	c := &cal.Calendar{Name: "Sverige", Cacheable: true}
	c.AddHoliday(se.Holidays...)
	// Always Sundays, and so left out of the list, but they have names.
	c.AddHoliday(se.Paskdagen, se.Pingstdagen)
	return c
}()

// Holiday gives the Swedish name of the public holiday or eve that d is.
func Holiday(d Day) (name string, ok bool) {
	if d.IsZero() {
		return "", false
	}
	if is, _, holiday := daysOff.IsHoliday(d.utc()); is {
		return holiday.Name, true
	}
	return "", false
}

// Workday tells whether d is a Swedish working day: Monday to Friday, neither
// a public holiday nor one of the three eves. No day is no working day.
func Workday(d Day) bool {
	if d.IsZero() {
		return false
	}
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	_, off := Holiday(d)
	return !off
}

// AddWorkdays gives the nth working day after d, or before it where n is
// negative. With n 0 it is d itself if that is a working day and otherwise the
// next one, as when a time limit runs out on a Sunday.
func AddWorkdays(d Day, n int) Day {
	if d.IsZero() {
		return d
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	if n == 0 {
		for !Workday(d) && d.n < last {
			d = d.Add(1)
		}
		return d
	}
	for n > 0 && (step > 0 && d.n < last || step < 0 && d.n > 1) {
		d = d.Add(step)
		if Workday(d) {
			n--
		}
	}
	return d
}
