//go:build unix

package pgdev_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/overens/overens/internal/pgdev"
)

func ephemeral(t *testing.T) *pgdev.Server {
	t.Helper()
	s, err := pgdev.Ephemeral(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	return s
}

// home is the folder of a throw-away server.
func home(t *testing.T, address string) string { return filepath.Dir(socket(t, address)) }

func TestEphemeralLeavesNothing(t *testing.T) {
	t.Run("on Stop", func(t *testing.T) {
		a, b := ephemeral(t), ephemeral(t)
		run(t, administer(a), "create table mine as select 'a' as word")
		if got := query(t, administer(b), "select count(*)::text from pg_class where relname = 'mine'"); got != "0" {
			t.Error("two ephemeral servers are one")
		}
		stop(t, a)
		if !gone(home(t, administer(a))) {
			t.Error("the folder is still there")
		}
		query(t, administer(b), "select 'up'")
	})

	t.Run("on kill -9", func(t *testing.T) {
		c := child(t, "ephemeral")
		query(t, c.url, "select 'up'")
		c.kill()
		eventually(t, "the folder to go", func() bool { return gone(home(t, c.url)) })
	})

	t.Run("with the keeper killed, too", func(t *testing.T) {
		c := child(t, "ephemeral")
		folder := home(t, c.url)
		for _, pid := range group(t, readPid(t, filepath.Join(folder, "data", "postmaster.pid"))) {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		c.kill()
		if gone(folder) {
			t.Fatal("there is nothing to sweep")
		}
		eventually(t, "the sweep", func() bool {
			stop(t, ephemeral(t))
			return gone(folder)
		})
		eventually(t, "the server to end", func() bool { return try(t.Context(), c.url) != nil })
	})
}

func TestSharedLivesAsLongAsItsUsers(t *testing.T) {
	inOwnRepository(t)
	a, b := child(t, "shared"), child(t, "shared")
	if a.url != b.url {
		t.Fatalf("two servers: %s and %s", a.url, b.url)
	}
	s, err := pgdev.Shared(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	run(t, administer(s), "create table ours as select 'hej' as word")

	a.kill() // it had started the server
	if got := query(t, b.url, "select word from ours"); got != "hej" {
		t.Errorf("got %q", got)
	}
	stop(t, s)
	if got := query(t, b.url, "select word from ours"); got != "hej" {
		t.Errorf("got %q", got)
	}
	b.leave(t)
	eventually(t, "the folder to go", func() bool { return gone(home(t, b.url)) })

	next := child(t, "shared")
	if next.url == b.url {
		t.Error("joined a server that is gone")
	}
	query(t, next.url, "select 'up'")
}

func TestSharedServerThatCrashedIsReplaced(t *testing.T) {
	inOwnRepository(t)
	a := child(t, "shared")
	if err := syscall.Kill(readPid(t, filepath.Join(socket(t, a.url), "postmaster.pid")), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server to be gone", func() bool { return try(t.Context(), a.url) != nil })
	query(t, child(t, "shared").url, "select 'up'")
}

// Users that come and go all the time must never get a server that is on its way down.
func TestSharedUnderTraffic(t *testing.T) {
	inOwnRepository(t)
	for range 20 {
		s, err := pgdev.Shared(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		query(t, administer(s), "select 'up'")
		stop(t, s)
	}
}

// inOwnRepository gives the test a shared server of its own.
func inOwnRepository(t *testing.T) {
	t.Helper()
	t.Setenv("PG_BINDIR", find(t).Dir)
	dir := openDir(t)
	writeFile(t, filepath.Join(dir, "go.mod"), "module somewhere\n")
	t.Chdir(dir)
	for _, uid := range []int{os.Geteuid(), 65534} {
		t.Cleanup(func() { os.Remove(pgdev.SharedFile(t, uid)) })
	}
}

// group lists the processes of the keeper whose server has the pid, the server and its children left out.
func group(t *testing.T, server int) []int {
	t.Helper()
	ps := func(args ...string) []string {
		out, err := exec.Command("ps", args...).Output()
		if err != nil {
			t.Skipf("no ps here: %v", err)
		}
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	keeper := strings.TrimSpace(ps("-o", "ppid=", "-p", strconv.Itoa(server))[0])
	pids := []int{}
	for _, line := range ps("-A", "-o", "pid=,pgid=,comm=") {
		var pid, pgid int
		var name string
		if _, err := fmt.Sscan(line, &pid, &pgid, &name); err != nil {
			t.Fatalf("ps says %q: %v", line, err)
		}
		if strconv.Itoa(pgid) == keeper && !strings.Contains(name, "postgres") && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	if len(pids) == 0 {
		t.Fatal("no keeper")
	}
	return pids
}
