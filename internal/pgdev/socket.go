//go:build unix

package pgdev

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// port names the socket file; nothing listens on it.
const port = "5432"

// fits tells whether the system takes the path of a socket in dir.
func fits(dir string) bool {
	// The field in the system's address structure, with room for the zero at the end.
	return len(filepath.Join(dir, ".s.PGSQL."+port)) < len(syscall.RawSockaddrUnix{}.Path)
}

// socketFolder is the folder for the socket of the cluster in dir: dir itself, for it is closed to others,
// or a closed folder under /tmp where dir's path is too long.
func socketFolder(dir string, as account) (string, error) {
	if fits(dir) {
		return dir, nil
	}
	folder := "/tmp/overens-" + short(dir) // not os.TempDir: it can be long, too
	if err := os.Mkdir(folder, 0o700); err == nil {
		return folder, as.give(folder)
	} else if !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return "", err
	}
	// Root may find it as its own when an earlier start ended between making and giving.
	if info.IsDir() && owner(info).uid == os.Geteuid() {
		return folder, as.give(folder)
	}
	// Anyone may write to /tmp. Who owns the folder could stand in for the server.
	if !info.IsDir() || owner(info).uid != as.uid || info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s is in the way: it is not a closed folder of the server's account", folder)
	}
	return folder, nil
}

// state is how a server answers.
type state int

const (
	down  state = iota // nobody there
	busy               // on its way up or down
	ready              // takes connections
)

// ask tries to connect, and asks the version of who answers.
func ask(ctx context.Context, socket string) (version string, _ state) {
	config, err := pgconn.ParseConfig(socketURL(socket, "postgres", Administrator))
	if err != nil {
		return "", down
	}
	config.ConnectTimeout = 2 * time.Second
	conn, err := pgconn.ConnectConfig(ctx, config)
	if err != nil {
		if _, answered := errors.AsType[*pgconn.PgError](err); answered || !refused(err) {
			return "", busy
		}
		return "", down
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return conn.ParameterStatus("server_version"), ready
}

// refused tells whether nobody was behind the socket.
func refused(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist)
}
