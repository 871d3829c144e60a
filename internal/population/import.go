package population

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population/internal/populationdb"
)

// The states of an import.
const (
	Fetching = "fetching" // its address is being read
	Preview  = "preview"  // what would be written is shown; nothing is
	Writing  = "writing"  // confirmed, and being written a reference day at a time
	Done     = "done"
	Failed   = "failed" // the address gave nothing that can be read

	Discarded = "discarded" // looked at, and not to be written
)

// States are all of them, in the order in which they come.
var States = []string{Fetching, Preview, Writing, Done, Failed, Discarded}

// Import is one taking in of figures: what was read, what would become of it or
// has, and what stood in the way.
type Import struct {
	ID          uuid.UUID
	State       string
	Name        string // of the file; "" where it comes from an address
	Address     string
	Source      string // of what says none itself
	FetchedAt   *time.Time
	Read        int
	Tally           // before it is confirmed what it would be, then what it was
	Skipped     int // about a county or the nation, without value, or the same again
	Refused     int // no figures
	Problems    []Problem
	Days        int // reference days to write
	DaysWritten int
	CreatedAt   time.Time
	EndedAt     *time.Time
	Version     int64
}

// ETag is the version as HTTP wants it. While it is being written it moves with
// each day, so that whoever waits sees it go on.
func (i Import) ETag() string {
	tag := strconv.FormatInt(i.Version, 10)
	if i.State == Writing {
		tag += "-" + strconv.Itoa(i.DaysWritten)
	}
	return tag
}

// Works tells whether a job is at it.
func (i Import) Works() bool { return i.State == Fetching || i.State == Writing }

// Ready tells whether it can be confirmed: it would write something.
func (i Import) Ready() bool { return i.State == Preview && i.New+i.Revised > 0 }

// File is a file that is handed in.
type File struct {
	Name    string
	Address string // where it was fetched from, by whoever hands it in; "": nowhere
	Source  string // of figures that say none themselves
	Raw     []byte
}

// Receive reads a file and keeps what it would write until somebody confirms it.
func Receive(ctx context.Context, tx *pg.Tx, f File) (Import, error) {
	if err := mayChange(tx); err != nil {
		return Import{}, err
	}
	b, err := Read(f.Raw, tx.Today())
	if err != nil {
		return Import{}, err
	}
	source := strings.TrimSpace(f.Source)
	c, err := sorted(b, source)
	if err != nil {
		return Import{}, err
	}
	c.ImportID = tx.NewID()
	q := populationdb.New(tx)
	name := short(strings.TrimSpace(f.Name))
	if name == "" && f.Address == "" {
		name = "-"
	}
	if err := q.CreateIntake(ctx, populationdb.CreateIntakeParams{ID: c.ImportID, Name: name, Address: f.Address, Source: source, CreatedAt: tx.Now}); err != nil {
		return Import{}, err
	}
	if err := keep(ctx, tx, c, b, source); err != nil {
		return Import{}, err
	}
	return get(ctx, q, c.ImportID)
}

// Order asks for what lies at an address to be fetched.
type Order struct {
	Address string `json:"address" minLength:"1" maxLength:"2000" doc:"Where the figures lie, at one of the hosts that the installation allows: https, and an answer as JSON-stat2, XLSX or CSV." example:"https://statistikdatabasen.scb.se/api/v2/tables/TAB638/data?outputFormat=json-stat2"`
	Source  string `json:"source,omitempty" maxLength:"300" doc:"The source of figures that say none themselves. JSON-stat2 does." example:"SCB, Folkmängd i riket, län och kommuner"`
}

// Ask makes an import of what lies at an address, which a job reads. hosts are
// those that may be asked.
func Ask(ctx context.Context, tx *pg.Tx, o Order, hosts []string) (Import, error) {
	if err := mayChange(tx); err != nil {
		return Import{}, err
	}
	o.Address, o.Source = strings.TrimSpace(o.Address), strings.TrimSpace(o.Source)
	u, err := url.Parse(o.Address)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" || u.Port() != "":
		return Import{}, fault.Bad("population.address_wrong", "/address").Because(err)
	case !slices.Contains(hosts, strings.ToLower(u.Hostname())):
		return Import{}, fault.Bad("population.host_not_allowed", "/address").With("host", short(u.Hostname()), "hosts", strings.Join(hosts, ", "))
	}
	id := tx.NewID()
	q := populationdb.New(tx)
	if err := q.CreateIntake(ctx, populationdb.CreateIntakeParams{ID: id, Address: o.Address, Source: o.Source, CreatedAt: tx.Now}); err != nil {
		return Import{}, err
	}
	if err := tx.Enqueue(ctx, Fetch{Import: id}); err != nil {
		return Import{}, err
	}
	return get(ctx, q, id)
}

// sorted is what was read in the order of its days, each figure with its source.
func sorted(b Batch, source string) (populationdb.AddContentParams, error) {
	c := populationdb.AddContentParams{Municipalities: []string{}, Days: []day.Day{}, Inhabitants: []int64{}, Sources: []string{}}
	if b.Read == 0 {
		return c, fault.Bad("population.empty", "/file")
	}
	for _, l := range slices.SortedStableFunc(slices.Values(b.Lines), func(a, b Line) int { return a.Day.Compare(b.Day) }) {
		l.Source = cmp.Or(l.Source, source, b.Source)
		if l.Source == "" {
			return c, fault.Bad("population.source_missing", "/source")
		}
		c.Municipalities, c.Days = append(c.Municipalities, l.Municipality), append(c.Days, l.Day)
		c.Inhabitants, c.Sources = append(c.Inhabitants, l.Count), append(c.Sources, l.Source)
	}
	return c, nil
}

// keep holds what was read against the register, and keeps it with what would
// become of it.
func keep(ctx context.Context, tx *pg.Tx, c populationdb.AddContentParams, b Batch, source string) error {
	q := populationdb.New(tx)
	t, _, err := compare(ctx, q, b.Lines)
	if err != nil {
		return err
	}
	problems, err := json.Marshal(slices.Concat([]Problem{}, b.Problems))
	if err != nil {
		return err
	}
	if err := q.AddContent(ctx, c); err != nil {
		return err
	}
	days := len(slices.Compact(slices.Clone(c.Days)))
	return q.Preview(ctx, populationdb.PreviewParams{ID: c.ImportID, Source: cmp.Or(source, b.Source), FetchedAt: &tx.Now, Problems: problems, Days: small(days),
		Read: small(b.Read), Fresh: small(t.New), Revised: small(t.Revised), Unchanged: small(t.Unchanged), Skipped: small(b.Skipped), Refused: small(b.Refused)})
}

// Confirm lets what was shown be written, by a job. It is done once: what has been
// confirmed is refused the second time.
func Confirm(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Import, error) {
	if err := mayChange(tx); err != nil {
		return Import{}, err
	}
	q := populationdb.New(tx)
	if _, err := q.LockIntake(ctx, id); err != nil {
		return Import{}, err
	}
	i, err := get(ctx, q, id)
	switch {
	case err != nil:
		return i, err
	case i.State == Writing || i.State == Done:
		return i, fault.New(fault.Conflict, "population.confirmed_already")
	case i.Version != version:
		return i, fault.Changed(i)
	case i.State != Preview:
		return i, fault.New(fault.Conflict, "population.not_ready")
	case !i.Ready():
		return i, fault.New(fault.Conflict, "population.nothing_new")
	}
	if err := q.Begin(ctx, id); err != nil {
		return i, err
	}
	if err := tx.Enqueue(ctx, Write{Import: id}); err != nil {
		return i, err
	}
	return get(ctx, q, id)
}

// Discard throws away what was shown and is not to be written. The import stays
// among the others and says so.
func Discard(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Import, error) {
	if err := mayChange(tx); err != nil {
		return Import{}, err
	}
	q := populationdb.New(tx)
	if _, err := q.LockIntake(ctx, id); err != nil {
		return Import{}, err
	}
	i, err := get(ctx, q, id)
	switch {
	case err != nil || i.State == Discarded: // said twice is said once
		return i, err
	case i.State == Writing || i.State == Done:
		return i, fault.New(fault.Conflict, "population.confirmed_already")
	case i.Version != version:
		return i, fault.Changed(i)
	case i.State != Preview:
		return i, fault.New(fault.Conflict, "population.not_ready")
	}
	if err := q.ForgetContent(ctx, id); err != nil {
		return i, err
	}
	if err := q.Discard(ctx, populationdb.DiscardParams{ID: id, EndedAt: &tx.Now}); err != nil {
		return i, err
	}
	return get(ctx, q, id)
}

// GetImport gives one import.
func GetImport(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Import, error) {
	if err := mayChange(tx); err != nil {
		return Import{}, err
	}
	return get(ctx, populationdb.New(tx), id)
}

// Imports gives a page of imports, the newest first, and how many there are.
func Imports(ctx context.Context, tx *pg.Tx, limit, page int) ([]Import, int, error) {
	if err := mayChange(tx); err != nil {
		return nil, 0, err
	}
	rows, err := populationdb.New(tx).Intakes(ctx, populationdb.IntakesParams{Max: int32(limit), Skip: int32(limit * (page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil || len(rows) == 0 {
		return nil, 0, err
	}
	is := make([]Import, len(rows))
	for n, r := range rows {
		if is[n], err = taken(r.PopulationImport, r.DaysWritten); err != nil {
			return nil, 0, err
		}
	}
	return is, int(rows[0].Total), nil
}

func get(ctx context.Context, q *populationdb.Queries, id uuid.UUID) (Import, error) {
	row, err := q.Intake(ctx, id)
	if err != nil {
		return Import{}, err
	}
	return taken(row.PopulationImport, row.DaysWritten)
}

func taken(r populationdb.PopulationImport, written int32) (Import, error) {
	i := Import{ID: r.ID, State: r.State, Name: r.Name, Address: r.Address, Source: r.Source, FetchedAt: r.FetchedAt, Read: int(r.Read),
		Tally: Tally{New: int(r.Fresh), Revised: int(r.Revised), Unchanged: int(r.Unchanged)}, Skipped: int(r.Skipped), Refused: int(r.Refused),
		Days: int(r.Days), DaysWritten: int(written), CreatedAt: r.CreatedAt, EndedAt: r.EndedAt, Version: r.Version}
	if i.State == Done {
		i.DaysWritten = i.Days
	}
	err := json.Unmarshal(r.Problems, &i.Problems)
	return i, err
}

// small is a count of what was read, which MaxBytes keeps small.
func small(n int) int32 { return int32(min(n, 1<<30)) } //nolint:gosec // bounded in the same line

// fail ends an import that came to nothing, with the reason.
func fail(ctx context.Context, tx *pg.Tx, i Import, why error) error {
	f := fault.New(fault.Unavailable, "population.unreachable")
	if said := fault.All(why); len(said) > 0 {
		f = said[0]
	}
	problems, err := json.Marshal([]Problem{{Key: f.Key, Args: f.Args}})
	if err != nil {
		return err
	}
	return populationdb.New(tx).End(ctx, populationdb.EndParams{ID: i.ID, State: Failed, EndedAt: &tx.Now, Problems: problems})
}

// gone tells whether an import is not there: a job may name one that is another
// tenant's, or none.
func gone(err error) bool { return errors.Is(err, &fault.Fault{Kind: fault.NotFound}) }
