package governance

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// What became of a row of a register.
const (
	RowCreated = "created"
	RowChanged = "changed"
	RowEnded   = "ended"
	RowSame    = "same"
	RowRefused = "refused"
)

// Entered is what became of one row.
type Entered struct {
	Row     int    // as the spreadsheet counts
	Body    string // by key
	Place   string // by key
	Name    string // of the person
	Outcome string
	Faults  fault.List // each at the column, by key: "/from"
}

// Entries are what became of a register that was handed in.
type Entries struct{ Rows []Entered }

// Count is how many rows had an outcome.
func (e Entries) Count(outcome string) int {
	n := 0
	for _, r := range e.Rows {
		if r.Outcome == outcome {
			n++
		}
	}
	return n
}

// Err is what is wrong with rows: a register with any is not taken in.
func (e Entries) Err() error {
	var l fault.List
	for _, r := range e.Rows {
		for _, f := range r.Faults {
			copied := *f
			copied.Field = "/rows/" + strconv.Itoa(r.Row) + f.Field
			l = append(l, &copied)
		}
	}
	return l.Err()
}

// Enter takes a register in: people and mandates that are new are written down,
// those that are known are mended or ended. What the register does not name is
// left as it is, and a register that is taken in twice changes nothing. Rows
// that are refused are told, and the others are done: whoever asks decides
// whether that is good enough.
func Enter(ctx context.Context, tx *pg.Tx, entries []Entry) (Entries, error) {
	if err := tx.Require(auth.GovernanceChange); err != nil {
		return Entries{}, err
	}
	in, err := newIntake(ctx, tx, entries)
	if err != nil {
		return Entries{}, err
	}
	items := make([]item, len(entries))
	for i, e := range entries {
		items[i] = e.read(i, in.organisations)
		in.report.Rows = append(in.report.Rows, Entered{Row: e.Number, Body: items[i].Body, Place: items[i].Place, Name: items[i].name})
	}
	seen := map[[6]string]int{}
	for i := range items {
		in.identify(&items[i])
		in.match(&items[i], true)
	}
	for i := range items {
		in.match(&items[i], false)
		said := [6]string{items[i].Body, items[i].Place, entries[i].Cell("role"), entries[i].Cell("organisation"), items[i].email + items[i].name, items[i].From.String()}
		if first, twice := seen[said]; twice {
			items[i].wrong.Add(fault.Bad("register.twice", "/body").With("row", entries[first].Number))
		} else {
			seen[said] = i
		}
	}
	// What ends makes room for what begins.
	slices.SortStableFunc(items, func(a, b item) int {
		if (a.was == nil) != (b.was == nil) {
			if a.was != nil {
				return -1
			}
			return 1
		}
		if a.was != nil && shortens(a) != shortens(b) {
			if shortens(a) {
				return -1
			}
			return 1
		}
		return a.From.Compare(b.From)
	})
	for _, it := range items {
		if err := in.enter(ctx, it); err != nil {
			return Entries{}, err
		}
	}
	return in.report, nil
}

// shortens tells whether an item leaves its mandate a shorter time.
func shortens(it item) bool {
	return !it.To.IsZero() && (it.was.To.IsZero() || it.To.Before(it.was.To)) || it.From.After(it.was.From)
}

// intake is what a register meets: who and what is known already.
type intake struct {
	tx            *pg.Tx
	organisations map[string]uuid.UUID
	people        []governancedb.RegisteredRow
	kept          []Mandate
	taken         map[uuid.UUID]bool   // mandates that a row is about
	met           map[string]uuid.UUID // people that rows before have made
	report        Entries
}

func newIntake(ctx context.Context, tx *pg.Tx, entries []Entry) (*intake, error) {
	in := &intake{tx: tx, organisations: map[string]uuid.UUID{}, taken: map[uuid.UUID]bool{}, met: map[string]uuid.UUID{}}
	q := governancedb.New(tx)
	var keys, emails, names []string
	for _, e := range entries {
		keys, names = append(keys, e.Cell("organisation")), append(names, e.Cell("name"))
		if email := e.Cell("email"); email != "" {
			emails = append(emails, strings.ToLower(email))
		}
	}
	called, err := q.Called(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, o := range called {
		in.organisations[o.Key] = o.ID
	}
	if in.people, err = q.Registered(ctx, governancedb.RegisteredParams{Emails: append([]string{}, emails...), Names: append([]string{}, names...)}); err != nil {
		return nil, err
	}
	kept, err := q.Register(ctx)
	for _, r := range kept {
		in.kept = append(in.kept, made(r.Mandate, r.Name, r.Title, ""))
	}
	return in, err
}

// identify finds the person that a row names: by address, or else by name.
func (in *intake) identify(it *item) {
	var fit []governancedb.RegisteredRow
	for _, p := range in.people {
		if it.email != "" && strings.EqualFold(p.Email, it.email) {
			fit = []governancedb.RegisteredRow{p}
			break
		}
		if p.Name == it.name && (it.email == "" || p.Email == "") {
			fit = append(fit, p)
		}
	}
	for _, own := range []func(governancedb.RegisteredRow) bool{
		func(p governancedb.RegisteredRow) bool {
			return it.Organisation != uuid.Nil && p.OrganisationID.UUID == it.Organisation
		},
		func(p governancedb.RegisteredRow) bool { return in.about(*it, p.ID, true) != nil },
	} {
		if closer := slices.DeleteFunc(slices.Clone(fit), func(p governancedb.RegisteredRow) bool { return !own(p) }); len(fit) > 1 && len(closer) > 0 {
			fit = closer
		}
	}
	switch len(fit) {
	case 0:
	case 1:
		it.Person = fit[0].ID
	default:
		it.wrong.Add(fault.Bad("register.person_two", "/email").With("name", it.name))
	}
}

// match finds the mandate that a row is about.
func (in *intake) match(it *item, sameDay bool) {
	if it.was != nil || it.Person == uuid.Nil {
		return
	}
	if it.was = in.about(*it, it.Person, sameDay); it.was != nil {
		in.taken[it.was.ID] = true
		it.Organisation = it.was.Organisation
	}
}

// about finds a person's mandate that a row is about: of the same place and
// role, from the same day or else at the same time.
func (in *intake) about(it item, who uuid.UUID, sameDay bool) *Mandate {
	for i, m := range in.kept {
		if m.Person != who || m.Body != it.Body || m.Place != it.Place || m.Deputy != it.Deputy || in.taken[m.ID] ||
			it.Organisation != uuid.Nil && m.Organisation != it.Organisation {
			continue
		}
		if m.From == it.From || !sameDay && (day.Span{From: m.From, To: m.To}).Overlaps(day.Span{From: it.From, To: it.To}) {
			return &in.kept[i]
		}
	}
	return nil
}

// enter does one row. A fault is the row's own and stops no other.
func (in *intake) enter(ctx context.Context, it item) error {
	to := &in.report.Rows[it.row]
	if len(it.wrong) > 0 {
		to.Outcome, to.Faults = RowRefused, it.wrong
		return nil
	}
	err := in.tx.Savepoint(ctx, func() (err error) {
		to.Outcome, err = in.write(ctx, it)
		return err
	})
	faults := fault.All(err)
	if err != nil && len(faults) == 0 {
		return err
	}
	if len(faults) > 0 {
		to.Outcome, to.Faults = RowRefused, nil
		for _, f := range faults {
			to.Faults = append(to.Faults, inColumn(f))
		}
	}
	return nil
}

// inColumn moves a fault of a room's field to the register's column.
func inColumn(f *fault.Fault) *fault.Fault {
	if column, ok := map[string]string{"/deputy": "/role", "/person": "/name", "/on": "/to"}[f.Field]; ok {
		return f.At(column)
	}
	return f
}

func (in *intake) write(ctx context.Context, it item) (string, error) {
	if it.was != nil {
		return in.mend(ctx, it)
	}
	// Who a row before has made is the same for the rows after it.
	key := it.email
	if key == "" {
		key = it.name + " " + it.Organisation.String()
	}
	n := it.Nomination
	if n.Person == uuid.Nil {
		n.Person = in.met[key]
	}
	if n.Person == uuid.Nil {
		p, err := person.Create(ctx, in.tx, person.Card{Name: it.name, Email: it.email, Title: it.title, OrganisationID: maybe(it.Organisation)})
		if err != nil {
			return "", err
		}
		n.Person = p.ID
	}
	if _, err := nominate(ctx, in.tx, n, origin{imported: true}); err != nil {
		return "", err
	}
	in.met[key] = n.Person
	return RowCreated, nil
}

// mend takes over what a row says of a mandate that is known. Empty cells of
// what need not be known say nothing.
func (in *intake) mend(ctx context.Context, it item) (string, error) {
	f := it.was.facts()
	f.From, f.To = it.From, it.To
	if it.rank > 0 {
		f.Rank = it.rank
	}
	if it.AppointedBy != "" {
		f.AppointedBy = it.AppointedBy
	}
	if it.Reference != "" {
		f.Reference = it.Reference
	}
	if f == it.was.facts() {
		return RowSame, nil
	}
	if _, err := Correct(ctx, in.tx, it.was.ID, it.was.Version, f); err != nil {
		return "", err
	}
	if it.was.To.IsZero() && !f.To.IsZero() {
		return RowEnded, nil
	}
	return RowChanged, nil
}
