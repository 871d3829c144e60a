package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
)

func readText(raw []byte, g *gatherer) error {
	text, err := decode(raw)
	if err != nil {
		return err
	}
	text, comma, number := delimiter(text)
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	var offset int64
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return nil
		}
		// The library skips empty lines, which a spreadsheet counts.
		number += 1 + emptyLines(text[offset:r.InputOffset()])
		offset = r.InputOffset()
		if err != nil {
			if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
				// What the library calls a column is a byte of a line.
				return &Error{Row: number, err: fmt.Errorf("%w: line %d, byte %d", ErrQuote, wrong.Line, wrong.Column)}
			}
			return &Error{Row: number, err: err}
		}
		for i := range fields {
			fields[i] = unguard(fields[i])
		}
		if err := g.add(number, fields); err != nil {
			return err
		}
	}
}

// decode makes UTF-8 of whatever text it is. What is no UTF-8 and has no mark is
// Windows-1252, as Excel saves CSV without being asked.
func decode(raw []byte) ([]byte, error) {
	var err error
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		raw, err = utf.UTF16(utf.LittleEndian, utf.ExpectBOM).NewDecoder().Bytes(raw)
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case !utf8.Valid(raw):
		raw, err = charmap.Windows1252.NewDecoder().Bytes(raw)
	}
	if err != nil || !utf8.Valid(raw) || bytes.ContainsFunc(raw, func(r rune) bool {
		return r < ' ' && !unicode.IsSpace(r) || r == 0x7f
	}) {
		return nil, fmt.Errorf("sheet: %w", ErrUnreadable)
	}
	return raw, nil
}

// delimiter finds what stands between the cells: what the first line has most of
// outside quotation marks, or what a line "sep=;" says, as Excel understands it.
// That line is no part of the text, but it is a row.
func delimiter(text []byte) (rest []byte, comma rune, before int) {
	line, after, _ := bytes.Cut(text, []byte("\n"))
	if is, ok := strings.CutPrefix(strings.TrimRight(string(line), "\r"), "sep="); ok && len(is) == 1 && strings.Contains(";,\t|", is) {
		return after, rune(is[0]), 1
	}
	count := map[rune]int{}
	quoted := false
	for _, r := range string(bytes.TrimLeft(text, "\r\n")) {
		if r == '"' {
			quoted = !quoted
		}
		if r == '\n' && !quoted {
			break
		}
		if !quoted {
			count[r]++
		}
	}
	comma = ';'
	for _, r := range "\t," {
		if count[r] > count[comma] {
			comma = r
		}
	}
	return text, comma, 0
}

func emptyLines(text []byte) (n int) {
	for {
		rest, ok := bytes.CutPrefix(bytes.TrimPrefix(text, []byte("\r")), []byte("\n"))
		if !ok {
			return n
		}
		text = rest
		n++
	}
}
