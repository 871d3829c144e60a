package document_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
)

// office makes an archive of entries, each of them stored as it is.
func office(entries ...string) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		name, content, _ := strings.Cut(e, "=")
		// A creator that knows the size beforehand writes it into the header.
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Store, CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content))})
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

const (
	odt = "mimetype=application/vnd.oasis.opendocument.text"
	ods = "mimetype=application/vnd.oasis.opendocument.spreadsheet"
	ott = "mimetype=application/vnd.oasis.opendocument.text-template"
)

func docx(more ...string) string {
	return office(append([]string{"[Content_Types].xml=<Types/>", "word/document.xml=<w/>"}, more...)...)
}

// swollen is an archive whose table of contents says that it unpacks to four
// gigabytes.
func swollen() string {
	b := []byte(docx())
	at := bytes.Index(b, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(b[at+24:], 0xfffffff0)
	return string(b)
}

func TestAFileIsWhatItsContentSays(t *testing.T) {
	s, _ := store(t)
	const pdf = "%PDF-1.7\n\xe2\xe3\xcf\xd3 "
	const differs, unknown = "document.type_differs", "document.type_unknown"
	for _, c := range []struct{ name, content, want string }{
		{"a.pdf", pdf, "application/pdf"},
		{"a.PDF", pdf, "application/pdf"},
		{"a.pdf", docx(), differs},
		{"a.pdf", " " + pdf, differs},
		{"a.pdf", "MZ\x90\x00", differs},
		{"a.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"a.docx", pdf, differs},
		{"a.docx", office("[Content_Types].xml=x", "xl/workbook.xml=x"), differs},
		{"a.docx", office("word/document.xml=x"), differs},
		{"a.docx", docx("word/vbaProject.bin=x"), "document.macros"},
		{"a.docx", docx("word/activeX/activeX1.xml=x"), "document.macros"},
		{"a.docx", swollen(), "document.swells"},
		{"a.docx", docx()[:60], differs},
		{"a.docx", docx() + "behind", differs},
		{"a.docx", "PK\x03\x04", differs},
		{"a.docx", "PK\x05\x06" + strings.Repeat("\x00", 18), differs},
		{"a.xlsx", office("[Content_Types].xml=x", "xl/workbook.xml=x"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"a.pptx", office("[Content_Types].xml=x", "ppt/presentation.xml=x"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{"a.odt", office(odt, "content.xml=x", "Basic/Standard/script-lb.xml=x"), "application/vnd.oasis.opendocument.text"},
		{"a.odt", office(ods, "content.xml=x"), differs},
		{"a.odt", office(ott, "content.xml=x"), differs},
		{"a.odt", office("content.xml=x", odt), differs},
		{"a.odt", office(odt, "content.xml=x", "Basic/Standard/Module1.xml=x"), "document.macros"},
		{"a.ods", office(ods, "content.xml=x"), "application/vnd.oasis.opendocument.spreadsheet"},
		{"a.png", "\x89PNG\r\n\x1a\n\x00", "image/png"},
		{"a.png", "\xff\xd8\xff\xe0", differs},
		{"a.jpg", "\xff\xd8\xff\xe0", "image/jpeg"},
		{"a.jpeg", "\xff\xd8\xff\xe0", "image/jpeg"},
		{"a.csv", "mål;år\n1;2026\n", "text/csv; charset=utf-8"},
		{"a.csv", "m\xe5l;\xe5r\n", "text/csv; charset=windows-1252"},
		{"a.csv", "sep\x00", differs},
		{"a.csv", "m\xe5l\x81", differs},
		{"a.txt", "\ufeffhej", "text/plain; charset=utf-8"},
		{"a.txt", "cut off in \xc3", "text/plain; charset=windows-1252"},
		{"a.txt", " \n<!DOCTYPE html><script>", differs},
		{"a.txt", "\ufeff<svg onload=x>", differs},
		{"a.txt", pdf, differs},
		{"a.txt", "\x7fELF", differs},
		{"a.md", "# Rubrik", "text/markdown; charset=utf-8"},
		{"a.svg", "<svg/>", unknown},
		{"a.html", "<p>", unknown},
		{"a.docm", docx(), unknown},
		{"a.exe", "MZ", unknown},
		{"a", "x", unknown},
		{"pdf", pdf, unknown},
		{"", "x", unknown},
		{"a.pdf.exe", pdf, unknown},
		{"a.txt", "", "document.empty"},
	} {
		b, err := document.Accept(t.Context(), s, auth.System("kronoberg", "test", ""), c.name, strings.NewReader(c.content), 0)
		got := b.MediaType()
		if fs := fault.All(err); len(fs) == 1 {
			got = fs[0].Key
		} else if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %.20q: %s, want %s", c.name, c.content, got, c.want)
		}
		for e, err := range s.List(t.Context(), "kronoberg") {
			if err != nil {
				t.Fatal(err)
			}
			if b.Size() == 0 || e.Size != b.Size() {
				t.Errorf("%s %.20q: refused, and kept", c.name, c.content)
			}
			if err := s.Delete(t.Context(), e.Key); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// However the content comes in pieces, it is seen the same.
func TestAFileIsTheSameInAnyPieces(t *testing.T) {
	s, _ := store(t)
	long := strings.Repeat("å", 3000)
	for _, c := range []struct{ name, content, want string }{
		{"a.txt", long, "text/plain; charset=utf-8"},
		{"a.txt", long + "\xe5" + long, "text/plain; charset=windows-1252"},
		{"a.txt", long + "\x00", "document.type_differs"},
		{"a.pdf", "%PDF-1.7 " + long + "<pdfaid:part>2</pdfaid:part>" + long, "application/pdf archival"},
		{"a.pdf", "%PDF-1.7 " + long + "<pdfaid part>", "application/pdf"},
	} {
		for name, pieces := range map[string]func(io.Reader) io.Reader{"whole": func(r io.Reader) io.Reader { return r },
			"bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "with EOF": iotest.DataErrReader} {
			b, err := document.Accept(t.Context(), s, auth.System("kronoberg", "test", ""), c.name, pieces(strings.NewReader(c.content)), 0)
			got := b.MediaType()
			if fs := fault.All(err); len(fs) == 1 {
				got = fs[0].Key
			} else if document.Archival(b) {
				got += " archival"
			}
			if got != c.want {
				t.Errorf("%.12q in %s: %s, want %s", c.content, name, got, c.want)
			}
		}
	}
}

func TestTheLimitHoldsWhileAFileStreamsIn(t *testing.T) {
	s, _ := store(t)
	actor := auth.System("kronoberg", "test", "")
	endless := &endless{}
	_, err := document.Accept(t.Context(), s, actor, "a.txt", endless, 100_000)
	is(t, err, "document.too_large")
	if endless.n > 300_000 {
		t.Errorf("%d bytes were taken in", endless.n)
	}
	if _, err := document.Accept(t.Context(), s, actor, "a.txt", strings.NewReader(strings.Repeat("x", 100_000)), 100_000); err != nil {
		t.Errorf("just as much: %v", err)
	}
	cut := errors.New("the line broke")
	if _, err := document.Accept(t.Context(), s, actor, "a.txt", io.MultiReader(strings.NewReader("x"), iotest.ErrReader(cut)), 0); !errors.Is(err, cut) {
		t.Errorf("cut off: %v", err)
	}
	n := 0
	for range s.List(t.Context(), "kronoberg") {
		n++
	}
	if n != 1 {
		t.Errorf("%d files are kept, want the one that was accepted", n)
	}
}

type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.n += len(p)
	return len(p), nil
}

// A small archive that unpacks to a gigabyte is looked at by its table of
// contents, so it takes no more than its own size.
func TestAnArchiveIsNotUnpacked(t *testing.T) {
	s, _ := store(t)
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{"[Content_Types].xml", "word/document.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(w, zeros{}, 64<<20); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	counted := &counter{r: bytes.NewReader(bomb.Bytes())}
	b, err := document.Accept(t.Context(), s, auth.System("kronoberg", "test", ""), "a.docx", counted, 0)
	if err != nil {
		t.Fatal(err)
	}
	if b.Size() != int64(bomb.Len()) || counted.n != bomb.Len() {
		t.Errorf("kept %d and read %d of %d bytes", b.Size(), counted.n, bomb.Len())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type counter struct {
	r io.Reader
	n int
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func TestAFilesNameIsTidied(t *testing.T) {
	long := strings.Repeat("å", 300)
	for in, want := range map[string]string{
		"Överenskommelse å ä ö.pdf":  "Överenskommelse å ä ö.pdf",
		"O\u0308verens.pdf":          "Överens.pdf",
		"/etc/passwd.txt":            "passwd.txt",
		`C:\Users\anna\avtal.docx`:   "avtal.docx",
		"../../../avtal.pdf":         "avtal.pdf",
		"..":                         "fil",
		"":                           "fil",
		"/":                          "fil",
		".pdf":                       "pdf",
		"a\x00b\r\nc\x1b.pdf":        "ab c.pdf",
		"avtal\u202efdp.exe":         "avtalfdp.exe",
		"a\xffb.pdf":                 "ab.pdf",
		`en "<fil>": a|b?*.txt`:      "en --fil--- a-b--.txt",
		"  många   blanksteg .pdf  ": "många blanksteg.pdf",
		long + ".pdf":                strings.Repeat("å", 98) + ".pdf",
		long:                         strings.Repeat("å", 100),
		"a." + long:                  "a." + strings.Repeat("å", 99),
	} {
		if got := document.FileName(in); got != want {
			t.Errorf("%.40q: %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zåäö./\\ \x00-\x1f]{0,400}`)).Draw(r, "name")
		got := document.FileName(in)
		switch {
		case got == "" || len(got) > 200 || !utf8.ValidString(got):
			r.Errorf("%q: %d bytes", got, len(got))
		case strings.ContainsAny(got, `/\<>:"|?*`) || strings.HasPrefix(got, ".") || strings.HasPrefix(got, " ") || strings.HasSuffix(got, " "):
			r.Errorf("%q", got)
		case strings.ContainsFunc(got, unicode.IsControl):
			r.Errorf("%q holds what cannot be seen", got)
		case document.FileName(got) != got:
			r.Errorf("%q becomes %q when tidied again", got, document.FileName(got))
		}
	})
}
