package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// The forms about an agreement as a whole: its card, time, days, decisions and texts.

func (d *Door) agreementForms(at, one string) []route {
	return slices.Concat(
		both(at+"/new", form[agreement.Card]{d, members, d.newAgreement, createAgreement}),
		both(one+"/edit", form[agreement.Card]{d, members, d.editAgreement, upon(agreement.Change, agreementAt, "?done=saved")}),
		both(one+"/validity", form[agreement.Term]{d, members, d.settingValidity, setValidity}),
		both(one+"/events/new", form[agreement.Happening]{d, members, d.newEvent, recordEvent}),
		both(one+"/decisions/new", form[agreement.Resolution]{d, members, d.newDecision, recordDecision}),
		both(one+"/texts/new", form[agreement.Paper]{d, members, d.newText, addText}),
		both(one+"/leads/new", form[agreement.Leadership]{d, members, d.newLead, addLead}),
		both(one+"/leads/{lead}/end", form[unleading]{d, members, d.endingLead, endLead}),
		both(one+"/counts/new", form[agreement.Tally]{d, members, d.newCount, addCount}),
		both(one+"/predecessor", form[predecessor]{d, members, d.newPredecessor, addPredecessor}),
	)
}

// aboutAgreement is the beginning of a form about the agreement that the
// address names, for whoever may change it.
func (v *visit) aboutAgreement(ctx context.Context, tx *pg.Tx, words string) (agreement.Instrument, sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return agreement.Instrument{}, sheet{}, err
	}
	i, err := agreement.Get(ctx, tx, at, v.Today)
	if err != nil {
		return i, sheet{}, err
	}
	s := sheet{Words: words, Crumbs: v.inAgreement(i), Cancel: string(agreementAt(v, at)), Submit: v.T("form.save"), Options: map[string][]option{}, Kinds: map[string]string{}}
	return i, s, tx.Require(auth.AgreementChange)
}

// agreementDone is where a form about the agreement leads when it has done its work.
func agreementDone(v *visit, where, done string) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	return string(agreementAt(v, at, where, "?done=", done)), nil
}

func (v *visit) cardOfAgreement() []leaf {
	return []leaf{
		{"what", v.T("web.agreement.card"), []string{v.T("web.agreement.card_note")}, []string{"kind", "title", "shortName", "registryNumber"}},
		{"why", v.T("web.agreement.card_purpose"), []string{v.T("web.agreement.card_purpose_note")}, []string{"purpose"}},
	}
}

// kindOptions are the county's kinds of instrument for the whole county; none
// where it has not said which there are.
func (v *visit) kindOptions(s *sheet, had string) {
	var os []option
	for _, k := range v.County.InstrumentKinds.Kinds {
		if !k.Local() || k.Key == had {
			os = append(os, option{k.Key, capital(k.Word.In(string(v.Lang)).One)})
		}
	}
	if len(os) > 0 {
		s.Options["kind"] = os
	}
}

func (d *Door) newAgreement(_ context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := sheet{
		Title: v.T("web.agreement.add"), Lead: v.T("web.agreement.add_lead"), Words: "instrument",
		Crumbs: []crumb{{capital(v.word(tenant.Agreement).Many), string(v.To("/agreements"))}},
		Leaves: v.cardOfAgreement(), Submit: v.T("web.agreement.add"), Cancel: string(v.To("/agreements")),
		Options: map[string][]option{}, Kinds: map[string]string{"purpose": "area"},
	}
	v.kindOptions(&s, "")
	c := agreement.Card{}
	if os := s.Options["kind"]; len(os) == 1 {
		c.Kind = os[0].Value
	}
	s.Thing = c
	return s, tx.Require(auth.AgreementChange)
}

func createAgreement(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c agreement.Card) (string, error) {
	i, err := agreement.Create(ctx, tx, c)
	return string(agreementAt(v, i.ID, "?done=agreement_added")), err
}

func (d *Door) editAgreement(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "instrument")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.edit_title", "name", titled(i.Title)), v.T("web.agreement.edit_lead")
	s.Leaves, s.Thing, s.Kinds["purpose"] = v.cardOfAgreement(), i, "area"
	v.kindOptions(&s, i.Kind)
	return s, nil
}

// keptTerm is how an agreement's validity stands, as its form is filled.
type keptTerm struct {
	agreement.Term
	Version int64 `json:"version"`
}

func lastTerm(ctx context.Context, tx *pg.Tx, i agreement.Instrument) (keptTerm, error) {
	ts, err := agreement.Validities(ctx, tx, i.ID)
	k := keptTerm{Version: i.Version}
	if len(ts) > 0 {
		k.Term = ts[len(ts)-1]
	}
	return k, err
}

func (d *Door) settingValidity(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "instrument_validity")
	if err != nil {
		return s, err
	}
	k, err := lastTerm(ctx, tx, i)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.validity_title"), v.T("web.agreement.validity_lead")
	s.Leaves = []leaf{
		{"how", v.T("web.agreement.validity_how"), []string{v.T("web.agreement.validity_note")}, []string{"kind", "from", "until", "reviewMonths"}},
		{"decision", v.T("web.agreement.validity_decision"), []string{v.T("web.agreement.validity_decision_note")}, []string{"knownFrom", "reference", "source"}},
	}
	if k.Kind != "" { // what is new is said of a new decision
		s.Lead = v.T("web.agreement.validity_lead_again", "now", small(v.termOf(k.Term)))
		k.KnownFrom, k.Reference, k.Source = v.Today, "", ""
	}
	s.Thing = k
	s.Options["kind"] = v.options("agreement.validity.", agreement.ValidityFixed, agreement.ValidityExtended, agreement.ValidityUntilNotice,
		agreement.ValidityOpen, agreement.ValidityEnded, agreement.ValidityNone)
	return s, nil
}

func setValidity(ctx context.Context, tx *pg.Tx, v *visit, version int64, t agreement.Term) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = agreement.SetValidity(ctx, tx, at, version, t)
	if fault.Is(err, "common.changed") {
		i, e := agreement.Get(ctx, tx, at, v.Today)
		if e != nil {
			return "", e
		}
		k, e := lastTerm(ctx, tx, i)
		if e != nil {
			return "", e
		}
		return "", fault.Changed(k) // in the form's own words
	}
	return string(agreementAt(v, at, "?done=saved#time")), err
}

// options are values with the words of a stem.
func (v *visit) options(stem string, values ...string) []option {
	os := make([]option, len(values))
	for i, value := range values {
		os[i] = option{value, capital(v.Of(stem, value))}
	}
	return os
}

func agreementNow(ctx context.Context, tx *pg.Tx, v *visit) (agreement.Instrument, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return agreement.Instrument{}, err
	}
	return agreement.Get(ctx, tx, at, v.Today)
}

func (d *Door) newCount(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, s, err := v.aboutAgreement(ctx, tx, "instrument_count")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_count"), v.T("web.agreement.count_lead")
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.count_what"), []string{v.T("web.agreement.count_note")}, []string{"what", "level", "count"}},
		{"when", v.T("web.agreement.count_when"), nil, []string{"validFrom", "validTo", "source"}},
	}
	s.Options["what"] = v.options("web.agreement.counted.", "goals", "parties")
	v.levelOptions(&s)
	return s, nil
}

func addCount(ctx context.Context, tx *pg.Tx, v *visit, _ int64, t agreement.Tally) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err = agreement.Count(ctx, tx, i.ID, i.Version, t); err != nil {
		return "", err
	}
	return agreementDone(v, "", "saved#goals")
}

// predecessor says which instrument this one came after.
type predecessor struct {
	Predecessor uuid.UUID `json:"predecessor"`
	Source      string    `json:"source,omitempty" maxLength:"300"`
}

func (d *Door) newPredecessor(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "instrument_succession")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_predecessor"), v.T("web.agreement.predecessor_lead")
	s.Leaves = []leaf{{"which", v.T("web.agreement.predecessor"), []string{v.T("web.agreement.predecessor_note")}, []string{"predecessor", "source"}}}
	all, _, err := agreement.List(ctx, tx, agreement.Filter{Limit: 500, Page: 1})
	s.Options["predecessor"] = []option{}
	for _, o := range all {
		if o.ID != i.ID && !o.Draft {
			s.Options["predecessor"] = append(s.Options["predecessor"], option{o.ID.String(), titled(o.Title)})
		}
	}
	return s, err
}

func addPredecessor(ctx context.Context, tx *pg.Tx, v *visit, _ int64, p predecessor) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err := agreement.Get(ctx, tx, p.Predecessor, v.Today); fault.Is(err, "common.not_found") {
		return "", fault.Bad("form.choice", "/predecessor")
	} else if err != nil {
		return "", err
	}
	if err := agreement.Follow(ctx, tx, p.Predecessor, i.ID, p.Source); err != nil {
		return "", err
	}
	return agreementDone(v, "", "saved")
}
