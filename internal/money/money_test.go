package money_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/overens/overens/internal/money"
)

func TestAnAmountIsReadAsPeopleWriteIt(t *testing.T) {
	for in, want := range map[string]int64{
		"1 234,50":                           123450,
		"1\u00a0234,50":                      123450,
		"1\u202f234,50":                      123450,
		"1\u2009234,50":                      123450,
		"1234.50":                            123450,
		"1234,5":                             123450,
		"1234":                               123400,
		" 92 084,60 kr ":                     9208460,
		"92\u202f084,60\u00a0kr":             9208460,
		"SEK\u00a092,084.60":                 9208460,
		"SEK -92,084.60":                     -9208460,
		"SEK\u00a0\u22121,234,567.00":        -123456700,
		"\u22125":                            -500,
		"-0,05":                              -5,
		"- 5,00":                             -500,
		"0":                                  0,
		"007,10":                             710,
		"92233720368547758.07":               math.MaxInt64,
		"\u221292 233 720 368 547 758,08 kr": math.MinInt64,
	} {
		if got, err := money.Parse(in); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", in, got, err, want)
		}
	}
}

func TestASlipIsNoAmount(t *testing.T) {
	for in, want := range map[string]error{
		"":                      money.ErrForm,
		" ":                     money.ErrForm,
		"kr":                    money.ErrForm,
		"en krona":              money.ErrForm,
		"12 34":                 money.ErrForm,
		"1 2345":                money.ErrForm,
		"1234 567":              money.ErrForm,
		"1  234":                money.ErrForm,
		",50":                   money.ErrForm,
		"5,":                    money.ErrForm,
		"1.234,50":              money.ErrForm,
		"1,234,567":             money.ErrForm,
		"--5":                   money.ErrForm,
		"+5":                    money.ErrForm,
		"5-":                    money.ErrForm,
		"1e3":                   money.ErrForm,
		"٣":                     money.ErrForm,
		"1,234":                 money.ErrDecimals,
		"1234.505":              money.ErrDecimals,
		"92233720368547758.08":  money.ErrTooMuch,
		"-92233720368547758.09": money.ErrTooMuch,
		"99999999999999999999":  money.ErrTooMuch,
	} {
		if got, err := money.Parse(in); !errors.Is(err, want) {
			t.Errorf("%q: %d, %v, want %v", in, got, err, want)
		}
	}
}

func TestAnAmountIsWrittenInFull(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{money.Format(9208460, "sv"), "92\u202f084,60\u00a0kr"},
		{money.Format(9208460, "en"), "SEK\u00a092,084.60"},
		{money.Format(-5, "sv"), "\u22120,05\u00a0kr"},
		{money.Format(-123456, "en"), "SEK\u00a0\u22121,234.56"},
		{money.Format(0, "sv"), "0,00\u00a0kr"},
		{money.Format(100000000, "sv"), "1\u202f000\u202f000,00\u00a0kr"},
		{money.Format(math.MinInt64, "sv"), "\u221292\u202f233\u202f720\u202f368\u202f547\u202f758,08\u00a0kr"},
		{money.Decimal(356, 1, "sv"), "35,6"},
		{money.Decimal(356, 1, "en"), "35.6"},
		{money.Decimal(-1234, 0, "sv"), "\u22121\u202f234"},
		{money.Decimal(5, 3, "sv"), "0,005"},
		{money.Plain(9208460), "92084.60"},
		{money.Plain(-5), "-0.05"},
		{money.Plain(0), "0.00"},
		{money.Plain(math.MinInt64), "-92233720368547758.08"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "öre")
		for _, s := range []string{money.Format(n, "sv"), money.Format(n, "en"), money.Plain(n)} {
			if got, err := money.Parse(s); err != nil || got != n {
				t.Fatalf("%q: %d, %v, want %d", s, got, err, n)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1 234,50", "SEK 92,084.60", "\u22125 kr", "1,234"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := money.Parse(s)
		if err != nil {
			return
		}
		if again, err := money.Parse(money.Format(n, "sv")); err != nil || again != n {
			t.Errorf("%q is %d, and then %d, %v", s, n, again, err)
		}
	})
}
