package tenant_test

import (
	"slices"
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

func TestACountyCanStartFromEachTemplate(t *testing.T) {
	var keys []string
	for _, b := range tenant.BodyTemplates() {
		keys = append(keys, b.Key)
		if found, ok := tenant.BodyTemplate(b.Key); !ok || found.Kind != b.Kind {
			t.Errorf("%s is not found", b.Key)
		}
		kind := tenant.BodyKind{Key: b.Kind, Word: tenant.Word{"sv": {Gender: "ett", One: "råd", TheOne: "rådet", Many: "råd", TheMany: "råden"}}}
		county := tenant.County{Slug: "ostergotland", Kind: tenant.KindCounty,
			BodyKinds: tenant.Section[tenant.BodyKinds]{{Value: tenant.BodyKinds{Kinds: []tenant.BodyKind{kind}}}},
			Bodies:    tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{b}}}}}
		for _, p := range tenant.Check(county, auth.RoleNames()) {
			if p.Path != "identity" {
				t.Errorf("%s: %v", b.Key, p)
			}
		}
		if len(b.Seats) == 0 || len(b.Purpose) == 0 || b.Name["en"] == "" {
			t.Errorf("%s is not complete: %+v", b.Key, b)
		}
		// No source gives a quorum, so no template makes one up.
		for _, s := range b.Tell(text.Swedish, nil) {
			if s.Rule == "quorum" && !s.Unknown {
				t.Errorf("%s: %s", b.Key, s.Text)
			}
		}
	}
	if !slices.Equal(keys, []string{"forum", "council", "network"}) {
		t.Errorf("the templates are %v", keys)
	}
	forum, _ := tenant.BodyTemplate("forum")
	network, _ := tenant.BodyTemplate("network")
	if forum.Rules.Cadence.PerYear != 2 || len(network.Decides) > 0 || network.Rules.Decision.Decides() {
		t.Errorf("forum meets %d times a year; network decides %v", forum.Rules.Cadence.PerYear, network.Decides)
	}
	if _, ok := tenant.BodyTemplate("senate"); ok {
		t.Error("there is a template senate")
	}
}
