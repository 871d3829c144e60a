package print_test

import (
	"strings"
	"testing"

	"github.com/overens/overens/internal/print"
)

func TestALeafSaysItsLanguageAndTitleAndEscapesWhatIsPlain(t *testing.T) {
	d, err := print.Leaf{Lang: "sv", Title: "Protokoll <A>", Above: "Länsstyrelsen", Marks: []string{"Utkast"}, Facts: []print.Fact{{Name: "Dag", Value: "2027-04-15"}},
		Sections: []print.Section{{Sign: "§ 1", Heading: "A & B", HTML: "<p>Ja</p>", Lines: []string{"<i>"}, Notes: []string{"Not"}}}, Below: []string{"Slut"}}.Document()
	if err != nil {
		t.Fatal(err)
	}
	got := string(d.HTML)
	for _, want := range []string{`<html lang="sv">`, "<title>Protokoll &lt;A&gt;</title>", "<h2>§ 1 A &amp; B</h2>", "<p>Ja</p>", "<li>&lt;i&gt;</li>", "<dt>Dag</dt><dd>2027-04-15</dd>", "Utkast", "Slut", `href="leaf.css"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in\n%s", want, got)
		}
	}
	if len(d.Assets["leaf.css"]) == 0 {
		t.Error("no style")
	}
}
