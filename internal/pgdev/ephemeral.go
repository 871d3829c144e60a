//go:build unix

package pgdev

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The parts of a throw-away server's folder. Its name tells the sweep what it is.
const (
	throwAway = "overens-pg-"  // a server's folder
	unborn    = "overens-new-" // one that is being made
	door      = "door"         // the FIFO that its users hold; see keeper.sh
	closed    = "closed"       // the door after the last user left
)

// linger is how long a shared server waits for the next test binary of a run.
const linger = 3 * time.Second

//go:embed keeper.sh
var keeper string

// disposable makes a server quick by giving up all that protects data, and keeps every file of it in its folder.
var disposable = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off",
	"dynamic_shared_memory_type=mmap", "max_connections=300",
}

// Ephemeral starts a throw-away server for tests. It goes with its data on Stop, and when this process ends in any other way.
func Ephemeral(ctx context.Context) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	t, p, err := startThrowAway(ctx, 0)
	if err != nil {
		return nil, err
	}
	return newServer(t.socket, t.version, func() error {
		t.door.Close()
		select {
		case <-p.done:
			return nil
		case <-time.After(patience):
			return fmt.Errorf("PostgreSQL in %s does not stop", t.home)
		}
	}), nil
}

// Shared is the throw-away server that all processes use which run in one repository at the same time, as the test binaries
// of one `go test ./...` do. The first to come starts it; it goes soon after the last has stopped or was killed.
// Roles and databases are shared, too: names of databases must be unique, and roles made with care for others who make them.
func Shared(ctx context.Context) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	root, err := repoRoot()
	if err != nil {
		return nil, err
	}
	binaries, err := Find()
	if err != nil {
		return nil, err
	}
	as, err := serverAccount()
	if err != nil {
		return nil, err
	}
	base, err := throwAwayBase(as)
	if err != nil {
		return nil, err
	}
	// The lock file also says where the server is. Only its owner may write to it, and only ours is read.
	name := sharedFile(base, root, binaries, os.Geteuid())
	unlock, err := lock(ctx, name)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if info, err := os.Lstat(name); err != nil || owner(info).uid != os.Geteuid() {
		return nil, fmt.Errorf("%s is in the way: it belongs to another account", name)
	}
	home, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t, err := join(ctx, string(home))
	if err != nil {
		if t, _, err = startThrowAway(ctx, linger); err != nil {
			return nil, err
		}
		if err := os.WriteFile(name, []byte(t.home), 0o600); err != nil {
			t.door.Close()
			return nil, err
		}
	}
	return newServer(t.socket, t.version, t.door.Close), nil
}

// sharedFile is the name of a user's lock file for the shared server of a repository.
func sharedFile(base, root string, b Binaries, uid int) string {
	return filepath.Join(base, fmt.Sprintf("overens-shared-%d-%s", uid, short(root+b.Dir)))
}

// throwAwayServer is a server that lives while somebody holds its door.
type throwAwayServer struct {
	home, socket, version string
	door                  *os.File
}

// join holds the door of a server that runs.
func join(ctx context.Context, home string) (*throwAwayServer, error) {
	file, err := openDoor(filepath.Join(home, door))
	if err != nil {
		return nil, err
	}
	t := &throwAwayServer{home: home, socket: filepath.Join(home, "data"), door: file}
	version, answer := ask(ctx, t.socket)
	if answer != ready {
		file.Close()
		return nil, errors.New("nobody behind the door")
	}
	t.version = version
	return t, nil
}

// openDoor opens a door for writing. It fails with ENXIO where nobody keeps it.
func openDoor(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0)
}

func startThrowAway(ctx context.Context, linger time.Duration) (_ *throwAwayServer, _ *process, err error) {
	binaries, err := Find()
	if err != nil {
		return nil, nil, err
	}
	as, err := serverAccount()
	if err != nil {
		return nil, nil, err
	}
	if binaries, err = reachable(ctx, binaries, as); err != nil {
		return nil, nil, err
	}
	base, err := throwAwayBase(as)
	if err != nil {
		return nil, nil, err
	}
	sweep(base)

	made, err := makeThrowAway(base, as)
	if err != nil {
		return nil, nil, err
	}
	defer made.close()
	t := &throwAwayServer{home: made.home, socket: filepath.Join(made.home, "data"), door: made.door}
	defer func() {
		if err != nil {
			t.door.Close()
			os.RemoveAll(t.home)
		}
	}()

	c := &cluster{dir: t.socket, socket: t.socket, binaries: binaries, as: as}
	if err := c.init(ctx); err != nil {
		return nil, nil, err
	}
	argv := append([]string{"-c", keeper, "keeper", t.home, strconv.Itoa(int(linger.Seconds()))}, c.command(disposable...)...)
	cmd := exec.Command("/bin/sh", argv...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = "/", environment(), made.inside, made.log, made.log
	cmd.SysProcAttr = as.attr()
	cmd.SysProcAttr.Setsid = true // it outlives this process, and no terminal's signals are for it
	p, err := run(cmd)
	if err != nil {
		return nil, nil, err
	}
	if t.version, err = c.await(ctx, p, made.log); err != nil {
		t.door.Close()
		<-p.done // the keeper removes the folder
		return nil, nil, err
	}
	return t, p, nil
}

// throwAwayParts is a folder for a throw-away server, with what it takes to hand it to a keeper.
type throwAwayParts struct {
	home         string
	log          *os.File
	inside, door *os.File // the two ends of the door
}

func (m throwAwayParts) close() {
	m.log.Close()
	m.inside.Close()
}

// makeThrowAway makes a folder whose door is held. It gets its name last, because a sweep may come by at any time
// and takes a door that nobody holds for a dead server's.
func makeThrowAway(base string, as account) (m throwAwayParts, err error) {
	folder, err := os.MkdirTemp(base, unborn)
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			m.close()
			m.door.Close() // closing what was never opened is an error and nothing more
			os.RemoveAll(folder)
		}
	}()
	fifo, log := filepath.Join(folder, door), filepath.Join(folder, "log")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		return m, err
	}
	if m.log, err = os.OpenFile(log, os.O_CREATE|os.O_EXCL|os.O_RDWR|os.O_APPEND, 0o600); err != nil {
		return m, err
	}
	// The reading end is opened past the runtime's poller: the keeper must get it in blocking mode.
	fd, err := syscall.Open(fifo, syscall.O_RDONLY|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if err != nil {
		return m, err
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		return m, err
	}
	m.inside = os.NewFile(uintptr(fd), fifo)
	if m.door, err = openDoor(fifo); err != nil {
		return m, err
	}
	if err := as.give(fifo, log, folder); err != nil {
		return m, err
	}
	m.home = filepath.Join(base, throwAway+strings.TrimPrefix(filepath.Base(folder), unborn))
	return m, os.Rename(folder, m.home)
}

// throwAwayBase is the folder for the folders: in memory where there is room, else one for temporary files
// that the account reaches and whose name is short enough for a socket below it.
func throwAwayBase(as account) (string, error) {
	bases := []string{os.TempDir(), "/tmp", "/var/tmp"}
	var stat syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &stat); err == nil && uint64(stat.Bavail)*uint64(stat.Bsize) > 1<<30 {
		bases = append([]string{"/dev/shm"}, bases...)
	}
	for _, base := range bases {
		base, err := filepath.EvalSymlinks(base)
		if err != nil || !as.reaches(base) || !fits(filepath.Join(base, throwAway+"0123456789", "data")) {
			continue
		}
		if syscall.Access(base, 2|1) == nil { // may make folders there
			return base, nil
		}
	}
	return "", fmt.Errorf("no folder for a throw-away server: tried %s", strings.Join(bases, ", "))
}

// sweep removes what is left of servers whose keeper was killed. Keepers clean up behind all others.
func sweep(base string) {
	homes, _ := filepath.Glob(filepath.Join(base, throwAway+"*"))
	for _, home := range homes {
		if abandoned(home) {
			quit(filepath.Join(home, "data"))
			os.RemoveAll(home) // another account's stays: it fails there, and that account sweeps its own
		}
	}
	// A process was killed in the moment between making a folder and naming it.
	folders, _ := filepath.Glob(filepath.Join(base, unborn+"*"))
	for _, folder := range folders {
		if old(folder) {
			os.RemoveAll(folder)
		}
	}
}

// abandoned tells whether nobody keeps the server in home.
func abandoned(home string) bool {
	for _, name := range []string{door, closed} {
		file, err := openDoor(filepath.Join(home, name))
		switch {
		case err == nil:
			file.Close()
			return false
		case errors.Is(err, syscall.ENXIO):
			return true
		case !errors.Is(err, fs.ErrNotExist):
			return false
		}
	}
	return old(home) // a keeper is removing it, and will be done by then
}

// old tells whether nothing has changed in the folder for longer than anything here takes.
func old(folder string) bool {
	info, err := os.Lstat(folder)
	return err == nil && time.Since(info.ModTime()) > time.Hour
}

// quit ends the server that has lost its keeper, if it still runs.
func quit(data string) {
	if _, state := ask(context.Background(), data); state == down {
		return
	}
	file, err := os.OpenFile(filepath.Join(data, "postmaster.pid"), os.O_RDONLY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return
	}
	defer file.Close()
	content, _ := io.ReadAll(io.LimitReader(file, 32))
	first, _, _ := strings.Cut(string(content), "\n")
	if pid, err := strconv.Atoi(first); err == nil && pid > 1 {
		_ = syscall.Kill(pid, syscall.SIGQUIT)
	}
}
