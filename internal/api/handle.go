package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Access is who may ask for an operation at all. What he may do, the room says.
type Access string

// The kinds of access.
const (
	Open     Access = "open"     // everyone; nothing is read from the database
	Public   Access = "public"   // everyone; what the county has published
	National Access = "national" // everyone; what all counties have published
	ByLink   Access = "link"     // whoever has the secret of a link, signed in or not
	Member   Access = "member"   // whoever is signed in to the county
	Operator Access = "operator" // whoever is signed in to the nation: its operators
)

// Operation is one operation as it was registered, for tests and tools that
// walk all of them.
type Operation struct {
	ID             string
	Method         string
	Path           string // with Base
	Access         Access
	IfMatch        bool   // needs If-Match
	IdempotencyKey bool   // needs Idempotency-Key
	Body           []byte // an example of a body; nil where none is sent
}

// route is what an operation is registered with.
type route struct {
	method, path, id string
	access           Access
	status           int
	ifMatch, key     bool
	list             bool
	upload           bool   // takes a file as well
	yaml             bool   // takes YAML as well
	body             string // the one media type that it takes, where that is not JSON
}

// answer is what an operation gives back, written.
type answer struct {
	pg.Answer
	replayed bool
	fresh    []byte // told the first time only, and never kept
}

// secretive is what holds something that is shown once: kept is the rest of it.
type secretive interface{ kept() any }

// reply is the library's way of letting us write the answer ourselves.
type reply struct{ Body func(huma.Context) }

// versioned is what can be changed: it has an ETag of its own.
type versioned interface{ ETag() string }

// addressed is what has an address of its own.
type addressed interface{ Self() string }

// read registers a GET of one thing.
func read[I, T any](d *Door, to Access, path, id string, f func(context.Context, *pg.Tx, *I) (T, error)) {
	rt := route{method: http.MethodGet, path: path, id: id, access: to, status: http.StatusOK}
	register(d, rt, reflect.TypeFor[T](), func(ctx context.Context, in *I) (answer, error) {
		var t T
		err := d.work(ctx, to, pg.Read, func(tx *pg.Tx) (err error) {
			t, err = f(ctx, tx, in)
			return err
		})
		if err != nil {
			return answer{}, err
		}
		return answered(http.StatusOK, t)
	})
}

// list registers a GET of a page of things. f gives the page asked for and how
// many there are in all.
func list[I paging, T any, P interface {
	*T
	paged() *Paged
}](d *Door, to Access, path, id string, f func(context.Context, *pg.Tx, *I) (T, int, error)) {
	rt := route{method: http.MethodGet, path: path, id: id, access: to, status: http.StatusOK, list: true}
	register(d, rt, reflect.TypeFor[T](), func(ctx context.Context, in *I) (answer, error) {
		var t T
		var total int
		err := d.work(ctx, to, pg.Read, func(tx *pg.Tx) (err error) {
			t, total, err = f(ctx, tx, in)
			return err
		})
		if err != nil {
			return answer{}, err
		}
		*P(&t).paged() = d.paged(from(ctx).r, (*in).asked(), total, &t)
		return answered(http.StatusOK, t)
	})
}

// create registers a POST that makes something new, once for each key.
func create[I any, T interface {
	versioned
	addressed
}](d *Door, path, id string, f func(context.Context, *pg.Tx, *I) (T, error)) {
	rt := route{method: http.MethodPost, path: path, id: id, access: Member, status: http.StatusCreated, key: true}
	register(d, rt, reflect.TypeFor[T](), func(ctx context.Context, in *I) (answer, error) {
		return once(ctx, d, in, func(tx *pg.Tx) (answer, error) {
			t, err := f(ctx, tx, in)
			if err != nil {
				return answer{}, err
			}
			a, err := answered(http.StatusCreated, t)
			a.Location = t.Self()
			return a, err
		})
	})
}

// replace registers a PUT of a whole card, of the version that was read.
func replace[I any, T versioned](d *Door, path, id string, f func(ctx context.Context, tx *pg.Tx, in *I, version int64) (T, error)) {
	rt := route{method: http.MethodPut, path: path, id: id, access: Member, status: http.StatusOK, ifMatch: true}
	register(d, rt, reflect.TypeFor[T](), func(ctx context.Context, in *I) (answer, error) {
		version, err := ifMatch(from(ctx).r)
		if err != nil {
			return answer{}, err
		}
		var t T
		err = d.work(ctx, Member, pg.Write, func(tx *pg.Tx) (err error) {
			t, err = f(ctx, tx, in, version)
			return err
		})
		if err != nil {
			return answer{}, withYours(err, in)
		}
		return answered(http.StatusOK, t)
	})
}

// act registers a POST of something that happens to a thing, of the version
// that was read, once for each key.
func act[I any, T versioned](d *Door, path, id string, f func(ctx context.Context, tx *pg.Tx, in *I, version int64) (T, error)) {
	happen(d, http.StatusOK, path, id, f, func(T) string { return "" })
}

// extend is act for what adds something with an address of its own.
func extend[I any, T interface {
	versioned
	addressed
}](d *Door, path, id string, f func(ctx context.Context, tx *pg.Tx, in *I, version int64) (T, error)) {
	happen(d, http.StatusCreated, path, id, f, func(t T) string { return t.Self() })
}

func happen[I any, T versioned](d *Door, status int, path, id string, f func(ctx context.Context, tx *pg.Tx, in *I, version int64) (T, error), at func(T) string) {
	rt := route{method: http.MethodPost, path: path, id: id, access: Member, status: status, ifMatch: true, key: true}
	register(d, rt, reflect.TypeFor[T](), func(ctx context.Context, in *I) (answer, error) {
		version, err := ifMatch(from(ctx).r)
		if err != nil {
			return answer{}, err
		}
		return once(ctx, d, in, func(tx *pg.Tx) (answer, error) {
			t, err := f(ctx, tx, in, version)
			if err != nil {
				return answer{}, withYours(err, in)
			}
			a, err := answered(status, t)
			a.Location = at(t)
			return a, err
		})
	})
}

// do registers a POST of something that happens and leaves nothing to tell.
func do[I any](d *Door, path, id string, f func(context.Context, *pg.Tx, *I) error) {
	rt := route{method: http.MethodPost, path: path, id: id, access: Member, status: http.StatusNoContent, key: true}
	register(d, rt, nil, func(ctx context.Context, in *I) (answer, error) {
		return once(ctx, d, in, func(tx *pg.Tx) (answer, error) {
			return answer{Answer: pg.Answer{Status: http.StatusNoContent}}, f(ctx, tx, in)
		})
	})
}

// remove registers a DELETE.
func remove[I any](d *Door, path, id string, f func(context.Context, *pg.Tx, *I) error) {
	rt := route{method: http.MethodDelete, path: path, id: id, access: Member, status: http.StatusNoContent}
	register(d, rt, nil, func(ctx context.Context, in *I) (answer, error) {
		err := d.work(ctx, Member, pg.Write, func(tx *pg.Tx) error { return f(ctx, tx, in) })
		return answer{Answer: pg.Answer{Status: http.StatusNoContent}}, err
	})
}

// register puts an operation on the mux and into the document.
func register[I any](d *Door, rt route, gives reflect.Type, f func(context.Context, *I) (answer, error)) {
	expose(d, rt, d.describe(rt, gives), func(ctx context.Context, in *I) (http.HandlerFunc, error) {
		a, err := f(ctx, in)
		return func(w http.ResponseWriter, r *http.Request) { a.write(w, r, rt) }, err
	})
}

// expose is register for whatever answers by itself: f does the work, and gives
// what answers.
func expose[I any](d *Door, rt route, op huma.Operation, f func(context.Context, *I) (http.HandlerFunc, error)) {
	op.Middlewares = huma.Middlewares{d.gate(rt)}
	huma.Register(d.api, op, func(ctx context.Context, in *I) (*reply, error) {
		answer, err := f(ctx, in)
		return &reply{func(hc huma.Context) {
			r, w := humago.Unwrap(hc)
			if err != nil {
				d.Refuse(w, r, err)
				return
			}
			answer(w, r)
		}}, nil
	})
	d.operations = append(d.operations, Operation{ID: rt.id, Method: rt.method, Path: Base + rt.path, Access: rt.access,
		IfMatch: rt.ifMatch, IdempotencyKey: rt.key})
}

// work does the unit of work that an operation's access asks for.
func (d *Door) work(ctx context.Context, to Access, mode pg.Mode, f func(*pg.Tx) error) error {
	switch to {
	case Open:
		return f(nil)
	case Public:
		return d.db.InPublic(ctx, from(ctx).r.PathValue("county"), f)
	case National:
		who, _ := auth.From(ctx)
		return d.db.InNational(ctx, auth.Public(pg.Nation, who.Request), f)
	case ByLink:
		return d.db.InTenant(ctx, d.linked(ctx), mode, f)
	default:
		who, err := auth.From(ctx)
		if err != nil {
			return err
		}
		return d.db.InTenant(ctx, who, mode, f)
	}
}

// once does a unit of work once for each key of the caller's.
func once[I any](ctx context.Context, d *Door, in *I, f func(*pg.Tx) (answer, error)) (answer, error) {
	who, err := auth.From(ctx)
	if err != nil {
		return answer{}, err
	}
	return onceAs(ctx, d, who, in, f)
}

// onceAs is once as somebody else than who asks.
func onceAs[I any](ctx context.Context, d *Door, who auth.Actor, in *I, f func(*pg.Tx) (answer, error)) (answer, error) {
	r := from(ctx).r
	// What is read from the request stands for it: spaces and the order of
	// names do not make it another one.
	body, err := json.Marshal(in)
	if err != nil {
		return answer{}, err
	}
	request := strings.Join([]string{r.Method, r.URL.EscapedPath(), r.Header.Get("If-Match"), string(body)}, "\n")
	var first answer
	a, replayed, err := d.db.InTenantOnce(ctx, who, pg.Once{Key: r.Header.Get("Idempotency-Key"), Request: []byte(request)},
		func(tx *pg.Tx) (pg.Answer, error) {
			var err error
			first, err = f(tx)
			return first.Answer, err
		})
	if replayed {
		first.fresh = nil
	}
	return answer{Answer: a, replayed: replayed, fresh: first.fresh}, err
}

// answered writes what an operation gives.
func answered(status int, v any) (answer, error) {
	if hasTime(reflect.TypeOf(v)) {
		v = inUTC(v)
	}
	body, err := encode(v)
	if err != nil {
		return answer{}, err
	}
	a := answer{Answer: pg.Answer{Status: status, Body: body}}
	if it, ok := v.(secretive); ok {
		a.fresh = body
		if a.Body, err = encode(it.kept()); err != nil {
			return answer{}, err
		}
	}
	if it, ok := v.(versioned); ok {
		a.ETag = `"` + it.ETag() + `"`
	} else {
		h := sha256.Sum256(body)
		a.ETag = `"` + base64.RawURLEncoding.EncodeToString(h[:12]) + `"`
	}
	return a, nil
}

// write sends an answer, or only that nothing has changed since it was read.
func (a answer) write(w http.ResponseWriter, r *http.Request, rt route) {
	h := w.Header()
	switch rt.access {
	case Member, Operator:
		h.Set("Cache-Control", "private, no-cache")
	case ByLink:
		h.Set("Cache-Control", "private, no-store")
	default:
		h.Set("Cache-Control", "public, no-cache")
	}
	if a.ETag != "" {
		h.Set("ETag", a.ETag)
	}
	if a.Location != "" {
		h.Set("Location", a.Location)
	}
	if a.replayed {
		h.Set("Idempotency-Replayed", "true")
	}
	if rt.method == http.MethodGet && noneMatch(r.Header.Values("If-None-Match"), a.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if a.Status == http.StatusNoContent {
		w.WriteHeader(a.Status)
		return
	}
	h.Set("Content-Type", "application/json")
	w.WriteHeader(a.Status)
	if a.fresh != nil {
		_, _ = w.Write(a.fresh)
		return
	}
	_, _ = w.Write(a.Body)
}

// noneMatch tells whether the caller already has what the tag names.
func noneMatch(asked []string, tag string) bool {
	for _, line := range asked {
		for one := range strings.SplitSeq(line, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// withYours adds what was sent to the fault of coming second.
func withYours(err error, in any) error {
	if !errors.Is(err, &fault.Fault{Kind: fault.Stale}) {
		return err
	}
	body := reflect.ValueOf(in).Elem().FieldByName("Body")
	if !body.IsValid() {
		return err
	}
	return stale{err, body.Interface()}
}
