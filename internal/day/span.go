package day

import "time"

// Span is the days from From up to, but not including, To: what ends on the
// day the next begins leaves neither gap nor overlap. Without From it has
// always been so; without To it holds until further notice.
type Span struct {
	From Day `json:"from" yaml:"from"`
	To   Day `json:"to" yaml:"to"`
}

// Valid tells whether the span holds at least one day.
func (s Span) Valid() bool {
	return s.From.IsZero() || s.To.IsZero() || s.From.Before(s.To)
}

// Contains tells whether d is one of the span's days. No day is in no span.
func (s Span) Contains(d Day) bool {
	return !d.IsZero() && !d.Before(s.From) && (s.To.IsZero() || d.Before(s.To))
}

// Overlaps tells whether the two spans have a day in common.
func (s Span) Overlaps(other Span) bool {
	return s.Valid() && other.Valid() &&
		(s.To.IsZero() || other.From.Before(s.To)) &&
		(other.To.IsZero() || s.From.Before(other.To))
}

// Last is the span's last day, the one to show to people; no day where it
// holds until further notice.
func (s Span) Last() Day { return s.To.Add(-1) }

// Quarter is a quarter of a year. Quarters compare with ==; the zero value is
// no quarter.
type Quarter struct {
	Year   int `json:"year"`
	Number int `json:"number"` // 1 to 4
}

// Quarter is the quarter that the day is in.
func (d Day) Quarter() Quarter {
	if d.IsZero() {
		return Quarter{}
	}
	year, month, _ := d.Date()
	return Quarter{Year: year, Number: (int(month) + 2) / 3}
}

// Span gives the quarter's days.
func (q Quarter) Span() Span {
	return Span{
		From: Of(q.Year, time.Month(3*q.Number-2), 1),
		To:   Of(q.Year, time.Month(3*q.Number+1), 1),
	}
}

// Add gives the quarter so many quarters later, or earlier.
func (q Quarter) Add(quarters int) Quarter {
	count := q.Year*4 + q.Number - 1 + quarters
	return Quarter{Year: count / 4, Number: count%4 + 1}
}
