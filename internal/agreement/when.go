package agreement

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

// Precision is how closely a day is known.
type Precision string

// The precisions.
const (
	ToDay    Precision = "day"
	ToMonth  Precision = "month"
	ToSeason Precision = "season"
	ToYear   Precision = "year"
	By       Precision = "by" // no later than the day
)

// When is a day as the source tells it: to the day, month, season or year, or
// no more than that it was by a day. The zero value is not known at all. When
// values compare with ==.
//
// It is written as ISO 8601-2 writes such dates: 2020-05-04, 2020-05, 2020,
// 2020-21 (21 to 24 are spring, summer, autumn, winter) and ../2020-05-04 for
// "by". A winter is that which begins in the year.
type When struct {
	From, To  day.Day // first and last day it can have been; From is zero for By
	Precision Precision
}

// OnDay is a When known to the day.
func OnDay(d day.Day) When {
	if d.IsZero() {
		return When{}
	}
	return When{From: d, To: d, Precision: ToDay}
}

// IsZero tells whether it is not known at all.
func (w When) IsZero() bool { return w.Precision == "" }

// Day stands for the When where one day is needed, in order and in reckoning:
// the first day it can have been, and for By the last.
func (w When) Day() day.Day {
	if w.Precision == By {
		return w.To
	}
	return w.From
}

// kept makes a When of what the database keeps: Day and the precision.
func kept(d day.Day, p string) When {
	if d.IsZero() {
		return When{}
	}
	first, months := d, 0
	switch Precision(p) {
	case By:
		return When{To: d, Precision: By}
	case ToMonth:
		first, months = day.Of(d.Year(), d.Month(), 1), 1
	case ToSeason:
		first, months = seasonStart(d), 3
	case ToYear:
		first, months = day.Of(d.Year(), time.January, 1), 12
	default:
		return OnDay(d)
	}
	return When{From: first, To: first.AddMonths(months).Add(-1), Precision: Precision(p)}
}

// precision is what the database keeps beside the day; a day that is not known
// has the column's default.
func (w When) precision() string {
	if w.IsZero() {
		return string(ToDay)
	}
	return string(w.Precision)
}

// seasonStart is the first day of the season a day is in: March, June,
// September or December.
func seasonStart(d day.Day) day.Day {
	back := int(d.Month()) % 3
	return day.Of(d.Year(), d.Month(), 1).AddMonths(-back)
}

// ParseWhen reads what String writes. Empty is not known.
func ParseWhen(s string) (When, error) {
	bad := func() (When, error) {
		return When{}, fmt.Errorf("%.40q is no date: write 2020-05-04, 2020-05, 2020-21 (spring; 22 summer, 23 autumn, 24 winter), 2020 or ../2020-05-04", s)
	}
	by, isBy := strings.CutPrefix(s, "../")
	switch {
	case s == "":
		return When{}, nil
	case isBy:
		d, err := day.Parse(by)
		if err != nil {
			return bad()
		}
		return When{To: d, Precision: By}, nil
	case len(s) == len("2020-05-04"):
		d, err := day.Parse(s)
		if err != nil {
			return bad()
		}
		return OnDay(d), nil
	}
	year, part, _ := strings.Cut(s, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 || y < 1 {
		return bad()
	}
	if len(s) == 4 {
		return kept(day.Of(y, time.January, 1), string(ToYear)), nil
	}
	m, err := strconv.Atoi(part)
	switch {
	case err != nil || len(part) != 2:
		return bad()
	case m >= 1 && m <= 12:
		return kept(day.Of(y, time.Month(m), 1), string(ToMonth)), nil
	case m >= 21 && m <= 24:
		return kept(day.Of(y, time.Month((m-20)*3), 1), string(ToSeason)), nil
	}
	return bad()
}

// String writes the When as ParseWhen reads it.
func (w When) String() string {
	switch w.Precision {
	case ToDay:
		return w.From.String()
	case ToMonth:
		return w.From.String()[:7]
	case ToSeason:
		return fmt.Sprintf("%04d-%d", w.From.Year(), 20+int(w.From.Month())/3)
	case ToYear:
		return fmt.Sprintf("%04d", w.From.Year())
	case By:
		return "../" + w.To.String()
	}
	return ""
}

// MarshalText writes the When as String does.
func (w When) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// UnmarshalText reads what ParseWhen reads.
func (w *When) UnmarshalText(b []byte) error {
	read, err := ParseWhen(string(b))
	if err != nil {
		return err
	}
	*w = read
	return nil
}

// In gives the words: "4 maj 2020", "maj 2020", "våren 2020", "2020", "senast
// den 4 maj 2020". What is not known is said so.
func (w When) In(l text.Lang) string {
	switch w.Precision {
	case ToDay:
		return l.T("agreement.when.day", "day", w.From.MonthDay(), "month", month(l, w.From), "year", w.From.Year())
	case ToMonth:
		return l.T("agreement.when.month", "month", month(l, w.From), "year", w.From.Year())
	case ToSeason:
		season := []string{"winter", "spring", "summer", "autumn"}[int(w.From.Month())/3%4]
		return l.T("agreement.when.season."+season, "year", w.From.Year(), "next", w.From.Year()+1)
	case ToYear:
		return strconv.Itoa(w.From.Year())
	case By:
		return l.T("agreement.when.by", "day", w.To.MonthDay(), "month", month(l, w.To), "year", w.To.Year())
	}
	return l.T("agreement.when.unknown")
}

func month(l text.Lang, d day.Day) string {
	return l.T(fmt.Sprintf("agreement.month.%d", d.Month()))
}

// ends turns the last day of a period, as people say it, into the first day
// after; until turns it back.
func (w When) ends() day.Day {
	if w.IsZero() {
		return day.Day{}
	}
	return w.To.Add(1)
}

func until(validTo day.Day, p string) When { return kept(validTo.Add(-1), p) }
