package document

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// fileType is a sort of file that is let in. Left out is all that can act
// when it is opened: SVG, HTML, programs, office files with macros.
type fileType struct {
	extension string
	media     string
	magic     string // how it begins
	text      bool   // nothing but text
	part      string // an office file: where its content lies in the archive
}

var fileTypes = []fileType{
	{extension: "pdf", media: "application/pdf", magic: "%PDF-"},
	{extension: "docx", media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", magic: archive, part: "word/"},
	{extension: "xlsx", media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", magic: archive, part: "xl/"},
	{extension: "pptx", media: "application/vnd.openxmlformats-officedocument.presentationml.presentation", magic: archive, part: "ppt/"},
	{extension: "odt", media: "application/vnd.oasis.opendocument.text", magic: archive, part: "content.xml"},
	{extension: "ods", media: "application/vnd.oasis.opendocument.spreadsheet", magic: archive, part: "content.xml"},
	{extension: "odp", media: "application/vnd.oasis.opendocument.presentation", magic: archive, part: "content.xml"},
	{extension: "csv", media: "text/csv", text: true},
	{extension: "txt", media: "text/plain", text: true},
	{extension: "md", media: "text/markdown", text: true},
	{extension: "png", media: "image/png", magic: "\x89PNG\r\n\x1a\n"},
	{extension: "jpg", media: "image/jpeg", magic: "\xff\xd8\xff"},
}

// archive is how a ZIP file begins that has something in it.
const archive = "PK\x03\x04"

// Extensions are the endings of the files that are let in.
func Extensions() []string {
	es := make([]string, len(fileTypes))
	for i, k := range fileTypes {
		es[i] = k.extension
	}
	return es
}

func typeOf(name string) (fileType, bool) {
	e := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	if e == "jpeg" {
		e = "jpg"
	}
	for _, k := range fileTypes {
		if k.extension == e && len(e) < len(name) {
			return k, true
		}
	}
	return fileType{}, false
}

// begins tells whether a file that begins so can be of the type.
func (k fileType) begins(head []byte) bool {
	switch {
	case k.text:
		return !acts(head)
	case !bytes.HasPrefix(head, []byte(k.magic)):
		return false
	case strings.HasPrefix(k.media, "application/vnd.oasis."):
		// OpenDocument says what it is in its first entry, not compressed: a
		// header of thirty bytes, the name, the type, the next entry's header.
		return len(head) > 30 && bytes.HasPrefix(head[30:], []byte("mimetype"+k.media+"PK"))
	}
	return true
}

// acts tells whether what calls itself text begins as something that a program
// would take for a page, a drawing or a document.
func acts(head []byte) bool {
	s := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n\f"))
	for _, p := range []string{"<!doctype", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<?xml", "<?php", "#!", "%pdf-", `{\rtf`} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

var errNotText = errors.New("document: not text")

// textReader passes text on and ends with errNotText at what no text holds.
// UTF-8 is text, and what Swedish spreadsheets still write: Windows-1252.
type textReader struct {
	r     io.Reader
	carry []byte // the beginning of a character that the last read cut
	other bool   // not UTF-8
	high  bool   // a byte that Windows-1252 does not have
}

func (t *textReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	for _, c := range p[:n] {
		if c == 0x7f || (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') {
			return n, errNotText
		}
		switch c {
		case 0x81, 0x8d, 0x8f, 0x90, 0x9d:
			t.high = true
		}
	}
	if !t.other {
		t.carry = append(t.carry, p[:n]...)
		for len(t.carry) > 0 && utf8.FullRune(t.carry) {
			c, size := utf8.DecodeRune(t.carry)
			if c == utf8.RuneError && size == 1 {
				t.other = true
				break
			}
			t.carry = t.carry[size:]
		}
		t.carry = bytes.Clone(t.carry)
	}
	if errors.Is(err, io.EOF) && len(t.carry) > 0 {
		t.other = true // ends within a character
	}
	if t.other {
		t.carry = nil
		if t.high {
			return n, errNotText
		}
	}
	return n, err
}

func (t *textReader) charset() string {
	if t.other {
		return "windows-1252"
	}
	return "utf-8"
}

// markReader looks for a mark in what streams by.
type markReader struct {
	r     io.Reader
	mark  []byte
	last  []byte // the end of the read before, where a mark may begin
	found bool
}

func (m *markReader) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if !m.found {
		seam := append(m.last, p[:min(n, len(m.mark))]...)
		m.found = bytes.Contains(seam, m.mark) || bytes.Contains(p[:n], m.mark)
		if n >= len(m.mark) {
			m.last = append(m.last[:0], p[n-len(m.mark)+1:n]...)
		} else {
			m.last = bytes.Clone(seam[max(0, len(seam)-len(m.mark)+1):])
		}
	}
	return n, err
}
