// Package deploy embeds what an installation needs outside the program and the
// program itself needs for its embedded database.
package deploy

import _ "embed"

// RolesSQL makes the cluster's roles. A superuser runs it in the database.
//
//go:embed roles.sql
var RolesSQL string
