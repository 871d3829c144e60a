package costshare_test

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
)

// populations is one of Östergötland's municipalities with its population at two
// year's ends (SCB), and what it pays of 1,000,000 kr by each, in öre.
type populations struct {
	code, name           string
	in2024, in2023       int64
	pays2024, pays2023   int64
	shownTenths, plainly int64 // tenths of a per cent by largest remainder; each rounded alone
}

var ostergotland = []populations{
	{"0509", "Ödeshög", 5237, 5279, 1108486, 1117727, 11, 11},
	{"0512", "Ydre", 3626, 3637, 767495, 770065, 8, 8},
	{"0513", "Kinda", 9957, 9992, 2107542, 2115614, 21, 21},
	{"0560", "Boxholm", 5517, 5523, 1167753, 1169389, 12, 12},
	{"0561", "Åtvidaberg", 11467, 11460, 2427156, 2426434, 24, 24},
	{"0562", "Finspång", 21623, 21694, 4576819, 4593286, 46, 46},
	{"0563", "Valdemarsvik", 7525, 7541, 1592775, 1596661, 16, 16},
	{"0580", "Linköping", 168035, 167404, 35567028, 35444571, 355, 356},
	{"0581", "Norrköping", 144980, 145163, 30687105, 30735468, 307, 307},
	{"0582", "Söderköping", 14789, 14867, 3130305, 3147801, 31, 31},
	{"0583", "Motala", 43505, 43728, 9208460, 9258561, 92, 92},
	{"0584", "Vadstena", 7490, 7434, 1585366, 1574006, 16, 16},
	{"0586", "Mjölby", 28695, 28576, 6073710, 6050417, 61, 61},
}

func byPopulation(amount int64, counts ...int64) costshare.Input {
	in := costshare.Input{Amount: amount, From: day.Of(2025, 1, 1), Until: day.Of(2025, 12, 31), Days: 365,
		Key: costshare.Key{Key: "population", Parts: []costshare.Part{{By: costshare.ByPopulation, Portion: 1, Reference: day.Of(2024, 12, 31)}}}}
	for i, n := range counts {
		in.Payers = append(in.Payers, payer(i, n))
	}
	return in
}

func payer(i int, count int64) costshare.Payer {
	return costshare.Payer{Organisation: uuid.UUID{15: byte(i), 14: byte(i >> 8)}, Key: fmt.Sprintf("m%04d", i), Code: fmt.Sprintf("%04d", i), Name: fmt.Sprintf("Kommun %d", i), Days: 365,
		Population: &costshare.Figure{Count: count, Day: day.Of(2024, 12, 31), Revision: 1}, Fixed: count}
}

func amounts(r costshare.Result) (of []int64) {
	for _, s := range r.Shares {
		of = append(of, s.Amount)
	}
	return of
}

func sum(of []int64) (n int64) {
	for _, a := range of {
		n += a
	}
	return n
}

func split(t interface {
	Helper()
	Fatal(...any)
}, in costshare.Input) costshare.Result {
	t.Helper()
	r, err := costshare.Split(in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A million kronor over thirteen municipalities comes out to the öre as it was
// worked out by hand, for two years' populations; the per cents that are shown
// sum to 100.0, where rounding each alone gives 100.1.
func TestAMillionOverThirteenMunicipalities(t *testing.T) {
	for _, year := range []struct {
		name       string
		population func(populations) int64
		pays       func(populations) int64
	}{
		{"2024", func(p populations) int64 { return p.in2024 }, func(p populations) int64 { return p.pays2024 }},
		{"2023", func(p populations) int64 { return p.in2023 }, func(p populations) int64 { return p.pays2023 }},
	} {
		t.Run(year.name, func(t *testing.T) {
			in := byPopulation(100_000_000)
			var want []int64
			for i, m := range ostergotland {
				p := payer(i, year.population(m))
				p.Code, p.Name = m.code, m.name
				in.Payers = append(in.Payers, p)
				want = append(want, year.pays(m))
			}
			r := split(t, in)
			if d := gocmp.Diff(want, amounts(r)); d != "" {
				t.Error(d)
			}
			if got := sum(amounts(r)); got != in.Amount {
				t.Errorf("sums to %d", got)
			}
			var shown, alone int64
			for i, s := range r.Shares {
				shown, alone = shown+s.Tenths, alone+ostergotland[i].plainly
				if year.name == "2024" && s.Tenths != ostergotland[i].shownTenths {
					t.Errorf("%s is shown as %d tenths, want %d", ostergotland[i].name, s.Tenths, ostergotland[i].shownTenths)
				}
			}
			if shown != 1000 || alone != 1001 {
				t.Errorf("shown %d, each rounded alone %d", shown, alone)
			}
		})
	}
}

// Rounding each to whole kronor gives a krona too much; sharing in kronor does not.
func TestWholeKronorSumToo(t *testing.T) {
	in := byPopulation(100_000_000)
	for i, m := range ostergotland {
		in.Payers = append(in.Payers, payer(i, m.in2024))
	}
	rounded := int64(0)
	for _, a := range amounts(split(t, in)) {
		rounded += (a + 50) / 100
	}
	in.Key.Unit = costshare.Krona
	r := split(t, in)
	if rounded != 1_000_001 || sum(amounts(r)) != in.Amount {
		t.Errorf("each rounded alone: %d kr; shared in kronor: %d öre", rounded, sum(amounts(r)))
	}
	for _, s := range r.Shares {
		if s.Amount%100 != 0 {
			t.Errorf("%d is not whole kronor", s.Amount)
		}
	}
	in.Amount += 32
	r = split(t, in)
	if sum(amounts(r)) != in.Amount || r.Over != 32 || r.Shares[7].Over != 32 {
		t.Errorf("the odd öre: %+v", r.Shares[7])
	}
}

func TestEqualRemaindersGoByCode(t *testing.T) {
	in := byPopulation(100, 1, 1, 1)
	slices.Reverse(in.Payers)
	r := split(t, in)
	if d := gocmp.Diff([]int64{34, 33, 33}, amounts(r)); d != "" || r.Shares[0].Payer != payer(0, 1).Organisation {
		t.Error(d)
	}
	in.Payers[0].Code = "" // who has no code comes last
	in.Payers[0].Key = "a"
	if r = split(t, in); r.Shares[2].Payer != in.Payers[0].Organisation {
		t.Error("without a code it should stand last")
	}
}

func TestHalfEqualHalfByPopulation(t *testing.T) {
	in := byPopulation(100_001, 100, 300)
	in.Key.Parts = []costshare.Part{{By: costshare.ByEqual, Portion: 1}, {By: costshare.ByPopulation, Portion: 1, Reference: day.Of(2024, 12, 31)}}
	r := split(t, in)
	if d := gocmp.Diff([]int64{25_001 + 12_500, 25_000 + 37_500}, amounts(r)); d != "" {
		t.Error(d)
	}
	if r.Parts[0].Amount != 50_001 || r.Parts[1].Amount != 50_000 || r.Shares[0].Steps[1].Weight != 36_500 {
		t.Errorf("%+v", r)
	}
}

func TestFixedPartsAndWhoHasNone(t *testing.T) {
	in := byPopulation(1000, 2, 1, 0)
	in.Key.Parts = []costshare.Part{{By: costshare.ByFixed, Portion: 1}}
	in.Key.Floor = 100
	if d := gocmp.Diff([]int64{667, 333, 0}, amounts(split(t, in))); d != "" {
		t.Error(d) // who has no part pays nothing, not even the floor
	}
}

func TestFloorAndCapAreHeldAndTheRestIsSharedAnew(t *testing.T) {
	in := byPopulation(100_000, 10, 90, 900)
	in.Key.Floor = 5_000
	r := split(t, in)
	if d := gocmp.Diff([]int64{5_000, 8_636, 86_364}, amounts(r)); d != "" || r.Shares[0].Limit != costshare.AtFloor || r.Shares[0].Steps != nil {
		t.Error(d)
	}
	in.Key.Cap = 60_000
	if d := gocmp.Diff([]int64{5_000, 35_000, 60_000}, amounts(split(t, in))); d != "" {
		t.Error(d)
	}
	in.Key.Cap = 33_333
	if _, err := costshare.Split(in); !fault.Is(err, "cost.cap_unreachable") {
		t.Errorf("a cap under which the cost cannot be paid: %v", err)
	}
	in.Key.Cap, in.Key.Floor = 0, 33_334
	if _, err := costshare.Split(in); !fault.Is(err, "cost.floor_unreachable") {
		t.Errorf("floors above the cost: %v", err)
	}
	in.Key.Floor = 33_333
	if d := gocmp.Diff([]int64{33_333, 33_333, 33_334}, amounts(split(t, in))); d != "" {
		t.Error(d)
	}
}

// Who comes in for the second half of the year counts by days, and so do the
// floor and the cap; the whole amount is shared even so.
func TestWhoIsThereForAPartOfThePeriodPaysByDays(t *testing.T) {
	in := byPopulation(365_000, 100, 100)
	in.Payers[1].Days = 184
	r := split(t, in)
	if d := gocmp.Diff([]int64{242_668, 122_332}, amounts(r)); d != "" {
		t.Error(d) // 365 and 184 of 549 days
	}
	in.Key.Floor = 150_000
	r = split(t, in)
	if r.Shares[1].Amount != 122_332 {
		t.Errorf("a floor of 150 000 for the year is 75 616 for 184 days: %d", r.Shares[1].Amount)
	}
}

func TestAMissingPopulationIsRefusedByName(t *testing.T) {
	in := byPopulation(1000, 1, 2, 3)
	in.Payers[1].Population = nil
	in.Payers[2].Population.Count = 0
	_, err := costshare.Split(in)
	fs := fault.All(err)
	if len(fs) != 2 || !fault.Is(err, "cost.population_missing") || fs[0].Args["payer"] != "Kommun 1" || fs[1].Args["payer"] != "Kommun 2" {
		t.Errorf("%v", err)
	}
}

func TestWhatCannotBeSharedIsRefused(t *testing.T) {
	for key, spoil := range map[string]func(*costshare.Input){
		"cost.no_payers":        func(in *costshare.Input) { in.Payers = nil },
		"cost.amount_negative":  func(in *costshare.Input) { in.Amount = -1 },
		"cost.amount_too_large": func(in *costshare.Input) { in.Amount = costshare.Most + 1 },
		"cost.period":           func(in *costshare.Input) { in.Days = 0 },
		"cost.key_empty":        func(in *costshare.Input) { in.Key.Parts = nil },
		"cost.portion":          func(in *costshare.Input) { in.Key.Parts[0].Portion = math.MaxInt64 },
		"cost.days":             func(in *costshare.Input) { in.Payers[0].Days = 366 },
		"cost.weight":           func(in *costshare.Input) { in.Payers[0].Population.Count = 1 << 60 },
		"cost.weights_zero": func(in *costshare.Input) {
			in.Key.Parts[0].By = costshare.ByFixed
			in.Payers[0].Fixed, in.Payers[1].Fixed = 0, 0
		},
	} {
		in := byPopulation(1000, 1, 2)
		if _, err := costshare.Split(in); err != nil {
			t.Fatal(err)
		}
		spoil(&in)
		if _, err := costshare.Split(in); !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// anyInput is a cost under any key that can be shared.
func anyInput(t *rapid.T) costshare.Input {
	n := rapid.IntRange(1, 60).Draw(t, "payers")
	in := byPopulation(rapid.OneOf(rapid.Int64Range(0, 5000), rapid.Int64Range(0, costshare.Most)).Draw(t, "amount"))
	for i := range n {
		p := payer(i, rapid.Int64Range(1, 2_000_000).Draw(t, "population"))
		p.Fixed = rapid.Int64Range(0, 20).Draw(t, "fixed")
		p.Days = rapid.OneOf(rapid.Just(int64(365)), rapid.Int64Range(1, 365)).Draw(t, "days")
		p.Percent = rapid.SampledFrom([]int64{0, 50, 100, 150}).Draw(t, "percent")
		in.Payers = append(in.Payers, p)
	}
	in.Payers[0].Fixed = 1
	in.Key.Parts = nil
	for _, by := range rapid.SampledFrom([][]string{{costshare.ByPopulation}, {costshare.ByEqual}, {costshare.ByFixed}, {costshare.ByEqual, costshare.ByPopulation},
		{costshare.ByFixed, costshare.ByEqual, costshare.ByPopulation}}).Draw(t, "by") {
		in.Key.Parts = append(in.Key.Parts, costshare.Part{By: by, Portion: rapid.Int64Range(1, 9).Draw(t, "portion"), Reference: day.Of(2024, 12, 31)})
	}
	in.Key.Unit = rapid.SampledFrom([]int64{0, costshare.Ore, costshare.Krona}).Draw(t, "unit")
	in.Key.Floor = rapid.SampledFrom([]int64{0, 0, 100, in.Amount / int64(2*n)}).Draw(t, "floor")
	in.Key.Cap = rapid.SampledFrom([]int64{0, 0, in.Amount/2 + 1000, in.Amount/int64(n) + 500}).Draw(t, "cap")
	return in
}

// Whatever the key: the shares sum to the amount, none is negative, the order of
// the payers does not matter, what is shown in per cent sums to 100.0, and each
// share is the sum of its steps or a limit.
func TestEverySharingIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		r, err := costshare.Split(in)
		if err != nil {
			if !fault.Is(err, "cost.cap_unreachable") && !fault.Is(err, "cost.floor_unreachable") {
				t.Fatal(err)
			}
			return
		}
		if got := sum(amounts(r)); got != in.Amount {
			t.Fatalf("sums to %d, not %d", got, in.Amount)
		}
		var tenths int64
		for i, s := range r.Shares {
			tenths += s.Tenths
			if s.Amount < 0 {
				t.Fatalf("a negative share: %+v", s)
			}
			stepped := s.Over
			for p, step := range s.Steps {
				stepped += step.Amount
				w := new(big.Int).Mul(big.NewInt(r.Parts[p].Amount), big.NewInt(step.Weight))
				if r.Parts[p].Weights > 0 && step.Amount-step.Whole != 0 && !step.Extra {
					t.Fatalf("one more without a remainder: %+v", step)
				}
				if exact := w.Div(w, big.NewInt(max(r.Parts[p].Weights, 1))).Int64(); r.Parts[p].Weights > 0 && (exact < step.Whole || exact-step.Whole > 99) {
					t.Fatalf("whole units %d, exactly %d", step.Whole, exact)
				}
			}
			if s.Steps != nil && stepped != s.Amount {
				t.Fatalf("its steps sum to %d, not %d", stepped, s.Amount)
			}
			if in.Key.Cap > 0 && s.Amount > in.Key.Cap+s.Over {
				t.Fatalf("share %d is above the cap: %+v", i, s)
			}
		}
		if in.Amount > 0 && tenths != 1000 {
			t.Fatalf("per cents sum to %d tenths", tenths)
		}
		other := in
		other.Payers = slices.SortedFunc(slices.Values(in.Payers), func(a, b costshare.Payer) int {
			return cmp.Compare(rapid.Uint32().Draw(t, "a"), rapid.Uint32().Draw(t, "b"))
		})
		again, err := costshare.Split(other)
		if d := gocmp.Diff(r, again); d != "" || err != nil {
			t.Fatalf("in another order: %v %s", err, d)
		}
	})
}

// Under a population key, one payer more raises another's share by at most one öre.
func TestOnePayerMoreRaisesNobodyByMoreThanAnOre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(1, 1_000_000), 1, 60).Draw(t, "populations")
		in := byPopulation(rapid.Int64Range(0, costshare.Most).Draw(t, "amount"), counts...)
		before := amounts(split(t, in))
		in.Payers = append(in.Payers, payer(len(counts), rapid.Int64Range(1, 1_000_000).Draw(t, "one more")))
		for i, after := range amounts(split(t, in))[:len(counts)] {
			if after > before[i]+1 {
				t.Fatalf("payer %d: %d, then %d", i, before[i], after)
			}
		}
	})
}

func national() costshare.Input {
	in := byPopulation(987_654_321_00)
	for i := range 290 {
		in.Payers = append(in.Payers, payer(i, int64(2_300+i*i*7%950_000)))
	}
	return in
}

func BenchmarkSplitOver290Payers(b *testing.B) {
	in := national()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := costshare.Split(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompareTenKeysOverTwentyYears(b *testing.B) {
	in := national()
	for b.Loop() {
		for range 10 * 20 {
			if _, err := costshare.Split(in); err != nil {
				b.Fatal(err)
			}
		}
	}
}
