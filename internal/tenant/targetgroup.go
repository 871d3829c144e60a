package tenant

// TargetGroup is whom the county's work is for. Counties define it differently,
// so whoever compares them must show the definition.
type TargetGroup struct {
	Definition            Words    `json:"definition,omitempty" required:"true" doc:"The definition, as the county words it."`
	Laws                  []string `json:"laws,omitempty" pattern:"^[0-9]{4}:[0-9]{1,4}$" patternDescription:"a statute's number, as 2010:197" doc:"The statutes that it refers to, by number." example:"[\"2010:197\"]"`
	YearsFrom             int      `json:"yearsFrom,omitzero" minimum:"1" doc:"Where it is so many years after arrival: the fewest." example:"2"`
	YearsTo               int      `json:"yearsTo,omitzero" minimum:"1" doc:"Where it is so many years after arrival: the most." example:"4"`
	AsylumSeekers         string   `json:"asylumSeekers,omitzero" enum:"included,excluded" doc:"Whether asylum seekers belong to it. Left out: unknown." example:"included"`
	TemporaryProtection   string   `json:"temporaryProtection,omitzero" enum:"included,excluded" doc:"Whether people with temporary protection belong to it. Left out: unknown." example:"included"`
	UnaccompaniedChildren string   `json:"unaccompaniedChildren,omitzero" enum:"included,excluded" doc:"Whether unaccompanied children belong to it. Left out: unknown." example:"included"`
	DiffersFromNational   bool     `json:"differsFromNational,omitzero" doc:"Whether it is another than the law's, so that a comparison has to say so." example:"true"`
}

// Who belongs to a target group.
const (
	Included = "included"
	Excluded = "excluded"
)

func (t TargetGroup) check(c *checker) {
	t.Definition.check(c.in("definition"), false)
	if t.YearsFrom > 0 && t.YearsTo > 0 && t.YearsTo < t.YearsFrom {
		c.in("yearsTo").refuse("tenant.target.years", "from", t.YearsFrom, "to", t.YearsTo)
	}
	if len(t.Laws) == 0 && !t.DiffersFromNational && len(t.Definition) > 0 {
		c.in("differsFromNational").refuse("tenant.target.basis")
	}
}
