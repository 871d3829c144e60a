package sample_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
)

// Odd case 16: the coordinator is paid by the municipalities and employed by the
// county's administration. All municipalities are seen, and the county's own
// cases are not there.
func TestCase16TheCoordinatorHasTwoPrincipals(t *testing.T) {
	ctx, tx, _ := met(t, "ostergotland")
	draft, err := meeting.Prepare(ctx, tx, meeting.Date{Body: "council", On: tx.Today().Add(90)})
	if err != nil {
		t.Fatal(err)
	}
	paper, err := document.AddLink(ctx, tx, document.Card{Title: "Underlag i ett av länets egna ärenden", Kind: "other"}, document.Link{URL: "https://www.exempel.se/underlag"})
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Restrict(ctx, tx, paper.ID); err != nil {
		t.Fatal(err)
	}
	drafts := meeting.Filter{States: []meeting.State{meeting.Drafted}, Limit: 100, Page: 1}
	_, restricted, err := document.List(ctx, tx, document.Filter{Limit: 1, Page: 1})
	if err != nil {
		t.Fatal(err)
	}

	// Who prepares meetings sees them: what is looked for below is there.
	dbtest.As(tx, auth.RoleOfficer, uuid.Nil)
	if _, n, err := meeting.List(ctx, tx, drafts); err != nil || n == 0 {
		t.Fatalf("the officer sees %d drafts, %v", n, err)
	}

	dbtest.As(tx, auth.RoleCoordinator, uuid.Nil)
	parties, n, err := organisation.List(ctx, tx, organisation.Filter{Type: organisation.Municipality, Limit: 100, Page: 1})
	if err != nil || n != 13 {
		t.Fatalf("%d municipalities, %v", n, err)
	}
	for _, o := range parties {
		if _, err := organisation.Get(ctx, tx, o.ID); err != nil {
			t.Errorf("%s: %v", o.Name, err)
		}
		if !tx.MayFor(auth.CostRead, o.ID) {
			t.Errorf("%s pays, and its costs are not seen", o.Name)
		}
	}
	if _, n, err := agreement.List(ctx, tx, agreement.Filter{Limit: 10, Page: 1}); err != nil || n == 0 {
		t.Errorf("%d agreements, %v", n, err)
	}
	if _, n, err := governance.List(ctx, tx, governance.Filter{Status: governance.Every, Limit: 1, Page: 1}); err != nil || n == 0 {
		t.Errorf("%d mandates, %v", n, err)
	}

	if ms, n, err := meeting.List(ctx, tx, drafts); err != nil || n != 0 || len(ms) != 0 {
		t.Errorf("%d meetings that are being prepared are seen, %v", n, err)
	}
	if _, err := meeting.Get(ctx, tx, draft.Meeting.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("a meeting that is being prepared: %v", err)
	}
	if _, err := meeting.Prepare(ctx, tx, meeting.Date{Body: "council", On: tx.Today().Add(91)}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("preparing a meeting: %v", err)
	}
	if _, err := document.Get(ctx, tx, paper.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("a restricted document: %v", err)
	}
	if _, err := document.Open(ctx, tx, paper.ID, 0); !fault.Is(err, "common.not_found") {
		t.Errorf("a restricted document's file: %v", err)
	}
	if _, n, err := document.List(ctx, tx, document.Filter{Limit: 1, Page: 1}); err != nil || n >= restricted {
		t.Errorf("%d of %d documents, the restricted one among them, %v", n, restricted, err)
	}
	if _, _, err := audit.List(ctx, tx, audit.Filter{Limit: 1, Page: 1}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("the trail: %v", err)
	}
	if _, _, err := member.List(ctx, tx, member.Filter{Limit: 1, Page: 1}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("who is a member: %v", err)
	}
	for _, p := range []auth.Permission{auth.CountyChange, auth.CostPrepare, auth.CostAdopt} {
		if err := tx.Require(p); !fault.Is(err, "auth.forbidden") {
			t.Errorf("decides for the county's administration: %s, %v", p, err)
		}
	}
}
