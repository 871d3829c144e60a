package mail_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/mail"
)

const event = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Möte i Växjö\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func call() mail.Message {
	m := letter()
	m.Calendar = &mail.Calendar{Method: "REQUEST", Data: []byte(event)}
	m.Attachments = []mail.Attachment{
		{Name: "Föredragningslista våren.pdf", Type: "application/pdf", Data: []byte("%PDF-1.4\r\n\x00\xff\n")},
		{Name: "underlag", Data: []byte{}},
	}
	return m
}

// shape says how a letter is put together: kinds, with what they hold in
// brackets, and the head of each file.
func shape(t *testing.T, contentType string, body io.Reader) string {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return contentType
	}
	var parts []string
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
		part, err := r.NextRawPart()
		if err == io.EOF {
			return kind + "[" + strings.Join(parts, " | ") + "]"
		}
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, shape(t, part.Header.Get("Content-Type"), part))
	}
}

func TestCalendarGoesTwice(t *testing.T) {
	s := serve(t, nil)
	o := outlet(t, mail.Config{URL: "smtp://" + s.address + "?tls=off"})
	m := call()
	m.Attachments = m.Attachments[1:]
	if err := o.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	raw := s.taken()[0]
	got, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	want := "multipart/mixed[" +
		"multipart/alternative[text/plain; charset=UTF-8 | text/calendar; method=REQUEST; charset=UTF-8] | " +
		`application/ics; name="invite.ics" | application/octet-stream; name="underlag"]`
	if diff := cmp.Diff(want, shape(t, got.Header.Get("Content-Type"), got.Body)); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 200 || strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("not fit for the wire: %q", line)
		}
	}
}

func TestLettersInTheFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "ut [åt]*")
	if got, err := mail.Letters(folder, 10); err != nil || len(got) != 0 {
		t.Errorf("before the first: %v, %v", got, err)
	}
	o := outlet(t, mail.Config{URL: "file://" + folder})
	sent := []mail.Message{letter(), call()}
	sent[0].ID, sent[0].To = "0190-meeting-0", "asa@example.se"
	for _, m := range sent {
		if err := o.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]mail.Message{}
	for _, m := range sent {
		if m.Calendar != nil {
			ics := mail.Attachment{Name: "invite.ics", Type: "application/ics", Data: m.Calendar.Data}
			m.Attachments = append([]mail.Attachment{ics}, m.Attachments...)
			m.Attachments[2].Type = "application/octet-stream"
		}
		want[m.ID] = m
	}
	letters, err := mail.Letters(folder, 10)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]mail.Message{}
	for _, l := range letters {
		if l.At.IsZero() {
			t.Errorf("%s: without time", l.ID)
		}
		got[l.ID] = l.Message
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
	if one, err := mail.Letters(folder, 1); err != nil || len(one) != 1 {
		t.Errorf("at most one: %d, %v", len(one), err)
	}
	for _, id := range []string{"", "../0190-meeting-0", "0190-meeting-9"} {
		if _, err := mail.ReadLetter(folder, id); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestWhatCannotGoAlong(t *testing.T) {
	o := outlet(t, mail.Config{URL: "file://" + t.TempDir()})
	for name, spoil := range map[string]func(*mail.Message){
		"no method":             func(m *mail.Message) { m.Calendar.Method = "" },
		"another method":        func(m *mail.Message) { m.Calendar.Method = "PUBLISH" },
		"method is not the one": func(m *mail.Message) { m.Calendar.Method = "CANCEL" },
		"line in method":        func(m *mail.Message) { m.Calendar.Method = "REQUEST\r\nBcc: b@example.se" },
		"no calendar":           func(m *mail.Message) { m.Calendar.Data = nil },
		"file without name":     func(m *mail.Message) { m.Attachments[0].Name = "" },
		"path as name":          func(m *mail.Message) { m.Attachments[0].Name = "../x.pdf" },
		"line in name":          func(m *mail.Message) { m.Attachments[0].Name = "x\r\nBcc: b" },
		"quote in name":         func(m *mail.Message) { m.Attachments[0].Name = `x"; y="z` },
		"dots as name":          func(m *mail.Message) { m.Attachments[0].Name = ".." },
		"line in type":          func(m *mail.Message) { m.Attachments[0].Type = "text/plain\r\nBcc: b" },
		"no type":               func(m *mail.Message) { m.Attachments[0].Type = "pdf" },
		"more in type":          func(m *mail.Message) { m.Attachments[0].Type = "text/plain; x=1" },
		"parts within":          func(m *mail.Message) { m.Attachments[0].Type = "multipart/mixed" },
		"too much together": func(m *mail.Message) {
			half := bytes.Repeat([]byte{1}, 8<<20)
			m.Attachments = []mail.Attachment{{Name: "a", Data: half}, {Name: "b", Data: half}}
		},
	} {
		m := call()
		spoil(&m)
		if err := o.Send(t.Context(), m); !errors.Is(err, mail.ErrMessage) {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(fmt.Sprint(err), "Bcc") {
			t.Errorf("%s: the error tells what was written: %v", name, err)
		}
	}
}
