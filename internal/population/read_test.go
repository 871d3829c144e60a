package population_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/text"
)

func on(s string) day.Day {
	d, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

var today = on("2026-11-25")

// told is what was read, in lines that can be compared at a glance.
func told(b population.Batch) (lines []string) {
	for _, l := range b.Lines {
		lines = append(lines, strings.TrimSpace(fmt.Sprintln(l.Municipality, l.Day, l.Count, l.Source)))
	}
	for _, p := range b.Problems {
		lines = append(lines, fmt.Sprintf("row %d %s", p.Row, strings.TrimPrefix(p.Key, "population.")))
	}
	return append(lines, fmt.Sprintf("%d read, %d skipped, %d refused", b.Read, b.Skipped, b.Refused))
}

func TestTablesAreReadAsPeopleKeepThem(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want []string
	}{
		"Swedish Excel, long": {
			"\xef\xbb\xbfKommunkod;Kommun;Datum;Folkmängd;Källa\r\n0580;Linköping;2024-12-31;168 035;SCB\r\n581;Norrköping;2024-12-31;144\u00a0980;SCB\r\n",
			[]string{"0580 2024-12-31 168035 SCB", "0581 2024-12-31 144980 SCB", "2 read, 0 skipped, 0 refused"},
		},
		"Windows-1252": {
			"kommunkod;\xe5r;folkm\xe4ngd\n0580;2023;167404\n",
			[]string{"0580 2023-12-31 167404", "1 read, 0 skipped, 0 refused"},
		},
		"RFC 4180, long": {
			"municipality_code,municipality,reference_date,population,source\r\n0764,Alvesta,2024-12-31,20000,\"SCB, 2025\"\r\n",
			[]string{"0764 2024-12-31 20000 SCB, 2025", "1 read, 0 skipped, 0 refused"},
		},
		"wide, with counties": {
			"region;2023;Folkmängd 2024\n00 Riket;10551707;10587710\n05 Östergötlands län;471792;472446\n0580 Linköping;167404;168035\n",
			[]string{"0580 2023-12-31 167404", "0580 2024-12-31 168035", "4 read, 2 skipped, 0 refused"},
		},
		"what is not known is not there": {
			"kommunkod;år;folkmängd\n0580;2024;\n0581;2024;..\n0513;2024;9957\n",
			[]string{"0513 2024-12-31 9957", "3 read, 2 skipped, 0 refused"},
		},
		"what is no figure": {
			"kommunkod;år;folkmängd\n9999;2024;1\nLinköping;2024;1\n0580;i fjol;1\n0580;2030;1\n0580;2024;0\n0580;2024;-3\n0580;2024;1,5\n0580;2022;99999999999\n",
			[]string{"row 2 code_unknown", "row 3 code_unknown", "row 4 day_wrong", "row 5 ahead", "row 6 count_wrong", "row 7 count_wrong", "row 8 count_wrong", "row 9 count_wrong",
				"8 read, 0 skipped, 8 refused"},
		},
		"two counts for one place": {
			"kommunkod;år;folkmängd\n0580;2024;168035\n0581;2024;144980\n0580;2024;168036\n0581;2024;144980\n",
			[]string{"0581 2024-12-31 144980", "row 4 twice", "4 read, 1 skipped, 2 refused"},
		},
		"quarters and months": {
			"kommunkod;tid;folkmängd\n0580;2024K1;1\n0580;2024Q4;2\n0580;2024M02;3\n0580;2024K5;4\n0580;2024M13;5\n0580;2024K+1;6\n",
			[]string{"0580 2024-03-31 1", "0580 2024-12-31 2", "0580 2024-02-29 3", "row 5 day_wrong", "row 6 day_wrong", "row 7 day_wrong", "6 read, 0 skipped, 3 refused"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := population.Read([]byte(c.raw), today)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, told(b)); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
}

func TestAWorkbookIsReadToo(t *testing.T) {
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "kommunkod", "B1": "2023", "C1": 2024, "A2": "0580", "B2": 167404, "C2": 168035, "A3": 581, "C3": 144980} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var raw bytes.Buffer
	if err := f.Write(&raw); err != nil {
		t.Fatal(err)
	}
	b, err := population.Read(raw.Bytes(), today)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"0580 2023-12-31 167404", "0580 2024-12-31 168035", "0581 2024-12-31 144980", "4 read, 1 skipped, 0 refused"}
	if d := cmp.Diff(want, told(b)); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func TestWhatIsNoTableIsRefusedWithTheReason(t *testing.T) {
	for raw, want := range map[string]string{
		"":                                    "population.empty",
		"kommunkod;år\n0580;2024\n":           "population.columns_missing",
		"namn;år;folkmängd\nLinköping;2024;1": "population.columns_missing",
		"\xd0\xcf\x11\xe0":                    "population.old_workbook",
		"\x00\x01":                            "population.unreadable",
		"kommunkod;år;folkmängd\n0580;2024;1;2;3\n": "population.unreadable_row",
		"{":                                    "population.json_unreadable",
		`{"dataset":{}}`:                       "population.not_jsonstat",
		`{"title":"Folkmängd","variables":[]}`: "population.not_jsonstat",
	} {
		_, err := population.Read([]byte(raw), today)
		if !fault.Is(err, want) || !text.Has(want) || !text.Has(want+"_detail") {
			t.Errorf("%q: %v, want %s with words", raw, err, want)
		}
	}
}

func stat(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestJSONStatIsReadAsPxWebGivesIt(t *testing.T) {
	for name, want := range map[string][]string{
		"years.json": {"0580 2023-12-31 167404", "0580 2024-12-31 168035", "0581 2023-12-31 145163", "0581 2024-12-31 144980", "8 read, 4 skipped, 0 refused"},
		// Sexes are added up, few values are given by their places, and one is not known.
		"sexes.json": {"0764 2024-03-31 20200", "0780 2024-03-31 96200", "0780 2024-09-30 96350", "row 9 code_unknown", "5 read, 1 skipped, 1 refused"},
	} {
		b, err := population.Read(stat(t, name), today)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, told(b)); d != "" {
			t.Errorf("%s (-want +got)\n%s", name, d)
		}
		if !strings.HasPrefix(b.Source, "SCB, Folkmängd efter region") {
			t.Errorf("%s: source %q", name, b.Source)
		}
	}
}

func TestAPartIsNeverTakenForTheWhole(t *testing.T) {
	years, sexes := string(stat(t, "years.json")), string(stat(t, "sexes.json"))
	for name, c := range map[string]struct{ raw, want string }{
		"men alone":            {strings.NewReplacer(`"size":[3,1,2,2]`, `"size":[3,1,1,2]`, `["1","2"]`, `["1"]`).Replace(sexes), "population.jsonstat_part"},
		"one age":              {strings.Replace(sexes, `{"tot":"totalt ålder"}`, `{"17":"17 år"}`, 1), "population.jsonstat_part"},
		"growth":               {strings.NewReplacer("BE0101N1", "BE0101N2", `"Folkmängd"`, `"Folkökning"`).Replace(years), "population.jsonstat_contents"},
		"growth in English":    {strings.NewReplacer("BE0101N1", "BE0101N2", `"Folkmängd"`, `"Population growth"`).Replace(years), "population.jsonstat_contents"},
		"no area":              {strings.ReplaceAll(strings.ReplaceAll(years, "Region", "Lan"), `"label":"region"`, `"label":"lan"`), "population.jsonstat_region"},
		"no time":              {strings.NewReplacer(`"Tid"`, `"Alder"`, `"label":"år"`, `"label":"a"`, `"role"`, `"roll"`).Replace(years), "population.jsonstat_time"},
		"too few values":       {strings.Replace(years, ",144980]", "]", 1), "population.jsonstat_wrong"},
		"too many values":      {strings.Replace(years, ",144980]", ",144980,1]", 1), "population.jsonstat_wrong"},
		"a place beyond":       {strings.Replace(sexes, `"7":`, `"12":`, 1), "population.jsonstat_wrong"},
		"a place that is none": {strings.Replace(sexes, `"7":`, `"-1":`, 1), "population.jsonstat_wrong"},
		"sizes that differ":    {strings.Replace(years, `"size":[4,1,2]`, `"size":[4,1,3]`, 1), "population.jsonstat_wrong"},
		"a size beyond reason": {strings.Replace(years, `"size":[4,1,2]`, `"size":[4,9223372036854775807,2]`, 1), "population.too_many"},
		"two in one place":     {strings.Replace(years, `"2024":1`, `"2024":0`, 1), "population.jsonstat_wrong"},
		"a dimension unsaid":   {strings.Replace(years, `"id":["Region"`, `"id":["Area"`, 1), "population.jsonstat_wrong"},
		"an older kind":        {strings.Replace(years, `"version":"2.0"`, `"version":"1.0"`, 1), "population.not_jsonstat"},
	} {
		_, err := population.Read([]byte(c.raw), today)
		if !fault.Is(err, c.want) || !text.Has(c.want) || !text.Has(c.want+"_detail") {
			t.Errorf("%s: %v, want %s with words", name, err, c.want)
		}
	}
}

func TestAValueThatIsNoCountIsToldWithItsPlace(t *testing.T) {
	years := string(stat(t, "years.json"))
	for value, want := range map[string]string{"0": "row 8 count_wrong", "-1": "row 8 count_wrong", "1.5": "row 8 count_wrong", `"many"`: "row 8 count_wrong", "[]": "row 8 count_wrong",
		"1e30": "row 8 count_wrong", "144980.0": "0581 2024-12-31 144980", "1.4498e5": "0581 2024-12-31 144980"} {
		b, err := population.Read([]byte(strings.Replace(years, ",144980]", ","+value+"]", 1)), today)
		if err != nil {
			t.Fatal(err)
		}
		lines := told(b)
		if got := lines[len(lines)-2]; got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// Whatever is handed in, what comes out are figures of municipalities on days that
// have been, each once, and what was looked at adds up.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"years.json", "sexes.json"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("kommunkod;år;folkmängd\n0580;2024;168035\n"))
	f.Add([]byte("region,2023,2024\n0580 Linköping,1,2\n"))
	f.Add([]byte(`{"version":"2.0","class":"dataset","id":["Region","Tid"],"size":[1,1],"dimension":{"Region":{"category":{"index":["0580"]}},"Tid":{"category":{"index":["0001"]}}},"value":[1]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := population.Read(raw, today)
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("no fault: %v", err)
			}
			return
		}
		seen := map[string]bool{}
		for _, l := range b.Lines {
			at := l.Municipality + l.Day.String()
			if l.Count < 1 || l.Day.IsZero() || l.Day.After(today) || len(l.Municipality) != 4 || seen[at] {
				t.Fatalf("%+v", l)
			}
			seen[at] = true
		}
		if len(b.Problems) > b.Refused || b.Read != len(b.Lines)+b.Skipped+b.Refused {
			t.Fatalf("%d lines, %d skipped and %d refused of %d read; %d problems", len(b.Lines), b.Skipped, b.Refused, b.Read, len(b.Problems))
		}
	})
}
