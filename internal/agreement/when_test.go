package agreement_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

func TestADayIsKnownAsCloselyAsTheSourceTells(t *testing.T) {
	for _, c := range []struct{ written, from, to, sv, en string }{
		{"2020-05-04", "2020-05-04", "2020-05-04", "4 maj 2020", "4 May 2020"},
		{"2020-05", "2020-05-01", "2020-05-31", "maj 2020", "May 2020"},
		{"2020-21", "2020-03-01", "2020-05-31", "våren 2020", "spring 2020"},
		{"2020-22", "2020-06-01", "2020-08-31", "sommaren 2020", "summer 2020"},
		{"2020-23", "2020-09-01", "2020-11-30", "hösten 2020", "autumn 2020"},
		{"2019-24", "2019-12-01", "2020-02-29", "vintern 2019–2020", "winter 2019–2020"},
		{"2019", "2019-01-01", "2019-12-31", "2019", "2019"},
		{"../2020-05-04", "", "2020-05-04", "senast den 4 maj 2020", "by 4 May 2020"},
		{"", "", "", "okänt", "unknown"},
	} {
		w, err := agreement.ParseWhen(c.written)
		if err != nil || w.From.String() != c.from || w.To.String() != c.to || w.String() != c.written {
			t.Errorf("%s: %v–%v %s, %v", c.written, w.From, w.To, w, err)
		}
		if sv, en := w.In(text.Swedish), w.In(text.English); sv != c.sv || en != c.en {
			t.Errorf("%s: %q, %q", c.written, sv, en)
		}
	}
	for _, s := range []string{"20", "2020-13", "2020-25", "2020-1", "2020-02-30", "../2020", "0000", "maj 2020", "2020-05-04T10:00"} {
		if w, err := agreement.ParseWhen(s); err == nil {
			t.Errorf("%q was read as %s", s, w)
		}
	}
}

// However a day is known, reading what was written gives the same.
func TestAWhenIsReadAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day.Of(1900, 1, 1).Add(rapid.IntRange(0, 100_000).Draw(t, "day"))
		s := d.String()
		written := rapid.SampledFrom([]string{s, s[:7], s[:4], "../" + s, s[:4] + "-2" + string(rune('1'+rapid.IntRange(0, 3).Draw(t, "season")))}).Draw(t, "written")
		w, err := agreement.ParseWhen(written)
		if err != nil || w.String() != written {
			t.Fatalf("%s became %s, %v", written, w, err)
		}
	})
}
