package day_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
)

func TestJSON(t *testing.T) {
	type paper struct {
		Signed day.Day            `json:"signed"`
		Ended  day.Day            `json:"ended"`
		Left   day.Day            `json:"left,omitzero"`
		ByDay  map[day.Day]string `json:"byDay"`
	}
	written := `{"signed":"2020-05-04","ended":null,"byDay":{"2023-03-20":"forum"}}`
	var read paper
	if err := json.Unmarshal([]byte(written), &read); err != nil {
		t.Fatal(err)
	}
	if read.Signed != must("2020-05-04") || !read.Ended.IsZero() || read.ByDay[must("2023-03-20")] != "forum" {
		t.Errorf("read %+v", read)
	}
	if again, err := json.Marshal(read); err != nil || string(again) != written {
		t.Errorf("written again: %s, %v", again, err)
	}

	for _, wrong := range []string{`""`, `"2026-1-1"`, `20260101`, `true`, `{}`, `"2026-01-01T00:00:00Z"`} {
		d := must("2026-01-01")
		if err := json.Unmarshal([]byte(wrong), &d); err == nil {
			t.Errorf("%s was read as %s", wrong, d)
		}
	}
}

func TestText(t *testing.T) {
	d := must("2026-01-01")
	if err := d.UnmarshalText(nil); err != nil || !d.IsZero() {
		t.Errorf("an empty field was read as %s, %v", d, err)
	}
	if err := d.UnmarshalText([]byte("1 januari")); err == nil {
		t.Error("1 januari was read")
	}
	rapid.Check(t, func(t *rapid.T) {
		d := days().Draw(t, "d")
		text, err := d.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var read day.Day
		if err := read.UnmarshalText(text); err != nil || read != d {
			t.Fatalf("%s was read as %s, %v", text, read, err)
		}
	})
}

// The database is not needed: what goes over the wire is made and read by
// pgtype's own map of types.
func TestTheDatabaseKeepsDays(t *testing.T) {
	types := pgtype.NewMap()
	for _, format := range []int16{pgtype.TextFormatCode, pgtype.BinaryFormatCode} {
		rapid.Check(t, func(t *rapid.T) {
			d := rapid.OneOf(days(), rapid.Just(day.Day{})).Draw(t, "d")
			wire, err := types.Encode(pgtype.DateOID, format, d, nil)
			if err != nil {
				t.Fatal(err)
			}
			if (wire == nil) != d.IsZero() {
				t.Fatalf("%q is NULL on the wire: %v", d, wire == nil)
			}
			read := must("2000-01-01")
			if err := types.Scan(pgtype.DateOID, format, wire, &read); err != nil || read != d {
				t.Fatalf("%s came back as %s, %v", d, read, err)
			}
		})

		list := []day.Day{must("2026-01-01"), {}, must("2026-12-31")}
		wire, err := types.Encode(pgtype.DateArrayOID, format, list, nil)
		if err != nil {
			t.Fatal(err)
		}
		var read []day.Day
		if err := types.Scan(pgtype.DateArrayOID, format, wire, &read); err != nil || len(read) != 3 || read[0] != list[0] || !read[1].IsZero() || read[2] != list[2] {
			t.Errorf("the list came back as %v, %v", read, err)
		}
	}
}

func TestTheDatabaseMayNotHoldWhatNoDayIs(t *testing.T) {
	for name, date := range map[string]pgtype.Date{
		"infinity":          {Valid: true, InfinityModifier: pgtype.Infinity},
		"minus infinity":    {Valid: true, InfinityModifier: pgtype.NegativeInfinity},
		"before the common": {Valid: true, Time: time.Date(-44, time.March, 15, 0, 0, 0, 0, time.UTC)},
		"far":               {Valid: true, Time: time.Date(20000, time.March, 15, 0, 0, 0, 0, time.UTC)},
	} {
		d := must("2026-01-01")
		if err := d.ScanDate(date); err == nil || d != must("2026-01-01") {
			t.Errorf("%s was read as %s, %v", name, d, err)
		}
	}
}
