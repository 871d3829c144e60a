package web

import (
	"context"
	"crypto/rand"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	tables "github.com/overens/overens/internal/sheet" // a sheet is a form here
)

// The page that takes in meetings of before from a spreadsheet and a folder of
// papers: what would become of each row is shown before anything is kept.

// pastLimits are how large a table may be that is handed in.
var pastLimits = tables.Limits{Bytes: 5 << 20, Unpacked: 64 << 20, Rows: meeting.PastLimit, Columns: 50}

// recalling is the page: looked at, then kept.
type recalling struct{ door *Door }

// annals is a table of past meetings on its way in.
type annals struct {
	Key     string
	Text    string // its rows as they can be mended here
	Entries *meeting.PastEntries
	Faults  []rowFault
}

func (p recalling) show(w http.ResponseWriter, r *http.Request) {
	p.door.page(members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return pastPage(v, annals{Key: rand.Text()}), tx.Require(auth.MeetingRead)
	})(w, r)
}

func (p recalling) send(w http.ResponseWriter, r *http.Request) {
	v, ok := p.door.admitted(w, r, members, needs(auth.MeetingPrepare))
	if !ok {
		return
	}
	form, err := pastSent(w, r)
	if err != nil {
		p.door.refuse(w, v, err)
		return
	}
	defer func() { _ = form.RemoveAll() }()
	typed := url.Values(form.Value)
	a := annals{Key: typed.Get("key"), Text: unixLines(typed.Get("text"))}
	entries, wrong := a.read(form.File["file"])
	keep := wrong == nil && typed.Get("do") == "import"
	folder := meeting.Folder{}
	if wrong == nil {
		folder, wrong = meeting.Intake{Actor: v.Actor, Store: p.door.Files, Limit: p.door.FilesLimit}.Gather(r.Context(), form.File["papers"], entries, keep)
	}
	if wrong == nil && keep {
		typed.Set("text", a.Text) // also of a file that was chosen anew
		wrong = p.door.once(w, v, members, pg.Once{Key: a.Key, Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			es, err := meeting.Import(r.Context(), tx, entries, folder)
			if err == nil {
				err = es.Err()
			}
			done := "past_entered"
			if es.Meetings == 0 {
				done = "past_same"
			}
			return string(v.To("/meetings/import?done=", done)), err
		})
		if wrong == nil {
			return
		}
	}
	p.again(w, v, a, entries, folder, wrong)
}

// again shows what would become of each row, or what is wrong with the files.
func (p recalling) again(w http.ResponseWriter, v *visit, a annals, entries []meeting.PastEntry, folder meeting.Folder, wrong error) {
	if wrong == nil || fault.Is(wrong, "idempotency.other_request") || mended(wrong) {
		a.Key = rand.Text()
	}
	if wrong != nil && !mended(wrong) {
		p.door.refuse(w, v, wrong)
		return
	}
	if len(entries) > 0 && folder != nil {
		err := p.door.DB.Rehearse(v.r.Context(), v.Actor, func(tx *pg.Tx) error {
			v.met(tx, members)
			es, err := meeting.Import(v.r.Context(), tx, entries, folder)
			a.Entries = &es
			return err
		})
		if err != nil {
			p.door.refuse(w, v, err)
			return
		}
		a.Faults = v.pastFaults(*a.Entries)
	} else {
		a.Faults = v.fileFaults(wrong)
	}
	if len(a.Faults) > 0 {
		v.status = http.StatusUnprocessableEntity
	}
	p.door.answer(w, v, members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return pastPage(v, a), tx.Require(auth.MeetingPrepare)
	})
}

// pastSent reads the form; what does not fit in memory lies in files until it is
// removed.
func pastSent(w http.ResponseWriter, r *http.Request) (*multipart.Form, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return nil, errMediaType
	}
	files.Receive(w, r, meeting.PastBytes/2)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return nil, unread(err)
	}
	return r.MultipartForm, nil
}

// read makes entries of the file that was chosen, or else of the rows that were
// shown before, and lets the rows be mended.
func (a *annals) read(sent []*multipart.FileHeader) ([]meeting.PastEntry, error) {
	raw := []byte(a.Text)
	if len(sent) > 0 && sent[0].Size > 0 {
		f, err := sent[0].Open()
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		if raw, err = io.ReadAll(io.LimitReader(f, pastLimits.Bytes+1)); err != nil {
			return nil, err
		}
	}
	if int64(len(raw)) > pastLimits.Bytes {
		return nil, errTooLarge
	}
	table, err := tableOf(raw, "past", pastLimits)
	if err != nil {
		return nil, err
	}
	lines := make([]meeting.TableRow, len(table.Rows))
	for i, row := range table.Rows {
		lines[i] = meeting.TableRow(row)
	}
	a.Text = rowsAsText(table)
	return meeting.ReadPast(table.Header, lines)
}

// pastFaults are what is wrong with rows, each beside its column.
func (v *visit) pastFaults(es meeting.PastEntries) []rowFault {
	var all []rowFault
	for _, e := range es.Rows {
		all = append(all, v.cellFaults("past", meeting.PastColumns, e.Row, e.Matter, e.Faults)...)
	}
	slices.SortStableFunc(all, func(x, y rowFault) int { return x.Row - y.Row })
	return all
}

// pastOutcomes are what can become of a row, in the order in which they are told.
var pastOutcomes = []string{meeting.PastCreated, meeting.PastSame, meeting.PastRefused}

// fresh are the rows that would come in.
func (a annals) fresh() []meeting.PastEntered {
	return slices.DeleteFunc(slices.Clone(a.Entries.Rows), func(e meeting.PastEntered) bool { return e.Outcome != meeting.PastCreated })
}

// ready tells whether it can be taken in.
func (a annals) ready() bool { return a.Entries != nil && len(a.Faults) == 0 && a.Entries.Meetings > 0 }

// lead says what has been found.
func (a annals) lead(v *visit) string {
	switch {
	case len(a.Faults) > 0:
		return v.T("past.page.lead_wrong")
	case a.Entries == nil:
		return v.T("past.page.lead")
	case !a.ready():
		return v.T("past.page.lead_same")
	}
	return v.T("past.page.lead_ready", "meetings", a.Entries.Meetings)
}
