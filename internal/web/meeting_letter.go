package web

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/mail"
	"github.com/overens/overens/internal/pg"
)

// In the demo letters go to a folder, and everyone may read what went out: nobody
// there is anybody. Elsewhere these pages are not there.

func (d *Door) letterRoutes() []route {
	if d.Letters == "" {
		return nil
	}
	return []route{
		get("/mail", d.page(open, d.letters)),
		get("/mail/{letter}", d.page(open, d.letter)),
	}
}

// mostLetters is how many of the latest letters are listed.
const mostLetters = 100

func (d *Door) letters(_ context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	all, err := mail.Letters(d.Letters, mostLetters)
	return lettersPage(v, all), err
}

func (d *Door) letter(_ context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	v.private = true // it may hold a link that opens something
	l, err := mail.ReadLetter(d.Letters, v.r.PathValue("letter"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.Missing()
	}
	return letterPage(v, l), err
}

// ownLink parts a line from the address of this server that it ends with.
func (v *visit) ownLink(line string) (before, link string) {
	at := strings.Index(line, v.door.PublicURL+"/")
	if at < 0 || v.door.PublicURL == "" {
		return line, ""
	}
	return line[:at], line[at:]
}

// calendarMethod is what a letter tells the recipient's calendar.
func (v *visit) calendarMethod(method string) string {
	if method == "CANCEL" {
		return v.T("letter.page.calendar_cancel")
	}
	return v.T("letter.page.calendar_request")
}
