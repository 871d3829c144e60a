//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// openHome makes dir ready for lasting clusters and locks it, so that one process at a time initialises, starts or attaches.
// It returns the folder to use: dir itself, or, where the server's account cannot reach dir (a repository in root's own
// home), a folder under /var/tmp that a link in dir remembers. Without the link the data is not found again,
// so removing dir means a fresh start in both cases.
func openHome(ctx context.Context, dir string, as account) (home string, unlock func(), err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return "", nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", nil, err
	}
	unlock, err = lock(ctx, filepath.Join(dir, "lock"))
	if err != nil {
		return "", nil, err
	}
	if as.reaches(dir) {
		return dir, unlock, nil
	}
	home, err = elsewhere(filepath.Join(dir, "elsewhere"))
	if err != nil {
		unlock()
		return "", nil, err
	}
	return home, unlock, nil
}

// elsewhere returns the folder that link leads to, and makes both when there is none.
func elsewhere(link string) (string, error) {
	if dir, err := os.Readlink(link); err == nil {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && owner(info).uid == os.Geteuid() {
			return dir, nil
		}
		// The system empties /var/tmp now and then, and whatever stands there now is not ours.
		if err := os.Remove(link); err != nil {
			return "", err
		}
	}
	dir, err := os.MkdirTemp("/var/tmp", "overens-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	return dir, os.Symlink(dir, link)
}

// reachable returns binaries that the account can run. Those of .cache/postgres are copied if need be;
// an installation of the system's own is not ours to move.
func reachable(ctx context.Context, b Binaries, as account) (Binaries, error) {
	if as.reaches(b.Dir) {
		return b, nil
	}
	if b.Source != "npm" {
		return b, fmt.Errorf("PostgreSQL does not run as root, and other accounts cannot reach %s: set PG_BINDIR to an installation that they can", b.Dir)
	}
	installation := filepath.Dir(b.Dir)
	cache := filepath.Dir(installation)
	unlock, err := lock(ctx, filepath.Join(cache, "lock"))
	if err != nil {
		return b, err
	}
	defer unlock()
	home, err := elsewhere(filepath.Join(cache, "elsewhere"))
	if err != nil {
		return b, err
	}
	copied := filepath.Join(home, filepath.Base(installation))
	b.Dir = filepath.Join(copied, "bin")
	if _, err := os.Stat(copied); err == nil {
		return b, nil
	}
	if err := os.RemoveAll(copied + ".new"); err != nil {
		return b, err
	}
	if err := os.CopyFS(copied+".new", os.DirFS(installation)); err != nil {
		return b, err
	}
	return b, os.Rename(copied+".new", copied)
}

// lock takes the lock file at path for this process, waiting for whoever has it. The kernel frees it when the process ends.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	// Read-only is enough to lock, and lets an ordinary user lock what root made.
	file, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE|syscall.O_NOFOLLOW, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			err = pause(ctx)
		}
		if err != nil {
			file.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
	}
}

// pause waits a moment before the next look at something that no event tells about.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(5 * time.Millisecond):
		return nil
	}
}
