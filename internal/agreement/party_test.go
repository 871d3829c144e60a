package agreement_test

import (
	"slices"
	"testing"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/sample"
)

// That all had signed is said of those who were parties then.
func TestAPartyThatComesAfterAllHadSignedHasNotSigned(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	ctx, tx := c.ctx, c.tx
	dbtest.AsSystem(tx)
	must(sample.Agreements(ctx, tx))(t)
	on := d("2022-06-01")
	i := must(agreement.Get(ctx, tx, must(agreement.ByKey(ctx, tx, "sok-2019"))(t).ID, on))(t)
	all := i.State.Signers
	if i.State.Key != agreement.StateInForce || i.State.Signed != all {
		t.Fatalf("%+v", i.State)
	}
	o := must(organisation.Create(ctx, tx, organisation.Card{Type: "university", Name: "Högskolan"}))(t)
	part := must(agreement.Join(ctx, tx, i.ID, agreement.Entry{Organisation: o.ID, Status: "signatory", From: agreement.OnDay(on)}))(t)
	look := func(key string, signed int, has bool) {
		t.Helper()
		now := must(agreement.Get(ctx, tx, i.ID, on))(t)
		if now.State.Key != key || now.State.Signed != signed || now.State.Signers != all+1 {
			t.Errorf("%+v", now.State)
		}
		ps := must(agreement.PartiesOn(ctx, tx, i.ID, on))(t)
		for _, p := range ps.List {
			if want := has || p.Organisation != o.ID; p.Signs && p.HasSigned != want {
				t.Errorf("%s has signed: %t", p.Name, p.HasSigned)
			}
		}
		if !slices.ContainsFunc(ps.List, func(p agreement.Party) bool { return p.Organisation == o.ID && p.Counted }) {
			t.Error("it is no party")
		}
	}
	look(agreement.StateInForceEarly, all, false)
	must(agreement.Sign(ctx, tx, part.ID, agreement.Signing{When: agreement.OnDay(on), Source: "Undertecknat exemplar"}))(t)
	look(agreement.StateInForce, all+1, true)
}
