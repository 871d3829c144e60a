package agreement

import (
	"slices"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/fault"
)

func (m *carrier) instrument() error {
	in := m.doc.Instrument
	return m.row("/instrument", "instrument", in.Title, func() (string, error) {
		outcome := RowMatched
		there, err := ByKey(m.ctx, m.tx, in.Key)
		switch {
		case fault.Is(err, "common.not_found"):
			outcome = RowCreated
			if there, err = create(m.ctx, m.tx, in.Card, Origin{Key: in.Key, Source: in.Source, Demo: in.Demo}, in.Draft); err != nil {
				return "", err
			}
			if in.Published {
				if there, err = Publish(m.ctx, m.tx, there.ID, there.Version, true); err != nil {
					return "", err
				}
			}
		case err != nil:
			return "", err
		case there.Card != in.Card:
			return "", differs(in.Title)
		}
		have, err := load(m.ctx, m.tx, there.ID)
		if err != nil {
			return "", err
		}
		m.i, m.have, m.report.Instrument = there, have, there.ID
		return outcome, nil
	})
}

func (m *carrier) predecessors() error {
	for n, key := range m.doc.Instrument.Predecessors {
		err := m.row(place("instrument", "predecessors", n), "predecessors", key, func() (string, error) {
			if slices.Contains(m.have.Instrument.Predecessors, key) {
				return RowMatched, nil
			}
			earlier, err := ByKey(m.ctx, m.tx, key)
			if fault.Is(err, "common.not_found") {
				return RowLeftOut, nil
			}
			if err == nil {
				err = Follow(m.ctx, m.tx, earlier.ID, m.i.ID, m.doc.Instrument.Source)
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) validities() error {
	for n, t := range m.doc.Validities {
		err := m.row(place("validities", n), "validities", t.Kind, func() (string, error) {
			if slices.Contains(m.have.Validities, t) {
				return RowMatched, nil
			}
			i, err := SetValidity(m.ctx, m.tx, m.i.ID, m.i.Version, t)
			if err == nil {
				m.i = i
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) leads() error {
	for n, l := range m.doc.Leads {
		err := m.row(place("leads", n), "leads", l.Organisation, func() (string, error) {
			who, err := m.org(l.Organisation, "/organisation")
			if err != nil {
				return "", err
			}
			l.Organisation = m.called(l.Organisation)
			if slices.Contains(m.have.Leads, l) {
				return RowMatched, nil
			}
			if _, err := touch(m.ctx, m.tx, m.i.ID, m.i.Version); err != nil {
				return "", err
			}
			err = m.q.AddLead(m.ctx, agreementdb.AddLeadParams{ID: m.tx.NewID(), InstrumentID: m.i.ID, OrganisationID: who, ValidFrom: l.From, ValidTo: l.ValidTo, Source: l.Source})
			if err == nil {
				m.i.Version++
			}
			return RowCreated, at(err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *carrier) counts() error {
	for n, t := range m.doc.Counts {
		err := m.row(place("counts", n), "counts", t.Level, func() (string, error) {
			if slices.Contains(m.have.Counts, t) {
				return RowMatched, nil
			}
			i, err := Count(m.ctx, m.tx, m.i.ID, m.i.Version, t)
			if err == nil {
				m.i = i
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
