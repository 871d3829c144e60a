package tenant

// Lead is who leads and holds together.
type Lead struct {
	Organisations []string `json:"organisations,omitempty" required:"true" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as lansstyrelsen" doc:"The organisations that lead, by key: one, or several jointly." example:"[\"lansstyrelsen\"]"`
	Secretariat   Words    `json:"secretariat,omitempty" doc:"What the joint office is called, where there is one."`
	Form          Words    `json:"form,omitempty" doc:"How they lead, where it needs telling."`
}

// Jointly tells whether several lead together.
func (l Lead) Jointly() bool { return len(l.Organisations) > 1 }

func (l Lead) check(c *checker) {
	l.Secretariat.check(c.in("secretariat"), false)
	l.Form.check(c.in("form"), false)
	if len(l.Secretariat) > 0 && len(l.Organisations) == 1 {
		c.in("secretariat").refuse("tenant.lead.joint_of_one")
	}
}
