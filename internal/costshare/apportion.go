package costshare

import (
	"math/bits"
	"slices"
)

// quota is one payer's part of a whole before the last units are given out:
// total × weight ÷ sum, as whole units and what is left over (in sum's parts).
type quota struct {
	whole, remainder int64
	extra            bool // it has one of the last units
}

func (q quota) units() int64 {
	if q.extra {
		return q.whole + 1
	}
	return q.whole
}

// apportion shares a total by weights, by largest remainder (Hamilton's method):
// each gets its whole units, and the units that are left go one each to those
// with the largest remainders; of equal ones, to those that stand first. The
// quotas always sum to the total. The products are 128 bits wide: öre times
// weight does not fit in 64.
//
// total and weights are not negative, sum is the weights' and above 0.
func apportion(total int64, weights []int64, sum int64) []quota {
	qs := make([]quota, len(weights))
	left := total
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))                  //nolint:gosec // none is negative
		whole, remainder := bits.Div64(hi, lo, uint64(sum))             //nolint:gosec // w ≤ sum, so it fits
		qs[i] = quota{whole: int64(whole), remainder: int64(remainder)} //nolint:gosec // whole ≤ total, remainder < sum
		left -= qs[i].whole
	}
	if left == 0 {
		return qs
	}
	// Those above the left-th largest remainder have one unit more, and of those
	// at it the first.
	ranked := make([]int64, len(qs))
	for i := range qs {
		ranked[i] = qs[i].remainder
	}
	slices.Sort(ranked)
	last := ranked[int64(len(ranked))-left] // left is below the number of payers: each remainder is below one unit
	above, _ := slices.BinarySearch(ranked, last+1)
	left -= int64(len(ranked) - above)
	for i := range qs {
		if qs[i].remainder == last && left > 0 {
			qs[i].extra = true
			left--
		}
		qs[i].extra = qs[i].extra || qs[i].remainder > last
	}
	return qs
}

// total adds up, and tells whether the sum fits.
func total(of []int64) (sum int64, ok bool) {
	for _, n := range of {
		s := sum + n
		if s < sum {
			return 0, false
		}
		sum = s
	}
	return sum, true
}

// Tenths are the parts of a whole in tenths of a per cent, by largest remainder,
// so that what is shown with one decimal sums to 100.0. All are 0 where the
// whole is.
func Tenths(parts []int64) []int64 {
	ts := make([]int64, len(parts))
	sum, ok := total(parts)
	if !ok || sum <= 0 {
		return ts
	}
	for i, q := range apportion(1000, parts, sum) {
		ts[i] = q.units()
	}
	return ts
}
