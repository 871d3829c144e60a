package text_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/text"
)

func TestBothLanguagesSayTheSame(t *testing.T) {
	if d := cmp.Diff(text.Swedish.Keys(), text.English.Keys()); d != "" {
		t.Fatalf("keys (-sv +en):\n%s", d)
	}
	hole := regexp.MustCompile(`\{\{\s*\.(\w+)`)
	for _, k := range text.Swedish.Keys() {
		var said [2][]string
		for i, l := range text.Langs {
			for _, m := range hole.FindAllStringSubmatch(text.Raw(l, k), -1) {
				said[i] = append(said[i], m[1])
			}
			slices.Sort(said[i])
			said[i] = slices.Compact(said[i])
		}
		if d := cmp.Diff(said[0], said[1]); d != "" {
			t.Errorf("%s: values differ (-sv +en):\n%s", k, d)
		}
	}
}

func TestNoMessageIsEmptyOrUntidy(t *testing.T) {
	for _, l := range text.Langs {
		for _, k := range l.Keys() {
			s := text.Raw(l, k)
			if strings.TrimSpace(s) == "" || strings.Contains(s, "  ") || strings.Contains(s, "TODO") {
				t.Errorf("%s %s: %q", l, k, s)
			}
			if strings.Contains(s, "!") {
				t.Errorf("%s %s: no exclamation marks: %q", l, k, s)
			}
		}
	}
}

// Every key that stands in the source has words. Keys made at run time begin
// with one of the prefixes that their own package's tests look after.
func TestEveryKeyInTheSourceHasWords(t *testing.T) {
	call := regexp.MustCompile(`(?:\.T\(|\.Fill\(|fault\.New\([\w.]+, |fault\.Bad\(|fault\.Is\([\w.]+, )"([a-z_]+\.[a-z_.-]*[a-z])"`)
	root := "../.."
	missing := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && e.Name() != ".." || e.Name() == "tools") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || (!strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ")) {
			return nil
		}
		src, err := os.ReadFile(path)
		for _, m := range call.FindAllStringSubmatch(string(src), -1) {
			if !text.Has(m[1]) {
				missing[m[1]] = path
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for k, path := range missing {
		t.Errorf("%s: no words for %q", path, k)
	}
}

func TestWordsAreChosenByWhatIsAskedThenAccepted(t *testing.T) {
	for _, c := range []struct {
		asked, header string
		want          text.Lang
	}{
		{"", "", text.Swedish},
		{"", "en-GB,en;q=0.9,sv;q=0.8", text.English},
		{"", "sv-SE,sv;q=0.9,en;q=0.8", text.Swedish},
		{"", "so;q=1, en;q=0.5", text.English},
		{"", "de", text.Swedish},
		{"en", "sv", text.English},
		{"xx", "sv", text.Swedish},
		{"", "\x00;;;", text.Swedish},
	} {
		if got := text.Accept(c.asked, c.header); got != c.want {
			t.Errorf("asked %q, accepts %q: %s, want %s", c.asked, c.header, got, c.want)
		}
	}
}

func TestATextWithoutFormsIsSaidOfOneToo(t *testing.T) {
	if got := text.Swedish.T("minutes.page.state.asked", "done", 0, "count", 1); got != "Justeras, 0 av 1 klara" {
		t.Error(got)
	}
	if one, more := text.Swedish.T("rule.days", "count", 1), text.Swedish.T("rule.days", "count", 2, "n", "två"); one != "en dag" || more != "två dagar" {
		t.Error(one, more)
	}
}

func TestAKeyWithoutWordsIsSeen(t *testing.T) {
	if got := text.Swedish.T("no.such_key"); got != "⟨no.such_key⟩" {
		t.Error(got)
	}
}

func BenchmarkT(b *testing.B) {
	for b.Loop() {
		_ = text.Swedish.T("common.not_found")
	}
}

func ExampleLang_T() {
	fmt.Println(text.English.T("common.not_found"))
	// Output: There is nothing here
}
