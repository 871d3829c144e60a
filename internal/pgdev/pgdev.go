//go:build unix

// Package pgdev runs PostgreSQL for people and tests that have not set one up.
//
// Start keeps a server whose data stays, for `make run`. Ephemeral and Shared give tests a server that is thrown away.
// No server listens on a port: each is reached through a unix socket in a folder that only its own account
// (and root) may enter, which is why no password is asked for.
// A server never outlives the processes that use it, however they end, kill -9 included.
package pgdev

import (
	"context"
	"net/url"
	"sync"
	"time"
)

// Administrator is the role that owns a new server: a superuser without a password.
const Administrator = "postgres"

// patience bounds every start and stop. A start takes well under a second;
// only a recovery after a crash or a machine that is out of breath comes near the bound.
const patience = 60 * time.Second

// Server is a running PostgreSQL reached only through a unix socket.
type Server struct {
	socket  string // the folder of the socket
	version string
	stop    func() error
}

// URL says how to reach a database of the server as a role.
func (s *Server) URL(database, user string) string { return socketURL(s.socket, database, user) }

func socketURL(socket, database, user string) string {
	// The port is part of the socket's name. It is written out because PGPORT in the environment would win otherwise.
	query := url.Values{"host": {socket}, "port": {port}, "user": {user}}
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: query.Encode()}).String()
}

// Version is the version of the server, such as "17.2".
func (s *Server) Version() string { return s.version }

// Stop ends this process's use of the server. Whoever started a lasting server takes it down, open connections and all;
// who attached to it only lets go. An ephemeral server goes, and its data with it; a shared one when its last user stops.
// Further calls do nothing and return the same answer.
func (s *Server) Stop() error { return s.stop() }

func newServer(socket, version string, stop func() error) *Server {
	return &Server{socket: socket, version: version, stop: sync.OnceValue(stop)}
}

// Start brings up the lasting server under dir (for example ".data"), or attaches to the one that runs there.
// Each major version and build of PostgreSQL has its own data under dir.
// The server ends with the process that started it; on systems other than Linux a kill -9 leaves it running,
// and the next Start attaches to it.
func Start(ctx context.Context, dir string) (*Server, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	binaries, err := Find()
	if err != nil {
		return nil, err
	}
	as, err := serverAccount()
	if err != nil {
		return nil, err
	}
	home, unlock, err := openHome(ctx, dir, as)
	if err != nil {
		return nil, err
	}
	defer unlock()
	c, err := lastingCluster(home, binaries, as)
	if err != nil {
		return nil, err
	}
	if err := c.init(ctx); err != nil {
		return nil, err
	}
	return c.startOrAttach(ctx)
}
