package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Letter is a letter that lies in a folder, as a recipient sees it.
type Letter struct {
	Message

	At time.Time // when it was written
}

// letterLimit is more than a letter of this outlet can be.
const letterLimit = 32 << 20

// Letters reads what an outlet whose URL is a folder has sent: the latest first,
// at most limit of them. Nothing sent yet is no error.
func Letters(folder string, limit int) ([]Letter, error) {
	names, err := filepath.Glob(filepath.Join(globEscape(folder), "*.eml"))
	if err != nil {
		return nil, fmt.Errorf("mail: list folder: %w", err)
	}
	type file struct {
		name string
		at   time.Time
	}
	var files []file
	for _, name := range names {
		if info, err := os.Stat(name); err == nil { // what is gone by now is no letter
			files = append(files, file{name, info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b file) int {
		if c := b.at.Compare(a.at); c != 0 {
			return c
		}
		return strings.Compare(b.name, a.name)
	})
	letters := make([]Letter, 0, min(limit, len(files)))
	for _, f := range files[:min(limit, len(files))] {
		l, err := ReadLetter(folder, strings.TrimSuffix(filepath.Base(f.name), ".eml"))
		if err != nil {
			return nil, err
		}
		letters = append(letters, l)
	}
	return letters, nil
}

var globEscape = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace

// ReadLetter reads one letter from the folder by its ID. A letter that is not
// there is os.ErrNotExist, and so is what is no ID.
func ReadLetter(folder, id string) (Letter, error) {
	if !goodID.MatchString(id) {
		return Letter{}, fmt.Errorf("mail: open letter: %w", os.ErrNotExist)
	}
	f, err := os.Open(filepath.Join(folder, id+".eml"))
	if err != nil {
		return Letter{}, fmt.Errorf("mail: open letter: %w", err)
	}
	defer f.Close()
	m, err := mail.ReadMessage(io.LimitReader(f, letterLimit))
	if err != nil {
		return Letter{}, fmt.Errorf("mail: read letter: %w", err)
	}
	l := Letter{Message: Message{ID: id}}
	words := new(mime.WordDecoder)
	if l.Subject, err = words.DecodeHeader(m.Header.Get("Subject")); err != nil {
		return Letter{}, fmt.Errorf("mail: read subject: %w", err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 {
		return Letter{}, errors.New("mail: read letter: it has no one recipient")
	}
	l.To = to[0].Address
	if to[0].Name != "" {
		l.To = to[0].Name + " <" + to[0].Address + ">"
	}
	if l.At, err = m.Header.Date(); err != nil {
		return Letter{}, fmt.Errorf("mail: read date: %w", err)
	}
	if err := l.take(textproto.MIMEHeader(m.Header), m.Body, words); err != nil {
		return Letter{}, fmt.Errorf("mail: read letter: %w", err)
	}
	return l, nil
}

// take puts one part of a letter where it belongs, and the parts within it.
func (l *Letter) take(header textproto.MIMEHeader, body io.Reader, words *mime.WordDecoder) error {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, parameters["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := l.take(part.Header, part, words); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	disposition, named, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
	switch {
	case disposition == "attachment":
		name, err := words.DecodeHeader(named["filename"])
		if err != nil {
			return err
		}
		l.Attachments = append(l.Attachments, Attachment{Name: name, Type: kind, Data: data})
	case kind == "text/calendar":
		l.Calendar = &Calendar{Method: parameters["method"], Data: data}
	default:
		l.Text = string(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
	}
	return nil
}
