package meeting

import (
	"context"
	"errors"
	"mime/multipart"
	"strings"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
)

// How much comes in with a table of past meetings: how many papers, and how many
// bytes in all.
const (
	PastPapers       = 500
	PastBytes  int64 = 256 << 20
)

// Folder is the papers that came with a table, by name. One without a file has
// been seen and not taken in, as for a preview.
type Folder map[string]*document.Blob

// Hold puts a paper into the folder. Names are compared as file systems do that
// tell no upper case from lower.
func (f Folder) Hold(name string, b *document.Blob) { f[paperName(name)] = b }

// Holds tells whether a paper is in the folder.
func (f Folder) Holds(name string) bool {
	_, ok := f[paperName(name)]
	return ok
}

func paperName(name string) string { return strings.ToLower(document.FileName(name)) }

// Intake is where papers are taken in: by whom, into which store, how large one
// may be in bytes.
type Intake struct {
	Actor auth.Actor
	Store *files.Store
	Limit int64
}

// Gather finds the papers that a table names among the files that were sent,
// those in packed folders too. Others are left out. With keep they are taken into
// the store, in no unit of work, since that may take long; without, they are only seen.
func (in Intake) Gather(ctx context.Context, sent []*multipart.FileHeader, entries []PastEntry, keep bool) (Folder, error) {
	list, closed, err := files.Folder(sent, PastPapers)
	defer closed()
	switch {
	case errors.Is(err, files.ErrTooMany):
		return nil, fault.Bad("past.papers_many", "/papers").With("limit", PastPapers)
	case errors.Is(err, files.ErrFolder):
		return nil, fault.Bad("past.papers_unreadable", "/papers")
	case err != nil:
		return nil, err
	}
	named := Folder{}
	for _, name := range PapersOf(entries) {
		named.Hold(name, nil)
	}
	folder := Folder{}
	for _, n := range list {
		switch {
		case !named.Holds(n.Name):
			continue
		case folder.Holds(n.Name):
			return nil, fault.Bad("past.paper_twice", "/papers").With("name", n.Name)
		case !keep:
			folder.Hold(n.Name, nil)
			continue
		}
		b, err := in.accept(ctx, n)
		if err != nil {
			return nil, err
		}
		folder.Hold(n.Name, &b)
	}
	return folder, nil
}

func (in Intake) accept(ctx context.Context, n files.Named) (document.Blob, error) {
	r, err := n.Open()
	if errors.Is(err, files.ErrFolder) {
		return document.Blob{}, fault.Bad("past.papers_unreadable", "/papers")
	}
	if err != nil {
		return document.Blob{}, err
	}
	defer func() { _ = r.Close() }()
	return document.Accept(ctx, in.Store, in.Actor, n.Name, r, in.Limit)
}
