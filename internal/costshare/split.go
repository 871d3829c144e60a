package costshare

import (
	"bytes"
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/overens/overens/internal/fault"
)

// What a part of a cost is shared by.
const (
	ByPopulation = "population"
	ByEqual      = "equal"
	ByFixed      = "fixed"
)

// Why a payer pays another amount than its part of the whole.
const (
	AtFloor = "floor"
	AtCap   = "cap"
)

// Units in which a cost is shared.
const (
	Ore   int64 = 1
	Krona int64 = 100
)

// Most is the most that can be shared, in öre: a thousand milliard kronor.
const Most int64 = 100_000_000_000_000

// mostPortion is the largest portion that a part may have: all of them together
// can still be added up.
const mostPortion int64 = 1_000_000

// Split shares the cost.
//
// With several parts the amount is first divided between them, and each part
// between the payers, all by largest remainder. A payer's weight is its count
// (population, 1, or its fixed parts) times its per cent times its days, so that
// who is there for half the period counts half; the whole amount is shared even
// so. Who would pay less than the floor pays the floor, who would pay more than
// the cap pays the cap, and the rest is shared anew between the others, as often
// as it takes; floor and cap are reckoned by days for who is not there all the
// time. In whole kronor, öre that are over go to who pays the most.
//
// The result does not depend on the order of the payers: they are put in the
// order of their codes, which also decides between equal remainders.
func Split(in Input) (Result, error) {
	s, err := prepare(in)
	if err != nil {
		return Result{}, err
	}
	if err := s.settle(); err != nil {
		return Result{}, err
	}
	return s.result(), nil
}

// splitting is one sharing while it goes on. Amounts are in the key's unit.
type splitting struct {
	in      Input
	payers  []Payer
	weights [][]int64 // of each part, of each payer
	floor   []int64   // of each payer
	cap     []int64
	limit   []string // of each payer: "", AtFloor or AtCap
	amount  []int64  // of each payer
	parts   []PartResult
	quotas  [][]quota // of each part; of those who are not at a limit, in their order
	open    []int     // those, as places among the payers
	over    int64     // öre that do not make up a unit
}

func prepare(in Input) (*splitting, error) {
	switch {
	case len(in.Payers) == 0:
		return nil, fault.Bad("cost.no_payers", "/payers")
	case in.Amount < 0:
		return nil, fault.Bad("cost.amount_negative", "/amount")
	case in.Amount > Most:
		return nil, fault.Bad("cost.amount_too_large", "/amount")
	case in.Days < 1:
		return nil, fault.Bad("cost.period", "/until")
	case len(in.Key.Parts) == 0:
		return nil, fault.Bad("cost.key_empty", "/key")
	}
	unit := max(in.Key.Unit, Ore)
	s := &splitting{in: in, payers: in.Payers, over: in.Amount % unit}
	for i := 1; i < len(s.payers); i++ { // as they are kept, they are in order already
		if compare(&s.payers[i-1], &s.payers[i]) > 0 {
			s.payers = slices.SortedFunc(slices.Values(in.Payers), inOrder)
			break
		}
	}
	n := len(s.payers)
	s.limit, s.amount = make([]string, n), make([]int64, n)
	if err := s.weigh(); err != nil {
		return nil, err
	}
	if in.Key.Floor == 0 && in.Key.Cap == 0 {
		return s, nil
	}
	s.floor, s.cap = make([]int64, n), make([]int64, n)
	for i := range s.payers {
		days := s.payers[i].Days
		s.floor[i] = share(in.Key.Floor, days, in.Days) / unit
		s.cap[i] = math.MaxInt64
		if in.Key.Cap > 0 {
			s.cap[i] = share(in.Key.Cap, days, in.Days) / unit
		}
	}
	return s, nil
}

// inOrder puts payers in the order of their codes; who has none comes last, by key.
func inOrder(a, b Payer) int { return compare(&a, &b) }

func compare(a, b *Payer) int {
	switch {
	case a.Code == b.Code:
		if c := cmp.Compare(a.Key, b.Key); c != 0 {
			return c
		}
		return bytes.Compare(a.Organisation[:], b.Organisation[:])
	case a.Code == "":
		return 1
	case b.Code == "":
		return -1
	}
	return cmp.Compare(a.Code, b.Code)
}

// share is an amount by days, rounded down.
func share(amount, days, of int64) int64 {
	if days >= of {
		return amount
	}
	return apportion(amount, []int64{days, of - days}, of)[0].whole
}

// weigh works out the weights of every part.
func (s *splitting) weigh() error {
	var wrong fault.List
	s.weights = make([][]int64, len(s.in.Key.Parts))
	all := make([]int64, len(s.weights)*len(s.payers))
	for p, part := range s.in.Key.Parts {
		s.weights[p], all = all[:len(s.payers):len(s.payers)], all[len(s.payers):]
		for i := range s.payers {
			payer := &s.payers[i]
			count := payer.count(part.By)
			if part.By == ByPopulation && count <= 0 {
				wrong.Add(fault.Bad("cost.population_missing", "/payers").With("payer", payer.Name, "day", part.Reference.String()))
				continue
			}
			if payer.Days < 1 || payer.Days > s.in.Days {
				return fault.Bad("cost.days", "/payers").With("payer", payer.Name)
			}
			if count < 0 || payer.Percent < 0 {
				return fault.Bad("cost.weight", "/payers").With("payer", payer.Name)
			}
			w, ok := product(count, payer.percent(part.By), payer.Days)
			if !ok {
				return fault.Bad("cost.weight", "/payers").With("payer", payer.Name)
			}
			s.weights[p][i] = w
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	for p, part := range s.in.Key.Parts {
		sum, ok := total(s.weights[p])
		switch {
		case part.Portion < 1 || part.Portion > mostPortion:
			return fault.Bad("cost.portion", "/key")
		case !ok:
			return fault.Bad("cost.weight", "/payers").With("payer", "")
		case sum == 0:
			return fault.Bad("cost.weights_zero", "/key").With("by", part.By)
		}
	}
	return nil
}

// product multiplies numbers that are not negative; ok is false where it does not fit.
func product(a, b, c int64) (n int64, ok bool) {
	over, ab := bits.Mul64(uint64(a), uint64(b))                      //nolint:gosec // not negative
	more, abc := bits.Mul64(ab, uint64(c))                            //nolint:gosec // not negative
	return int64(abc), over == 0 && more == 0 && abc <= math.MaxInt64 //nolint:gosec // looked at beside it
}

// settle shares, puts those who are beyond a limit at it, and shares the rest
// anew, until nobody is. Each time those on the side that weighs more are put
// there: a floor takes from the others and a cap gives to them, so that who
// breaks the lighter one may not do so any more the next time.
func (s *splitting) settle() error {
	unit := max(s.in.Key.Unit, Ore)
	rest := s.in.Amount / unit
	s.open = make([]int, 0, len(s.payers))
	for i := range s.payers {
		if s.weighs(i) {
			s.open = append(s.open, i)
		}
	}
	for {
		if len(s.open) == 0 {
			if rest > 0 {
				return fault.Bad("cost.cap_unreachable", "/key").With("cap", s.in.Key.Cap)
			}
			return nil
		}
		if err := s.divide(rest); err != nil {
			return err
		}
		if s.floor == nil { // nobody has a limit
			return nil
		}
		below, above := int64(0), int64(0)
		for _, i := range s.open {
			below += max(s.floor[i]-s.amount[i], 0)
			above += max(s.amount[i]-s.cap[i], 0)
		}
		if below == 0 && above == 0 {
			return nil
		}
		stay := s.open[:0:0]
		for _, i := range s.open {
			switch {
			case below >= above && s.amount[i] < s.floor[i]:
				s.limit[i], s.amount[i] = AtFloor, s.floor[i]
				rest -= s.amount[i]
			case below < above && s.amount[i] > s.cap[i]:
				s.limit[i], s.amount[i] = AtCap, s.cap[i]
				rest -= s.amount[i]
			default:
				stay = append(stay, i)
			}
		}
		s.open = stay
		if rest < 0 {
			return fault.Bad("cost.floor_unreachable", "/key").With("floor", s.in.Key.Floor)
		}
	}
}

// weighs tells whether a payer has a weight in any part: who has none pays
// nothing, not even the floor.
func (s *splitting) weighs(payer int) bool {
	return slices.ContainsFunc(s.weights, func(ws []int64) bool { return ws[payer] > 0 })
}

// divide shares an amount between those who are not at a limit.
func (s *splitting) divide(amount int64) error {
	portions := make([]int64, len(s.in.Key.Parts))
	open := make([][]int64, len(portions))
	sums := make([]int64, len(portions))
	for p, part := range s.in.Key.Parts {
		open[p] = make([]int64, len(s.open))
		for n, i := range s.open {
			open[p][n] = s.weights[p][i]
			sums[p] += open[p][n]
		}
		if sums[p] > 0 { // where all of a part's payers are at a limit, the other parts bear it
			portions[p] = part.Portion
		}
	}
	of, _ := total(portions)
	s.parts, s.quotas = make([]PartResult, len(portions)), make([][]quota, len(portions))
	for _, i := range s.open {
		s.amount[i] = 0
	}
	for p, q := range apportion(amount, portions, of) {
		s.parts[p] = PartResult{By: s.in.Key.Parts[p].By, Amount: q.units(), Weights: sums[p]}
		if sums[p] == 0 {
			s.quotas[p] = make([]quota, len(s.open))
			continue
		}
		s.quotas[p] = apportion(q.units(), open[p], sums[p])
		for n, i := range s.open {
			s.amount[i] += s.quotas[p][n].units()
		}
	}
	return nil
}

// result puts what came of it in öre, with every step.
func (s *splitting) result() Result {
	unit := max(s.in.Key.Unit, Ore)
	r := Result{Parts: s.parts, Shares: make([]Share, len(s.payers))}
	for p := range r.Parts {
		r.Parts[p].Amount *= unit
	}
	amounts := make([]int64, len(s.payers))
	for i := range s.payers {
		r.Shares[i] = Share{Payer: s.payers[i].Organisation, Amount: s.amount[i] * unit, Limit: s.limit[i]}
	}
	steps := make([]Step, len(s.open)*len(s.quotas))
	for n, i := range s.open {
		r.Shares[i].Steps, steps = steps[:len(s.quotas):len(s.quotas)], steps[len(s.quotas):]
		for p, quotas := range s.quotas {
			q, payer, by := quotas[n], &s.payers[i], s.in.Key.Parts[p].By
			r.Shares[i].Steps[p] = Step{By: by, Count: payer.count(by), Percent: payer.percent(by), Days: payer.Days, Weight: s.weights[p][i],
				Whole: q.whole * unit, Remainder: q.remainder, Extra: q.extra, Amount: q.units() * unit}
		}
	}
	if s.over > 0 {
		most := 0
		for i := range r.Shares {
			if r.Shares[i].Amount > r.Shares[most].Amount {
				most = i
			}
		}
		r.Shares[most].Over, r.Over = s.over, s.over
		r.Shares[most].Amount += s.over
	}
	for i := range r.Shares {
		amounts[i] = r.Shares[i].Amount
	}
	for i, t := range Tenths(amounts) {
		r.Shares[i].Tenths = t
	}
	return r
}
