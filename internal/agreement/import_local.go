package agreement

import (
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
)

func (m *carrier) networks() error {
	for n, it := range m.doc.Networks {
		err := m.row(place("networks", n), "networks", it.Name, func() (string, error) {
			var goals []uuid.UUID
			var refs []SentRef
			for k, r := range it.Goals {
				id, err := m.goal(r, place("goals", k))
				if err != nil {
					return "", err
				}
				if id != uuid.Nil {
					goals, refs = append(goals, id), append(refs, r)
				}
			}
			who, err := m.org(it.LedBy, "/ledBy")
			if err != nil {
				return "", err
			}
			it.Goals, it.LedBy = refs, m.called(it.LedBy)
			switch _, err := NetworkByKey(m.ctx, m.tx, it.Key); {
			case err == nil:
				if !slices.ContainsFunc(m.have.Networks, func(h SentNetwork) bool { return written(h) == written(it) }) {
					return "", differs(it.Name)
				}
				return RowMatched, nil
			case !fault.Is(err, "common.not_found"):
				return "", err
			}
			_, err = AddNetwork(m.ctx, m.tx, Group{Instrument: m.i.ID, Name: it.Name, Purpose: it.Purpose, LedBy: who, Contact: it.Contact, Website: it.Website,
				Goals: goals, ValidFrom: it.ValidFrom, ValidTo: it.ValidTo, Source: it.Source}, it.Key)
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) locals() error {
	// Whether it is published is for each county to say, and may have changed since.
	lasting := func(l SentLocal) string {
		l.Published, l.Parties = false, slices.Sorted(slices.Values(l.Parties))
		return written(l)
	}
	for n, it := range m.doc.LocalAgreements {
		err := m.row(place("localAgreements", n), "localAgreements", it.Title, func() (string, error) {
			starter, err := m.org(it.InitiatedBy, "/initiatedBy")
			if err != nil {
				return "", err
			}
			c := LocalCard{Instrument: m.i.ID, Title: it.Title, RegistryNumber: it.RegistryNumber, InitiatedBy: starter, From: it.From, Until: it.Until,
				PeriodUnknown: it.PeriodUnknown, Note: it.Note, Link: it.Link, Source: it.Source, Published: it.Published}
			it.InitiatedBy, it.Parties = m.called(it.InitiatedBy), slices.Clone(it.Parties)
			for k, key := range it.Parties {
				who, err := m.org(key, place("parties", k))
				if err != nil {
					return "", err
				}
				c.Parties, it.Parties[k] = append(c.Parties, who), m.called(key)
			}
			switch _, err := LocalByKey(m.ctx, m.tx, it.Key); {
			case err == nil:
				if !slices.ContainsFunc(m.have.LocalAgreements, func(h SentLocal) bool { return lasting(h) == lasting(it) }) {
					return "", differs(it.Title)
				}
				return RowMatched, nil
			case !fault.Is(err, "common.not_found"):
				return "", err
			}
			_, err = AddLocal(m.ctx, m.tx, c, it.Key)
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
