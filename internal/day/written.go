package day

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// MarshalText writes the day as String does: no day is empty.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what Parse reads. Empty is no day, as an empty field in
// a form is.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Day{}
		return nil
	}
	read, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// MarshalJSON writes the day as a string, and no day as null.
func (d Day) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads a string that Parse reads, or null for no day. An empty
// string is refused: in JSON, what is not there has its own word.
func (d *Day) UnmarshalJSON(data []byte) error {
	var written *string
	if err := json.Unmarshal(data, &written); err != nil {
		return notADay(string(data))
	}
	if written == nil {
		*d = Day{}
		return nil
	}
	read, err := Parse(*written)
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// ScanDate reads a date of the database's; NULL is no day. What is without
// limit is written NULL, so infinity is refused rather than misread.
func (d *Day) ScanDate(date pgtype.Date) error {
	switch {
	case !date.Valid:
		*d = Day{}
		return nil
	case date.InfinityModifier != pgtype.Finite:
		return errors.New("the database holds an infinite date: without limit is written NULL")
	}
	read := Of(date.Time.Date())
	if read.IsZero() {
		return errors.New("the database holds a date outside the years 1 to 9999: " + date.Time.Format(time.DateOnly))
	}
	*d = read
	return nil
}

// DateValue gives the day as the database keeps it; no day is NULL.
func (d Day) DateValue() (pgtype.Date, error) {
	if d.IsZero() {
		return pgtype.Date{}, nil
	}
	return pgtype.Date{Time: d.utc(), Valid: true}, nil
}
