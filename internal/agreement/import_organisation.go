package agreement

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
)

// organisations finds those that the document names, or makes them.
func (m *carrier) organisations() error {
	const all = 1 << 20
	here, _, err := organisation.List(m.ctx, m.tx, organisation.Filter{Status: organisation.Any, Limit: all, Page: 1})
	if err != nil {
		return err
	}
	for n, o := range m.doc.Organisations {
		err := m.row(place("organisations", n), "organisations", o.Name, func() (string, error) {
			if _, twice := m.orgs[o.Key]; twice {
				return "", fault.Bad("agreement_import.twice", "/key").With("name", o.Key)
			}
			if it, ok := matching(here, o); ok {
				m.orgs[o.Key] = it
				return RowMatched, nil
			}
			key := o.Key
			if slices.ContainsFunc(here, func(h organisation.Organisation) bool { return h.Key == key }) {
				key = "" // somebody else's here
			}
			made, err := organisation.Import(m.ctx, m.tx, organisation.Card{Type: o.Type, Name: o.Name, ShortName: o.ShortName, OrganisationNumber: o.OrganisationNumber,
				OfficialCode: o.OfficialCode, Website: o.Website, Published: o.Published, ValidFrom: o.ValidFrom},
				organisation.Origin{Key: key, Source: o.Source, Demo: o.Demo})
			if err == nil && !o.ValidTo.IsZero() {
				made, err = organisation.End(m.ctx, m.tx, made.ID, made.Version, organisation.Ending{On: o.ValidTo})
			}
			if err != nil {
				return "", err
			}
			m.orgs[o.Key], here = made, append(here, made)
			return RowCreated, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// matching finds the organisation that is meant: by its number, by its official
// code among those of its type, or by its key, unless the two are plainly
// different ones.
func matching(here []organisation.Organisation, o SentOrg) (organisation.Organisation, bool) {
	digits := func(number string) string { return strings.ReplaceAll(number, "-", "") }
	for _, same := range []func(organisation.Organisation) bool{
		func(h organisation.Organisation) bool {
			return o.OrganisationNumber != "" && digits(h.OrganisationNumber) == digits(o.OrganisationNumber)
		},
		func(h organisation.Organisation) bool {
			return o.OfficialCode != "" && h.OfficialCode == o.OfficialCode && h.Type == o.Type
		},
		func(h organisation.Organisation) bool {
			return h.Key == o.Key && h.Type == o.Type &&
				(h.OrganisationNumber == "" || o.OrganisationNumber == "") && (h.OfficialCode == "" || o.OfficialCode == "")
		},
	} {
		if n := slices.IndexFunc(here, same); n >= 0 {
			return here[n], true
		}
	}
	return organisation.Organisation{}, false
}

// org is the organisation that a key of the document names here.
func (m *carrier) org(key, field string) (uuid.UUID, error) {
	if key == "" {
		return uuid.Nil, nil
	}
	o, ok := m.orgs[key]
	if !ok {
		return uuid.Nil, fault.Bad("agreement.organisation_unknown", field)
	}
	return o.ID, nil
}

// called is the key that an organisation of the document has here, for comparing.
func (m *carrier) called(key string) string {
	if o, ok := m.orgs[key]; ok {
		return o.Key
	}
	return key
}
