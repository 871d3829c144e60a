// Package tenants is the counties' configuration as it is delivered with the
// program: one file for each, explained in README.md.
package tenants

import "embed"

// Files holds the counties' files, <slug>.yaml, for where no folder is given.
//
//go:embed *.yaml
var Files embed.FS
