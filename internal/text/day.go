package text

import (
	"strconv"
	"strings"
	"time"
)

var svMonths = [...]string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}

// Month is a month's name.
func (l Lang) Month(m time.Month) string {
	if l == English {
		return m.String()
	}
	return svMonths[m-1]
}

// Clock writes a time of day, given as 15:04, as it is written in the language:
// 15.04 in Swedish.
func (l Lang) Clock(at string) string {
	if l == English {
		return at
	}
	return strings.Replace(at, ":", ".", 1)
}

// Day writes a day as it stands in a sentence, without its year: 16 oktober.
func (l Lang) Day(month time.Month, day int) string {
	return strconv.Itoa(day) + " " + l.Month(month)
}

// LongDay writes a day as it stands in a sentence: 16 oktober 2025.
func (l Lang) LongDay(year int, month time.Month, day int) string {
	return l.Day(month, day) + " " + strconv.Itoa(year)
}
