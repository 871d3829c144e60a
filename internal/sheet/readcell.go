package sheet

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// readStyles notes which styles make a date of a number: a workbook keeps days
// as numbers, and only their look says that they are days.
func (b *book) readStyles() error {
	formats := map[string]string{}
	inCells := false
	_, err := b.part("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			formats[attribute(e, "numFmtId")] = attribute(e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id := attribute(e, "numFmtId")
				code, own := formats[id]
				b.dates = append(b.dates, own && dateFormat(code) || !own && dateID(id))
			}
		}
		return nil
	})
	return err
}

// dateID knows the formats that every workbook has without saying so.
func dateID(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n == 45 || n == 47 || n >= 50 && n <= 58)
}

var (
	elapsed = regexp.MustCompile(`(?i)\[[hms]+\]`)               // hours that go on after 24
	literal = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^]]*\]`) // words, padding, colours, languages
)

func dateFormat(code string) bool {
	code, _, _ = strings.Cut(code, ";") // what follows is for negative numbers
	if elapsed.MatchString(code) || strings.EqualFold(code, "general") {
		return false
	}
	return strings.ContainsAny(strings.ToLower(literal.ReplaceAllString(code, "")), "ymdhs")
}

const (
	secondsPerDay = 24 * 60 * 60
	lastSerial    = 2_958_465 // 9999-12-31
)

var dayZero = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// date writes the day that a number stands for, with the time where it has one.
func date(serial float64, since int64) (string, bool) {
	serial += float64(since)
	if serial < 0 || serial >= lastSerial+1 || math.IsNaN(serial) {
		return "", false
	}
	seconds := int64(math.Round(serial * secondsPerDay))
	if since == 0 && seconds >= secondsPerDay && seconds < 60*secondsPerDay {
		seconds += secondsPerDay // before the 29 February 1900 that never was
	}
	t := time.Unix(dayZero.Unix()+seconds, 0).UTC()
	clock := "15:04"
	if t.Second() != 0 {
		clock = "15:04:05"
	}
	switch {
	case seconds < secondsPerDay && since == 0: // no day at all
		return t.Format(clock), true
	case seconds%secondsPerDay == 0:
		return t.Format("2006-01-02"), true
	}
	return t.Format("2006-01-02T" + clock), true
}

// number writes a number as a person would: to the 15 digits that a spreadsheet
// shows, so that 0.1+0.2 is 0.3, and without an exponent.
func number(f float64) string {
	if math.Abs(f) >= 1e21 || math.IsNaN(f) {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	if err != nil || math.Abs(f) >= 1e15 {
		rounded = f
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
