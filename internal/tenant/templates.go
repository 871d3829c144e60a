package tenant

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"
)

//go:embed templates.yaml
var templatesYAML []byte

var templates = sync.OnceValue(func() []Body {
	c, r := read("templates.yaml", templatesYAML, nil)
	for _, p := range r.problems {
		// It is not a county: it has neither slug nor kind nor identity.
		if p.Path != "kind" && p.Path != "slug" && p.Path != "identity" {
			panic(fmt.Sprint(p)) // The file is embedded: this is a broken build.
		}
	}
	return c.Bodies[0].Value.Bodies
})

// BodyTemplates are complete bodies that a county can start from: a forum, a
// council and a network. What has no usual answer is unknown in them.
func BodyTemplates() []Body { return slices.Clone(templates()) }

// BodyTemplate finds a template by its key.
func BodyTemplate(key string) (Body, bool) {
	return find(templates(), func(b Body) bool { return b.Key == key })
}
