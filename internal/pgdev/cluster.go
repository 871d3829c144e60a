//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// cluster is a data folder, and all that is needed to run a server on it.
type cluster struct {
	dir      string // the data
	socket   string // the folder of the socket: dir, or another where dir's path is too long for one
	log      string
	binaries Binaries
	as       account
}

// lastingCluster is the cluster under home that belongs to the binaries.
func lastingCluster(home string, b Binaries, as account) (*cluster, error) {
	dir := filepath.Join(home, fmt.Sprintf("pg%d-%s", b.Major, b.Source))
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !as.lent && owner(info).uid != as.uid:
		return nil, fmt.Errorf("%s belongs to another account (uid %d), from a run as root perhaps: run as that account again, or remove it to start afresh",
			dir, owner(info).uid)
	case as.lent && owner(info).uid != 0:
		as = owner(info) // whoever made it: an account postgres may have come after nobody did
	}
	socket, err := socketFolder(dir, as)
	if err != nil {
		return nil, err
	}
	return &cluster{dir: dir, socket: socket, log: dir + ".log", binaries: b, as: as}, nil
}

// init makes the data folder if there is none. It is made under another name first:
// a folder under the right name is therefore whole.
func (c *cluster) init(ctx context.Context) error {
	_, err := os.Stat(filepath.Join(c.dir, "global", "pg_control"))
	if err == nil {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// An empty folder is in nobody's way. One with files in it is not ours to remove.
	if err := os.Remove(c.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not a PostgreSQL data folder: move it away", c.dir)
	}
	fresh := c.dir + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return err
	}
	if err := c.as.give(fresh); err != nil {
		return err
	}
	if c.binaries, err = reachable(ctx, c.binaries, c.as); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(c.binaries.Dir, "initdb"), "-D", fresh, "-U", Administrator,
		"--locale=C", "--encoding=UTF8", "--auth=trust", "--no-sync", "--no-instructions")
	cmd.Dir, cmd.Env, cmd.SysProcAttr = "/", environment(), c.as.attr()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return os.Rename(fresh, c.dir)
}

// environment is what the server's programs get to see: nothing that changes from one person's shell to the next.
func environment() []string {
	path := os.Getenv("PATH")
	if path == "" {
		path = "/usr/bin:/bin"
	}
	return []string{"PATH=" + path, "LC_ALL=C", "TZ=UTC"}
}

// command is the server's command line. Settings are written as name=value.
func (c *cluster) command(settings ...string) []string {
	argv := []string{filepath.Join(c.binaries.Dir, "postgres"), "-D", c.dir, "-k", c.socket, "-p", port}
	for _, s := range append([]string{
		"listen_addresses=",
		"unix_socket_permissions=0777", // the folder guards it
		"logging_collector=off",
		"log_destination=stderr",
	}, settings...) {
		argv = append(argv, "-c", s)
	}
	return argv
}

// startOrAttach attaches to the server on the cluster, or starts one. The caller has the lock.
func (c *cluster) startOrAttach(ctx context.Context) (*Server, error) {
	for {
		version, state := ask(ctx, c.socket)
		switch state {
		case ready:
			return newServer(c.socket, version, func() error { return nil }), nil
		case down:
			s, err := c.start(ctx)
			if !errors.Is(err, errOccupied) {
				return s, err
			}
			c.dropStalePid()
		}
		// A server on its way up or down answers, or holds the folder. Soon it will do neither or be ready.
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("the server in %s neither starts nor stops: %w", c.dir, err)
		}
	}
}

// errOccupied means that another server still holds the data folder.
var errOccupied = errors.New("another server holds the data folder")

// dropStalePid removes the server's pid file when the pid has come to be another program's, which PostgreSQL takes for
// a server: in a container the numbers are few and come back at every start. The caller knows that nobody answers.
func (c *cluster) dropStalePid() {
	file := filepath.Join(c.dir, "postmaster.pid")
	content, err := os.ReadFile(file)
	if err != nil {
		return
	}
	pid, _, _ := strings.Cut(string(content), "\n")
	name, err := os.ReadFile(filepath.Join("/proc", pid, "comm"))
	if err != nil {
		name, err = exec.Command("ps", "-o", "comm=", "-p", pid).Output()
	}
	if err == nil && !strings.Contains(string(name), "postgres") {
		os.Remove(file)
	}
}

func (c *cluster) start(ctx context.Context) (*Server, error) {
	for tries := 0; ; tries++ {
		s, err := c.launch(ctx)
		if !errors.Is(err, errLingering) || tries == 50 {
			return s, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// errLingering is that a server was killed and its processes are still ending; they
// do so by themselves.
var errLingering = errors.New("PostgreSQL did not start, the processes of a killed server are still there")

func (c *cluster) launch(ctx context.Context) (*Server, error) {
	b, err := reachable(ctx, c.binaries, c.as)
	if err != nil {
		return nil, err
	}
	c.binaries = b
	log, err := os.OpenFile(c.log, os.O_CREATE|os.O_RDWR|os.O_TRUNC|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	argv := c.command()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = "/", environment(), log, log
	cmd.SysProcAttr = c.as.attr()
	cmd.SysProcAttr.Setpgid = true // Ctrl-C is for this process, which then stops the server in good order
	endWithParent(cmd.SysProcAttr)
	p, err := run(cmd)
	if err != nil {
		return nil, err
	}
	version, err := c.await(ctx, p, log)
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return newServer(c.socket, version, p.stop), nil
}

// await waits until the server answers, or the process that was to bring it up ends.
func (c *cluster) await(ctx context.Context, p *process, log *os.File) (version string, err error) {
	for {
		if version, state := ask(ctx, c.socket); state == ready {
			return version, nil
		}
		select {
		case <-p.done:
			said, _ := io.ReadAll(io.NewSectionReader(log, 0, 64<<10))
			if strings.Contains(string(said), `lock file "postmaster.pid" already exists`) {
				return "", errOccupied
			}
			if strings.Contains(string(said), "pre-existing shared memory block") {
				return "", fmt.Errorf("%w:\n%s", errLingering, said)
			}
			return "", fmt.Errorf("PostgreSQL did not start:\n%s", said)
		default:
		}
		if err := pause(ctx); err != nil {
			return "", fmt.Errorf("PostgreSQL did not get ready: %w", err)
		}
	}
}

// process is a child process that someone is waiting for.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// run starts cmd and reaps it when it ends.
func run(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd, make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(p.done)
		// Linux ties the child to the thread that started it. Go ends idle threads only under a goroutine
		// that is locked to one, so this goroutine keeps its thread for as long as the child lives.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
		}
	}()
	return p, <-started
}

// stop takes a server down without waiting for its clients, and by harder means when that does not help.
func (p *process) stop() error {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} {
		if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		select {
		case <-p.done:
			return nil
		case <-time.After(patience / 4):
		}
	}
	return errors.New("PostgreSQL does not stop")
}
