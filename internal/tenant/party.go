package tenant

import "slices"

// PartyKinds says which kinds of organisation can be party to an instrument,
// and how the municipalities are. Which organisations are parties is told by
// records: that a municipality lies in the county makes it nothing.
type PartyKinds struct {
	Kinds          []PartyKind `json:"kinds,omitempty" required:"true" doc:"The kinds of organisation that can be party."`
	Municipalities string      `json:"municipalities,omitzero" enum:"each,some,network,association,sub-region,region,none" doc:"How municipalities are represented: each by itself, some for all, by geographic network, through their association, by sub-region, as the region they also are, or not at all. Left out: unknown." example:"each"`
}

// How municipalities are represented.
const (
	MunicipalitiesEach        = "each"
	MunicipalitiesSome        = "some"
	MunicipalitiesNetwork     = "network"
	MunicipalitiesAssociation = "association"
	MunicipalitiesSubRegion   = "sub-region"
	MunicipalitiesAreRegion   = "region"
	MunicipalitiesNone        = "none"
)

// PartyKind is one kind of organisation that can be party.
type PartyKind struct {
	Type string `json:"type" required:"true" unique:"true" enum:"municipality,region,county-administration,state-agency,university,coordination-association,municipal-federation,municipal-association,company,business-association,trade-union,faith-community,civil-society,agreement-platform,other" doc:"The kind of organisation." example:"municipality"`
	Word Word   `json:"word,omitempty" doc:"What the county calls it, where it has a word of its own."`
}

// Can tells whether an organisation of a type can be party.
func (s PartyKinds) Can(organisationType string) bool {
	return slices.ContainsFunc(s.Kinds, func(k PartyKind) bool { return k.Type == organisationType })
}

func (s PartyKinds) check(c *checker) {
	for n, kind := range s.Kinds {
		if len(kind.Word) > 0 {
			kind.Word.check(c.in("kinds").item(n).in("word"), false)
		}
	}
	const municipality, association, region = "municipality", "municipal-association", "region"
	at, can := c.in("municipalities"), s.Can(municipality)
	switch s.Municipalities {
	case MunicipalitiesEach, MunicipalitiesSome:
		if !can {
			at.refuse("tenant.party.municipalities_cannot", "how", s.Municipalities)
		}
	case MunicipalitiesNone:
		if can {
			at.refuse("tenant.party.municipalities_both")
		}
	case MunicipalitiesAssociation:
		if !s.Can(association) && !s.Can("municipal-federation") {
			at.refuse("tenant.party.no_association")
		}
	case MunicipalitiesAreRegion:
		if !s.Can(region) && !can {
			at.refuse("tenant.party.no_region")
		}
	}
}

// PartyStatuses are the ways in which an organisation can take part.
type PartyStatuses struct {
	Statuses []PartyStatus `json:"statuses,omitempty" required:"true" doc:"The ways to take part."`
}

// PartyStatus is one way to take part, and what it counts as.
type PartyStatus struct {
	Key       string `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the status in files and records; it never changes." example:"signatory"`
	Word      Word   `json:"word,omitempty" required:"true" doc:"What who has the status is called."`
	Counted   bool   `json:"counted,omitzero" doc:"Whether it is one of the parties: in their number, in a response rate, in a cost that is shared." example:"true"`
	Signs     bool   `json:"signs,omitzero" doc:"Whether it signs, where the instrument is signed." example:"true"`
	Accedes   bool   `json:"accedes,omitzero" doc:"Whether others may ask to get it while the instrument holds: open accession." example:"false"`
	Occasions bool   `json:"occasions,omitzero" doc:"Whether it is held for single occasions, as a guest holds it." example:"false"`
}

// Status finds a status by its key.
func (s PartyStatuses) Status(key string) (PartyStatus, bool) {
	return find(s.Statuses, func(p PartyStatus) bool { return p.Key == key })
}

// Counted are the keys of the statuses that make a party.
func (s PartyStatuses) Counted() []string {
	var keys []string
	for _, p := range s.Statuses {
		if p.Counted {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

func (s PartyStatuses) check(c *checker) {
	for n, status := range s.Statuses {
		at := c.in("statuses").item(n)
		status.Word.check(at.in("word"), false)
		if status.Signs && !status.Counted {
			at.in("signs").refuse("tenant.party.signs_uncounted", "status", status.Key)
		}
		if status.Occasions && status.Counted {
			at.in("occasions").refuse("tenant.party.guest_counted", "status", status.Key)
		}
	}
	if len(s.Statuses) > 0 && len(s.Counted()) == 0 {
		c.in("statuses").refuse("tenant.party.none_counted")
	}
}
