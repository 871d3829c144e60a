package pg

import (
	"context"
	"errors"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/overens/overens/internal/fault"
)

// A distributed PostgreSQL puts the shard's number behind a constraint's name.
var shard = regexp.MustCompile(`_[0-9]+$`)

// refusal turns a constraint's refusal into a fault whose key is the
// constraint's name: organisation_code_once → organisation.code_once. What the
// database does not refuse by a rule of ours stays internal.
func refusal(err error) error {
	if err == nil || fault.All(err) != nil {
		return err
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		if cutOff(err) {
			return fault.New(fault.Unavailable, "common.database_away").Because(err)
		}
		return err
	}
	switch e.Code {
	case "23505", "23P01": // unique, exclusion
		return fault.New(fault.Conflict, key(e)).Because(err)
	case "23514", "23503": // check, foreign key
		return fault.New(fault.Invalid, key(e)).Because(err)
	case "22021", "22P05": // a NUL, or what is no UTF-8: no form or JSON text needs it
		return fault.New(fault.Invalid, "common.text_broken").Because(err)
	case "57P01", "57P02", "57P03", "53300", "08006", "08003": // going down, starting, too many connections, cut off
		return fault.New(fault.Unavailable, "common.database_away").Because(err)
	}
	return err
}

// cutOff tells whether there is no connection, or none any more.
func cutOff(err error) bool {
	_, refused := errors.AsType[*pgconn.ConnectError](err)
	_, broken := errors.AsType[*net.OpError](err)
	return refused || broken || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func key(e *pgconn.PgError) string {
	table := shard.ReplaceAllString(e.TableName, "")
	name := shard.ReplaceAllString(e.ConstraintName, "")
	if table == "" {
		return strings.Replace(name, "_", ".", 1)
	}
	return table + "." + strings.TrimPrefix(name, table+"_")
}
