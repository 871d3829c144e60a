package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// A workbook is read here and not by the library that writes it: that one needs
// every cell of a row up to the last, so that a file of a few kilobytes with one
// value far to the right in each row takes all the memory there is.

// book is a workbook that is read.
type book struct {
	zip      *zip.Reader
	left     int64 // bytes that may still be unpacked
	since    int64 // day 0 of its dates, in days after 1899-12-30
	strings  []string
	dates    []bool // by style: whether a number is a date
	gatherer *gatherer
}

func readBook(raw []byte, g *gatherer) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return fmt.Errorf("sheet: %w", ErrUnreadable)
	}
	b := &book{zip: z, left: g.limits.Unpacked, gatherer: g}
	sheet, err := b.find()
	if err == nil {
		err = b.readStrings()
	}
	if err == nil {
		err = b.readStyles()
	}
	if err == nil {
		err = b.readSheet(sheet)
	}
	if _, ok := errors.AsType[*Error](err); ok || err == nil {
		return err
	}
	if errors.Is(err, ErrTooLarge) {
		return fmt.Errorf("sheet: %w of %d when unpacked", ErrTooLarge, g.limits.Unpacked)
	}
	return fmt.Errorf("sheet: %w", ErrUnreadable) // the words of the parsers would quote the file
}

// metered gives out no more than the book may still unpack, whatever the file
// says of its own size.
type metered struct {
	r    io.Reader
	left *int64
}

func (m metered) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if *m.left -= int64(n); *m.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// part calls f for each element of a part of the file, with its name; f may read
// on. A part that is not there has no elements.
func (b *book) part(name string, f func(d *xml.Decoder, e xml.StartElement) error) (found bool, err error) {
	i := slices.IndexFunc(b.zip.File, func(f *zip.File) bool { return strings.EqualFold(strings.TrimPrefix(f.Name, "/"), name) })
	if i < 0 {
		return false, nil
	}
	r, err := b.zip.File[i].Open()
	if err != nil {
		return true, err
	}
	defer r.Close()
	d := xml.NewDecoder(metered{r, &b.left})
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return true, err
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				return true, err
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// find gives the name of the part that is the first visible sheet.
func (b *book) find() (string, error) {
	id := ""
	found, err := b.part("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch state := attribute(e, "state"); {
		case e.Name.Local == "workbookPr" && (attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"):
			b.since = 1462
		case e.Name.Local == "sheet" && id == "" && (state == "" || state == "visible"):
			id = attribute(e, "id")
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if !found || id == "" {
		return "", ErrUnreadable
	}
	target := ""
	_, err = b.part("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attribute(e, "Id") == id && strings.HasSuffix(attribute(e, "Type"), "/worksheet") {
			target = attribute(e, "Target")
		}
		return nil
	})
	if err != nil || target == "" {
		return "", errors.Join(err, ErrUnreadable)
	}
	if absolute, ok := strings.CutPrefix(target, "/"); ok {
		return absolute, nil
	}
	return path.Join("xl", target), nil
}

// words reads an element to its end: the number in it, and its text, which may
// come in runs of different looks. How a word is pronounced is no part of it.
func words(d *xml.Decoder) (value, text string, err error) {
	var v, t, run strings.Builder
	in := ""
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return "", "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if in = token.Name.Local; in == "rPh" {
				if err := d.Skip(); err != nil {
					return "", "", err
				}
				continue
			}
			depth++
		case xml.EndElement:
			if in == "t" { // characters are coded within a run, not across two
				t.WriteString(unescape(run.String()))
				run.Reset()
			}
			in = ""
			depth--
		case xml.CharData:
			switch in {
			case "v":
				v.Write(token)
			case "t":
				run.Write(token)
			}
		}
	}
	return v.String(), t.String(), nil
}

// coded is how the format writes characters that it cannot hold.
var coded = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return coded.ReplaceAllStringFunc(s, func(code string) string {
		n, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil || utf16.IsSurrogate(rune(n)) {
			return code
		}
		return string(rune(n))
	})
}

func (b *book) readStrings() error {
	most := b.gatherer.limits.Rows * b.gatherer.limits.Columns
	_, err := b.part("xl/sharedStrings.xml", func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		_, text, err := words(d)
		if err != nil {
			return err
		}
		if len(b.strings) > most {
			return ErrTooLarge
		}
		b.strings = append(b.strings, text)
		return nil
	})
	return err
}

func (b *book) readSheet(name string) error {
	limits := b.gatherer.limits
	var row []string
	number, column := 0, 0
	found, err := b.part(name, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if err := b.gatherer.add(number, row); err != nil { // the one before
				return err
			}
			next := number + 1
			if r := attribute(e, "r"); r != "" {
				n, err := strconv.Atoi(r)
				if err != nil || n < next || n > maxRows {
					return ErrUnreadable
				}
				next = n
			}
			number, row, column = next, row[:0], 0
		case "c":
			column++
			if place := attribute(e, "r"); place != "" {
				n, ok := columnOf(place)
				if !ok {
					return ErrUnreadable
				}
				column = n
			}
			text, err := b.cell(d, e)
			if err != nil || text == "" {
				return err
			}
			if column > limits.Columns {
				return &Error{Row: number, Column: column, err: fmt.Errorf("%w of %d", ErrTooManyColumns, limits.Columns)}
			}
			for len(row) < column {
				row = append(row, "")
			}
			row[column-1] = text
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !found {
		return ErrUnreadable
	}
	return b.gatherer.add(number, row)
}

// columnOf reads the column out of a place such as AB12.
func columnOf(place string) (n int, ok bool) {
	for _, r := range place {
		if r < 'A' || r > 'Z' {
			break
		}
		if n = n*26 + int(r-'A') + 1; n > 1<<14 {
			return 0, false
		}
	}
	return n, n > 0
}

// cell is what a cell says.
func (b *book) cell(d *xml.Decoder, e xml.StartElement) (string, error) {
	value, text, err := words(d)
	if err != nil {
		return "", err
	}
	switch attribute(e, "t") {
	case "s":
		if i, err := strconv.Atoi(value); err == nil && i >= 0 && i < len(b.strings) {
			text = b.strings[i]
		}
	case "inlineStr":
	case "b":
		text = map[string]string{"1": "TRUE", "0": "FALSE"}[value]
	case "", "n":
		text = b.number(value, attribute(e, "s"))
	case "d":
		text = strings.TrimSuffix(value, "T00:00:00")
	default: // text that a formula made, or an error such as #N/A
		text = unescape(value)
	}
	return strings.TrimSpace(text), nil
}

func (b *book) number(value, style string) string {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return value
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.dates) && b.dates[i] {
		if text, ok := date(f, b.since); ok {
			return text
		}
	}
	return number(f)
}
