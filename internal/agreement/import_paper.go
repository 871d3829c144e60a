package agreement

import (
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
)

// chain does things that may name an earlier or later one of the same list,
// each after the one it names.
func chain(n int, names func(int) int, do func(int) error) error {
	begun := make([]bool, n)
	var put func(int) error
	put = func(i int) error {
		if begun[i] {
			return nil
		}
		begun[i] = true
		if other := names(i); other > 0 && other <= n {
			if err := put(other - 1); err != nil {
				return err
			}
		}
		return do(i)
	}
	for i := range n {
		if err := put(i); err != nil {
			return err
		}
	}
	return nil
}

// said is what a thing of a list says, and what that says which it names: the
// same in every document, whatever numbers they have there.
func said(n int, content func(int) any, names func(int) int) func(int) string {
	var say func(int, int) string
	say = func(i, deep int) string {
		s := written(content(i))
		if other := names(i); other > 0 && other <= n && deep < n {
			s += " of " + say(other-1, deep+1)
		}
		return s
	}
	return func(i int) string { return say(i, 0) }
}

// pool are things that are here, by what they say; each is matched once.
type pool map[string][]uuid.UUID

func pooled(ids []uuid.UUID, say func(int) string) pool {
	p := pool{}
	for i, id := range ids {
		p[say(i)] = append(p[say(i)], id)
	}
	return p
}

func (p pool) take(say string) (uuid.UUID, bool) {
	ids := p[say]
	if len(ids) == 0 {
		return uuid.Nil, false
	}
	p[say] = ids[1:]
	return ids[0], true
}

// named is the thing that another names by its number; 0 names none.
func named(ids []uuid.UUID, number int, field, key string) (uuid.UUID, error) {
	switch {
	case number == 0:
		return uuid.Nil, nil
	case number < 0 || number > len(ids) || ids[number-1] == uuid.Nil:
		return uuid.Nil, fault.Bad(key, field)
	}
	return ids[number-1], nil
}

func (m *carrier) events() error {
	say := func(es []SentEvent) func(int) string {
		return said(len(es), func(i int) any { e := es[i]; e.Corrects = 0; return e }, func(i int) int { return es[i].Corrects })
	}
	here, mine := pooled(m.have.events, say(m.have.Events)), say(m.doc.Events)
	ids := make([]uuid.UUID, len(m.doc.Events))
	return chain(len(ids), func(i int) int { return m.doc.Events[i].Corrects }, func(i int) error {
		e := m.doc.Events[i]
		return m.row(place("events", i), "events", e.Kind, func() (string, error) {
			if id, ok := here.take(mine(i)); ok {
				ids[i] = id
				return RowMatched, nil
			}
			corrects, err := named(ids, e.Corrects, "/corrects", "agreement.corrects_nothing")
			if err != nil {
				return "", err
			}
			made, err := Record(m.ctx, m.tx, m.i.ID, Happening{Kind: e.Kind, When: e.When, Note: e.Note, Reference: e.Reference, Link: e.Link, Source: e.Source, Corrects: corrects})
			if err == nil {
				ids[i] = made.ID
			}
			return RowCreated, err
		})
	})
}

func (m *carrier) texts() error {
	say := func(ts []SentText) func(int) string {
		return said(len(ts), func(i int) any { t := ts[i]; t.Of = 0; return t }, func(i int) int { return ts[i].Of })
	}
	here, mine := pooled(m.have.texts, say(m.have.Texts)), say(m.doc.Texts)
	ids := make([]uuid.UUID, len(m.doc.Texts))
	return chain(len(ids), func(i int) int { return m.doc.Texts[i].Of }, func(i int) error {
		t := m.doc.Texts[i]
		return m.row(place("texts", i), "texts", t.Name, func() (string, error) {
			if id, ok := here.take(mine(i)); ok {
				ids[i] = id
				return RowMatched, nil
			}
			of, err := named(ids, t.Of, "/of", "instrument_text.errata_names_text")
			if err != nil {
				return "", err
			}
			made, err := AddEdition(m.ctx, m.tx, m.i.ID, m.i.Version, Paper{Kind: t.Kind, Name: t.Name, When: t.When, Note: t.Note, Pages: t.Pages, Link: t.Link, Of: of, Source: t.Source})
			if err == nil {
				ids[i] = made.ID
				m.i.Version++
			}
			return RowCreated, err
		})
	})
}

func (m *carrier) adoptions() error {
	say := func(as []SentAdoption, called func(string) string) func(int) string {
		return said(len(as), func(i int) any { a := as[i]; a.Corrects, a.Organisation = 0, called(a.Organisation); return a }, func(i int) int { return as[i].Corrects })
	}
	here, mine := pooled(m.have.adoptions, say(m.have.Adoptions, strings.Clone)), say(m.doc.Adoptions, m.called)
	ids := make([]uuid.UUID, len(m.doc.Adoptions))
	return chain(len(ids), func(i int) int { return m.doc.Adoptions[i].Corrects }, func(i int) error {
		a := m.doc.Adoptions[i]
		return m.row(place("adoptions", i), "adoptions", a.Body, func() (string, error) {
			if id, ok := here.take(mine(i)); ok {
				ids[i] = id
				return RowMatched, nil
			}
			corrects, err := named(ids, a.Corrects, "/corrects", "agreement.corrects_nothing")
			if err != nil {
				return "", err
			}
			who, err := m.org(a.Organisation, "/organisation")
			if err != nil {
				return "", err
			}
			made, err := Adopt(m.ctx, m.tx, m.i.ID, Resolution{Kind: a.Kind, Organisation: who, Body: a.Body, When: a.When, Mode: a.Mode, Minutes: a.Minutes, Source: a.Source, Corrects: corrects})
			if err == nil {
				ids[i] = made.ID
			}
			return RowCreated, err
		})
	})
}
