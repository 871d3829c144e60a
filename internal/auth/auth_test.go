package auth_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The matrix is read by people who ask who may do what; a change of it is a
// change of the product and has to be seen.
func TestWhoMayDoWhat(t *testing.T) {
	party := uuid.MustParse("0193a000-0000-7000-8000-000000000001")
	var b strings.Builder
	fmt.Fprintf(&b, "%-22s", "")
	for _, p := range auth.Permissions {
		fmt.Fprintf(&b, " %s", p)
	}
	b.WriteString("\n")
	for _, r := range append(auth.Roles, auth.RolePublic) {
		a := auth.Actor{Kind: auth.KindPerson, Grants: []auth.Grant{{Role: r, Party: party}}}
		fmt.Fprintf(&b, "%-22s", r)
		for _, p := range auth.Permissions {
			mark := "-"
			if a.May(p) {
				mark = "county"
			} else if a.MayFor(p, party) {
				mark = "party"
			}
			fmt.Fprintf(&b, " %-*s", len(p), mark)
		}
		b.WriteString("\n")
	}
	const golden = "testdata/policy.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("the matrix changed (-want +got); go test ./internal/auth -update writes it:\n%s", d)
	}
}

func TestAPartysRoleReachesItsPartyAlone(t *testing.T) {
	mine, other := uuid.New(), uuid.New()
	a := auth.Actor{Kind: auth.KindPerson, Grants: []auth.Grant{{Role: auth.RolePartyAdministrator, Party: mine}}}
	if !a.MayFor(auth.OrganisationChange, mine) {
		t.Error("may not change its own party")
	}
	if a.MayFor(auth.OrganisationChange, other) || a.May(auth.OrganisationChange) || a.MayFor(auth.OrganisationChange, uuid.Nil) {
		t.Error("may change another party")
	}
	if a.Party() != mine {
		t.Error("acts for another party")
	}
}

func TestARefusalSaysTheRuleAndWhoMay(t *testing.T) {
	a := auth.Actor{Kind: auth.KindPerson, Grants: []auth.Grant{{Role: auth.RoleOfficer}}}
	err := a.Require(auth.AuditRead)
	f := fault.All(err)
	if len(f) != 1 || f[0].Kind != fault.Forbidden || f[0].Args["permission"] != "audit.read" {
		t.Fatalf("got %v", err)
	}
	if who := f[0].Args["who"].([]auth.Role); len(who) != 3 {
		t.Errorf("who may: %v", who)
	}
	if err := auth.Public("kronoberg", "").Require(auth.AuditRead); !fault.Is(err, "auth.sign_in") {
		t.Errorf("the public is asked to sign in, got %v", err)
	}
}

// Whoever has a right for another party is told that it is not a right that he lacks
// everywhere.
func TestARefusalSaysThatTheRightIsForAnotherParty(t *testing.T) {
	a := auth.Actor{Kind: auth.KindPerson, Grants: []auth.Grant{{Role: auth.RolePartyRepresentative, Party: uuid.New()}}}
	for _, c := range []struct {
		right     auth.Permission
		party     uuid.UUID
		elsewhere any
	}{{auth.MeetingPropose, uuid.New(), true}, {auth.MeetingPropose, uuid.Nil, nil}, {auth.PersonChange, uuid.New(), nil}} {
		f := fault.All(a.RequireFor(c.right, c.party))
		if len(f) != 1 || f[0].Key != "auth.forbidden" || f[0].Args["elsewhere"] != c.elsewhere {
			t.Errorf("%s: %v", c.right, f)
		}
	}
}

// The coordinator of a shared post has two principals: the county's
// administration employs him, the parties pay.
func TestTheCoordinatorSeesThePartiesMattersAndNotTheCountysOwn(t *testing.T) {
	a := auth.Actor{Kind: auth.KindPerson, Grants: []auth.Grant{{Role: auth.RoleCoordinator}}}
	for _, p := range []auth.Permission{auth.OrganisationRead, auth.AgreementRead, auth.GovernanceRead, auth.DocumentRead, auth.CostRead} {
		if !a.MayFor(p, uuid.New()) {
			t.Errorf("may not %s for a party that pays", p)
		}
	}
	for _, p := range []auth.Permission{auth.MeetingRead, auth.MeetingPrepare, auth.MeetingPublish, auth.DocumentChange, auth.MemberRead, auth.AuditRead,
		auth.CountyChange, auth.CostPrepare, auth.CostAdopt, auth.CostAsk} {
		if a.MayAnywhere(p) {
			t.Errorf("may %s: that is the county's own", p)
		}
	}
}

func TestAFinanceOfficerReadsTheOwnPartysCostsAndAsks(t *testing.T) {
	mine, other := uuid.New(), uuid.New()
	a := auth.Actor{Kind: auth.KindPerson, Grants: []auth.Grant{{Role: auth.RolePartyFinance, Party: mine}}}
	if !a.MayFor(auth.CostRead, mine) || !a.MayFor(auth.CostAsk, mine) {
		t.Error("may not read or ask about the own party's costs")
	}
	if a.MayFor(auth.CostRead, other) || a.May(auth.CostRead) || a.MayAnywhere(auth.CostPrepare) || a.MayAnywhere(auth.CostAdopt) {
		t.Error("reaches further than the own party")
	}
}
