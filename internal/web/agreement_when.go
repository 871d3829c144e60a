package web

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

var whenType = reflect.TypeFor[agreement.When]()

// readWhen reads a date as a person knows it: 2020-05-04, 4 maj 2020, maj 2020,
// våren 2020, 2020, senast 2020-05-04.
func readWhen(s string) (agreement.When, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	if w, err := agreement.ParseWhen(s); err == nil && s != "" {
		return w, true
	}
	for _, by := range []string{"senast den ", "senast ", "no later than ", "by "} {
		if rest, ok := strings.CutPrefix(s, by); ok {
			w, ok := readWhen(rest)
			if !ok || w.Precision != agreement.ToDay {
				return w, false
			}
			return agreement.When{To: w.To, Precision: agreement.By}, true
		}
	}
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 3 {
		return agreement.When{}, false
	}
	// A winter is that which begins in the year: vintern 2020–2021.
	year, _, _ := strings.Cut(strings.ReplaceAll(parts[len(parts)-1], "-", "–"), "–")
	word := parts[len(parts)-2]
	iso := ""
	if n, ok := seasons[word]; ok && len(parts) == 2 {
		iso = year + "-" + strconv.Itoa(n)
	} else if n := monthNamed(word); n > 0 {
		iso = year + "-" + two(n)
		if len(parts) == 3 {
			d, err := strconv.Atoi(parts[0])
			if err != nil {
				return agreement.When{}, false
			}
			iso += "-" + two(d)
		}
	} else {
		return agreement.When{}, false
	}
	w, err := agreement.ParseWhen(iso)
	return w, err == nil
}

var seasons = map[string]int{"våren": 21, "vår": 21, "spring": 21, "sommaren": 22, "sommar": 22, "summer": 22,
	"hösten": 23, "höst": 23, "autumn": 23, "vintern": 24, "vinter": 24, "winter": 24}

// monthNamed is a month's number by its name or the beginning of it, 0 for none.
func monthNamed(word string) int {
	if len(word) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		for _, l := range text.Langs {
			if strings.HasPrefix(strings.ToLower(l.Month(m)), word) {
				return int(m)
			}
		}
	}
	return 0
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// typedWhen is a date as its field shows it: a day as it is written in a
// table, and what is known less closely in words. What is no date stays.
func typedWhen(l text.Lang, s string) string {
	w, ok := readWhen(s)
	if !ok || w.Precision == agreement.ToDay || w.Precision == agreement.ToYear {
		return s
	}
	return w.In(l)
}

// brief is a date in a table or log: a day as 2020-05-04, what is known less
// closely in words.
func (v *visit) brief(w agreement.When) string {
	switch w.Precision {
	case agreement.ToDay:
		return w.From.String()
	case agreement.By:
		return v.T("web.agreement.by", "day", w.To.String())
	}
	return w.In(v.Lang)
}

// apart says how a decision's day lies to the day of effect: ten days later.
func (v *visit) apart(effective, decided day.Day) string {
	n := decided.Sub(effective)
	switch {
	case n == 0:
		return v.T("web.agreement.same_day")
	case n < 0:
		return v.T("web.agreement.days_before", "count", -n, "n", v.spelled(-n, "en"))
	}
	return v.T("web.agreement.days_after", "count", n, "n", v.spelled(n, "en"))
}

var (
	svNumbers = [...]string{"noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv", "tretton", "fjorton",
		"femton", "sexton", "sjutton", "arton", "nitton", "tjugo"}
	enNumbers = [...]string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
		"fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"}
)

// spelled writes a number in a sentence: in letters up to twenty. gender is the
// Swedish gender of what is counted.
func (v *visit) spelled(n int, gender string) string {
	switch {
	case n < 0 || n >= len(svNumbers):
		return Number(v.Lang, int64(n))
	case v.Lang == text.English:
		return enNumbers[n]
	case n == 1 && gender == "ett":
		return gender
	}
	return svNumbers[n]
}

func (v *visit) briefOr(w agreement.When) string {
	if w.IsZero() {
		return ""
	}
	return v.brief(w)
}

// machine is a date as <time> has it: day, month or year.
func machine(w agreement.When) string {
	switch w.Precision {
	case agreement.ToMonth, agreement.ToYear:
		return w.String()
	case agreement.ToSeason:
		return w.String()[:4]
	}
	return w.Day().String()
}
