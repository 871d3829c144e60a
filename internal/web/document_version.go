package web

import (
	"context"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
)

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
		whose := "private"
		if who == published {
			whose = "public"
		}
		d.serve(w, v, f, whose, func() {})
	}
}

// serve sends a file. whose tells what may keep a copy on the way; opened is called
// when the file is there to be read.
func (d *Door) serve(w http.ResponseWriter, v *visit, f document.File, whose string, opened func()) {
	content, err := f.Reader(v.r.Context(), d.Files)
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	defer func() { _ = content.Close() }()
	opened()
	w.Header().Set("Cache-Control", whose+", no-cache")
	w.Header().Add("Vary", "Cookie")
	files.Serve(w, v.r, files.Served{Name: f.Name, MediaType: f.MediaType, SHA256: f.SHA256, At: f.UploadedAt}, content,
		func(w http.ResponseWriter, _ *http.Request) {
			d.refuse(w, v, status{http.StatusRequestedRangeNotSatisfiable, "web.refused.range"})
		})
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

// latest is a document's latest version, where the visitor may see any.
func latest(d document.Document) document.Version {
	if len(d.Versions) == 0 {
		return document.Version{}
	}
	return d.Versions[0]
}

// fileKind is what a file is called by its ending: PDF.
func fileKind(name string) string { return strings.ToUpper(strings.TrimPrefix(path.Ext(name), ".")) }

// fileSort is what sort of file a version is, and how large: PDF, 182 kB.
func (v *visit) fileSort(at document.Version) string {
	if at.Link != "" {
		return bare(at.Link)
	}
	return fileKind(at.Name) + ", " + Size(v.Lang, at.Size)
}

func contentAt(base string, id uuid.UUID, number int) string {
	return base + "/" + id.String() + "/versions/" + strconv.Itoa(number) + "/content"
}

// offered are the files that a browser offers to choose among.
var offered = "." + strings.Join(document.Extensions(), ",.") + ",.jpeg"

func (v *visit) contentLeaf() leaf {
	limit := v.door.FilesLimit
	if limit <= 0 {
		limit = document.Limit
	}
	return leaf{"content", v.T("document.page.content"), []string{v.T("document.page.content_note", "limit", Size(v.Lang, limit)),
		v.T("document.page.types", "types", strings.Join(document.Extensions(), ", "))}, []string{"url", "file"}}
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
