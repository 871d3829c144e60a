package print

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

func init() {
	api.DisableConfigDir() // the library would keep a folder of its own in the user's home
}

// safely runs what handles a file that may come from anybody: the library gives
// up on some of them by panicking.
func safely(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = ErrDocument
		}
	}()
	return f()
}

// open reads a PDF whole, so that every object can be looked at.
func open(pdf io.ReadSeeker) (*model.Context, error) {
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.CreateBookmarks = false // they are written in the end, by the titles given
	ctx, err := api.ReadAndValidate(pdf, conf)
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be read as a PDF", ErrDocument)
	}
	if ctx.Encrypt != nil {
		return nil, fmt.Errorf("%w: it has a password or forbids changes", ErrDocument)
	}
	for number, entry := range ctx.Table {
		// Objects lie packed until somebody asks for them, and what is still packed
		// would be passed over.
		if _, err := ctx.Dereference(reference(number, entry)); err != nil {
			return nil, fmt.Errorf("%w: an object in it cannot be read", ErrDocument)
		}
	}
	return ctx, nil
}

func reference(number int, entry *model.XRefTableEntry) types.IndirectRef {
	generation := 0
	if entry.Generation != nil {
		generation = *entry.Generation
	}
	return *types.NewIndirectRef(number, generation)
}

// dicts calls f for every dictionary of the file, those within others too.
func dicts(ctx *model.Context, f func(types.Dict)) {
	var walk func(o types.Object, depth int)
	walk = func(o types.Object, depth int) {
		if depth > 100 {
			panic("deeper than any file that means well") // caught by safely
		}
		switch o := o.(type) {
		case types.Dict:
			f(o)
			for _, within := range o {
				walk(within, depth+1)
			}
		case types.StreamDict:
			walk(o.Dict, depth)
		case types.Array:
			for _, within := range o {
				walk(within, depth+1)
			}
		}
	}
	for _, entry := range ctx.Table {
		if !entry.Free {
			walk(entry.Object, 0)
		}
	}
}

// made is what the library writes of itself, and when, into the description of a
// file.
var made = regexp.MustCompile(`/(Producer|CreationDate|ModDate)\((?:[^()\\]|\\.)*\)`)

// write writes the file with nothing said of it but its title.
func write(ctx *model.Context, title string) ([]byte, error) {
	text, err := types.EscapedUTF16String(title)
	if err != nil {
		return nil, fmt.Errorf("print: write title: %w", err)
	}
	ctx.Info, err = ctx.IndRefForNewObject(types.Dict{"Title": types.StringLiteral(*text)})
	if err != nil {
		return nil, fmt.Errorf("print: write title: %w", err)
	}
	ctx.ID = nil // the old one would tell which file this was made of
	// The library adds the same to every file older than this, and knows how.
	version := model.V17
	ctx.HeaderVersion, ctx.RootVersion = &version, nil
	var out buffer
	if err := api.WriteContext(ctx, &out); err != nil {
		return nil, fmt.Errorf("%w: it cannot be written", ErrDocument)
	}
	return silence(out, ctx.Info.ObjectNumber.Value())
}

// buffer keeps what is written, and takes it back no more.
type buffer []byte

func (b *buffer) Write(p []byte) (int, error) {
	if len(*b)+len(p) > bundleLimit {
		return 0, ErrTooLarge
	}
	*b = append(*b, p...)
	return len(p), nil
}

// silence blanks what the library says of itself. It offers no other way; blanks
// of the same length keep every place in the file where it was.
func silence(pdf []byte, object int) ([]byte, error) {
	start := regexp.MustCompile(fmt.Sprintf(`(?m)^%d 0 obj`, object)).FindIndex(pdf)
	if start == nil {
		return nil, errors.New("print: the file's description is not where it should be")
	}
	end := bytes.Index(pdf[start[1]:], []byte("endobj"))
	found := made.FindAllIndex(pdf[start[1]:start[1]+max(end, 0)], -1)
	if len(found) != 3 {
		return nil, errors.New("print: the file's description does not say what it should")
	}
	for _, at := range found {
		for i := at[0]; i < at[1]; i++ {
			pdf[start[1]+i] = ' '
		}
	}
	return pdf, nil
}
