package print

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Strip gives a PDF that tells nothing of its making, and has the title given:
// no author, program, dates or description, no earlier versions, no attached
// files, no scripts, no comments, nothing that programs have kept in it for
// themselves, and no camera's notes in its photographs. Its text, its structure
// and its links stay. A file with a password or a signature that forbids changes
// is ErrDocument.
//
// What a picture shows and what a page says in white on white, it cannot know.
func Strip(title string, pdf io.ReadSeeker) (stripped []byte, err error) {
	err = safely(func() error {
		ctx, err := open(pdf)
		if err != nil {
			return err
		}
		if err := clean(ctx); err != nil {
			return err
		}
		stripped, err = write(ctx, title)
		return err
	})
	return stripped, err
}

func clean(ctx *model.Context) error {
	root, err := ctx.Catalog()
	if err != nil {
		return fmt.Errorf("%w: it has no catalogue", ErrDocument)
	}
	dicts(ctx, func(d types.Dict) {
		for _, key := range []string{"Metadata", "PieceInfo", "LastModified"} {
			delete(d, key)
		}
		// Short names may be a font's or a picture's own, in a list that has no type.
		if d.Type() != nil || d.Subtype() != nil {
			for _, key := range []string{"AA", "AF", "Thumb"} {
				delete(d, key)
			}
		}
		if d["S"] == types.Name("JavaScript") {
			d["JS"] = types.StringLiteral("")
		}
		if d["FT"] == types.Name("Sig") {
			delete(d, "V") // who signed the file, which is another one now
		}
		if annotations, err := ctx.DereferenceArray(d["Annots"]); err == nil && annotations != nil {
			d["Annots"] = links(ctx, annotations)
		}
	})
	for _, key := range []string{"OpenAction", "Collection", "Threads", "SpiderInfo", "Perms", "Legal"} {
		delete(root, key)
	}
	names, err := ctx.DereferenceDict(root["Names"])
	if err != nil {
		return fmt.Errorf("%w: its names cannot be read", ErrDocument)
	}
	for _, tree := range []string{"EmbeddedFiles", "JavaScript", "AlternatePresentations", "Renditions"} {
		delete(names, tree)
		delete(ctx.Names, tree)
	}
	for _, entry := range ctx.Table {
		if s, ok := entry.Object.(types.StreamDict); ok && !entry.Free {
			entry.Object = withoutNotes(s)
		}
	}
	return nil
}

// links keeps of what is laid over a page only what belongs to the page: links
// and fields. Comments and marks are somebody's.
func links(ctx *model.Context, annotations types.Array) types.Array {
	return slices.DeleteFunc(slices.Clone(annotations), func(o types.Object) bool {
		d, err := ctx.DereferenceDict(o)
		if err != nil || d == nil {
			return true
		}
		kind := d.Subtype()
		if kind == nil || *kind != "Link" && *kind != "Widget" {
			return true
		}
		delete(d, "M")
		delete(d, "NM")
		return false
	})
}

// withoutNotes takes from a photograph what the camera and other programs wrote
// beside it: where and when it was taken, and by which machine.
func withoutNotes(s types.StreamDict) types.StreamDict {
	if len(s.FilterPipeline) != 1 || s.FilterPipeline[0].Name != "DCTDecode" {
		return s
	}
	raw := s.Raw
	if !bytes.HasPrefix(raw, []byte{0xff, 0xd8}) {
		return s
	}
	kept := slices.Clone(raw[:2])
	for i := 2; ; {
		if i+4 > len(raw) || raw[i] != 0xff {
			return s // no photograph that this understands
		}
		marker, size := raw[i+1], int(raw[i+2])<<8|int(raw[i+3])
		if marker == 0xda { // from here on it is the picture
			kept = append(kept, raw[i:]...)
			break
		}
		if size < 2 || i+2+size > len(raw) {
			return s
		}
		// Of what programs write, 0 and 14 say how the colours are meant, and 2 may
		// hold their profile.
		profile := marker == 0xe2 && bytes.HasPrefix(raw[i+4:], []byte("ICC_PROFILE"))
		note := marker == 0xfe || marker > 0xe0 && marker <= 0xef && marker != 0xee && !profile
		if !note {
			kept = append(kept, raw[i:i+2+size]...)
		}
		i += 2 + size
	}
	length := int64(len(kept))
	s.Raw, s.Content, s.StreamLength, s.StreamLengthObjNr = kept, nil, &length, nil
	s.Dict["Length"] = types.Integer(length)
	return s
}
