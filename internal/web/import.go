package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	tables "github.com/overens/overens/internal/sheet" // a sheet is a form here
	"github.com/overens/overens/internal/text"
)

// What the pages share that take something in from a file: who may hand it in, what
// has come, and what is wrong beside the row that it is about.

// admitted is the visit of somebody who may hand something in. Whoever may not
// learns so before a file is read, and has been answered where it is not ok.
func (d *Door) admitted(w http.ResponseWriter, r *http.Request, who access, may func(context.Context, *pg.Tx, *visit) error) (v *visit, ok bool) {
	v = d.visit(w, r)
	_, err := d.ask(r.Context(), v, who, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return nil, may(ctx, tx, v)
	})
	if err != nil {
		d.refuse(w, v, err)
	}
	return v, err == nil
}

// needs is a permission as admitted asks for it.
func needs(p auth.Permission) func(context.Context, *pg.Tx, *visit) error {
	return func(_ context.Context, tx *pg.Tx, _ *visit) error { return tx.Require(p) }
}

// handedIn reads the form of such a page: what was typed, and the file as it came.
// Neither is larger than limit.
func handedIn(w http.ResponseWriter, r *http.Request, limit int64) (typed url.Values, file []byte, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return nil, nil, errMediaType
	}
	r.Body = http.MaxBytesReader(w, r.Body, 2*limit+64<<10) // the file, what it was as text before, and what stands around them
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, errMalformed
	}
	typed = url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return typed, file, nil
		}
		if err != nil {
			return nil, nil, unread(err)
		}
		b, err := io.ReadAll(io.LimitReader(part, limit+1))
		if err != nil {
			return nil, nil, unread(err)
		}
		if int64(len(b)) > limit {
			return nil, nil, errTooLarge
		}
		switch name := part.FormName(); name {
		case "file":
			file = b
		case "key", "do", "text":
			typed.Set(name, unixLines(string(b)))
		}
	}
}

// arrived is handedIn where the file is text and stands for what was pasted.
func arrived(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	typed, file, err := handedIn(w, r, most)
	if err == nil && len(file) > 0 {
		typed.Set("text", unixLines(string(file)))
	}
	return typed, err
}

// unixLines ends lines as they end here: a browser ends them otherwise.
func unixLines(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

// tableOf reads a spreadsheet, or rows as text. What is wrong with it is said with
// the words of what it holds.
func tableOf(raw []byte, words string, limits tables.Limits) (tables.Table, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return tables.Table{}, fault.Bad(words+".nothing", "")
	}
	table, err := tables.Read(bytes.NewReader(raw), limits)
	if err != nil {
		return table, tables.Refusal(words, limits.Rows, err).At("")
	}
	return table, nil
}

// rowsAsText writes a table as semicolons part it, each row on the line by whose
// number it is known.
func rowsAsText(table tables.Table) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	at := 1
	line := func(number int, cells []string) {
		for ; at < number; at++ {
			w.Flush()
			b.WriteString("\n")
		}
		plain := make([]string, len(cells))
		for i, c := range cells {
			plain[i] = text.Line(c)
		}
		_ = w.Write(plain) // a builder takes everything
		at++
	}
	line(1, table.Header)
	for _, r := range table.Rows {
		line(r.Number, r.Cells)
	}
	w.Flush()
	return b.String()
}

// mended tells whether what is wrong can be mended in the file.
func mended(err error) bool {
	fs := fault.All(err)
	return len(fs) > 0 && !slices.ContainsFunc(fs, func(f *fault.Fault) bool {
		return f.Kind != fault.Invalid && f.Kind != fault.BadRequest && f.Kind != fault.Conflict
	})
}

// rowFault is one thing that is wrong: with a row's cell, or with the file.
type rowFault struct {
	Row         int // 0: the whole file
	Column      string
	Who         string
	Why, Detail string
}

// mostFaults is how many are told at once.
const mostFaults = 100

// fileFaults are what is wrong with all that was handed in.
func (v *visit) fileFaults(wrong error) []rowFault {
	var all []rowFault
	for _, f := range fault.All(wrong) {
		all = append(all, rowFault{Why: v.say(f), Detail: v.detail(f.Key, f.Args), Column: strings.TrimPrefix(f.Field, "/")})
	}
	return all
}

// cellFaults are what is wrong with a row, each with what its column is called.
func (v *visit) cellFaults(words string, columns []string, row int, who string, wrong fault.List) []rowFault {
	all := v.fileFaults(wrong)
	for i, f := range all {
		all[i].Row, all[i].Who, all[i].Column = row, who, ""
		if slices.Contains(columns, f.Column) {
			all[i].Column = v.Of(words+".column.", f.Column)
		}
	}
	return all
}
