package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
)

// upload is a form that brings a file. Its fields are as those of any form; the
// file goes into the store while it comes, before the unit of work begins.
type upload[T any] struct {
	form[T]
	do func(ctx context.Context, tx *pg.Tx, v *visit, version int64, in T, b *document.Blob) (string, error)
}

func (u upload[T]) send(w http.ResponseWriter, r *http.Request) {
	// Whoever may not use the form sends no file into the store.
	v, ok := u.door.admitted(w, r, u.who, func(ctx context.Context, tx *pg.Tx, v *visit) error {
		_, err := u.ask(ctx, tx, v)
		return err
	})
	if !ok {
		return
	}
	typed, b, err := u.receive(w, r, v)
	if err != nil && len(fault.All(err)) == 0 {
		u.door.refuse(w, v, err)
		return
	}
	request := asked(r, typed)
	if b != nil {
		request = append(request, b.Name()+"\n"+b.SHA256()...)
	}
	f := u.form
	f.do = func(ctx context.Context, tx *pg.Tx, v *visit, version int64, in T) (string, error) {
		return u.do(ctx, tx, v, version, in, b)
	}
	f.erased().carryOut(w, v, typed, request, err)
}

// receive reads a form's fields, and its file into the store. What is wrong
// with the file is told when the fields have been read: nothing typed is lost.
func (u upload[T]) receive(w http.ResponseWriter, r *http.Request, v *visit) (typed url.Values, b *document.Blob, wrong error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return nil, nil, errMediaType
	}
	limit := u.door.FilesLimit
	if limit <= 0 {
		limit = document.Limit
	}
	files.Receive(w, r, limit)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, errMalformed
	}
	typed, left := url.Values{}, int64(most)
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return typed, b, wrong
		case err != nil && wrong != nil: // far too large: what has been read so far stands above the file
			return typed, b, wrong
		case err != nil:
			return nil, nil, unread(err)
		}
		name := part.FormName()
		if name == "file" {
			if part.FileName() == "" || b != nil || wrong != nil {
				continue
			}
			typed.Set(name, document.FileName(part.FileName()))
			got, err := document.Accept(r.Context(), u.door.Files, v.Actor, part.FileName(), part, limit)
			switch {
			case err == nil:
				b = &got
			case len(fault.All(err)) > 0:
				wrong = err
			default:
				return nil, nil, unread(err)
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, nil, unread(err)
		}
		if left -= int64(len(value)); left < 0 {
			return nil, nil, errTooLarge
		}
		typed.Add(name, string(value))
	}
}

// unread is why a form could not be read to its end: it was too large, or was
// cut off. What is the store's own is neither.
func unread(err error) error {
	if _, big := errors.AsType[*http.MaxBytesError](err); big {
		return errTooLarge
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.HasPrefix(err.Error(), "multipart: ") {
		return errMalformed
	}
	return err
}
