//go:build unix && !linux

package pgdev_test

const endsWithParent = false
