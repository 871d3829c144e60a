package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/web"
)

// The secret in an address stands in no log and in no trace.
func TestNoTraceShowsASecret(t *testing.T) {
	before, spans := otel.GetTracerProvider(), tracetest.NewSpanRecorder()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)))
	t.Cleanup(func() { otel.SetTracerProvider(before) })

	var patterns []string
	for _, r := range web.New(web.Config{}).Routes() {
		patterns = append(patterns, r.Pattern)
	}
	for _, o := range api.New(api.Config{PublicURL: "https://overens.example", Version: "1.0.0"}).Operations() {
		patterns = append(patterns, o.Path)
	}
	const token = "BarnetPaSparvagnenVinkar"
	var log strings.Builder
	seen := 0
	for _, pattern := range patterns {
		if !secret(pattern) || strings.Contains(pattern, "calendar-feeds") { // the feed's id there is no secret
			continue
		}
		seen++
		h := observed(slog.New(slog.NewTextHandler(&log, nil)), newMetrics(nil), func(*http.Request) string { return pattern }, func(string) bool { return true },
			http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }))
		path := strings.NewReplacer("{county}", "kronoberg", "{token}", token, "{link}", token, "{feed}", token).Replace(pattern)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	}
	if seen < 4 {
		t.Errorf("%d roads hold a secret: the list is not whole", seen)
	}
	ended := spans.Ended()
	if len(ended) != seen {
		t.Fatalf("%d spans of %d", len(ended), seen)
	}
	for _, s := range ended {
		for _, a := range s.Attributes() {
			if strings.Contains(a.Value.String(), token) {
				t.Errorf("%s shows the secret in %s", s.Name(), a.Key)
			}
		}
	}
	if strings.Contains(log.String(), token) {
		t.Error("the log shows the secret")
	}
}
