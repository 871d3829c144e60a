package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/text"
)

const pdfType = "application/pdf"

// bundleLimit is how much may be bound into one file while somebody waits.
const bundleLimit = 128 << 20

// printing is how long a file may take to be made.
const printing = 3 * time.Minute

// printed are what is written of meetings, as PDF.
func (d *Door) printed() {
	const one = "/counties/{county}/meetings/{meeting}"
	pdf(d, Member, one+"/minutes/pdf", "get-minutes-pdf", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (meeting.MinutesDocument, error) {
		return meeting.Document(ctx, tx, in.ID)
	}, d.printMinutes)
	pdf(d, Member, "/counties/{county}/decisions/{decision}/extract/pdf", "get-decision-extract-pdf", func(ctx context.Context, tx *pg.Tx, in *InDecision) (meeting.MinutesDocument, error) {
		return meeting.DocumentOf(ctx, tx, in.ID)
	}, d.printMinutes)
	pdf(d, Public, "/counties/{county}/published-meetings/{meeting}/minutes/pdf", "get-published-minutes-pdf", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (meeting.MinutesDocument, error) {
		return meeting.PublicDocument(ctx, tx, in.ID)
	}, d.printMinutes)
	pdf(d, Member, one+"/papers/pdf", "get-papers-pdf", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (meeting.Bundle, error) {
		return meeting.PaperBundle(ctx, tx, in.ID)
	}, d.bind)
}

// pdf registers a GET of a PDF. gather reads what it is made of; it is made when
// the unit of work has ended, however long it takes.
func pdf[I, T any](d *Door, to Access, path, id string, gather func(context.Context, *pg.Tx, *I) (T, error), make func(context.Context, T) (name string, pdf []byte, err error)) {
	made(d, to, path, id, madeFile{pdfType, "Protokoll.pdf", "%PDF-1.7 …"}, gather, make)
}

// madeFile is what sort of file is made, with an example of its name and content.
type madeFile struct{ media, name, content string }

// made registers a GET of a file that is made when it is asked for, outside of
// any unit of work.
func made[I, T any](d *Door, to Access, path, id string, kind madeFile, gather func(context.Context, *pg.Tx, *I) (T, error), make func(context.Context, T) (name string, content []byte, err error)) {
	rt := route{method: http.MethodGet, path: path, id: id, access: to, status: http.StatusOK}
	en := text.English
	op := d.describe(rt, nil)
	whole := op.Responses["200"]
	for name, h := range map[string][2]string{
		"ETag": {"api.header.etag", `"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`}, "Cache-Control": {"api.header.cache_control", "private, no-cache"},
		"Content-Disposition": {"api.header.disposition", fmt.Sprintf("attachment; filename=%q; filename*=UTF-8''%s", kind.name, kind.name)},
	} {
		whole.Headers[name] = &huma.Header{Description: en.T(h[0]), Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{h[1]}}}
	}
	whole.Content = map[string]*huma.MediaType{bytesType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary", Examples: []any{kind.content}}}}
	op.Errors = append(op.Errors, http.StatusConflict, http.StatusServiceUnavailable)
	slices.Sort(op.Errors)
	op.Errors = slices.Compact(op.Errors)
	expose(d, rt, op, func(ctx context.Context, in *I) (http.HandlerFunc, error) {
		var t T
		err := d.work(ctx, to, pg.Read, func(tx *pg.Tx) (err error) {
			t, err = gather(ctx, tx, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		return func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(printing)) // where it cannot be set, the server's own holds
			name, content, err := make(r.Context(), t)
			if err != nil {
				d.Refuse(w, r, unprinted(err))
				return
			}
			w.Header().Set("Cache-Control", "private, no-cache")
			if to != Member {
				w.Header().Set("Cache-Control", "public, no-cache")
			}
			sum := sha256.Sum256(content)
			files.Serve(w, r, files.Served{Name: name + filepath.Ext(kind.name), MediaType: kind.media, SHA256: hex.EncodeToString(sum[:])}, bytes.NewReader(content),
				func(w http.ResponseWriter, r *http.Request) {
					d.Refuse(w, r, refused(http.StatusRequestedRangeNotSatisfiable, "problem.range"))
				})
		}, nil
	})
}

// unprinted says what can be done where nothing prints, or it is too much.
func unprinted(err error) error {
	switch {
	case errors.Is(err, print.ErrUnavailable):
		return fault.New(fault.Conflict, "bundle.nothing_prints")
	case errors.Is(err, print.ErrTooLarge):
		return fault.New(fault.Conflict, "bundle.too_large").With("limit", bundleLimit>>20)
	}
	return err
}

// printMinutes prints minutes, or the extract of a decision. What everybody may
// have tells nothing of its making.
func (d *Door) printMinutes(ctx context.Context, m meeting.MinutesDocument) (string, []byte, error) {
	l := print.Leaf{Lang: string(m.Lang), Title: m.Title, Above: m.County, Marks: m.Marks}
	for _, f := range m.Facts {
		l.Facts = append(l.Facts, print.Fact(f))
	}
	for _, p := range m.Paragraphs {
		l.Sections = append(l.Sections, print.Section{Sign: p.Section, Heading: p.Heading, HTML: p.HTML, Notes: p.Notes})
	}
	if len(m.Attested) > 0 {
		l.Sections = append(l.Sections, print.Section{Heading: m.Lang.T("minutes.attested"), Lines: m.Attested})
	}
	for _, a := range m.Amendments {
		l.Sections = append(l.Sections, print.Section{Heading: a.Heading, HTML: a.HTML, Notes: []string{a.Ground}})
	}
	if m.Hash != "" {
		l.Below = append(l.Below, m.Lang.T("minutes.digest", "hash", m.Hash))
	}
	made, err := d.printLeaf(ctx, l)
	if err == nil && m.Public {
		made, err = print.Strip(m.Title, bytes.NewReader(made))
	}
	return m.Title, made, err
}

func (d *Door) printLeaf(ctx context.Context, l print.Leaf) ([]byte, error) {
	doc, err := l.Document()
	if err != nil {
		return nil, err
	}
	return d.printer().Print(ctx, doc)
}

func (d *Door) printer() print.Printer {
	if d.conf.Printer == nil {
		return print.None{}
	}
	return d.conf.Printer
}

// bound is a paper that is bound with others.
type bound struct {
	title   string
	content io.ReadSeeker
}

// bind binds all papers of a meeting into one file, in the order of its agenda,
// each with a bookmark. Its first page says what is in it, and where the papers
// are that are not.
func (d *Door) bind(ctx context.Context, b meeting.Bundle) (string, []byte, error) {
	var size int64
	for _, i := range b.Items {
		for _, p := range i.Papers {
			if p.Bound {
				size += p.File.Size
			}
		}
	}
	if size > bundleLimit {
		return "", nil, print.ErrTooLarge
	}
	left := map[string]bool{} // papers that turned out not to be bound, by identifier
	for {
		papers, ids, err := d.papers(ctx, b, left)
		if err != nil {
			return "", nil, err
		}
		parts := make([]print.Part, 0, len(papers)+1)
		index, err := d.printLeaf(ctx, contents(b, left))
		switch {
		case err == nil:
			parts = append(parts, print.Part{Title: b.Lang.T("minutes.papers_contents"), PDF: bytes.NewReader(index)})
		case !errors.Is(err, print.ErrUnavailable) || !complete(b, left): // without the page nobody would know what is missing
			return "", nil, err
		}
		first := len(parts)
		for _, p := range papers {
			parts = append(parts, print.Part{Title: p.title, PDF: p.content})
		}
		made, err := print.Merge(b.Title, string(b.Lang), parts)
		if bad, ok := errors.AsType[*print.PartError](err); ok && bad.Part >= first && errors.Is(err, print.ErrDocument) {
			left[ids[bad.Part-first]] = true
			continue
		}
		return b.Title, made, err
	}
}

// papers are the files that are bound, in memory: binding reads them more than once.
func (d *Door) papers(ctx context.Context, b meeting.Bundle, left map[string]bool) (out []bound, ids []string, err error) {
	for _, i := range b.Items {
		for _, p := range i.Papers {
			if !p.Bound || left[p.ID.String()] {
				continue
			}
			r, err := p.File.Reader(ctx, d.conf.Files)
			if err != nil {
				return nil, nil, err
			}
			content, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err != nil {
				return nil, nil, err
			}
			out, ids = append(out, bound{fmt.Sprintf("%d. %s: %s", i.Number, i.Title, p.Title), bytes.NewReader(content)}), append(ids, p.ID.String())
		}
	}
	return out, ids, nil
}

// complete tells whether every paper is bound.
func complete(b meeting.Bundle, left map[string]bool) bool {
	for _, i := range b.Items {
		for _, p := range i.Papers {
			if !p.Bound || left[p.ID.String()] {
				return false
			}
		}
	}
	return true
}

// contents is the first page of a bundle.
func contents(b meeting.Bundle, left map[string]bool) print.Leaf {
	l := print.Leaf{Lang: string(b.Lang), Title: b.Title}
	elsewhere := print.Section{Heading: b.Lang.T("minutes.papers_elsewhere"), Notes: []string{b.Lang.T("minutes.papers_elsewhere_why")}}
	for _, i := range b.Items {
		s := print.Section{Sign: fmt.Sprintf("%d.", i.Number), Heading: i.Title}
		for _, p := range i.Papers {
			switch {
			case p.Bound && !left[p.ID.String()]:
				s.Lines = append(s.Lines, p.Title)
			case p.Link != "":
				elsewhere.Lines = append(elsewhere.Lines, fmt.Sprintf("%d. %s", i.Number, b.Lang.T("minutes.papers_link", "title", p.Title, "link", p.Link)))
			default:
				elsewhere.Lines = append(elsewhere.Lines, fmt.Sprintf("%d. %s", i.Number, p.Title))
			}
		}
		if len(i.Papers) == 0 {
			s.Notes = append(s.Notes, b.Lang.T("minutes.papers_none"))
		}
		l.Sections = append(l.Sections, s)
	}
	if len(elsewhere.Lines) > 0 {
		l.Sections = append(l.Sections, elsewhere)
	}
	return l
}
