package web

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

func TestADateIsReadAsAPersonWritesIt(t *testing.T) {
	for typed, want := range map[string]string{
		"2020-05-04": "2020-05-04", " 4 maj 2020 ": "2020-05-04", "4 May 2020": "2020-05-04", "maj 2020": "2020-05", "2020-05": "2020-05",
		"Våren 2020": "2020-21", "hösten 2021": "2021-23", "vintern 2020–2021": "2020-24", "spring 2020": "2020-21", "2020": "2020",
		"senast 2020-05-04": "../2020-05-04", "senast den 4 maj 2020": "../2020-05-04", "by 4 May 2020": "../2020-05-04", "../2020-05-04": "../2020-05-04",
	} {
		if w, ok := readWhen(typed); !ok || w.String() != want {
			t.Errorf("%q: %q %v, want %q", typed, w, ok, want)
		}
	}
	for _, typed := range []string{"", "i våras", "32 maj 2020", "maj", "senast 2020", "senast maj 2020", "4 maj", "våren", "2020-13", "20200504", "ma 2020"} {
		if w, ok := readWhen(typed); ok {
			t.Errorf("%q was read as %q", typed, w)
		}
	}
}

// What a field shows of a date is read back as the same date, in either language.
func TestADateShownInAFieldIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day.Of(rapid.IntRange(1990, 2060).Draw(t, "year"), 1, 1).Add(rapid.IntRange(0, 364).Draw(t, "day"))
		iso := rapid.SampledFrom([]string{d.String(), d.String()[:7], d.String()[:4], "../" + d.String(),
			d.String()[:4] + "-21", d.String()[:4] + "-22", d.String()[:4] + "-23", d.String()[:4] + "-24"}).Draw(t, "written")
		want, err := agreement.ParseWhen(iso)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range text.Langs {
			if got, ok := readWhen(typedWhen(l, iso)); !ok || got != want {
				t.Fatalf("%s is shown as %q and read as %q", iso, typedWhen(l, iso), got)
			}
		}
	})
}
