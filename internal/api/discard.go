package api

import (
	"context"
	"net/http"

	"github.com/overens/overens/internal/pg"
)

// discard registers a DELETE of something that can be changed, of the version
// that was read.
func discard[I any](d *Door, path, id string, f func(ctx context.Context, tx *pg.Tx, in *I, version int64) error) {
	rt := route{method: http.MethodDelete, path: path, id: id, access: Member, status: http.StatusNoContent, ifMatch: true}
	register(d, rt, nil, func(ctx context.Context, in *I) (answer, error) {
		version, err := ifMatch(from(ctx).r)
		if err != nil {
			return answer{}, err
		}
		err = d.work(ctx, Member, pg.Write, func(tx *pg.Tx) error { return f(ctx, tx, in, version) })
		return answer{Answer: pg.Answer{Status: http.StatusNoContent}}, err
	})
}
