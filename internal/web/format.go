package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/text"
)

// How numbers, money and days are written. Swedish: a thin space between
// thousands, a decimal comma, a real minus. English keeps the order of days and
// the 24-hour clock and changes the signs.

const (
	thin  = "\u202f" // narrow no-break space: between thousands
	hard  = "\u00a0" // no-break space: between a number and its unit
	minus = "\u2212"
)

// Number writes a whole number.
func Number(l text.Lang, n int64) string { return money.Decimal(n, 0, string(l)) }

// Decimal writes a number given in parts of ten to the power of decimals:
// Decimal(l, 356, 1) is 35,6.
func Decimal(l text.Lang, n int64, decimals int) string {
	return money.Decimal(n, decimals, string(l))
}

// Percent writes tenths of a per cent.
func Percent(l text.Lang, tenths int64) string {
	if l == text.English {
		return Decimal(l, tenths, 1) + "%"
	}
	return Decimal(l, tenths, 1) + hard + "%"
}

// Money writes an amount in öre, in full.
func Money(l text.Lang, ore int64) string { return money.Format(ore, string(l)) }

// Difference writes a number with its sign, plus too.
func Difference(l text.Lang, n int64) string {
	if n > 0 {
		return "+" + Number(l, n)
	}
	return Number(l, n)
}

var svWeekdays = [...]string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"}

// LongDay writes a day in a sentence, with its year.
func LongDay(l text.Lang, d day.Day) string { return l.LongDay(d.Date()) }

// SentenceDay writes a day in a sentence, without the year when it is this one.
func SentenceDay(l text.Lang, d, today day.Day) string {
	if d.Year() == today.Year() {
		return shortDay(l, d)
	}
	return LongDay(l, d)
}

func shortDay(l text.Lang, d day.Day) string { return l.Day(d.Month(), d.MonthDay()) }

// WeekDay writes a day with its weekday and week: what stands above a first page.
func WeekDay(l text.Lang, d day.Day) string {
	_, week := d.ISOWeek()
	if l == text.English {
		return fmt.Sprintf("%s %s, week %d", d.Weekday(), LongDay(l, d), week)
	}
	name := []rune(svWeekdays[d.Weekday()])
	return strings.ToUpper(string(name[:1])) + string(name[1:]) + " " + LongDay(l, d) + ", vecka " + strconv.Itoa(week)
}

// Clock writes the time of day in Sweden.
func Clock(l text.Lang, t time.Time) string {
	return l.Clock(t.In(day.Stockholm).Format("15:04"))
}

// Moment writes an instant in a table or log.
func Moment(l text.Lang, t time.Time) string {
	return day.At(t).String() + " " + Clock(l, t)
}

// Size writes how large a file is.
func Size(l text.Lang, n int64) string {
	switch {
	case n < 1<<10:
		return Number(l, n) + hard + "B"
	case n < 1<<20:
		return Number(l, (n+1<<9)>>10) + hard + "kB"
	case n < 10<<20 && n%(1<<20) != 0:
		return Decimal(l, (n*10+1<<19)>>20, 1) + hard + "MB"
	}
	return Number(l, (n+1<<19)>>20) + hard + "MB"
}
