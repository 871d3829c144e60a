package tenant_test

import (
	"testing"

	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// What is chosen among a few reads by its words; what the county has written itself
// reads as it is written, whatever word it is.
func TestADifferenceTellsWhatIsChosenInWords(t *testing.T) {
	for _, c := range []struct {
		d    tenant.Difference
		want string
	}{
		{tenant.Difference{Section: "bodies", What: tenant.Set, Path: "rules.adjusting", After: map[string]any{"by": "chosen", "number": 1.0}},
			"Organ och regler, sedan alltid: regler, justering blir (vem: ordföranden och utsedda justerare; antal: 1)."},
		{tenant.Difference{Section: "bodies", What: tenant.Set, Path: "bodies[forum].name", After: "chosen"}, "Organ och regler, sedan alltid: organ (forum), namn blir ”chosen”."},
	} {
		if got := c.d.In(text.Swedish); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
