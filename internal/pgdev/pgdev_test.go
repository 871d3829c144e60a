//go:build unix

package pgdev_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/internal/pgdev"
)

// The test binary is also the program that the tests kill: it holds a server until its stdin ends.
func TestMain(m *testing.M) {
	kind := os.Getenv("PGDEV_TEST_CHILD")
	if kind == "" {
		os.Exit(m.Run())
	}
	start := map[string]func(context.Context) (*pgdev.Server, error){
		"start":     func(ctx context.Context) (*pgdev.Server, error) { return pgdev.Start(ctx, os.Getenv("PGDEV_TEST_DIR")) },
		"ephemeral": pgdev.Ephemeral,
		"shared":    pgdev.Shared,
	}[kind]
	s, err := start(context.Background())
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println(s.URL("postgres", pgdev.Administrator))
	io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func TestStartKeepsData(t *testing.T) {
	dir := openDir(t)
	s := start(t, dir)
	if got, want := filepath.Dir(socket(t, administer(s))), dir; got != want {
		t.Errorf("the data is under %s, want %s", got, want)
	}
	if got := query(t, administer(s), "show server_version"); !strings.HasPrefix(got, s.Version()) || s.Version() == "" {
		t.Errorf("Version() = %q, the server says %q", s.Version(), got)
	}
	if got := query(t, administer(s), "show listen_addresses"); got != "" {
		t.Errorf("the server listens on %q", got)
	}
	run(t, administer(s), "create table kept as select 'hej' as word")
	stop(t, s)
	if err := try(t.Context(), administer(s)); err == nil {
		t.Error("the server answers after Stop")
	}
	stop(t, s)

	s = start(t, dir)
	if got := query(t, administer(s), "select word from kept"); got != "hej" {
		t.Errorf("kept %q", got)
	}
}

func TestURLIsProofAgainstTheEnvironment(t *testing.T) {
	t.Setenv("PGPORT", "1")
	t.Setenv("PGHOST", "nowhere.invalid")
	s := start(t, openDir(t))
	if err := try(t.Context(), administer(s)); err != nil {
		t.Error(err)
	}
}

func TestStartAttaches(t *testing.T) {
	dir := openDir(t)
	// On an empty folder at the same time: one makes it and starts, the others attach.
	servers := make([]*pgdev.Server, 4)
	errs := make([]error, len(servers))
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() { servers[i], errs[i] = pgdev.Start(t.Context(), dir) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { servers[i].Stop() })
	}
	if err := try(t.Context(), administer(servers[0])); err != nil {
		t.Fatal(err)
	}

	before := query(t, administer(servers[0]), "select pg_postmaster_start_time()::text")
	attached := start(t, dir)
	if after := query(t, administer(attached), "select pg_postmaster_start_time()::text"); after != before {
		t.Errorf("attached to a server started %s, want %s", after, before)
	}
	stop(t, attached)
	if err := try(t.Context(), administer(servers[0])); err != nil {
		t.Errorf("letting go took the server down: %v", err)
	}
}

func TestStartHealsWhatACrashLeft(t *testing.T) {
	b := find(t)
	name := fmt.Sprintf("pg%d-%s", b.Major, b.Source)

	t.Run("half-made data", func(t *testing.T) {
		dir := openDir(t)
		writeFile(t, filepath.Join(dir, name+".new", "PG_VERSION"), "15\n")
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		start(t, dir)
		if _, err := os.Stat(filepath.Join(dir, name+".new")); err == nil {
			t.Error("the half-made folder is still there")
		}
	})

	t.Run("somebody's files", func(t *testing.T) {
		dir := openDir(t)
		precious := filepath.Join(dir, name, "precious")
		writeFile(t, precious, "!")
		if s, err := pgdev.Start(t.Context(), dir); err == nil {
			s.Stop()
			t.Error("Start made a cluster over somebody's files")
		}
		if _, err := os.Stat(precious); err != nil {
			t.Error(err)
		}
	})

	t.Run("a killed server", func(t *testing.T) {
		dir := openDir(t)
		s := start(t, dir)
		pidFile := filepath.Join(socket(t, administer(s)), "postmaster.pid")
		if err := syscall.Kill(readPid(t, pidFile), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the killed server to be gone", func() bool { return try(t.Context(), administer(s)) != nil })
		stop(t, s)
		if _, err := os.Stat(pidFile); err != nil {
			t.Fatalf("kill -9 left no pid file, so this tests nothing: %v", err)
		}
		s = start(t, dir)
		query(t, administer(s), "select 'up'")
	})

	t.Run("a pid that is another's now", func(t *testing.T) {
		dir := openDir(t)
		s := start(t, dir)
		data := socket(t, administer(s))
		pidFile := filepath.Join(data, "postmaster.pid")
		content, err := os.ReadFile(pidFile)
		if err != nil {
			t.Fatal(err)
		}
		stop(t, s)
		// PostgreSQL believes in a pid only if it may send it signals, so the sleeper has the server's account.
		sleeper := exec.Command("sleep", "1000")
		sleeper.SysProcAttr = ownerOf(t, data)
		if err := sleeper.Start(); err != nil {
			t.Fatal(err)
		}
		defer sleeper.Wait()
		defer sleeper.Process.Kill()
		_, rest, _ := strings.Cut(string(content), "\n")
		writeFile(t, pidFile, strconv.Itoa(sleeper.Process.Pid)+"\n"+rest)
		s = start(t, dir)
		query(t, administer(s), "select 'up'")
	})
}

func TestServerDiesWithItsProcess(t *testing.T) {
	dir := openDir(t)
	c := child(t, "start", "PGDEV_TEST_DIR="+dir)
	if err := try(t.Context(), c.url); err != nil {
		t.Fatal(err)
	}
	c.kill()
	// At once: it may still be on its way down, or, where the kernel cannot take it down, be there to attach to.
	s := start(t, dir)
	query(t, administer(s), "select 'up'")
	stop(t, s)

	if !endsWithParent {
		return
	}
	c = child(t, "start", "PGDEV_TEST_DIR="+dir)
	c.kill()
	eventually(t, "the server to end", func() bool { return try(t.Context(), c.url) != nil })
	start(t, dir)
}

func TestLongPath(t *testing.T) {
	dir := filepath.Join(openDir(t), strings.Repeat("long/", 30))
	s := start(t, dir)
	folder := socket(t, administer(s))
	t.Cleanup(func() { os.RemoveAll(folder) })
	query(t, administer(s), "select 'up'")
	info, err := os.Stat(folder)
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(folder, dir) || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket is in %s with mode %v", folder, info.Mode())
	}
	if again := start(t, dir); administer(again) != administer(s) {
		t.Errorf("attached to %s, want %s", administer(again), administer(s))
	}
}

func TestRootInAFolderOfItsOwn(t *testing.T) {
	asRoot(t)
	dir := openDir(t)
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir)
	home := filepath.Dir(socket(t, administer(s)))
	if strings.HasPrefix(home, dir) {
		t.Fatalf("the data is in %s, where the server cannot be", home)
	}
	t.Cleanup(func() { os.RemoveAll(home) })
	run(t, administer(s), "create table kept as select 'hej' as word")
	stop(t, s)
	s = start(t, dir)
	if got := query(t, administer(s), "select word from kept"); got != "hej" {
		t.Errorf("kept %q", got)
	}
}

func TestOrdinaryUser(t *testing.T) {
	asRoot(t) // any other run of these tests is by an ordinary user anyway
	inOwnRepository(t)
	dir := openDir(t)
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"start", "ephemeral", "shared"} {
		t.Run(kind, func(t *testing.T) {
			c := childAs(t, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}, kind, "PGDEV_TEST_DIR="+dir)
			query(t, c.url, "select 'up'")
			info, err := os.Stat(socket(t, c.url))
			if err != nil {
				t.Fatal(err)
			}
			if uid := info.Sys().(*syscall.Stat_t).Uid; uid != 65534 {
				t.Errorf("the data belongs to uid %d", uid)
			}
			c.leave(t)
		})
	}
}

func TestFindSaysWhatIsWrong(t *testing.T) {
	t.Run("nothing there", func(t *testing.T) {
		t.Setenv("PG_BINDIR", t.TempDir())
		if b, err := pgdev.Find(); err == nil || !strings.Contains(err.Error(), "PG_BINDIR") {
			t.Errorf("found %v, %v", b, err)
		}
	})
	t.Run("too old", func(t *testing.T) {
		t.Setenv("PG_BINDIR", fakeBinaries(t, t.TempDir(), "9.6.24"))
		if b, err := pgdev.Find(); err == nil || !strings.Contains(err.Error(), "too old") {
			t.Errorf("found %v, %v", b, err)
		}
	})
}

func TestSetupScript(t *testing.T) {
	setup := func(env ...string) (string, error) {
		cmd := exec.Command("sh", "setup.sh")
		cmd.Env = append(os.Environ(), env...)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	b := find(t)
	for _, env := range []string{"PG_BINDIR=" + b.Dir, "DATABASE_URL=postgres://elsewhere"} {
		if out, err := setup(env); err != nil || out != "" {
			t.Errorf("with %s: %v, says %q", env, err, out)
		}
	}
	for _, dir := range []string{t.TempDir(), fakeBinaries(t, t.TempDir(), "14.9")} {
		if out, err := setup("PG_BINDIR=" + dir); err == nil || !strings.Contains(out, "PG_BINDIR") {
			t.Errorf("with unusable binaries: %v, says %q", err, out)
		}
	}
}

// openDir is a folder that every account can reach, which t.TempDir is not.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "pgdev-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, dir string) *pgdev.Server {
	t.Helper()
	s, err := pgdev.Start(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

func stop(t *testing.T, s *pgdev.Server) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}

func find(t *testing.T) pgdev.Binaries {
	t.Helper()
	b, err := pgdev.Find()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func administer(s *pgdev.Server) string { return s.URL("postgres", pgdev.Administrator) }

// socket is the folder of the socket that a URL names.
func socket(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

func try(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func query(t *testing.T, address, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var answer string
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func run(t *testing.T, address, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what another process does. The bound is for a machine under load; it is no measure.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 3000 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}

func gone(path string) bool {
	_, err := os.Lstat(path)
	return os.IsNotExist(err)
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readPid(t *testing.T, file string) int {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// fakeBinaries makes programs that know nothing but their version.
func fakeBinaries(t *testing.T, dir, version string) string {
	t.Helper()
	for _, name := range []string{"initdb", "postgres"} {
		script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", name, version)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func asRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root has this trouble")
	}
}

// ownerOf runs a command as whoever owns path.
func ownerOf(t *testing.T, path string) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}}
}

// process is the test binary in its other role.
type process struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer
}

func child(t *testing.T, kind string, env ...string) *process {
	t.Helper()
	return childAs(t, nil, kind, env...)
}

func childAs(t *testing.T, attr *syscall.SysProcAttr, kind string, env ...string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if attr != nil { // the go command keeps test binaries where only their maker can run them
		program = copyProgram(t, program, filepath.Join(openDir(t), "child"))
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), append(env, "PGDEV_TEST_CHILD="+kind)...)
	cmd.SysProcAttr = attr
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd, stdin: stdin}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "postgres:") {
		t.Fatalf("the child says %q, %v", line, err)
	}
	p.url = strings.TrimSpace(line)
	return p
}

// kill is kill -9.
func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// leave lets the process stop its use of the server.
func (p *process) leave(t *testing.T) {
	t.Helper()
	p.stdin.Close()
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func copyProgram(t *testing.T, from, to string) string {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, fs.FileMode(0o755)); err != nil {
		t.Fatal(err)
	}
	return to
}
