package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Files come and go outside of any unit of work, which would otherwise stand
// open for as long as somebody's line is slow.

const (
	formType  = "multipart/form-data"
	bytesType = "application/octet-stream"
)

// upload registers a POST that makes something new of a file, or of JSON that
// says where a paper lies. A file comes as a form of two parts: card, the same
// JSON, and file. What comes is streamed into the store first; then the work is
// done once for each key. b is nil where no file came, version 0 where the
// route asks for no If-Match.
// f tells the address of what is new too.
func upload[I, C any](d *Door, rt route, f func(ctx context.Context, tx *pg.Tx, in *I, card C, b *document.Blob, version int64) (Document, string, error)) {
	rt.method, rt.access, rt.status, rt.key, rt.upload = http.MethodPost, Member, http.StatusCreated, true, true
	op := d.describe(rt, reflect.TypeFor[Document]())
	js, form := &huma.MediaType{}, &huma.MediaType{}
	// The library would read a body whose schema it knows, whole and into memory.
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": js, formType: form}}
	expose(d, rt, op, func(ctx context.Context, in *I) (http.HandlerFunc, error) {
		return func(w http.ResponseWriter, r *http.Request) {
			a, err := received(ctx, d, w, r, rt, in, js.Schema, f)
			if err != nil {
				d.Refuse(w, r, err)
				return
			}
			a.write(w, r, rt)
		}, nil
	})
	r := d.api.OpenAPI().Components.Schemas
	js.Schema = r.Schema(reflect.TypeFor[C](), true, rt.id)
	form.Schema = &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"card": {Ref: js.Schema.Ref, Description: text.English.T("api.text.card")},
		"file": {Type: huma.TypeString, Format: "binary", Description: text.English.T("api.text.file"), Extensions: map[string]any{"example": "%PDF-1.7 …"}},
	}}
	form.Encoding = map[string]*huma.Encoding{"card": {ContentType: "application/json"}, "file": {ContentType: bytesType}}
}

func received[I, C any](ctx context.Context, d *Door, w http.ResponseWriter, r *http.Request, rt route, in *I, schema *huma.Schema,
	f func(ctx context.Context, tx *pg.Tx, in *I, card C, b *document.Blob, version int64) (Document, string, error),
) (a answer, err error) {
	var version int64
	if rt.ifMatch {
		if version, err = ifMatch(r); err != nil {
			return a, err
		}
	}
	var p parcel[C]
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == formType {
		files.Receive(w, r, d.limit())
		if p, err = parts[C](ctx, d, r, schema); err != nil {
			if !errors.Is(err, &fault.Fault{Kind: fault.NotFound}) && !errors.Is(err, &fault.Fault{Kind: fault.Forbidden}) {
				files.Drain(r)
			}
			return a, err
		}
	} else {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			return a, cutOff(err)
		}
		if p.Card, err = shaped[C](d, schema, body); err != nil {
			return a, err
		}
	}
	// A file stands for itself by its checksum: the same file sent again is the
	// same request, although it lies in the store twice until it is swept.
	type request struct {
		In        *I
		Card      C
		Name, Sum string
	}
	asked := request{In: in, Card: p.Card}
	if p.blob != nil {
		asked.Name, asked.Sum = p.blob.Name(), p.blob.SHA256()
	}
	return once(ctx, d, &asked, func(tx *pg.Tx) (answer, error) {
		it, at, err := f(ctx, tx, in, p.Card, p.blob, version)
		if err != nil {
			if errors.Is(err, &fault.Fault{Kind: fault.Stale}) {
				err = stale{err, p.Card}
			}
			return answer{}, p.placed(err)
		}
		a, err := answered(rt.status, it)
		a.Location = at
		return a, err
	})
}

// parcel is what an upload brought.
type parcel[C any] struct {
	Card   C
	blob   *document.Blob
	inPart bool // the card came as a part of a form
}

// placed tells where in a form a fault of the card is.
func (p parcel[C]) placed(err error) error {
	if !p.inPart {
		return err
	}
	var l fault.List
	for _, f := range fault.All(err) {
		if strings.HasPrefix(f.Field, "/") && f.Field != "/file" {
			f = f.At("/card" + f.Field)
		}
		l = append(l, f)
	}
	if len(l) == 0 || errors.Is(err, &fault.Fault{Kind: fault.Stale}) {
		return err
	}
	return l
}

// parts reads a form's parts as they come, in whatever order.
func parts[C any](ctx context.Context, d *Door, r *http.Request, schema *huma.Schema) (p parcel[C], err error) {
	form, err := r.MultipartReader()
	if err != nil {
		return p, fault.New(fault.BadRequest, "shape.form").Because(err)
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return p, cutOff(err)
		}
		switch name := part.FormName(); {
		case name == "card" && !p.inPart:
			p.inPart = true
			body, err := io.ReadAll(http.MaxBytesReader(nil, part, MaxBody))
			if err != nil {
				return p, cutOff(err)
			}
			if p.Card, err = shaped[C](d, schema, body); err != nil {
				return p, p.placed(err)
			}
		case name == "file" && p.blob == nil:
			if p.blob, err = d.accept(ctx, r, part); err != nil {
				return p, err
			}
		default:
			return p, fault.Bad("shape.unknown", "/"+escape(shown(strings.ToValidUTF8(name, ""))))
		}
	}
	if p.blob == nil {
		return p, fault.Bad("document.file_none", "/file")
	}
	if !p.inPart { // what the card must have is still to be said
		if p.Card, err = shaped[C](d, schema, []byte("{}")); err != nil {
			p.inPart = true
			return p, p.placed(err)
		}
	}
	return p, nil
}

// accept streams a part into the store, once whoever sends it is known to have
// the right today, and the document to be there.
func (d *Door) accept(ctx context.Context, r *http.Request, part *multipart.Part) (*document.Blob, error) {
	var actor auth.Actor
	err := d.work(ctx, Member, pg.Read, func(tx *pg.Tx) error {
		actor = tx.Actor
		if id, err := uuid.Parse(r.PathValue("document")); err == nil {
			_, err := document.Get(ctx, tx, id)
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	b, err := document.Accept(ctx, d.conf.Files, actor, part.FileName(), part, d.limit())
	if err != nil {
		return nil, cutOff(err)
	}
	return &b, nil
}

func (d *Door) limit() int64 {
	if d.conf.FilesLimit > 0 {
		return d.conf.FilesLimit
	}
	return document.Limit
}

// cutOff tells a body that ended too early, or is no form, from a fault of ours.
func cutOff(err error) error {
	if _, big := errors.AsType[*http.MaxBytesError](err); big || len(fault.All(err)) > 0 {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || strings.HasPrefix(err.Error(), "multipart: ") {
		return fault.New(fault.BadRequest, "shape.body_cut_off").Because(err)
	}
	return err
}

// shaped reads JSON against its schema, as the library does with other bodies.
func shaped[C any](d *Door, schema *huma.Schema, body []byte) (c C, err error) {
	if len(body) == 0 {
		return c, fault.New(fault.BadRequest, "shape.body_missing")
	}
	wrong := func(err error) error {
		return ofLibrary(http.StatusUnprocessableEntity, "", []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}})
	}
	var plain any
	if err := decode(body, &plain); err != nil {
		return c, wrong(err)
	}
	at := huma.NewPathBuffer([]byte{}, 0)
	at.Push("body")
	res := &huma.ValidateResult{}
	huma.Validate(d.api.OpenAPI().Components.Schemas, schema, at, huma.ModeWriteToServer, plain, res)
	if len(res.Errors) > 0 {
		return c, ofLibrary(http.StatusUnprocessableEntity, "", res.Errors)
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return c, wrong(err)
	}
	return c, nil
}

// download registers a GET of a file, whole or in part.
func download[I any](d *Door, to Access, path, id string, open func(context.Context, *pg.Tx, *I) (document.File, error)) {
	rt := route{method: http.MethodGet, path: path, id: id, access: to, status: http.StatusOK}
	en := text.English
	op := d.describe(rt, nil)
	whole := op.Responses["200"]
	for name, h := range map[string][2]string{
		"ETag": {"api.header.etag", `"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`}, "Cache-Control": {"api.header.cache_control", "private, no-cache"},
		"Repr-Digest":         {"api.header.digest", "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:"},
		"Content-Disposition": {"api.header.disposition", `attachment; filename="overenskommelse.pdf"; filename*=UTF-8''%C3%B6verenskommelse.pdf`},
		"Accept-Ranges":       {"api.header.accept_ranges", "bytes"},
	} {
		whole.Headers[name] = &huma.Header{Description: en.T(h[0]), Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{h[1]}}}
	}
	part := &huma.Response{Description: en.T("problem.status.206"), Headers: map[string]*huma.Param{}}
	maps.Copy(part.Headers, whole.Headers)
	part.Headers["Content-Range"] = &huma.Header{Description: en.T("api.header.content_range"), Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{"bytes 0-1023/182044"}}}
	for _, res := range []*huma.Response{whole, part} {
		res.Content = map[string]*huma.MediaType{bytesType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary", Examples: []any{"%PDF-1.7 …"}}}}
	}
	op.Responses["206"] = part
	op.Parameters = append(op.Parameters, &huma.Param{Name: "Range", In: "header", Description: en.T("api.header.range"),
		Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{"bytes=0-1023"}}})
	op.Errors = append(op.Errors, http.StatusConflict, http.StatusRequestedRangeNotSatisfiable, http.StatusServiceUnavailable)
	slices.Sort(op.Errors)
	op.Errors = slices.Compact(op.Errors)
	expose(d, rt, op, func(ctx context.Context, in *I) (http.HandlerFunc, error) {
		var f document.File
		err := d.work(ctx, to, pg.Read, func(tx *pg.Tx) (err error) {
			f, err = open(ctx, tx, in)
			return err
		})
		if err != nil {
			return nil, err
		}
		content, err := f.Reader(ctx, d.conf.Files)
		if err != nil {
			return nil, err
		}
		return func(w http.ResponseWriter, r *http.Request) {
			defer func() { _ = content.Close() }()
			w.Header().Set("Cache-Control", "private, no-cache")
			if to != Member {
				w.Header().Set("Cache-Control", "public, no-cache")
			}
			files.Serve(w, r, files.Served{Name: f.Name, MediaType: f.MediaType, SHA256: f.SHA256, At: f.UploadedAt}, content,
				func(w http.ResponseWriter, r *http.Request) {
					d.Refuse(w, r, refused(http.StatusRequestedRangeNotSatisfiable, "problem.range"))
				})
		}, nil
	})
}
