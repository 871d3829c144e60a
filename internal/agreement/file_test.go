package agreement_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/fault"
)

func TestAFileKnowsOnWhichLineAThingStands(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"yaml": "format: x\ninstrument:\n  key: a\n  card/name: b\ngoals:\n  - key: one\n    versions:\n      - name: first\n      - name: second\n  - key: two\nthemes: [work,\n  housing]\n",
		"json": "{\"format\": \"x\",\n\"instrument\": {\n\"key\": \"a\", \n\"card/name\": \"b\"},\n\"goals\": [{\n \"key\": \"one\", \"versions\":\n [{\n\"name\": \"first\"},\n {\"name\": \"second\"}]},\n {\"key\": \"two\"}],\n\"themes\": [\"work\",\n\"housing\"]}",
	} {
		f := must(agreement.ReadFile([]byte(src)))(t)
		got := map[string]int{}
		for _, at := range []string{"/format", "/instrument/key", "/instrument/card~1name", "/goals/1", "/goals/1/absent", "/goals/0/versions/1/name", "/themes/1", "/nothing"} {
			got[at] = f.Line(at)
		}
		want := map[string]map[string]int{
			"yaml": {"/format": 1, "/instrument/key": 3, "/instrument/card~1name": 4, "/goals/1": 10, "/goals/1/absent": 10, "/goals/0/versions/1/name": 9, "/themes/1": 12, "/nothing": 1},
			"json": {"/format": 1, "/instrument/key": 3, "/instrument/card~1name": 4, "/goals/1": 10, "/goals/1/absent": 10, "/goals/0/versions/1/name": 9, "/themes/1": 12, "/nothing": 1},
		}[name]
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if !json.Valid(f.JSON) {
			t.Errorf("%s: %s", name, f.JSON)
		}
	}
}

func TestAFileThatIsNoneOrStandsForMoreThanItSaysIsRefused(t *testing.T) {
	t.Parallel()
	for _, src := range []string{"", "a: [", "a: &x [1]\nb: *x\n", "a: 1\n---\nb: 2\n"} {
		if _, err := agreement.ReadFile([]byte(src)); !fault.Is(err, "shape.yaml") {
			t.Errorf("%q: %v", src, err)
		}
	}
}
