// Package money is kronor and öre: how an amount is read and how it is written.
// An amount is a whole number of öre wherever it is kept or counted with, so
// that nothing is ever rounded by being stored.
package money

import (
	"errors"
	"strconv"
	"strings"
)

const (
	thin  = "\u202f" // narrow no-break space: between thousands
	hard  = "\u00a0" // no-break space: between the number and its unit
	minus = "\u2212"
)

// HowToWrite is how what is refused as an amount ends.
const HowToWrite = "write it as 1234,50"

// Why something is no amount. A door tells them apart with errors.Is and has
// its own words for each.
var (
	ErrForm     = errors.New("not an amount in kronor: " + HowToWrite)
	ErrDecimals = errors.New("an amount has at most two decimals: öre is the smallest part")
	ErrTooMuch  = errors.New("the amount is too large to be kept")
)

// spaces are what people, sheets and web pages put between thousands.
var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ")

// Parse reads an amount in kronor and gives it in öre: 1 234,50, 1234.50,
// −5, 92 084,60 kr, and the English SEK 92,084.60. Thousands are in threes or
// not set apart at all: 12 34 is a slip, and so is 1,234, which means one thing
// in Swedish and another in English.
func Parse(s string) (int64, error) {
	s = strings.TrimSpace(spaces.Replace(s))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, "SEK"), "kr"))
	s, negative := strings.CutPrefix(strings.Replace(s, minus, "-", 1), "-")
	s = strings.TrimSpace(strings.TrimPrefix(s, "SEK"))
	kronor, ore, err := split(s)
	if err != nil {
		return 0, err
	}
	digits := kronor + (ore + "00")[:2]
	if negative {
		digits = "-" + digits
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, ErrTooMuch // Nothing but digits is left: only their number can be wrong.
	}
	return n, nil
}

// split gives the digits before and after the decimal mark.
func split(s string) (kronor, ore string, err error) {
	kronor, group := s, " "
	if i := strings.LastIndexAny(s, ",."); i >= 0 {
		kronor, ore = s[:i], s[i+1:]
		if ore == "" || !digits(ore) {
			return "", "", ErrForm
		}
		if s[i] == '.' && strings.Contains(kronor, ",") {
			group = ","
		}
	}
	if kronor, err = join(kronor, group); err != nil {
		return "", "", err
	}
	if len(ore) > 2 {
		return "", "", ErrDecimals
	}
	return kronor, ore, nil
}

// join takes away what stands between thousands.
func join(kronor, group string) (string, error) {
	parts := strings.Split(kronor, group)
	for i, p := range parts {
		switch {
		case !digits(p):
			return "", ErrForm
		case len(parts) > 1 && (len(p) > 3 || i > 0 && len(p) != 3):
			return "", ErrForm
		}
	}
	return strings.Join(parts, ""), nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Format writes an amount in full, as people read it: 92 084,60 kr, and in
// English ("en") SEK 92,084.60.
func Format(ore int64, lang string) string {
	if lang == "en" {
		return "SEK" + hard + Decimal(ore, 2, lang)
	}
	return Decimal(ore, 2, lang) + hard + "kr"
}

// Decimal writes a number given in parts of ten to the power of decimals, as
// the language does, with a real minus: Decimal(356, 1, "sv") is 35,6.
func Decimal(n int64, decimals int, lang string) string {
	sep, mark := thin, ","
	if lang == "en" {
		sep, mark = ",", "."
	}
	whole, rest := cut(n, decimals)
	var b strings.Builder
	if n < 0 {
		b.WriteString(minus)
	}
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(r)
	}
	if rest != "" {
		b.WriteString(mark + rest)
	}
	return b.String()
}

// Plain writes an amount for files and programs: 92084.60. Parse reads it back.
func Plain(ore int64) string {
	whole, rest := cut(ore, 2)
	if ore < 0 {
		whole = "-" + whole
	}
	return whole + "." + rest
}

// cut gives the digits before and after the decimal mark. The least number of
// all has no positive counterpart, so it is counted without a sign.
func cut(n int64, decimals int) (whole, rest string) {
	u := uint64(n) // #nosec G115 -- a negative number is turned in the next line
	if n < 0 {
		u = uint64(-(n + 1)) + 1 // #nosec G115 -- at most math.MaxInt64 before the one is added
	}
	s := strconv.FormatUint(u, 10)
	if decimals <= 0 {
		return s, ""
	}
	if len(s) <= decimals {
		s = strings.Repeat("0", decimals+1-len(s)) + s
	}
	return s[:len(s)-decimals], s[len(s)-decimals:]
}
