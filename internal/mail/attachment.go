package mail

import (
	"bytes"
	"fmt"
	"mime"
	"path"
	"strings"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// Calendar is an event that goes with a letter, as the text of a calendar file.
type Calendar struct {
	// Method is REQUEST or CANCEL, and the same in Data: calendars go by the
	// letter's word, and distrust one whose file says another.
	Method string
	Data   []byte
}

// Attachment is a file that goes with a letter.
type Attachment struct {
	Name string // as the recipient will keep it: no folder, at most 200 bytes
	Type string // application/pdf; empty where it is unknown
	Data []byte
}

// attachmentLimit is what the files of one letter may be together. Coded for the
// wire they grow by a third, and many servers refuse more than 20 MB.
const attachmentLimit = 14 << 20

// enclose puts into the letter what goes with it. A calendar goes twice: as
// another form of the text, which is what makes a program offer to answer, and
// as a file for those who keep the first from their readers.
func enclose(letter *gomail.Msg, m Message) error {
	files := m.Attachments
	if c := m.Calendar; c != nil {
		if c.Method != "REQUEST" && c.Method != "CANCEL" {
			return fmt.Errorf("%w: its calendar's method is neither REQUEST nor CANCEL", ErrMessage)
		}
		if !utf8.Valid(c.Data) || !bytes.Contains(c.Data, []byte("\r\nMETHOD:"+c.Method+"\r\n")) {
			return fmt.Errorf("%w: its calendar does not say the same method", ErrMessage)
		}
		// The bytes must arrive as they are, line ends too.
		letter.AddAlternativeString(gomail.ContentType("text/calendar; method="+c.Method), string(c.Data),
			gomail.WithPartEncoding(gomail.EncodingB64))
		files = append([]Attachment{{Name: "invite.ics", Type: "application/ics", Data: c.Data}}, files...)
	}
	size := 0
	for _, f := range files {
		kind, err := checkAttachment(f)
		if err != nil {
			return err
		}
		if size += len(f.Data); size > attachmentLimit {
			return fmt.Errorf("%w: its files are more than %d MiB together", ErrMessage, attachmentLimit>>20)
		}
		letter.AttachReadSeeker(f.Name, bytes.NewReader(f.Data), gomail.WithFileContentType(gomail.ContentType(kind)))
	}
	return nil
}

func checkAttachment(f Attachment) (kind string, err error) {
	name := oneLine(f.Name)
	if name == "" || name != f.Name || len(name) > 200 || name != path.Base(name) || strings.Trim(name, ".") == "" || strings.ContainsAny(name, `\"`) {
		return "", fmt.Errorf("%w: a file has no usable name", ErrMessage)
	}
	kind, rest, err := mime.ParseMediaType(f.Type)
	switch {
	case f.Type == "":
		return "application/octet-stream", nil
	case err != nil || len(rest) > 0 || !strings.Contains(kind, "/") || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/"):
		return "", fmt.Errorf("%w: a file's type is none", ErrMessage)
	}
	return kind, nil
}
