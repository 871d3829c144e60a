package pgdev

import "syscall"

// endWithParent has the kernel shut the server down when this process ends, even by kill -9.
func endWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGINT }
