package pg_test

import (
	"testing"

	"github.com/overens/overens/internal/dbtest"
)

func TestSmoke(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	var s string
	if err := tx.QueryRow(ctx, "SELECT current_tenant() || current_user").Scan(&s); err != nil {
		t.Fatal(err)
	}
	t.Log(s, tx.Config().Identity.Name)
	d := dbtest.New(t)
	_ = d
}
