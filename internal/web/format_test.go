package web

import (
	"math"
	"testing"
	"time"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

func TestNumbersMoneyAndDaysAreWrittenAsTheirLanguageDoes(t *testing.T) {
	d := day.Of(2025, time.October, 16)
	summer := time.Date(2026, time.July, 1, 11, 2, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Number(text.Swedish, 0), "0"},
		{Number(text.Swedish, 999), "999"},
		{Number(text.Swedish, 1000), "1\u202f000"},
		{Number(text.Swedish, -1234567), "\u22121\u202f234\u202f567"},
		{Number(text.Swedish, math.MinInt64), "\u22129\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808"},
		{Number(text.English, 30600), "30,600"},
		{Decimal(text.Swedish, 356, 1), "35,6"},
		{Decimal(text.Swedish, -5, 2), "\u22120,05"},
		{Decimal(text.Swedish, 1203, 3), "1,203"},
		{Percent(text.Swedish, 356), "35,6\u00a0%"},
		{Percent(text.English, 356), "35.6%"},
		{Money(text.Swedish, 9208460), "92\u202f084,60\u00a0kr"},
		{Money(text.English, 9208460), "SEK\u00a092,084.60"},
		{Difference(text.Swedish, 12), "+12"},
		{Difference(text.Swedish, -12), "\u221212"},
		{Difference(text.Swedish, 0), "0"},
		{LongDay(text.Swedish, d), "16 oktober 2025"},
		{LongDay(text.English, d), "16 October 2025"},
		{SentenceDay(text.Swedish, d, day.Of(2025, time.January, 1)), "16 oktober"},
		{SentenceDay(text.Swedish, d, day.Of(2026, time.January, 1)), "16 oktober 2025"},
		{WeekDay(text.Swedish, d), "Torsdag 16 oktober 2025, vecka 42"},
		{WeekDay(text.English, d), "Thursday 16 October 2025, week 42"},
		{Clock(text.Swedish, summer), "13.02"},
		{Moment(text.Swedish, time.Date(2026, time.December, 31, 23, 30, 0, 0, time.UTC)), "2027-01-01 00.30"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	for path, want := range map[string]bool{"/lan/kronoberg?q=1": true, "//evil.example": false, "https://evil.example": false, "/\\evil.example": false,
		"javascript:x": false, "": false, "lan": false, "/a\nb": false} {
		if got := localPath(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}
