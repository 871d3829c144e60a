package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// anew writes the card of what stands beside instruments anew: a network's, a
// local agreement's. get tells how it stands, write takes the next version, and
// shed lets go of what hung on the card as it was. Whoever comes second is told
// how it stands now.
func anew[T any](ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64,
	get func(context.Context, *pg.Tx, uuid.UUID) (T, error), of func(T) int64, write func(*agreementdb.Queries) error, shed func(*agreementdb.Queries) error,
) error {
	was, err := get(ctx, tx, id)
	if err == nil && of(was) != version {
		err = fault.Changed(was)
	}
	if err != nil {
		return err
	}
	q := agreementdb.New(tx)
	if err := write(q); fault.Is(err, "common.not_found") {
		if was, err = get(ctx, tx, id); err != nil {
			return err
		}
		return fault.Changed(was)
	} else if err != nil {
		return at(err)
	}
	if err := shed(q); err != nil {
		return err
	}
	return q.ForgetWords(ctx, id)
}
