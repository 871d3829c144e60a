package tenant

// templated are the sections that another county's form consists of. Who a
// county is, how it signs in, who leads it and where it publishes is its own.
var templated = []string{"accessibility", "words", "instrumentKinds", "partyKinds", "partyStatuses", "bodyKinds", "goals"}

// FromTemplate gives a new county the form of another: its latest words, kinds,
// statuses and shape of goals, as if they had always held. A slug of one of the
// 21 counties gives that county, with its official name and codes; any other
// gives a sandbox of the name.
func FromTemplate(template County, slug string, name Words) County {
	c := County{Slug: slug, Kind: KindSandbox}
	who := Identity{Name: name, Languages: Languages}
	if official, ok := CountyBySlug(slug); ok {
		c.Kind = KindCounty
		who.Code, who.Letter, who.Seat = official.Code, official.Letter, official.Seat
		if len(name) == 0 {
			who.Name = Words{"sv": official.Name}
		}
	}
	who.Administration = Words{}
	for lang, text := range who.Name {
		if lang == "en" {
			who.Administration[lang] = text + " Administrative Board"
		} else {
			who.Administration[lang] = "Länsstyrelsen i " + text
		}
	}
	c.Identity = Section[Identity]{{Value: who}}
	for _, key := range templated {
		s, err := SectionOf(key)
		if err != nil {
			panic(err) // a key of ours
		}
		versions := s.Versions(template)
		if len(versions) == 0 {
			continue
		}
		latest := versions[len(versions)-1]
		if c, err = s.With(c, Version{Body: latest.Body}); err != nil {
			panic(err) // It was read from the template a moment ago.
		}
	}
	return c
}
