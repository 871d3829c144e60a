// Package fault holds the errors a caller can mend. A fault says what kind of
// thing went wrong (what to do about it) and which key names it. The key is at
// once the message in package text, the problem's type in the API (a page that
// explains it) and the name a test asserts. Every other error is internal:
// logged with its trace and shown as nothing.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind tells what a caller can do about a fault. The API and the pages turn it
// into a status; rooms never speak of statuses.
type Kind int

// The kinds, in the order in which checks are made.
const (
	Unauthenticated Kind = iota + 1 // sign in (again): 401
	NotFound                        // no such thing, or not yours to know of: 404
	Precondition                    // say which version you change: 428
	BadRequest                      // the request itself is malformed: 400
	Invalid                         // what was typed breaks a rule: 422
	Forbidden                       // somebody else may: 403
	Conflict                        // what is kept stands against it: 409
	Stale                           // somebody changed it before you: 412
	TooLarge                        // 413
	TooMany                         // 429
	Unavailable                     // try again later: 503
)

// Args are the values a message is filled with.
type Args map[string]any

// Fault is one thing that a caller can mend.
type Fault struct {
	Kind  Kind
	Key   string // "organisation.number_wrong"
	Field string // JSON pointer into what was handed in ("/name"); "" = the whole
	Args  Args

	// Current is, for Stale, the thing as it is kept now; the caller still has
	// his own. It is rendered by whoever shows the fault.
	Current any

	cause error
}

func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Key)
	if f.Field != "" {
		fmt.Fprintf(&b, " at %s", f.Field)
	}
	for k, v := range f.Args {
		fmt.Fprintf(&b, " %s=%v", k, v)
	}
	return b.String()
}

// Unwrap gives the driver's or library's error behind the fault, for the log.
func (f *Fault) Unwrap() error { return f.cause }

// Is makes errors.Is(err, &Fault{Key: k}) and errors.Is(err, &Fault{Kind: k})
// compare what is given of the two.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && (t.Key == "" || t.Key == f.Key) && (t.Kind == 0 || t.Kind == f.Kind) && (t.Field == "" || t.Field == f.Field)
}

// Because keeps the error that caused the fault, for the log only.
func (f *Fault) Because(err error) *Fault { f.cause = err; return f }

// At says which field the fault is about, as a JSON pointer.
func (f *Fault) At(field string) *Fault { f.Field = field; return f }

// With adds values for the message: With("name", n, "limit", 3).
func (f *Fault) With(pairs ...any) *Fault {
	if f.Args == nil {
		f.Args = Args{}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Args[pairs[i].(string)] = pairs[i+1]
	}
	return f
}

// New is a fault of a kind with a key.
func New(k Kind, key string) *Fault { return &Fault{Kind: k, Key: key} }

// Bad is what was typed against a rule, at a field.
func Bad(key, field string) *Fault { return &Fault{Kind: Invalid, Key: key, Field: field} }

// Missing is a thing that is not there for this actor. It never tells whether
// another county has it: the key is the same for all.
func Missing() *Fault { return &Fault{Kind: NotFound, Key: "common.not_found"} }

// Changed is a thing that somebody else changed first; current is how it is kept now.
func Changed(current any) *Fault {
	return &Fault{Kind: Stale, Key: "common.changed", Current: current}
}

// List is several faults at once, so that a form can show all of them.
type List []*Fault

func (l List) Error() string {
	s := make([]string, len(l))
	for i, f := range l {
		s[i] = f.Error()
	}
	return strings.Join(s, "; ")
}

// Unwrap lets errors.Is and errors.As look into the list.
func (l List) Unwrap() []error {
	s := make([]error, len(l))
	for i, f := range l {
		s[i] = f
	}
	return s
}

// Add appends a fault when it is one: l.Add(check(x)).
func (l *List) Add(err error) {
	if many, ok := errors.AsType[List](err); ok {
		*l = append(*l, many...)
		return
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		*l = append(*l, f)
	}
}

// Err is nil for an empty list.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}

// All gives the faults in an error, none when it is internal. The first is the
// one that decides the answer.
func All(err error) []*Fault {
	if l, ok := errors.AsType[List](err); ok {
		return l
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return []*Fault{f}
	}
	return nil
}

// Is tells whether an error is a fault with a key.
func Is(err error, key string) bool { return errors.Is(err, &Fault{Key: key}) }
