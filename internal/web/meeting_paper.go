package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// The papers of a matter: from the county's documents, or uploaded at once.

func (d *Door) addingPaper(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.ofMaker(ctx, tx, "agenda_paper.form", meeting.ItemProposed, meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemOnTable)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_paper.page.add"), v.T("agenda_paper.page.add_lead", "title", i.Title), v.T("agenda_paper.page.add")
	s.Leaves = []leaf{{"which", v.T("agenda_paper.page.which"), []string{v.T("agenda_paper.page.which_note")}, []string{"document", "note"}}}
	s.Kinds["note"], s.Version = "area", 0
	s.Options["document"] = []option{}
	docs, _, err := document.List(ctx, tx, document.Filter{Limit: 200, Page: 1})
	for _, x := range docs {
		if !x.Withdrawn() {
			s.Options["document"] = append(s.Options["document"], option{x.ID.String(), x.Title})
		}
	}
	return s, err
}

func addPaper(ctx context.Context, tx *pg.Tx, v *visit, _ int64, e meeting.Enclosure) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	p, err := meeting.AddPaper(ctx, tx, at, e)
	return string(itemAt(v, at, "?done=", paperAdded(p), "#papers")), err
}

// paperAdded is what has come of adding a paper.
func paperAdded(p meeting.Paper) string {
	if p.Late {
		return "paper_added_late"
	}
	return "paper_added"
}

// sentPaper is a paper that becomes one of the county's documents, and a matter's.
type sentPaper struct {
	Title string `json:"title" minLength:"1" maxLength:"300"`
	Kind  string `json:"kind" enum:"agreement,appendix,decision,signature,minutes,invitation,plan,report,guide,letter,other"`
	PaperContent
}

func (d *Door) uploadingPaper(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.ofMaker(ctx, tx, "document", meeting.ItemProposed, meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemOnTable)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_paper.page.upload"), v.T("agenda_paper.page.upload_lead", "title", i.Title), v.T("agenda_paper.page.add")
	s.Leaves = []leaf{{"which", v.T("agenda_paper.page.which"), nil, []string{"title", "kind"}}, v.contentLeaf()}
	s.Thing, s.Version, s.Accept = sentPaper{Kind: "report"}, 0, offered
	s.Kinds["file"], s.Kinds["url"] = "file", "url"
	return s, tx.Require(auth.DocumentChange)
}

func uploadPaper(ctx context.Context, tx *pg.Tx, v *visit, _ int64, n sentPaper, b *document.Blob) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	c, err := n.content(b)
	if err != nil {
		return "", err
	}
	doc, err := document.Import(ctx, tx, document.Card{Title: n.Title, Kind: n.Kind, Language: "sv"}, c, document.Origin{})
	if err != nil {
		return "", err
	}
	p, err := meeting.AddPaper(ctx, tx, at, meeting.Enclosure{Document: doc.ID})
	return string(itemAt(v, at, "?done=", paperAdded(p), "#papers")), err
}

// paperContent gives a paper in the version that was sent. That it has been
// opened is remembered, so that whoever has read it is told of the next.
func (d *Door) paperContent(w http.ResponseWriter, r *http.Request) {
	v := d.visit(w, r)
	var f document.File
	var p meeting.Paper
	_, err := d.ask(r.Context(), v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		at, err := id(r, "id")
		if err == nil {
			f, p, err = meeting.OpenPaper(ctx, tx, at)
		}
		return nil, err
	})
	if link, only := linkOf(err); only && r.Method == http.MethodGet {
		d.Readings.Opened(v.Actor, p.ID, v.Now)
		w.Header().Set("Cache-Control", "private, no-store")
		http.Redirect(w, r, link, http.StatusSeeOther)
		return
	}
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	d.serve(w, v, f, "private", func() {
		if r.Method == http.MethodGet {
			d.Readings.Opened(v.Actor, p.ID, v.Now)
		}
	})
}

// linkOf is the address of a paper that lies elsewhere.
func linkOf(err error) (string, bool) {
	for _, f := range fault.All(err) {
		if link, ok := f.Args["link"].(string); ok && f.Key == "document.only_link" {
			return link, true
		}
	}
	return "", false
}

// paperFacts says which version a paper is, and when it came.
func (v *visit) paperFacts(p meeting.Paper) string {
	says := v.T("agenda_paper.page.version", "number", p.Number, "day", SentenceDay(v.Lang, dayOf(p.AddedAt), v.Today))
	if p.Note != "" {
		says += " " + v.T("agenda_paper.page.new_in_it", "note", stopped(p.Note))
	}
	return says
}
