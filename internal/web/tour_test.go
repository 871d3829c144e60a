package web_test

// stop is a page on a tour: who looks, and where.
type stop struct{ name, as, path string }

// tour leads past every kind of page.
func (h *house) tour() []stop {
	const at = "/lan/kronoberg"
	o, p, m := at+"/organisations/", at+"/people/", at+"/members/"
	return []stop{
		{"counties", ",", "/"},
		{"nation", ",", "/sverige"},
		{"problems", ",", "/problems"},
		{"problem", ",", "/problems/organisation.number_wrong"},
		{"public", ",", at},
		{"public-empty", ",", "/lan/halland"},
		{"accessibility", ",", at + "/accessibility"},
		{"personal-data", ",", at + "/personal-data"},
		{"sign-in", ",", at + "/sign-in"},
		{"sign-in-nation", ",", "/sverige/sign-in"},
		{"invitation", ",", "/invitations/kronoberg/secret"},
		{"sign-in-first", ",", at + "/organisations"},
		{"start", strategist, at},
		{"start-administrator", admin, at},
		{"start-empty", "halland,strategist", "/lan/halland"},
		{"start-english", strategist, at + "?lang=en"},
		{"organisations", strategist, at + "/organisations?lang=sv"},
		{"organisations-past", strategist, at + "/organisations?on=2010-05-01"},
		{"organisations-none", strategist, at + "/organisations?q=zzz"},
		{"organisation", strategist, o + h.Alvesta.ID.String()},
		{"organisation-ended", strategist, o + h.Old.ID.String()},
		{"organisation-party", h.partyAdmin(), o + h.Alvesta.ID.String()},
		{"organisation-new", strategist, o + "new"},
		{"organisation-edit", strategist, o + h.Alvesta.ID.String() + "/edit"},
		{"organisation-contact", h.partyAdmin(), o + h.Alvesta.ID.String() + "/edit"},
		{"organisation-end", strategist, o + h.Alvesta.ID.String() + "/end"},
		{"people", strategist, at + "/people"},
		{"people-empty", "halland,strategist", "/lan/halland/people"},
		{"person", admin, p + h.Kim.ID.String()},
		{"person-new", strategist, p + "new"},
		{"person-edit", strategist, p + h.Kim.ID.String() + "/edit"},
		{"person-end", strategist, p + h.Kim.ID.String() + "/end"},
		{"members", admin, at + "/members"},
		{"members-never-in", admin, at + "/members?state=never-in"},
		{"member", admin, m + h.Waiting.ID.String()},
		{"member-new", admin, m + "new"},
		{"member-end", admin, m + h.Waiting.ID.String() + "/end"},
		{"sessions", strategist, at + "/sessions"},
		{"audit", admin, at + "/audit"},
		{"audit-mask", admin, at + "/audit/1/mask"},
		{"operator-entries", admin, at + "/operator-entries"},
		{"operator-entry", operator, "/lan/sverige/operator-entry"},
		{"context", strategist, at + "/context"},
		{"refused", officer, o + "new"},
		{"not-there", strategist, o + "0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"},
		{"nowhere", ",", "/nowhere"},
	}
}
