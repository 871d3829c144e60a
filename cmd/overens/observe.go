package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"
)

// newLogger writes JSON lines. A line made in a request carries its trace; no
// line carries a name, a token or a query.
func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(traced{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})})
}

type traced struct{ slog.Handler }

func (h traced) Handle(ctx context.Context, r slog.Record) error {
	if s := trace.SpanContextFromContext(ctx); s.IsValid() {
		r.AddAttrs(slog.String("traceId", s.TraceID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

func (h traced) WithAttrs(as []slog.Attr) slog.Handler { return traced{h.Handler.WithAttrs(as)} }
func (h traced) WithGroup(name string) slog.Handler    { return traced{h.Handler.WithGroup(name)} }

// startTracing exports spans when the standard variables say where to. Without
// them every request still has a trace id, for log and support.
func startTracing(ctx context.Context, getenv func(string) string) (stop func(context.Context) error, on bool, err error) {
	otel.SetTextMapPropagator(propagation.TraceContext{})
	options := []sdktrace.TracerProviderOption{sdktrace.WithSampler(sdktrace.NeverSample())}
	if getenv("OTEL_SDK_DISABLED") != "true" && (getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "") {
		exporter, err := otlptracehttp.New(ctx)
		if err != nil {
			return nil, false, fmt.Errorf("tracing: %w", err)
		}
		res, err := resource.New(ctx, resource.WithFromEnv(), resource.WithAttributes(semconv.ServiceName("overens"), semconv.ServiceVersion(version)))
		if err != nil {
			return nil, false, fmt.Errorf("tracing: %w", err)
		}
		// The sampler comes from OTEL_TRACES_SAMPLER.
		options, on = []sdktrace.TracerProviderOption{sdktrace.WithBatcher(exporter), sdktrace.WithResource(res)}, true
	}
	p := sdktrace.NewTracerProvider(options...)
	otel.SetTracerProvider(p)
	return p.Shutdown, on, nil
}

// metrics are what /metrics shows. A county is a label on counters only.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	jobs     *prometheus.CounterVec
}

func newMetrics(pool *pgxpool.Pool) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "overens_requests_total", Help: "Requests answered."}, []string{"route", "method", "status", "county"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "overens_request_seconds", Help: "Time to answer a request, in seconds.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route", "method"}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "overens_jobs_total", Help: "Background jobs worked."}, []string{"kind", "outcome", "county"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.jobs, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for name, f := range map[string]func(*pgxpool.Stat) float64{
		"acquired": func(s *pgxpool.Stat) float64 { return float64(s.AcquiredConns()) },
		"idle":     func(s *pgxpool.Stat) float64 { return float64(s.IdleConns()) },
		"max":      func(s *pgxpool.Stat) float64 { return float64(s.MaxConns()) },
	} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "overens_database_connections", Help: "Connections to the database.",
			ConstLabels: prometheus.Labels{"state": name}}, func() float64 { return f(pool.Stat()) }))
	}
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// worked counts a job: what package jobs tells after each.
func (m *metrics) worked(kind, outcome, county string) {
	m.jobs.WithLabelValues(kind, outcome, county).Inc()
}

// methods are those that are counted by name.
var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions}

// observed is the outermost middleware: trace, log, count. route tells which
// pattern a request meets, known whether a slug is a county's.
func observed(log *slog.Logger, m *metrics, route func(*http.Request) string, known func(string) bool, next http.Handler) http.Handler {
	seen := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		pattern := route(r)
		span := trace.SpanFromContext(r.Context())
		if s := span.SpanContext(); s.IsValid() {
			// The request's id in log, trail and support is the trace's: ours to say, not the caller's.
			r.Header.Set("X-Request-Id", s.TraceID().String())
			w.Header().Set("Traceparent", "00-"+s.TraceID().String()+"-"+s.SpanID().String()+"-"+s.TraceFlags().String())
		}
		span.SetName(r.Method + " " + pattern)
		if secret(pattern) {
			span.SetAttributes(attribute.String("url.path", pattern))
		}
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		took := time.Since(began)
		county, method := countyOf(pattern, r), r.Method
		if !known(county) { // whatever somebody typed is no label
			county = ""
		}
		if !slices.Contains(methods, method) {
			method = "other"
		}
		m.requests.WithLabelValues(pattern, method, strconv.Itoa(rec.status), county).Inc()
		m.seconds.WithLabelValues(pattern, method).Observe(took.Seconds())
		level := slog.LevelInfo
		if rec.status >= 500 {
			level = slog.LevelError
		}
		log.LogAttrs(r.Context(), level, "request", slog.String("method", method), slog.String("route", pattern),
			slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes), slog.Duration("took", took), slog.String("county", county))
	})
	return otelhttp.NewHandler(seen, "request", otelhttp.WithFilter(func(r *http.Request) bool {
		return r.URL.Path != "/healthz" && r.URL.Path != "/readyz" && !strings.HasPrefix(r.URL.Path, "/static/")
	}))
}

// secret tells whether the addresses of a route hold one, which no trace may show.
func secret(pattern string) bool {
	return slices.ContainsFunc([]string{"{token}", "{link}", "{feed}"}, func(hole string) bool { return strings.Contains(pattern, hole) })
}

// countyOf is the county that the address names, where its route has one.
func countyOf(pattern string, r *http.Request) string {
	if !strings.Contains(pattern, "{county}") {
		return ""
	}
	parts := strings.Split(r.URL.Path, "/")
	for i, p := range parts {
		if (p == "lan" || p == "counties" || p == "invitations") && i+1 < len(parts) {
			return parts[i+1]
		}
	}
	return ""
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	wrote  bool
}

func (r *recorder) WriteHeader(status int) {
	if !r.wrote {
		r.status, r.wrote = status, true
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what lies below.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
