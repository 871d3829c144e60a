package api

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"

	oteltrace "go.opentelemetry.io/otel/trace"
)

// trace is the W3C trace that a request belongs to: the one under way in the
// program, else the caller's, else a new one.
type trace struct{ id, span, flags string }

var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$`)

const (
	noTrace = "00000000000000000000000000000000"
	noSpan  = "0000000000000000"
)

func traceOf(r *http.Request) trace {
	if c := oteltrace.SpanContextFromContext(r.Context()); c.IsValid() {
		return trace{c.TraceID().String(), c.SpanID().String(), c.TraceFlags().String()}
	}
	if m := traceparent.FindStringSubmatch(r.Header.Get("Traceparent")); m != nil && m[1] != noTrace && m[2] != noSpan {
		return trace{m[1], random(8), m[3]}
	}
	return trace{random(16), random(8), "00"}
}

func (t trace) header() string { return "00-" + t.id + "-" + t.span + "-" + t.flags }

func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
