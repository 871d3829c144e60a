package costshare

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// All statements of a run with 49 payers, as many as the county with the most
// municipalities has: printed, with workbook and tables.
func BenchmarkPackFor49Payers(b *testing.B) {
	printer, err := print.New(print.Config{Chromium: print.Find("")})
	if err != nil {
		b.Fatal(err)
	}
	in := Input{Amount: 100_000_000, From: day.Of(2025, 1, 1), Until: day.Of(2025, 12, 31), Days: 365, Key: Key{Key: "population", Name: tenant.Words{"sv": "Folkmängd"}, Number: 1,
		Parts: []Part{{By: ByPopulation, Portion: 1, Reference: day.Of(2024, 12, 31)}}}}
	for i := range 49 {
		in.Payers = append(in.Payers, Payer{Organisation: uuid.UUID{15: byte(i)}, Code: fmt.Sprintf("14%02d", i), Name: fmt.Sprintf("Kommun %d", i), Days: 365,
			Population: &Figure{Day: day.Of(2024, 12, 31), Count: int64(5000 + 997*i), Revision: 1, Source: "SCB"}})
	}
	res, err := Split(in)
	if err != nil {
		b.Fatal(err)
	}
	r := Run{Brief: Brief{Name: tenant.Words{"sv": "Samordnare"}, Kind: KindStatement, Basis: Budget, State: Adopted, From: in.From, Until: in.Until, Shared: in.Amount, AdoptedOn: in.From},
		Input: in, Result: res}
	r.bill(nil)
	for b.Loop() {
		if _, err := pack(b.Context(), text.Swedish, "Länsstyrelsen", r, printer, func(int) error { return nil }); err != nil {
			b.Skipf("nothing prints here: %v", err)
		}
	}
}
