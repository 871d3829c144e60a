package text_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/text"
)

func TestAThingIsFoundByItsWordsWithAndWithoutMarks(t *testing.T) {
	want := []string{"arbetsformedlingen", "arbetsförmedlingen", "i", "vaxjo", "växjö"}
	if d := cmp.Diff(want, text.SearchWords("Arbetsförmedlingen i Växjö")); d != "" {
		t.Error(d)
	}
	// The same letters, composed and decomposed.
	if d := cmp.Diff(text.SearchWords("Älmhult"), text.SearchWords("A\u0308lmhult")); d != "" {
		t.Error(d)
	}
}

func TestAKeyIsMadeOfAName(t *testing.T) {
	for name, want := range map[string]string{
		"Växjö kommun": "vaxjo-kommun", "  Åtvidaberg!! ": "atvidaberg", "北京": "", "Region  Jämtland–Härjedalen": "region-jamtland-harjedalen",
	} {
		if got := text.Key(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
