package agreement

import (
	"github.com/google/uuid"
)

func (m *carrier) participations() error {
	bare := func(p SentPart) string { p.Signatures = nil; return written(p) }
	here := map[string]int{}
	for n, p := range m.have.Participations {
		here[bare(p)] = n
	}
	for n, p := range m.doc.Participations {
		var id uuid.UUID
		var signed []SentSignature
		name := m.orgs[p.Organisation].Name
		err := m.row(place("participations", n), "participations", name, func() (string, error) {
			who, err := m.org(p.Organisation, "/organisation")
			if err != nil {
				return "", err
			}
			p.Organisation = m.called(p.Organisation)
			if h, ok := here[bare(p)]; ok {
				id, signed = m.have.participations[h], m.have.Participations[h].Signatures
				return RowMatched, nil
			}
			made, err := join(m.ctx, m.tx, m.i, Entry{Organisation: who, Status: p.Status, Roles: p.Roles, From: p.From, Ground: p.Ground, Source: p.Source})
			if err == nil && !p.ValidTo.IsZero() {
				made, err = Leave(m.ctx, m.tx, made.ID, made.Version, Exit{On: p.ValidTo, Ground: p.EndedGround})
			}
			if err == nil {
				id = made.ID
			}
			return RowCreated, err
		})
		if err != nil {
			return err
		}
		if id == uuid.Nil {
			continue // why is said already
		}
		for k, s := range p.Signatures {
			err := m.row(place("participations", n, "signatures", k), "signatures", name, func() (string, error) {
				if k < len(signed) {
					if signed[k] != s {
						return "", differs(name)
					}
					return RowMatched, nil
				}
				_, err := sign(m.ctx, m.tx, id, Signing{By: s.By, Capacity: s.Capacity, When: s.When, Decision: s.Decision, Decided: s.Decided, Source: s.Source}, k > 0)
				return RowCreated, err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
