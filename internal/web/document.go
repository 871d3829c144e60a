package web

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

func (d *Door) documentRoutes() []route {
	const at, open = "/lan/{county}/documents", "/lan/{county}/published-documents"
	return slices.Concat(
		[]route{
			get(at, d.page(members, d.documents)),
			get(at+"/{id}", d.page(members, d.document)),
			get(at+"/{id}/versions/{number}/content", d.file(members, document.Open)),
			get(open, d.page(published, d.publishedDocuments)),
			get(open+"/{id}", d.page(published, d.publishedDocument)),
			get(open+"/{id}/versions/{number}/content", d.file(published, document.OpenPublished)),
		},
		both(at+"/new", upload[paper]{form[paper]{d, members, d.newDocument, nil}, fileDocument}),
		both(at+"/{id}/edit", form[PaperCard]{d, members, d.editDocument, changeDocument}),
		both(at+"/{id}/versions/new", upload[PaperContent]{form[PaperContent]{d, members, d.newVersion, nil}, addVersion}),
		both(at+"/{id}/versions/{number}/erratum", form[document.Erratum]{d, members, d.newErratum, correctVersion}),
		both(at+"/{id}/versions/{number}/dead-link", form[document.Death]{d, members, d.newDeath, noteDead}),
		both(at+"/{id}/withdraw", form[document.Withdrawal]{d, members, d.withdrawing, withdrawDocument}),
	)
}

// PaperCard is a document's card as a form asks for it. What it is about beside
// organisations is kept as it stands.
type PaperCard struct {
	document.Card
	Organisations []uuid.UUID `json:"organisations,omitempty" maxItems:"20"`
}

// about is what a document is about when its organisations have been chosen anew.
func (c PaperCard) about(before []document.About) []document.About {
	as := slices.DeleteFunc(slices.Clone(before), func(a document.About) bool { return a.About == "organisation" })
	for _, id := range c.Organisations {
		as = append(as, document.About{About: "organisation", ID: id})
	}
	return as
}

// keptPaper is a document as its form is filled.
type keptPaper struct {
	PaperCard
	Version int64 `json:"version"`
}

func paperOf(d document.Document) keptPaper {
	k := keptPaper{PaperCard{Card: d.Card}, d.Version}
	for _, a := range d.About {
		if a.About == "organisation" {
			k.Organisations = append(k.Organisations, a.ID)
		}
	}
	return k
}

// paper is a new document: its card, and a file or an address.
type paper struct {
	PaperCard
	PaperContent
}

// PaperContent is what a version holds: a file, or the address of a paper elsewhere.
type PaperContent struct {
	URL  string `json:"url,omitempty" maxLength:"2000"`
	File string `json:"file,omitempty"`
}

// content is one of the two.
func (n PaperContent) content(b *document.Blob) (document.Content, error) {
	switch {
	case b != nil && n.URL != "":
		return document.Content{}, fault.Bad("document.file_or_link", "/url")
	case b != nil:
		return document.Content{Blob: *b}, nil
	}
	return document.Content{Link: document.Link{URL: n.URL}}, nil
}

// documentList is the list as it was asked for.
type documentList struct {
	Kind   string
	Base   string // where its documents lie: /documents, or /published-documents
	Rows   []document.Document
	Public bool
	On     uuid.UUID // the agreement that they hang on, where they can be taken off it
	paging
}

// off is where a document is taken off the agreement that it hangs on.
func (l documentList) off(v *visit, d document.Document) templ.SafeURL {
	return agreementAt(v, l.On, inside, "/", d.ID.String(), "/removal")
}

// takes tells whether the visitor may take documents off.
func (l documentList) takes(v *visit) bool { return l.On != uuid.Nil && v.Acts(auth.DocumentChange) }

func (v *visit) documentList(base string) documentList {
	l := documentList{Kind: v.Asked("kind"), Base: base, Public: base == outside, paging: paging{Page: v.pageAsked()}}
	if !slices.Contains(document.Kinds, l.Kind) {
		l.Kind = ""
	}
	return l
}

// Where documents lie: for members, and for everyone.
const (
	inside  = "/documents"
	outside = "/published-documents"
)

func (d *Door) documents(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := v.documentList(inside)
	var err error
	l.Rows, l.Total, err = document.List(ctx, tx, document.Filter{Kind: l.Kind, Limit: perPage, Page: l.Page})
	return documentsPage(v, l), err
}

func (d *Door) publishedDocuments(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := v.documentList(outside)
	var err error
	l.Rows, l.Total, err = document.Published(ctx, tx, document.Filter{Kind: l.Kind, Limit: perPage, Page: l.Page})
	return documentsPage(v, l), err
}

// publishedOnStart are the first of those that everyone may read, for the
// county's public page.
func publishedOnStart(ctx context.Context, tx *pg.Tx) (l documentList, err error) {
	l.Base, l.Public = outside, true
	l.Rows, l.Total, err = document.Published(ctx, tx, document.Filter{Limit: 10, Page: 1})
	return l, err
}

// documentsAbout are those about an organisation, for its page, as far as the
// visitor may read documents.
func documentsAbout(ctx context.Context, tx *pg.Tx, id uuid.UUID) (l documentList, err error) {
	l.Base = inside
	if tx.May(auth.DocumentRead) {
		l.Rows, l.Total, err = document.List(ctx, tx, document.Filter{About: document.About{About: "organisation", ID: id}, Limit: 20, Page: 1})
	}
	return l, err
}

// sentence says how many the list holds and of what.
func (l documentList) sentence(v *visit) string {
	what := v.T("document.page.count", "count", l.Total)
	if l.Kind != "" {
		what += " " + v.T("document.page.of_kind", "kind", v.Of("document.kind.", l.Kind))
	}
	return what + "."
}

// filed is one document with all that its page shows.
type filed struct {
	document.Document
	Base          string
	Public        bool
	Changes       bool // whether the visitor may change it
	Organisations []organisation.Organisation
	Agreements    []agreement.Instrument
	History       []audit.Entry
	Whole         bool
}

func (d *Door) document(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	f := filed{Base: inside}
	if f.Document, err = document.Get(ctx, tx, id); err != nil {
		return nil, err
	}
	f.Changes = tx.May(auth.DocumentChange) && !f.Withdrawn()
	if tx.May(auth.OrganisationRead) {
		for _, about := range paperOf(f.Document).Organisations {
			o, err := organisation.Get(ctx, tx, about)
			if err != nil {
				return nil, err
			}
			f.Organisations = append(f.Organisations, o)
		}
	}
	for _, about := range f.About {
		if about.About != "instrument" || !tx.May(auth.AgreementRead) {
			continue
		}
		i, err := agreement.Get(ctx, tx, about.ID, v.Today)
		if err != nil {
			return nil, err
		}
		f.Agreements = append(f.Agreements, i)
	}
	f.History, err = audit.History(ctx, tx, "document", id, 20, 1)
	f.Whole = tx.May(auth.AuditRead)
	return documentPage(v, f), err
}

func (d *Door) publishedDocument(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	f := filed{Base: outside, Public: true}
	f.Document, err = document.GetPublished(ctx, tx, id)
	return documentPage(v, f), err
}

// opens reads whether the visitor can read what is in the document.
func (f filed) opens(v *visit) bool {
	return !f.Withdrawn() || (!f.Public && v.Actor.May(auth.DocumentChange))
}

// file sends a version's file, when its unit of work has ended.
func (d *Door) file(who access, open func(context.Context, *pg.Tx, uuid.UUID, int) (document.File, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := d.visit(w, r)
		var f document.File
		_, err := d.ask(r.Context(), v, who, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
			at, number, err := versionAt(v)
			if err == nil {
				f, err = open(ctx, tx, at, number)
			}
			return nil, err
		})
		if err != nil {
			d.refuse(w, v, err)
			return
		}
		content, err := f.Reader(r.Context(), d.Files)
		if err != nil {
			d.refuse(w, v, err)
			return
		}
		defer func() { _ = content.Close() }()
		w.Header().Set("Cache-Control", "private, no-cache")
		if who == published {
			w.Header().Set("Cache-Control", "public, no-cache")
		}
		w.Header().Add("Vary", "Cookie")
		files.Serve(w, r, files.Served{Name: f.Name, MediaType: f.MediaType, SHA256: f.SHA256, At: f.UploadedAt}, content,
			func(w http.ResponseWriter, _ *http.Request) {
				d.refuse(w, v, status{http.StatusRequestedRangeNotSatisfiable, "web.refused.range"})
			})
	}
}

// versionAt is the version that the address names.
func versionAt(v *visit) (uuid.UUID, int, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return at, 0, err
	}
	said := v.r.PathValue("number")
	number, err := strconv.Atoi(said)
	if err != nil || number < 1 || strconv.Itoa(number) != said {
		return at, 0, fault.Missing()
	}
	return at, number, nil
}

// sheetOf is the beginning of a form about a document, for whoever may change
// it. That it is there comes before what is wrong with the rest of the address.
func (v *visit) sheetOf(ctx context.Context, tx *pg.Tx) (document.Document, sheet, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return document.Document{}, sheet{}, err
	}
	it, err := document.Get(ctx, tx, id)
	if err != nil {
		return it, sheet{}, err
	}
	s := sheet{
		Words:  "document",
		Crumbs: []crumb{{v.T("document.place"), string(v.To(inside))}, {it.Title, string(v.To(inside, "/", id.String()))}},
		Cancel: string(v.To(inside, "/", id.String())), Version: it.Version,
	}
	if v.r.PathValue("number") != "" {
		if _, number, err := versionAt(v); err != nil || number > it.Latest {
			return it, s, fault.Missing()
		}
	}
	if err := tx.Require(auth.DocumentChange); err != nil {
		return it, s, err
	}
	if it.Withdrawn() {
		return it, s, fault.New(fault.Conflict, "document.withdrawn_already")
	}
	return it, s, nil
}

func (v *visit) cardLeaves() []leaf {
	return []leaf{
		{"what", v.T("document.page.what"), []string{v.T("document.page.what_note")}, []string{"title", "kind", "language", "source"}},
		{"about", v.T("document.page.about"), []string{v.T("document.page.about_note")}, []string{"organisations"}},
		{"public", v.T("document.page.public"), []string{v.T("document.page.public_note")}, []string{"published"}},
	}
}

func (v *visit) contentLeaf() leaf {
	limit := v.door.FilesLimit
	if limit <= 0 {
		limit = document.Limit
	}
	return leaf{"content", v.T("document.page.content"), []string{v.T("document.page.content_note", "limit", Size(v.Lang, limit)),
		v.T("document.page.types", "types", strings.Join(document.Extensions(), ", "))}, []string{"url", "file"}}
}

// offered are the files that a browser offers to choose among.
var offered = "." + strings.Join(document.Extensions(), ",.") + ",.jpeg"

func (d *Door) newDocument(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := sheet{
		Title: v.T("document.page.add"), Lead: v.T("document.page.add_lead"), Words: "document",
		Crumbs: []crumb{{v.T("document.place"), string(v.To(inside))}},
		Leaves: append(v.cardLeaves(), v.contentLeaf()),
		Submit: v.T("document.page.add"), Cancel: string(v.To(inside)),
		Thing: keptPaper{PaperCard: PaperCard{Card: document.Card{Language: "sv"}}},
		Kinds: map[string]string{"file": "file", "url": "url"}, Accept: offered, Times: map[string]int{"organisations": 2},
	}
	options, err := organisationOptions(ctx, tx, v, uuid.Nil)
	s.Options = map[string][]option{"organisations": options}
	if err != nil {
		return s, err
	}
	return s, tx.Require(auth.DocumentChange)
}

func fileDocument(ctx context.Context, tx *pg.Tx, v *visit, _ int64, p paper, b *document.Blob) (string, error) {
	it, err := file(ctx, tx, p, b)
	return string(v.To(inside, "/", it.ID.String(), "?done=document_added")), err
}

// file writes a new document that is about its organisations, and what else is given.
func file(ctx context.Context, tx *pg.Tx, p paper, b *document.Blob, also ...document.About) (document.Document, error) {
	c := p.Card
	c.About = p.about(also)
	if err := knownOrganisations(ctx, tx, p.Organisations); err != nil {
		return document.Document{}, err
	}
	content, err := p.content(b)
	if err != nil {
		return document.Document{}, err
	}
	return document.Import(ctx, tx, c, content, document.Origin{})
}

// knownOrganisations asks for each organisation whether it is there: a paper of this
// county hangs on nothing of another's.
func knownOrganisations(ctx context.Context, tx *pg.Tx, ids []uuid.UUID) error {
	for _, id := range ids {
		if _, err := organisation.Get(ctx, tx, id); fault.Is(err, "common.not_found") {
			return fault.Bad("form.choice", "/organisations")
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (d *Door) editDocument(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	it, s, err := v.sheetOf(ctx, tx)
	if err != nil {
		return s, err
	}
	k := paperOf(it)
	s.Title, s.Lead = v.T("document.page.edit", "title", it.Title), v.T("document.page.edit_lead")
	s.Leaves, s.Submit, s.Thing = v.cardLeaves(), v.T("form.save"), k
	s.Times = map[string]int{"organisations": len(k.Organisations) + 1}
	options, err := organisationOptions(ctx, tx, v, uuid.Nil)
	if err != nil {
		return s, err
	}
	for _, id := range k.Organisations { // it may have ended, and the document is still about it
		if !slices.ContainsFunc(options, func(o option) bool { return o.Value == id.String() }) {
			o, err := organisation.Get(ctx, tx, id)
			if err != nil {
				return s, err
			}
			options = append(options, option{id.String(), o.Name})
		}
	}
	s.Options = map[string][]option{"organisations": options}
	return s, nil
}

func changeDocument(ctx context.Context, tx *pg.Tx, v *visit, version int64, c PaperCard) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	was, err := document.Get(ctx, tx, id)
	if err != nil {
		return "", err
	}
	if err := knownOrganisations(ctx, tx, c.Organisations); err != nil {
		return "", err
	}
	card := c.Card
	card.About = c.about(was.About)
	_, err = document.Change(ctx, tx, id, version, card)
	if fault.Is(err, "common.changed") {
		return "", fault.Changed(paperOf(was)) // in the form's own words
	}
	return string(v.To(inside, "/", id.String(), "?done=saved")), err
}

func (d *Door) newVersion(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	it, s, err := v.sheetOf(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("document.page.grow", "title", it.Title), v.T("document.page.grow_lead", "number", it.Latest+1)
	s.Leaves, s.Submit = []leaf{v.contentLeaf()}, v.T("document.page.grow_do")
	s.Thing, s.Accept, s.Kinds = PaperContent{}, offered, map[string]string{"file": "file", "url": "url"}
	return s, nil
}

func addVersion(ctx context.Context, tx *pg.Tx, v *visit, version int64, n PaperContent, b *document.Blob) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	c, err := n.content(b)
	if err != nil {
		return "", err
	}
	if b != nil {
		_, err = document.AddVersion(ctx, tx, id, version, c.Blob)
	} else {
		_, err = document.AddLinkVersion(ctx, tx, id, version, c.Link)
	}
	return string(v.To(inside, "/", id.String(), "?done=version_added")), err
}

func (d *Door) newErratum(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	it, s, err := v.sheetOf(ctx, tx)
	if err != nil {
		return s, err
	}
	_, number, _ := versionAt(v)
	s.Title, s.Lead = v.T("document.page.correct", "number", number), v.T("document.page.correct_lead")
	s.Leaves = []leaf{{"wrong", v.T("document.page.wrong"), []string{v.T("document.page.wrong_note")}, []string{"note"}}}
	s.Submit, s.Kinds = v.T("form.save"), map[string]string{"note": "area"}
	for _, version := range it.Versions {
		if version.Number == number {
			s.Thing = document.Erratum{Note: version.Errata}
		}
	}
	return s, nil
}

func correctVersion(ctx context.Context, tx *pg.Tx, v *visit, version int64, e document.Erratum) (string, error) {
	id, number, err := versionAt(v)
	if err != nil {
		return "", err
	}
	_, err = document.Correct(ctx, tx, id, number, version, e)
	return string(v.To(inside, "/", id.String(), "?done=saved")), err
}

func (d *Door) newDeath(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	it, s, err := v.sheetOf(ctx, tx)
	if err != nil {
		return s, err
	}
	_, number, _ := versionAt(v)
	s.Title, s.Lead = v.T("document.page.dead", "number", number), v.T("document.page.dead_lead")
	s.Leaves = []leaf{{"when", v.T("document.page.when"), nil, []string{"on"}}}
	s.Submit = v.T("form.save")
	for _, version := range it.Versions {
		if version.Number != number {
			continue
		}
		if version.Link == "" {
			return s, fault.New(fault.Conflict, "document.no_link")
		}
		s.Thing = document.Death{On: version.DeadOn}
		if version.DeadOn.IsZero() {
			s.Thing = document.Death{On: v.Today}
		}
	}
	return s, nil
}

func noteDead(ctx context.Context, tx *pg.Tx, v *visit, version int64, x document.Death) (string, error) {
	id, number, err := versionAt(v)
	if err != nil {
		return "", err
	}
	_, err = document.NoteDead(ctx, tx, id, number, version, x)
	return string(v.To(inside, "/", id.String(), "?done=saved")), err
}

func (d *Door) withdrawing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	it, s, err := v.sheetOf(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("document.page.withdraw", "title", it.Title), v.T("document.page.withdraw_lead")
	s.Leaves = []leaf{{"why", v.T("document.page.why"), []string{v.T("document.page.why_note")}, []string{"reason"}}}
	s.Submit, s.Kinds, s.Thing = v.T("document.page.withdraw_do"), map[string]string{"reason": "area"}, document.Withdrawal{}
	return s, nil
}

func withdrawDocument(ctx context.Context, tx *pg.Tx, v *visit, version int64, x document.Withdrawal) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = document.Withdraw(ctx, tx, id, version, x)
	return string(v.To(inside, "/", id.String(), "?done=document_withdrawn")), err
}

// Size writes how large a file is.
func Size(l text.Lang, n int64) string {
	switch {
	case n < 1<<10:
		return Number(l, n) + hard + "B"
	case n < 1<<20:
		return Number(l, (n+1<<9)>>10) + hard + "kB"
	case n < 10<<20 && n%(1<<20) != 0:
		return Decimal(l, (n*10+1<<19)>>20, 1) + hard + "MB"
	}
	return Number(l, (n+1<<19)>>20) + hard + "MB"
}

// fileKind is what a file is called by its ending: PDF.
func fileKind(name string) string { return strings.ToUpper(strings.TrimPrefix(path.Ext(name), ".")) }

// latest is a document's latest version, where the visitor may see any.
func latest(d document.Document) document.Version {
	if len(d.Versions) == 0 {
		return document.Version{}
	}
	return d.Versions[0]
}

// tongue is what a language is called.
func (v *visit) tongue(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	name := display.Languages(language.Make(string(v.Lang))).Name(tag)
	if name == "" {
		return code
	}
	return name
}

// filedOn is the day something was added.
func filedOn(t time.Time) string { return day.At(t).String() }

func contentAt(base string, id uuid.UUID, number int) string {
	return base + "/" + id.String() + "/versions/" + strconv.Itoa(number) + "/content"
}

// fileSort is what sort of file a version is, and how large: PDF, 182 kB.
func (v *visit) fileSort(at document.Version) string {
	if at.Link != "" {
		return bare(at.Link)
	}
	return fileKind(at.Name) + ", " + Size(v.Lang, at.Size)
}

func dayOf(t time.Time) day.Day { return day.At(t) }

func (v *visit) documentsTitle(l documentList) string {
	if l.Public {
		return v.T("document.page.public_title")
	}
	return v.T("document.place")
}

func (v *visit) documentsNote(l documentList) string {
	if l.Public {
		return v.T("document.page.start_note")
	}
	return v.T("document.page.list_note")
}
