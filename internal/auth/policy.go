package auth

import "slices"

// Role is one of the fixed roles. A county's configuration maps claims to
// roles and cannot make new ones; mandates add the rights of seats.
type Role string

// The roles.
const (
	RoleOperator            Role = "operator"
	RoleCountyAdministrator Role = "county-administrator"
	RoleStrategist          Role = "strategist"
	RoleOfficer             Role = "officer"
	RoleCoordinator         Role = "coordinator" // a post that parties share the cost of
	RolePartyAdministrator  Role = "party-administrator"
	RolePartyRepresentative Role = "party-representative"
	RolePartyReporter       Role = "party-reporter"
	RolePartyFinance        Role = "party-finance"
	RoleAuditor             Role = "auditor"
	RoleNationalAnalyst     Role = "national-analyst"
	RolePublic              Role = "public"

	roleSystem Role = "system"
)

// Roles are those that a person can be given, in the order they are shown.
var Roles = []Role{
	RoleCountyAdministrator, RoleStrategist, RoleOfficer, RoleCoordinator, RoleAuditor,
	RolePartyAdministrator, RolePartyRepresentative, RolePartyReporter, RolePartyFinance,
	RoleNationalAnalyst, RoleOperator,
}

// RoleNames are Roles as text, for the configuration's check.
func RoleNames() []string {
	s := make([]string, len(Roles))
	for i, r := range Roles {
		s[i] = string(r)
	}
	return s
}

// OfParty tells whether a role is held for one party.
func (r Role) OfParty() bool {
	return r == RolePartyAdministrator || r == RolePartyRepresentative || r == RolePartyReporter || r == RolePartyFinance
}

// National tells whether a role belongs to the nation ("sverige") and no county.
func (r Role) National() bool { return r == RoleNationalAnalyst || r == RoleOperator }

// Permission is what can be done, "<subject>.<verb>".
type Permission string

// The permissions.
const (
	CountyRead         Permission = "county.read" // what is in force, as a member sees it
	CountyChange       Permission = "county.change"
	OrganisationRead   Permission = "organisation.read"
	OrganisationChange Permission = "organisation.change" // a party's administrator: the own contact
	OrganisationCreate Permission = "organisation.create" // create, end, succeed, publish
	AgreementRead      Permission = "agreement.read"
	AgreementChange    Permission = "agreement.change" // instruments, parties, goals, networks, local agreements
	GovernanceRead     Permission = "governance.read"
	GovernanceChange   Permission = "governance.change" // seats: appoint, end, offer, hand over; a party's administrator: the own party's
	DocumentRead       Permission = "document.read"
	DocumentChange     Permission = "document.change" // add, correct, publish, withdraw
	MeetingRead        Permission = "meeting.read"    // a meeting that one sits in; the county's own: all that have been called
	MeetingPropose     Permission = "meeting.propose" // a matter, for one's party
	MeetingPrepare     Permission = "meeting.prepare" // announce, make the agenda, call, lead through, minute
	MeetingPublish     Permission = "meeting.publish" // give minutes to the public
	CostRead           Permission = "cost.read"       // how shared costs are split; a party's roles: the own party's statements
	CostPrepare        Permission = "cost.prepare"    // make and change a preview, answer a payer's question
	CostAdopt          Permission = "cost.adopt"      // make a preview hold
	CostAsk            Permission = "cost.ask"        // a payer's question
	PersonRead         Permission = "person.read"
	PersonChange       Permission = "person.change"
	MemberRead         Permission = "member.read"
	MemberInvite       Permission = "member.invite" // invite, resend, revoke, end
	MemberConfirm      Permission = "member.confirm"
	MemberStaff        Permission = "member.staff" // give and take the county's own roles
	SessionEnd         Permission = "session.end"  // another person's sessions
	AuditRead          Permission = "audit.read"
	AuditMask          Permission = "audit.mask"
	OperatorEnter      Permission = "operator.enter"
	NationalRead       Permission = "national.read"
	PopulationChange   Permission = "population.change" // the national register of population
)

// Permissions are all of them, for the matrix and its test.
var Permissions = []Permission{
	CountyRead, CountyChange, OrganisationRead, OrganisationChange, OrganisationCreate,
	AgreementRead, AgreementChange, GovernanceRead, GovernanceChange, DocumentRead, DocumentChange, MeetingRead, MeetingPropose, MeetingPrepare, MeetingPublish,
	CostRead, CostPrepare, CostAdopt, CostAsk, PersonRead, PersonChange, MemberRead, MemberInvite, MemberConfirm, MemberStaff,
	SessionEnd, AuditRead, AuditMask, OperatorEnter, NationalRead, PopulationChange,
}

type set map[Permission]bool

func all(ps ...Permission) set {
	s := set{}
	for _, p := range ps {
		s[p] = true
	}
	return s
}

// rights are what a role may in the whole county and what only for its party.
type rights struct{ county, party set }

// policy is the whole of it: role → permissions. testdata/policy.golden shows
// it as a table.
var policy = map[Role]rights{
	RoleCountyAdministrator: {county: all(CountyRead, CountyChange, OrganisationRead, OrganisationChange, OrganisationCreate,
		AgreementRead, AgreementChange, GovernanceRead, GovernanceChange, DocumentRead, DocumentChange, MeetingRead, MeetingPropose, MeetingPrepare, MeetingPublish, CostRead, CostPrepare, CostAdopt, PersonRead, PersonChange, MemberRead, MemberInvite, MemberConfirm, MemberStaff, SessionEnd, AuditRead, AuditMask)},
	RoleStrategist: {county: all(CountyRead, OrganisationRead, OrganisationChange, OrganisationCreate,
		AgreementRead, AgreementChange, GovernanceRead, GovernanceChange, DocumentRead, DocumentChange, MeetingRead, MeetingPropose, MeetingPrepare, MeetingPublish, CostRead, CostPrepare, CostAdopt, PersonRead, PersonChange, MemberRead, MemberInvite, AuditRead)},
	RoleOfficer: {county: all(CountyRead, OrganisationRead, OrganisationChange, AgreementRead, GovernanceRead, GovernanceChange, DocumentRead, DocumentChange, MeetingRead, MeetingPropose, MeetingPrepare, CostRead, CostPrepare, CostAdopt, PersonRead, PersonChange, MemberRead)},
	// Employed by the county's administration and paid by the parties: sees what
	// concerns all of them, and none of the cases that are the county's own.
	RoleCoordinator: {county: all(CountyRead, OrganisationRead, AgreementRead, GovernanceRead, DocumentRead, CostRead, PersonRead)},
	RoleAuditor:     {county: all(CountyRead, OrganisationRead, AgreementRead, GovernanceRead, DocumentRead, MeetingRead, CostRead, PersonRead, MemberRead, AuditRead)},
	RolePartyAdministrator: {
		county: all(CountyRead, OrganisationRead, AgreementRead, GovernanceRead, DocumentRead, PersonRead),
		party:  all(OrganisationChange, GovernanceChange, MeetingRead, MeetingPropose, CostRead, CostAsk, PersonChange, MemberRead, MemberInvite, MemberConfirm),
	},
	RolePartyRepresentative: {
		county: all(CountyRead, OrganisationRead, AgreementRead, GovernanceRead, DocumentRead, PersonRead),
		party:  all(MeetingRead, MeetingPropose, CostRead, CostAsk),
	},
	RolePartyReporter: {
		county: all(CountyRead, OrganisationRead, AgreementRead, GovernanceRead, DocumentRead),
		party:  all(MeetingRead),
	},
	RolePartyFinance: {
		county: all(CountyRead, OrganisationRead, AgreementRead, GovernanceRead, DocumentRead),
		party:  all(CostRead, CostAsk),
	},
	RoleNationalAnalyst: {county: all(CountyRead, NationalRead, PopulationChange)},
	// An operator's own place is the nation. In a county he has what a
	// time-limited entry gives him: to read, to help, never to change.
	RoleOperator: {county: all(CountyRead, OrganisationRead, AgreementRead, GovernanceRead, DocumentRead, MemberRead, OperatorEnter, PopulationChange)},
	RolePublic:   {},
	roleSystem:   {county: all(Permissions...)},
}

// Holders are the roles that have a permission, for the words of a refusal.
func Holders(p Permission) []Role {
	var rs []Role
	for _, r := range Roles {
		if policy[r].county[p] || policy[r].party[p] {
			rs = append(rs, r)
		}
	}
	return slices.Clip(rs)
}
