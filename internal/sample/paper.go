package sample

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// PaperFiles are the papers of a county's meetings made up for show, by title:
// one page each, which says what it is.
func PaperFiles(slug string) (map[string][]byte, error) {
	list, err := shows(slug)
	files := map[string][]byte{}
	for _, s := range list {
		for _, p := range s.Matters {
			if p.Paper != "" {
				files[p.Paper] = leaf(p.Paper, "Påhittad handling för visning i demo.", "Ärende: "+p.Title, p.Background, p.Proposal)
			}
		}
	}
	return files, err
}

// leaf is a page of text as a PDF.
func leaf(title string, lines ...string) []byte {
	var page strings.Builder
	fmt.Fprintf(&page, "BT /F1 18 Tf 60 760 Td %s Tj /F1 11 Tf 0 -14 Td ", pdfText(title))
	for _, l := range lines {
		for _, part := range wrapped(l, 90) {
			fmt.Fprintf(&page, "0 -18 Td %s Tj ", pdfText(part))
		}
		page.WriteString("0 -6 Td ")
	}
	page.WriteString("ET")
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R /Lang (sv-SE) /ViewerPreferences << /DisplayDocTitle true >> >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
		"<< /Title " + pdfText(title) + " >>",
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for n, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, len(objects), start)
	return b.Bytes()
}

// pdfText is a string as the file format and the font have it.
func pdfText(s string) string {
	one, err := encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder()).String(s)
	if err != nil {
		panic(err) // what cannot be written is replaced
	}
	return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(one) + ")"
}

// wrapped breaks a text into lines of at most so many letters, between words.
func wrapped(s string, most int) []string {
	var lines []string
	line := ""
	for w := range strings.FieldsSeq(s) {
		if line != "" && len([]rune(line))+1+len([]rune(w)) > most {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
