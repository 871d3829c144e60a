package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strings"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Problem is what went wrong, as RFC 9457 writes it.
type Problem struct {
	Type     string   `json:"type" format:"uri" doc:"The address of a page that explains this kind of problem." example:"https://overens.example/problems/organisation.number_wrong"`
	Title    string   `json:"title" doc:"What went wrong, in the language asked for." example:"Organisationsnumret stämmer inte"`
	Status   int      `json:"status" doc:"The HTTP status." example:"422"`
	Detail   string   `json:"detail" doc:"What can be done about it." example:"Rätta det som är fel och skicka igen."`
	Instance string   `json:"instance" format:"uri-reference" doc:"The path that was asked for." example:"/api/v1/counties/kronoberg/organisations"`
	Code     string   `json:"code" doc:"The stable name of the problem." example:"organisation.number_wrong"`
	TraceID  string   `json:"traceId,omitempty" doc:"What to tell whoever runs the service; given when the fault is the service's." example:"4bf92f3577b34da6a3ce929d0e0e4736"`
	Errors   []Detail `json:"errors,omitempty" doc:"Each thing that is wrong, with its place."`
	Current  any      `json:"current,omitempty" doc:"When somebody else came first: what is kept now."`
	Yours    any      `json:"yours,omitempty" doc:"When somebody else came first: what you sent."`
}

// Detail is one thing that is wrong with a request.
type Detail struct {
	Pointer   string         `json:"pointer,omitempty" format:"json-pointer" doc:"Where in the body, as a JSON pointer." example:"/organisationNumber"`
	Parameter string         `json:"parameter,omitempty" doc:"Which query parameter." example:"limit"`
	Header    string         `json:"header,omitempty" doc:"Which header." example:"If-Match"`
	Code      string         `json:"code" doc:"The stable name of what is wrong." example:"organisation.number_wrong"`
	Message   string         `json:"message" doc:"What is wrong, in the language asked for." example:"Organisationsnumret stämmer inte"`
	Args      map[string]any `json:"args,omitempty" doc:"The values that the message is made of."`
}

// Error is the problem for the log.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem, whatever was negotiated.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// In fields of faults that are not about the body: "?limit", "@If-Match".
const (
	inQuery  = "?"
	inHeader = "@"
)

var statuses = map[fault.Kind]int{
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.NotFound:        http.StatusNotFound,
	fault.Precondition:    http.StatusPreconditionRequired,
	fault.BadRequest:      http.StatusBadRequest,
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Forbidden:       http.StatusForbidden,
	fault.Conflict:        http.StatusConflict,
	fault.Stale:           http.StatusPreconditionFailed,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// refusal is a fault of HTTP's own, with a status that no kind has.
type refusal struct {
	*fault.Fault
	status int
}

func refused(status int, key string) *refusal {
	return &refusal{&fault.Fault{Kind: fault.BadRequest, Key: key}, status}
}

func (r *refusal) With(pairs ...any) *refusal { r.Fault = r.Fault.With(pairs...); return r }
func (r *refusal) Unwrap() error              { return r.Fault }

// stale is a fault of coming second, with what the caller had sent.
type stale struct {
	error
	yours any
}

func (s stale) Unwrap() error { return s.error }

// Refuse answers with the problem that an error is. What is no fault is logged
// and shown as nothing.
func (d *Door) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	r, a := d.ask(r)
	p := d.problem(a, err)
	h := w.Header()
	h.Set("Traceparent", a.trace.header())
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	h.Set("X-Content-Type-Options", "nosniff")
	for k, v := range p.headers(a.lang) {
		h.Set(k, v)
	}
	body, e := encode(p)
	if e != nil { // what stands against the change cannot be shown; that it does can
		p.Current, p.Yours = nil, nil
		body, _ = encode(p)
	}
	h.Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) //nolint:gosec // JSON, with a type of its own and nosniff
	}
}

// headers go with a problem.
func (p *Problem) headers(l text.Lang) map[string]string {
	h := map[string]string{"Content-Language": string(l), "Cache-Control": "no-store"}
	switch p.Status {
	case http.StatusUnauthorized:
		h["WWW-Authenticate"] = `Bearer realm="overens"`
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h["Retry-After"] = "5"
	}
	return h
}

// problem turns an error into what the caller is told.
func (d *Door) problem(a *asked, err error) *Problem {
	status := http.StatusInternalServerError
	faults := fault.All(err)
	if len(faults) > 0 {
		status = statuses[faults[0].Kind]
	}
	if own, ok := errors.AsType[*refusal](err); ok {
		status = own.status
	}
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		status, faults = http.StatusRequestEntityTooLarge, fault.List{fault.New(fault.TooLarge, "problem.too_large").With("limit", big.Limit)}
	}
	if status == http.StatusInternalServerError || status == 0 {
		status, faults = http.StatusInternalServerError, fault.List{fault.New(fault.Unavailable, "problem.internal")}
	}
	if status >= 500 {
		d.noteFailure(a, err, status)
	}
	first := faults[0]
	explained := first.Key
	if !text.Has(explained) {
		explained = "common.refused"
	}
	p := &Problem{
		Type: d.url + "/problems/" + explained, Title: message(a.lang, first), Status: status, Detail: advice(a.lang, first, status),
		Instance: a.r.URL.EscapedPath(), Code: first.Key, Current: first.Current,
	}
	if status >= 500 {
		p.TraceID = a.trace.id
	}
	if late, ok := errors.AsType[stale](err); ok && status == http.StatusPreconditionFailed {
		p.Yours = late.yours
	}
	for _, f := range faults {
		if f.Field == "" && len(faults) == 1 && len(f.Args) == 0 {
			break // the title says it all
		}
		p.Errors = append(p.Errors, detail(a.lang, f))
	}
	return p
}

func (d *Door) noteFailure(a *asked, err error, status int) {
	if errors.Is(err, context.Canceled) && a.r.Context().Err() != nil {
		return // nobody is waiting for the answer
	}
	cause := err
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Unwrap() != nil {
		cause = f.Unwrap()
	}
	d.log.ErrorContext(a.r.Context(), "a request failed", slog.String("method", a.r.Method), slog.String("pattern", a.r.Pattern),
		slog.Int("status", status), slog.String("trace", a.trace.id), slog.Any("error", cause))
}

func detail(l text.Lang, f *fault.Fault) Detail {
	it := Detail{Code: f.Key, Message: message(l, f)}
	if len(f.Args) > 0 {
		it.Args = maps.Clone(f.Args)
	}
	switch {
	case strings.HasPrefix(f.Field, inQuery):
		it.Parameter = f.Field[1:]
	case strings.HasPrefix(f.Field, inHeader):
		it.Header = f.Field[1:]
	default:
		it.Pointer = f.Field
	}
	return it
}

// message is what a fault says. A rule of the database's own that has no words
// yet is still said to be a rule.
func message(l text.Lang, f *fault.Fault) string {
	if !text.Has(f.Key) {
		return l.T("common.refused")
	}
	return l.Fill(f.Key, spoken(l, f.Args))
}

// advice is what can be done: the key's own words, else those of the status.
func advice(l text.Lang, f *fault.Fault, status int) string {
	if f.Args["permission"] != nil && f.Args["who"] != nil {
		if f.Args["elsewhere"] != nil {
			return l.Fill("problem.forbidden_elsewhere_detail", spoken(l, f.Args))
		}
		return l.Fill("problem.forbidden_detail", spoken(l, f.Args))
	}
	if !text.Has(f.Key) {
		return l.T("common.refused_detail")
	}
	if text.Has(f.Key + "_detail") {
		return l.Fill(f.Key+"_detail", spoken(l, f.Args))
	}
	return l.T(fmt.Sprintf("problem.advice.%d", status))
}

// spoken turns what a message is filled with into words.
func spoken(l text.Lang, args fault.Args) map[string]any {
	if args == nil {
		return nil
	}
	said := make(map[string]any, len(args))
	for k, v := range args {
		switch v := v.(type) {
		case []auth.Role:
			said[k] = roles(l, v)
		case day.Day:
			said[k] = v.String()
		case text.Word:
			said[k] = l.T(string(v))
		case string:
			if k == "permission" && text.Has("auth.permission."+v) {
				said[k] = l.T("auth.permission." + v)
				continue
			}
			said[k] = v
			if k == "form" {
				said[k] = tenant.FormIn(l, v)
			}
		default:
			said[k] = v
		}
	}
	return said
}

func roles(l text.Lang, rs []auth.Role) string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = l.T("auth.role." + string(r))
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + l.T("problem.word.or") + names[n-1]
	}
	return strings.Join(names, "")
}
