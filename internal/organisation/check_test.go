package organisation_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
)

func TestACardIsToldAllThatIsWrongWithIt(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	_, err := organisation.Create(ctx, tx, organisation.Card{Type: "kingdom", Name: " \t", OrganisationNumber: "202100-2297", OfficialCode: "0764",
		Email: "nobody", Mailbox: "Kim <kim@alvesta.example>", Website: "javascript:alert(1)"})
	want := []string{"/email common.email_wrong", "/mailbox common.email_wrong", "/name organisation.named", "/officialCode organisation.code_without_kind",
		"/organisationNumber organisation.number_wrong", "/type organisation.type_unknown", "/website common.website_wrong"}
	if d := cmp.Diff(want, faults(err)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestFieldsAreCheckedOneByOne(t *testing.T) {
	alvesta := organisation.Card{Type: "municipality", Name: "Alvesta kommun"}
	for name, c := range map[string]struct {
		change func(*organisation.Card)
		wrong  []string // none: right
	}{
		"a number with hyphen":              {func(c *organisation.Card) { c.OrganisationNumber = "202100-2296" }, nil},
		"a number without":                  {func(c *organisation.Card) { c.OrganisationNumber = "2021002296" }, nil},
		"a number with its century":         {func(c *organisation.Card) { c.OrganisationNumber = "16202100-2296" }, nil},
		"a wrong check digit":               {func(c *organisation.Card) { c.OrganisationNumber = "202100-2295" }, []string{"/organisationNumber organisation.number_wrong"}},
		"two digits that changed places":    {func(c *organisation.Card) { c.OrganisationNumber = "202100-2926" }, []string{"/organisationNumber organisation.number_wrong"}},
		"a person's number":                 {func(c *organisation.Card) { c.OrganisationNumber = "811218-9876" }, []string{"/organisationNumber organisation.number_wrong"}},
		"letters":                           {func(c *organisation.Card) { c.OrganisationNumber = "20210O-2296" }, []string{"/organisationNumber organisation.number_wrong"}},
		"other alphabets' digits":           {func(c *organisation.Card) { c.OrganisationNumber = "٢٠٢١٠٠٢٢٩٦" }, []string{"/organisationNumber organisation.number_wrong"}},
		"a municipality's code":             {func(c *organisation.Card) { c.OfficialCode = "0764" }, nil},
		"a code that nobody has":            {func(c *organisation.Card) { c.OfficialCode = "0799" }, []string{"/officialCode organisation.code_unknown"}},
		"a county's code for a commune":     {func(c *organisation.Card) { c.OfficialCode = "07" }, []string{"/officialCode organisation.code_unknown"}},
		"a region's code":                   {func(c *organisation.Card) { c.Type, c.OfficialCode = "region", "07" }, nil},
		"a region with a commune's code":    {func(c *organisation.Card) { c.Type, c.OfficialCode = "region", "0764" }, []string{"/officialCode organisation.county_code_unknown"}},
		"a county that never was":           {func(c *organisation.Card) { c.Type, c.OfficialCode = "county-administration", "02" }, []string{"/officialCode organisation.county_code_unknown"}},
		"a company with a code":             {func(c *organisation.Card) { c.Type, c.OfficialCode = "company", "0764" }, []string{"/officialCode organisation.code_without_kind"}},
		"an address":                        {func(c *organisation.Card) { c.Email = "kontakt@alvesta.example" }, nil},
		"an address with blanks around":     {func(c *organisation.Card) { c.Email = " kontakt@alvesta.example " }, nil},
		"an address with a name":            {func(c *organisation.Card) { c.Email = "Alvesta <kontakt@alvesta.example>" }, []string{"/email common.email_wrong"}},
		"two addresses":                     {func(c *organisation.Card) { c.Email = "a@alvesta.example, b@alvesta.example" }, []string{"/email common.email_wrong"}},
		"an address with a line of its own": {func(c *organisation.Card) { c.Email = "a@alvesta.example\r\nBcc: b@alvesta.example" }, []string{"/email common.email_wrong"}},
		"an address without a domain":       {func(c *organisation.Card) { c.Mailbox = "kontakt@localhost" }, []string{"/mailbox common.email_wrong"}},
		"a website":                         {func(c *organisation.Card) { c.Website = "https://www.alvesta.example/kontakt?a=b" }, nil},
		"a website in the clear":            {func(c *organisation.Card) { c.Website = "http://alvesta.example" }, nil},
		"a website without scheme":          {func(c *organisation.Card) { c.Website = "www.alvesta.example" }, []string{"/website common.website_wrong"}},
		"a website that is a script":        {func(c *organisation.Card) { c.Website = "javascript://alvesta.example/%0aalert(1)" }, []string{"/website common.website_wrong"}},
		"a website with a password":         {func(c *organisation.Card) { c.Website = "https://kim:secret@alvesta.example" }, []string{"/website common.website_wrong"}},
		"a website without a host":          {func(c *organisation.Card) { c.Website = "https:///kontakt" }, []string{"/website common.website_wrong"}},
		"a website with a port only":        {func(c *organisation.Card) { c.Website = "https://:8080" }, []string{"/website common.website_wrong"}},
		"a website with a NUL":              {func(c *organisation.Card) { c.Website = "https://alvesta.example/\x00" }, []string{"/website common.website_wrong"}},
		"a phone with a NUL":                {func(c *organisation.Card) { c.Phone = "0472\x00" }, []string{" common.text_broken"}},
		"a name that is no UTF-8":           {func(c *organisation.Card) { c.Name = "Alvesta\xff" }, []string{" common.text_broken"}},
		"no name":                           {func(c *organisation.Card) { c.Name = " \n\u00a0" }, []string{"/name organisation.named"}},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, tx := dbtest.Kronoberg(t)
			card := alvesta
			c.change(&card)
			o, err := organisation.Create(ctx, tx, card)
			if d := cmp.Diff(c.wrong, faults(err)); d != "" {
				t.Fatalf("%v (-want +got):\n%s", err, d)
			}
			if c.wrong == nil && card.OrganisationNumber != "" && o.OrganisationNumber != "202100-2296" {
				t.Errorf("the number is kept as %q", o.OrganisationNumber)
			}
		})
	}
}

// The doors take the longest text from the card's own tags: without one there
// would be no limit. The longest text in the widest letters can be kept and found.
func TestTheLongestTextCanBeKept(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	for f := range reflect.TypeFor[organisation.Card]().Fields() {
		if f.Type.Kind() == reflect.String && f.Tag.Get("maxLength") == "" && f.Tag.Get("enum") == "" {
			t.Errorf("%s has no longest length", f.Name)
		}
	}
	widest := strings.Repeat("𐐷", 200)
	o, err := organisation.Create(ctx, tx, organisation.Card{Type: "other", Name: widest, ShortName: widest[:4*60], Phone: widest[:4*40]})
	if err != nil || o.Name != widest {
		t.Fatal(err)
	}
	if list, total, err := organisation.List(ctx, tx, organisation.Filter{Query: widest, Limit: 10, Page: 1}); err != nil || total != 1 || len(list) != 1 {
		t.Errorf("found %d, %v", total, err)
	}
}

// faults are the faults in an error as "field key", in order; an internal error
// shows as itself.
func faults(err error) []string {
	if err == nil {
		return nil
	}
	all := map[string]bool{}
	for _, f := range fault.All(err) {
		all[f.Field+" "+f.Key] = true
	}
	if len(all) == 0 {
		return []string{err.Error()}
	}
	return slices.Sorted(maps.Keys(all))
}
