package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/overens/overens/internal/pgdev"
)

// program runs the whole program in this process on a port of its own, with an
// embedded database of its own, and stops it as Ctrl-C does.
type program struct {
	t    *testing.T
	URL  string
	data string
	out  *buffer
	stop context.CancelFunc
	done chan error
}

type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start runs `overens demo` until it says that it is ready.
func start(t *testing.T, data string, env map[string]string) *program {
	t.Helper()
	p := &program{t: t, data: data, out: &buffer{}, done: make(chan error, 1)}
	addr := freeAddr(t)
	p.URL = "http://" + addr
	ctx, cancel := context.WithCancel(context.Background())
	p.stop = cancel
	getenv := func(name string) string {
		switch name {
		case "ADDR":
			return addr
		case "OVERENS_DATA":
			return data
		}
		return env[name]
	}
	go func() { p.done <- run(ctx, []string{"demo"}, getenv, p.out, p.out) }()
	t.Cleanup(p.Stop)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		select {
		case err := <-p.done:
			p.done <- err
			t.Fatalf("the program ended: %v\n%s", err, p.out)
		default:
		}
		if r, err := http.Get(p.URL + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK && strings.Contains(p.out.String(), "Överens is ready") {
				return p
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("not ready:\n%s", p.out)
		}
	}
}

// Stop ends the program and waits for it.
func (p *program) Stop() {
	if p.stop == nil {
		return
	}
	p.stop()
	p.stop = nil
	if err := <-p.done; err != nil {
		p.t.Errorf("stopping: %v\n%s", err, p.out)
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// token mints a bearer token as `overens demo token` does.
func (p *program) token(persona string) string {
	p.t.Helper()
	var out bytes.Buffer
	err := run(p.t.Context(), []string{"demo", "token", persona}, func(name string) string {
		return map[string]string{"ADDR": strings.TrimPrefix(p.URL, "http://"), "OVERENS_DATA": p.data}[name]
	}, &out, io.Discard)
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

// ask sends a request to the API as a persona and decodes the answer.
func (p *program) ask(persona, method, path string, body any, header map[string]string) (*http.Response, map[string]any) {
	p.t.Helper()
	var b io.Reader
	if body != nil {
		j, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		b = bytes.NewReader(j)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, b)
	if err != nil {
		p.t.Fatal(err)
	}
	if persona != "" {
		req.Header.Set("Authorization", "Bearer "+p.token(persona))
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range header {
		req.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	var m map[string]any
	if len(raw) > 0 && strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(raw, &m); err != nil {
			p.t.Fatalf("%s %s: %v\n%s", method, path, err, raw)
		}
	}
	return resp, m
}

// dataDir is a folder that another user can reach, as the database needs when
// tests run as root.
func dataDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "data")
}

func TestTheDemoStartsInAnEmptyFolderAndAgain(t *testing.T) {
	data := dataDir(t)
	p := start(t, data, nil)
	for _, want := range []string{p.URL, "kronoberg-strategist", "ostergotland-strategist", "overens demo personas", "overens demo token"} {
		if !strings.Contains(p.out.String(), want) {
			t.Errorf("the greeting says nothing of %s:\n%s", want, p.out)
		}
	}
	resp, o := p.ask("kronoberg-strategist", "GET", "/api/v1/counties/kronoberg/organisations?q=alvesta", nil, nil)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %v", resp.StatusCode, o)
	}
	p.Stop()

	// At another address the same people come in, and what was written is there.
	q := start(t, data, nil)
	resp, again := q.ask("kronoberg-strategist", "GET", "/api/v1/counties/kronoberg/organisations?q=alvesta", nil, nil)
	if resp.StatusCode != http.StatusOK || fmt.Sprint(id(again)) != fmt.Sprint(id(o)) {
		t.Errorf("%d: %v, before %v", resp.StatusCode, id(again), id(o))
	}
}

func id(list map[string]any) any {
	os, _ := list["organisations"].([]any)
	if len(os) == 0 {
		return nil
	}
	return os[0].(map[string]any)["id"]
}

// A second demo on the same data would lead the first one's people to itself.
func TestASecondDemoInTheSameFolderIsRefused(t *testing.T) {
	p := start(t, dataDir(t), nil)
	var out bytes.Buffer
	err := run(t.Context(), []string{"demo"}, func(name string) string {
		return map[string]string{"ADDR": freeAddr(t), "OVERENS_DATA": p.data}[name]
	}, &out, &out)
	if err == nil || !strings.Contains(err.Error(), "another demo runs") {
		t.Fatalf("got %v\n%s", err, &out)
	}
	if r, err := http.Get(p.URL + "/readyz"); err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("the first is gone: %v", err)
	} else {
		_ = r.Body.Close()
	}
}

func TestATakenAddressIsSaidWithTheVariableThatChoosesAnother(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var out bytes.Buffer
	err = run(t.Context(), []string{"demo"}, func(name string) string {
		return map[string]string{"ADDR": l.Addr().String(), "OVERENS_DATA": t.TempDir()}[name]
	}, &out, &out)
	if err == nil || !strings.Contains(err.Error(), "is taken") || !strings.Contains(err.Error(), "ADDR") {
		t.Errorf("got %v", err)
	}
}

func TestCommandsSayWhatTheyLack(t *testing.T) {
	none := func(string) string { return "" }
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"serve"}, "DATABASE_URL"},
		{[]string{"migrate"}, "OWNER_DATABASE_URL"},
		{[]string{"tenants"}, "check"},
		{[]string{"audit"}, "audit verify"},
		{[]string{"demo", "token"}, "demo personas"},
		{[]string{"demo", "token", "nobody"}, "demo personas"},
		{[]string{"frobnicate"}, "frobnicate"},
	} {
		var out bytes.Buffer
		err := run(t.Context(), c.args, none, &out, &out)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q in it", c.args, err, c.want)
		}
	}
}

func TestASecretCanLieInAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("postgres://x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := ReadConfig(func(name string) string { return map[string]string{"DATABASE_URL_FILE": file}[name] })
	if err != nil || c.DatabaseURL != "postgres://x" {
		t.Errorf("%q, %v", c.DatabaseURL, err)
	}
	if _, err := ReadConfig(func(name string) string { return map[string]string{"PUBLIC_URL": "example.se/x"}[name] }); err == nil {
		t.Error("a PUBLIC_URL without scheme was taken")
	}
}

func TestAFilesLimitIsWrittenAsPeopleWriteIt(t *testing.T) {
	for said, want := range map[string]int64{"": 50 << 20, "50 MB": 50 << 20, "200MB": 200 << 20, "64 kB": 64 << 10, "1 GB": 1 << 30, "1000": 1000,
		"0": 0, "-1": 0, "50 TB": 0, "MB": 0, "much": 0, "9999999 GB": 0} {
		c, err := ReadConfig(func(name string) string { return map[string]string{"FILES_LIMIT": said}[name] })
		if c.FilesLimit != want || (err == nil) != (want > 0) {
			t.Errorf("%q: %d, %v", said, c.FilesLimit, err)
		}
	}
	if err := (Config{}).need(map[string]string{"FILES_URL": ""}); err == nil {
		t.Error("a server without a place for files was taken")
	}
}

// The trail of what the demo has written is whole, in every county.
func TestTheDemosTrailIsWhole(t *testing.T) {
	data := dataDir(t)
	p := start(t, data, nil)
	resp, o := p.ask("kronoberg-strategist", "GET", "/api/v1/counties/kronoberg/organisations?q=alvesta", nil, nil)
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.StatusCode, o)
	}
	list, err := p.verify(t)
	if err != nil {
		t.Error(err)
	}
	if !strings.Contains(list, "kronoberg: whole") || !strings.Contains(list, "sverige: whole") || strings.Contains(list, "BROKEN") {
		t.Errorf("%s", list)
	}
}

// verify runs `overens audit verify` against the running program's database.
func (p *program) verify(t *testing.T) (string, error) {
	t.Helper()
	dev, err := pgdev.Start(t.Context(), p.data) // attaches to the one that runs
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = dev.Stop() }()
	var out bytes.Buffer
	err = run(t.Context(), []string{"audit", "verify"}, func(name string) string {
		return map[string]string{"DATABASE_URL": dev.URL("overens", "overens")}[name]
	}, &out, &out)
	return out.String(), err
}

func TestWhatIsCountedIsCountedByRouteAndKnownCountyAlone(t *testing.T) {
	side := freeAddr(t)
	p := start(t, dataDir(t), map[string]string{"METRICS_ADDR": side})
	p.ask("kronoberg-strategist", "GET", "/api/v1/counties/kronoberg/organisations", nil, nil)
	p.ask("", "GET", "/api/v1/counties/typed-by-somebody/organisations", nil, nil)
	p.ask("", "BREW", "/lan/typed-by-somebody", nil, nil)
	resp, err := http.Get("http://" + side + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`overens_requests_total{county="kronoberg",method="GET",route="GET /api/v1/counties/{county}/organisations",status="200"} 1`,
		`overens_request_seconds_count{method="GET",route="GET /api/v1/counties/{county}/organisations"}`,
		`method="other"`, `overens_database_connections{state="idle"}`, "go_goroutines",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in\n%s", want, b)
		}
	}
	if strings.Contains(string(b), "typed-by-somebody") || strings.Contains(string(b), "BREW") {
		t.Error("what somebody typed became a label")
	}
}

// pause is how long a test waits before it looks again.
func pause() { time.Sleep(20 * time.Millisecond) }

func TestARequestHasOneIdInAnswerTrailAndLog(t *testing.T) {
	p := start(t, dataDir(t), nil)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	resp, o := p.ask("kronoberg-strategist", "POST", "/api/v1/counties/kronoberg/organisations", map[string]any{"type": "other", "name": "Spårad", "published": false},
		map[string]string{"Idempotency-Key": "traced", "Traceparent": "00-" + trace + "-00f067aa0ba902b7-01", "X-Request-Id": "chosen by the caller"})
	if resp.StatusCode != http.StatusCreated || !strings.Contains(resp.Header.Get("Traceparent"), trace) {
		t.Fatalf("%d %v %v", resp.StatusCode, resp.Header, o)
	}
	_, trail := p.ask("kronoberg-strategist", "GET", "/api/v1/counties/kronoberg/audit-entries?subject=organisation&limit=1", nil, nil)
	entry := trail["entries"].([]any)[0].(map[string]any)
	if entry["request"] != trace || !strings.HasPrefix(fmt.Sprint(entry["actor"]), "person:") {
		t.Errorf("%v", entry)
	}
}

func TestTracesGoFromRequestToSQLAndJobWhenTheStandardVariablesSayWhere(t *testing.T) {
	var got buffer
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			if z, err := gzip.NewReader(r.Body); err == nil {
				body = z
			}
		}
		_, _ = io.Copy(&got, body)
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL) // the exporter reads the environment itself
	p := start(t, dataDir(t), map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL})
	resp, o := p.ask("kronoberg-administrator", "POST", "/api/v1/counties/kronoberg/memberships",
		map[string]any{"name": "Spårad handläggare", "email": "sparad@lansstyrelsen.example", "role": "officer"}, map[string]string{"Idempotency-Key": "traced"})
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("%d %v", resp.StatusCode, o)
	}
	for range 500 { // the invitation is written by a job
		if letters, err := filepath.Glob(filepath.Join(p.data, "mail", "*.eml")); err == nil && len(letters) > 0 {
			break
		}
		pause()
	}
	p.Stop() // what is left is sent at the end
	for _, want := range []string{"POST /api/v1/counties/{county}/memberships", "INSERT", "job member.summon", "overens"} {
		if !strings.Contains(got.String(), want) {
			t.Errorf("no span of %q", want)
		}
	}
	for _, never := range []string{"sparad@lansstyrelsen.example", "handläggare"} {
		if strings.Contains(got.String(), never) {
			t.Errorf("a trace holds %q", never)
		}
	}
}
