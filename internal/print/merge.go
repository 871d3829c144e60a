package print

import (
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// bundleLimit is what a bundle of papers may be.
const bundleLimit = 512 << 20

// Part is one paper of a bundle.
type Part struct {
	Title string // what its bookmark says
	PDF   io.ReadSeeker
}

// PartError says which part of a bundle is to blame, counted from 0.
type PartError struct {
	Part int
	err  error
}

func (e *PartError) Error() string { return fmt.Sprintf("print: part %d: %v", e.Part+1, e.err) }

func (e *PartError) Unwrap() error { return e.err }

// Merge binds papers into one PDF in the order given, each with a bookmark. It
// has the title and language given, and tells of its making as little as what
// Strip gives. Where every part has its structure for reading aloud, so has the
// whole; where one lacks it, none is claimed, for a program would then pass over
// what has none.
func Merge(title, language string, parts []Part) (merged []byte, err error) {
	if len(parts) == 0 {
		return nil, fmt.Errorf("%w: it has no parts", ErrDocument)
	}
	err = safely(func() error {
		merged, err = merge(title, language, parts)
		return err
	})
	return merged, err
}

func merge(title, language string, parts []Part) ([]byte, error) {
	whole, err := open(parts[0].PDF)
	if err != nil {
		return nil, &PartError{0, err}
	}
	root, err := whole.Catalog()
	if err != nil {
		return nil, &PartError{0, ErrDocument}
	}
	tags := newTags(whole, root)
	firsts := []int{1} // the first page of each part
	for i, part := range parts[1:] {
		err := safely(func() error {
			next, err := open(part.PDF)
			if err != nil {
				return err
			}
			nextRoot, err := next.Catalog()
			if err != nil {
				return ErrDocument
			}
			tags.prepare(next, nextRoot, i+1)
			pages := whole.PageCount
			if err := pdfcpu.MergeXRefTables("", next, whole, false, false); err != nil {
				return fmt.Errorf("%w: it cannot be bound with the others", ErrDocument)
			}
			// The library keeps to itself that it gave up.
			if next.PageCount == 0 || whole.PageCount != pages+next.PageCount {
				return fmt.Errorf("%w: its pages cannot be bound with the others", ErrDocument)
			}
			firsts = append(firsts, pages+1)
			tags.join(nextRoot)
			return nil
		})
		if err != nil {
			return nil, &PartError{i + 1, err}
		}
	}
	if err := tags.finish(); err != nil {
		return nil, errors.Join(ErrDocument, err)
	}
	if err := clean(whole); err != nil {
		return nil, err
	}
	if err := bookmark(whole, root, parts, firsts); err != nil {
		return nil, fmt.Errorf("print: write bookmarks: %w", err)
	}
	delete(root, "PageLabels") // the first part's
	root["PageMode"] = types.Name("UseOutlines")
	root["ViewerPreferences"] = types.Dict{"DisplayDocTitle": types.Boolean(true)}
	root["Lang"] = types.StringLiteral(language)
	return write(whole, title)
}

// bookmark gives each part its bookmark, in place of those that the first part
// came with. The library's own way names places by their titles, and two papers
// may well be called the same.
func bookmark(whole *model.Context, root types.Dict, parts []Part, firsts []int) error {
	outline := types.Dict{"Type": types.Name("Outlines"), "Count": types.Integer(len(parts))}
	top, err := whole.IndRefForNewObject(outline)
	if err != nil {
		return err
	}
	var before types.Dict
	var beforeAt types.IndirectRef
	for i, part := range parts {
		title, err := types.EscapedUTF16String(part.Title)
		if err != nil {
			return err
		}
		_, page, _, err := whole.PageDict(firsts[i], false)
		if err != nil {
			return err
		}
		if page == nil {
			return fmt.Errorf("there is no page %d", firsts[i])
		}
		item := types.Dict{"Title": types.StringLiteral(*title), "Parent": *top, "Dest": types.Array{*page, types.Name("Fit")}}
		at, err := whole.IndRefForNewObject(item)
		if err != nil {
			return err
		}
		if before == nil {
			outline["First"] = *at
		} else {
			before["Next"], item["Prev"] = *at, beforeAt
		}
		outline["Last"] = *at
		before, beforeAt = item, *at
	}
	root["Outlines"] = *top
	return nil
}
