package web

import (
	"context"
	"crypto/rand"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// most is how much a form may send.
const most = 1 << 20

// form is one form: what it asks about, and what it does with the answer. T is
// the room's own input.
type form[T any] struct {
	door *Door
	who  access
	// ask gives the sheet that the form is drawn from, filled with how things
	// stand. It refuses whoever may not use the form.
	ask func(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error)
	// do does the work and gives the address to go on to. version is the one
	// that was read when the form was shown, 0 for a form that makes something.
	do func(ctx context.Context, tx *pg.Tx, v *visit, version int64, in T) (string, error)
}

func (f form[T]) show(w http.ResponseWriter, r *http.Request) { f.erased().show(w, r) }

func (f form[T]) send(w http.ResponseWriter, r *http.Request) { f.erased().send(w, r) }

// erased is the form without its type: all that a form does is the same code for
// every one, which the program would otherwise hold once for each.
func (f form[T]) erased() anyForm {
	return anyForm{f.door, f.who, shapeOf[T](), f.ask, func(ctx context.Context, tx *pg.Tx, v *visit, version int64, body []byte) (string, error) {
		in, err := parsed[T](body)
		if err != nil {
			return "", err
		}
		return f.do(ctx, tx, v, version, in)
	}}
}

// anyForm is a form whatever its input: that goes along as JSON.
type anyForm struct {
	door  *Door
	who   access
	shape shape
	ask   func(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error)
	do    func(ctx context.Context, tx *pg.Tx, v *visit, version int64, body []byte) (string, error)
}

func (f anyForm) show(w http.ResponseWriter, r *http.Request) {
	f.door.page(f.who, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		s, err := f.ask(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		typed, version := f.shape.values(s.Thing)
		if s.Version == 0 {
			s.Version = version
		}
		// What the address suggests, such as the organisation a person is added from.
		if s.Version == 0 {
			for name, values := range r.URL.Query() {
				if _, ok := f.shape.of[name]; ok && !typed.Has(name) {
					typed[name] = values
				}
			}
		}
		s.Key = rand.Text()
		f.shape.draw(v, &s, typed, nil)
		return formPage(v, s), nil
	})(w, r)
}

func (f anyForm) send(w http.ResponseWriter, r *http.Request) {
	if v, typed, ok := f.door.posted(w, r); ok {
		f.carryOut(w, v, typed, asked(r, typed), nil)
	}
}

// carryOut does what a form asks for, or shows it again. request is what its key
// stands for; wrong is what has been seen to be wrong already.
func (f anyForm) carryOut(w http.ResponseWriter, v *visit, typed url.Values, request []byte, wrong error) {
	version, _ := strconv.ParseInt(typed.Get("version"), 10, 64)
	key := typed.Get("key")
	body, err := f.shape.read(typed)
	if err = all(wrong, err); err == nil {
		err = f.door.once(w, v, f.who, pg.Once{Key: key, Request: request}, func(tx *pg.Tx) (string, error) {
			return f.do(v.r.Context(), tx, v, version, body)
		})
		if err == nil {
			return
		}
	}
	faults := fault.All(err)
	if len(faults) == 0 || slices.ContainsFunc(faults, func(f *fault.Fault) bool {
		return f.Kind == fault.Unauthenticated || f.Kind == fault.NotFound || f.Kind == fault.Forbidden || f.Kind == fault.Unavailable
	}) {
		f.door.refuse(w, v, err)
		return
	}
	f.again(w, v, typed, key, version, faults)
}

// once does a unit of work once for each press of a button, and goes on to the
// address that it gives. Who presses twice is answered twice: the second waits for
// what the first is answered. Where an error stops it, nothing has been answered.
func (d *Door) once(w http.ResponseWriter, v *visit, who access, o pg.Once, do func(*pg.Tx) (string, error)) error {
	ctx, actor := v.r.Context(), v.Actor
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		a, _, err := d.DB.InTenantOnce(ctx, actor, o, func(tx *pg.Tx) (pg.Answer, error) {
			v.met(tx, who)
			to, err := do(tx)
			return pg.Answer{Status: http.StatusSeeOther, Location: to}, err
		})
		if err == nil {
			http.Redirect(w, v.r, a.Location, a.Status)
		}
		if !fault.Is(err, "idempotency.in_flight") {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}

// posted is a member's visit with what the member's form has sent. Whoever is no
// member, and what is no form, has been answered where it is not ok.
func (d *Door) posted(w http.ResponseWriter, r *http.Request) (v *visit, typed url.Values, ok bool) {
	v = d.visit(w, r)
	typed, err := sent(w, r)
	if err == nil {
		v.Actor, err = d.actor(r.Context(), v)
	}
	if err != nil {
		d.refuse(w, v, err)
	}
	return v, typed, err == nil
}

// all is what is wrong, from two who have looked. What is no fault goes first.
func all(a, b error) error {
	for _, err := range []error{a, b} {
		if err != nil && len(fault.All(err)) == 0 {
			return err
		}
	}
	var l fault.List
	l.Add(a)
	l.Add(b)
	return l.Err()
}

// again shows the form with what was typed and what is wrong with it.
func (f anyForm) again(w http.ResponseWriter, v *visit, typed url.Values, key string, version int64, faults []*fault.Fault) {
	v.status = statuses[faults[0].Kind]
	shape := f.shape
	f.door.answer(w, v, f.who, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		s, err := f.ask(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		s.Version, s.Key = version, key
		if fault.Is(fault.List(faults), "idempotency.other_request") || key == "" {
			s.Key = rand.Text()
			faults = []*fault.Fault{fault.New(fault.Invalid, "form.sent_before")}
		}
		for _, f := range faults {
			if f.Kind == fault.Stale {
				now, version := shape.values(f.Current)
				s.Version = version
				s.Changes = shape.differences(v, s, now, typed)
			}
		}
		shape.draw(v, &s, typed, faults)
		return formPage(v, s), nil
	})
}

// sent reads a form's fields.
func sent(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, errMediaType
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, errTooLarge
		}
		return nil, errMalformed
	}
	return r.PostForm, nil
}

// asked is what a key stands for: the address and all that was typed.
func asked(r *http.Request, typed url.Values) []byte {
	rest := url.Values{}
	for name, values := range typed {
		if name != "key" {
			rest[name] = values
		}
	}
	return []byte(r.Method + " " + r.URL.Path + "\n" + rest.Encode())
}

// act is a button with a form of its own: it asks nothing but does something.
func (d *Door) act(who access, do func(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, typed, ok := d.posted(w, r)
		if !ok {
			return
		}
		v.pressed = true
		version, _ := strconv.ParseInt(typed.Get("version"), 10, 64)
		err := d.once(w, v, who, pg.Once{Key: typed.Get("key"), Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			return do(r.Context(), tx, v, version)
		})
		if err != nil {
			d.refuse(w, v, err)
		}
	}
}

// upon is what many forms do: something to what the address names, and back to its
// page.
func upon[T, R any](do func(context.Context, *pg.Tx, uuid.UUID, int64, T) (R, error), at func(*visit, uuid.UUID, ...string) templ.SafeURL, rest string) func(context.Context, *pg.Tx, *visit, int64, T) (string, error) {
	return func(ctx context.Context, tx *pg.Tx, v *visit, version int64, in T) (string, error) {
		which, err := id(v.r, "id")
		if err != nil {
			return "", err
		}
		_, err = do(ctx, tx, which, version, in)
		return string(at(v, which, rest)), err
	}
}

// under is where each thing of a place has its page.
func under(place string) func(*visit, uuid.UUID, ...string) templ.SafeURL {
	return func(v *visit, which uuid.UUID, parts ...string) templ.SafeURL {
		return v.To(place, "/", which.String(), strings.Join(parts, ""))
	}
}

// button is upon for what asks nothing.
func button[R any](do func(context.Context, *pg.Tx, uuid.UUID, int64) (R, error), at func(*visit, uuid.UUID, ...string) templ.SafeURL, rest string) func(context.Context, *pg.Tx, *visit, int64) (string, error) {
	return func(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
		which, err := id(v.r, "id")
		if err != nil {
			return "", err
		}
		_, err = do(ctx, tx, which, version)
		return string(at(v, which, rest)), err
	}
}

// newKey names one press of a button.
func newKey() string { return rand.Text() }

// mustAct is what a form's ask begins with: the form is shown to whoever may
// use it for something, and refused to the others before they have typed.
func mustAct(tx *pg.Tx, p auth.Permission) error {
	if tx.MayAnywhere(p) {
		return nil
	}
	return tx.Require(p)
}
