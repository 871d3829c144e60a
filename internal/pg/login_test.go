package pg_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
)

func TestTheDoorRefusesALoginThatSeesPastTheWall(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	super, err := pgx.Connect(t.Context(), d.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = super.Close(context.WithoutCancel(t.Context())) }()
	for i, c := range []struct{ name, made, refused string }{
		{"a superuser", "CREATE ROLE %s LOGIN SUPERUSER NOINHERIT", "SUPERUSER"},
		{"one that row-level security does not bind", "CREATE ROLE %s LOGIN BYPASSRLS NOINHERIT", "BYPASSRLS"},
		{"one that makes roles", "CREATE ROLE %s LOGIN CREATEROLE NOINHERIT", "CREATEROLE"},
		{"an owner of tables", "CREATE ROLE %[1]s LOGIN NOINHERIT; CREATE TABLE owned (); ALTER TABLE owned OWNER TO %[1]s", "OWNER"},
		{"one that inherits", "CREATE ROLE %[1]s LOGIN INHERIT; GRANT overens_app TO %[1]s", "INHERIT"},
		{"one that may become the owner", "CREATE ROLE %[1]s LOGIN NOINHERIT; GRANT overens_owner TO %[1]s", "overens_owner"},
		{"one that reads everything by a grant", "CREATE ROLE %[1]s LOGIN INHERIT; GRANT pg_read_all_data TO %[1]s", "pg_read_all_data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Roles belong to the cluster, which other packages' tests share.
			login := fmt.Sprintf("login_%d_%d", os.Getpid(), i)
			made := strings.ReplaceAll(strings.ReplaceAll(c.made, "%[1]s", login), "%s", login)
			if _, err := super.Exec(t.Context(), made); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if _, err := super.Exec(context.WithoutCancel(t.Context()), "DROP OWNED BY "+login+"; DROP ROLE "+login); err != nil {
					t.Error(err)
				}
			}()
			u, err := url.Parse(d.URL)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			q.Set("user", login)
			u.RawQuery = q.Encode()

			db, err := pg.New(t.Context(), u.String(), pg.Options{Load: county.Load})

			if err == nil {
				db.Close()
				t.Fatal("the door opened")
			}
			if !strings.Contains(err.Error(), c.refused) || !strings.Contains(err.Error(), login) {
				t.Errorf("%v; want it to name %s and the login", err, c.refused)
			}
		})
	}
}

func TestADatabaseThatIsNotThereIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"postgres://overens@127.0.0.1:1/overens", "postgres://%zz", "host='"} {
		if db, err := pg.New(t.Context(), address, pg.Options{}); err == nil {
			db.Close()
			t.Errorf("%q: the door opened", address)
		}
	}
}
