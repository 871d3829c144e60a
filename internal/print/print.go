// Package print is the outlet for PDF: it prints a page that is already made,
// binds several papers into one, and takes from a file what it tells of its
// making. It knows no room. A page is the primary form, and a PDF is the same
// page on paper, with its headings as outline and its structure for those who
// have it read aloud.
package print

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
)

// What can be wrong, for errors.Is.
var (
	// ErrUnavailable is the answer where nothing can print. A page that gets it
	// offers the reader's own printer instead.
	ErrUnavailable = errors.New("print: there is no Gotenberg and no Chromium to print with")
	// ErrTooLarge says that the document, or what was made of it, is more than
	// can be handled.
	ErrTooLarge = errors.New("print: the document is more than the limit")
	// ErrDocument says that it is the document, and another try changes nothing.
	ErrDocument = errors.New("print: the document cannot be printed")
)

const (
	documentLimit = 32 << 20 // HTML and all that belongs to it
	resultLimit   = 64 << 20
)

// Document is a page with everything that it needs. It says its language
// (<html lang>), its title and, in CSS, its paper (@page); no script runs and
// nothing is fetched from anywhere.
type Document struct {
	HTML []byte // in UTF-8
	// Assets are style sheets, pictures and fonts, by the name that the page
	// calls them: <link href="print.css">. A name is letters, digits, ".", "_"
	// and "-", and its ending says what it is.
	Assets map[string][]byte
}

// Printer makes a PDF of a document. It may be used by many at once.
type Printer interface {
	// Print returns when the PDF is there, ctx has ended, or two minutes are gone.
	Print(ctx context.Context, d Document) ([]byte, error)
	// String says what prints, without a password.
	String() string
}

// Config says what prints. Both empty is nothing.
type Config struct {
	// Gotenberg is the address of a Gotenberg: http://gotenberg:3000. It goes
	// before Chromium.
	Gotenberg string
	// Chromium is the program to start, as Find gives it.
	Chromium string
}

// New gives what prints, or says what is wrong with the configuration. It
// starts nothing and connects to nothing.
func New(c Config) (Printer, error) {
	switch {
	case c.Gotenberg != "":
		u, err := url.Parse(c.Gotenberg)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			// The parser's own words would quote the address, and a password in it.
			return nil, errors.New("print: Gotenberg's address must be http:// or https:// and a host")
		}
		if u.User != nil {
			return nil, errors.New("print: no user or password is written in Gotenberg's address")
		}
		return newGotenberg(u), nil
	case c.Chromium != "":
		return newChromium(c.Chromium), nil
	}
	return None{}, nil
}

// None cannot print.
type None struct{}

// Print says ErrUnavailable.
func (None) Print(context.Context, Document) ([]byte, error) { return nil, ErrUnavailable }

func (None) String() string { return "none" }

var goodName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$`)

// page is what the document itself is called among its assets.
const page = "index.html"

func check(d Document) error {
	size := len(d.HTML)
	for name, data := range d.Assets {
		size += len(data)
		if !goodName.MatchString(name) || name == page || kind(name) == "" {
			return fmt.Errorf("%w: %q is no name for what belongs to it", ErrDocument, name)
		}
	}
	if size > documentLimit {
		return fmt.Errorf("%w of %d MiB", ErrTooLarge, documentLimit>>20)
	}
	if len(bytes.TrimSpace(d.HTML)) == 0 {
		return fmt.Errorf("%w: it is empty", ErrDocument)
	}
	return nil
}

// kind is the media type that a name's ending stands for, the same on every
// machine; "" where it is none that a page needs.
func kind(name string) string {
	return map[string]string{
		".css": "text/css; charset=utf-8", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png",
		".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif",
	}[path.Ext(name)]
}

// checkResult wants a PDF of what came out.
func checkResult(pdf []byte) ([]byte, error) {
	if len(pdf) > resultLimit {
		return nil, fmt.Errorf("%w of %d MiB", ErrTooLarge, resultLimit>>20)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, errors.New("print: what came out is no PDF")
	}
	return pdf, nil
}
