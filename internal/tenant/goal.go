package tenant

import (
	"slices"
	"strings"
)

// Goals is the shape of a county's goals: which levels there are, what stands
// under what, and what may be linked with what. The goals themselves are
// records.
type Goals struct {
	Levels []GoalLevel `json:"levels,omitempty" required:"true" doc:"The levels, from the top. Two that stand under the same are side by side."`
	Links  []GoalLink  `json:"links,omitempty" doc:"Which levels may be linked across the tree."`
}

// GoalLevel is one level, or one of several that stand side by side.
type GoalLevel struct {
	Key        string   `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the level in files and records; it never changes." example:"area"`
	Word       Word     `json:"word,omitempty" required:"true" doc:"What one of the level is called."`
	Under      []string `json:"under,omitempty" doc:"The levels that it stands under, by key. None: it is at the top."`
	Nests      bool     `json:"nests,omitzero" doc:"Whether one may also stand under another of its own level, to any depth." example:"false"`
	Purpose    bool     `json:"purpose,omitzero" doc:"Whether it states what all is for and is not itself measured." example:"false"`
	Indicators bool     `json:"indicators,omitzero" doc:"Whether one of the level can have indicators. Without, it is followed up in words." example:"true"`
	Closable   bool     `json:"closable,omitzero" doc:"Whether one can be closed by decision while the agreement holds." example:"true"`
}

// GoalLink is a link between two levels.
type GoalLink struct {
	From string `json:"from" required:"true" doc:"The level that the link is made on, by key." example:"goal"`
	To   string `json:"to" required:"true" doc:"The level that it points to, by key." example:"collaboration-area"`
}

// Level finds a level by its key.
func (g Goals) Level(key string) (GoalLevel, bool) {
	return find(g.Levels, func(l GoalLevel) bool { return l.Key == key })
}

// Top are the levels that stand under nothing.
func (g Goals) Top() []GoalLevel { return g.Beneath("") }

// Beneath are the levels that can stand directly under one of a level, or
// ("") at the top.
func (g Goals) Beneath(key string) []GoalLevel {
	var below []GoalLevel
	for _, l := range g.Levels {
		if g.Fits(l.Key, key) {
			below = append(below, l)
		}
	}
	return below
}

// Fits tells whether one of a level can stand directly under one of another, or
// ("") at the top.
func (g Goals) Fits(key, under string) bool {
	l, ok := g.Level(key)
	switch {
	case !ok:
		return false
	case under == "":
		return len(l.Under) == 0
	case under == key:
		return l.Nests
	}
	return slices.Contains(l.Under, under)
}

// Linked tells whether one of a level may be linked to one of another, in
// either direction.
func (g Goals) Linked(one, other string) bool {
	return slices.ContainsFunc(g.Links, func(l GoalLink) bool {
		return l.From == one && l.To == other || l.From == other && l.To == one
	})
}

func (g Goals) check(c *checker) {
	known := make([]string, len(g.Levels))
	for i, l := range g.Levels {
		known[i] = l.Key
	}
	exists := func(c *checker, key string) bool {
		if key == "" || slices.Contains(known, key) {
			return key != ""
		}
		c.refuse("tenant.goals.level_unknown", "level", key, "known", strings.Join(known, ", "))
		return false
	}
	for n, level := range g.Levels {
		at := c.in("levels").item(n)
		level.Word.check(at.in("word"), false)
		if level.Purpose && level.Indicators {
			at.in("indicators").refuse("tenant.goals.purpose_measured", "level", level.Key)
		}
		for m, under := range level.Under {
			under, at := under, at.in("under").item(m)
			switch {
			case under == level.Key:
				at.refuse("tenant.goals.under_itself", "level", under)
			case exists(at, under):
				if way := g.way(under, level.Key, nil); way != nil {
					at.refuse("tenant.goals.circle", "level", level.Key, "way", strings.Join(append([]string{level.Key}, way...), " → "))
				}
			}
		}
	}
	if len(g.Levels) > 0 && len(g.Top()) == 0 {
		c.in("levels").refuse("tenant.goals.no_top")
	}
	for n, link := range g.Links {
		at := c.in("links").item(n)
		from, to := exists(at.in("from"), link.From), exists(at.in("to"), link.To)
		if !from || !to {
			continue
		}
		switch {
		case g.Fits(link.From, link.To) || g.Fits(link.To, link.From):
			at.refuse("tenant.goals.link_in_tree", "from", link.From, "to", link.To)
		case slices.ContainsFunc(g.Links[:n], func(l GoalLink) bool {
			return l == link || l == GoalLink{From: link.To, To: link.From}
		}):
			at.refuse("tenant.goals.link_twice", "from", link.From, "to", link.To)
		}
	}
}

// way finds a road upwards from one level to another.
func (g Goals) way(from, to string, seen []string) []string {
	switch {
	case from == to:
		return []string{to}
	case slices.Contains(seen, from):
		return nil
	}
	level, _ := g.Level(from)
	for _, under := range level.Under {
		if on := g.way(under, to, append(seen, from)); on != nil {
			return append([]string{from}, on...)
		}
	}
	return nil
}
