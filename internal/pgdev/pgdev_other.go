//go:build unix && !linux

package pgdev

import "syscall"

// endWithParent does nothing: only Linux can tie a child's life to its parent's.
// A server left behind by kill -9 is found by the next Start, which attaches to it.
func endWithParent(*syscall.SysProcAttr) {}
