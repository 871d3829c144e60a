//go:build unix

package pgdev

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who runs the server. PostgreSQL refuses to run as root, so root lends it another account.
type account struct {
	uid, gid int
	lent     bool // by root; otherwise it is the account of this process
}

// serverAccount picks the account for a new cluster. It must have a name, or initdb refuses it.
func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		if uidErr == nil && gidErr == nil && uid != 0 {
			return account{uid, gid, true}, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and there is neither an account postgres nor nobody to run it as")
}

// attr makes a child process run as the account.
func (a account) attr() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{}
	if a.lent {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}

// give hands files over to the account.
func (a account) give(paths ...string) error {
	if !a.lent {
		return nil
	}
	for _, path := range paths {
		if err := os.Lchown(path, a.uid, a.gid); err != nil {
			return err
		}
	}
	return nil
}

// reaches tells whether the account may enter dir and every folder above it.
func (a account) reaches(dir string) bool {
	if !a.lent {
		return true // what it may not enter will say so itself
	}
	for {
		info, err := os.Stat(dir)
		if err != nil {
			return false
		}
		enter := fs.FileMode(0o001)
		switch stat := info.Sys().(*syscall.Stat_t); {
		case int(stat.Uid) == a.uid:
			enter = 0o100
		case int(stat.Gid) == a.gid:
			enter = 0o010
		}
		if info.Mode()&enter == 0 {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// owner is the account that a file belongs to.
func owner(info fs.FileInfo) account {
	stat := info.Sys().(*syscall.Stat_t)
	return account{uid: int(stat.Uid), gid: int(stat.Gid), lent: os.Geteuid() == 0}
}
