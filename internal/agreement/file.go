package agreement

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/overens/overens/internal/fault"
)

// File is what somebody has written for us to read, in YAML or in JSON, which
// is YAML too.
type File struct {
	JSON []byte // the same, in JSON
	tree *ast.File
}

// ReadFile reads one document. What stands for more than is written there is
// refused: a small file could be a huge one.
func ReadFile(b []byte) (File, error) {
	wrong := func(err error) (File, error) {
		return File{}, fault.New(fault.BadRequest, "shape.yaml").Because(err)
	}
	f, err := parser.ParseBytes(b, 0)
	if err != nil {
		return wrong(err)
	}
	if len(f.Docs) != 1 || f.Docs[0].Body == nil {
		return wrong(nil)
	}
	var a aliases
	if ast.Walk(&a, f.Docs[0]); a.found {
		return wrong(nil)
	}
	js, err := yaml.YAMLToJSON(b)
	if err != nil {
		return wrong(err)
	}
	return File{js, f}, nil
}

// Line is the line, from 1, on which stands what a JSON pointer names, or the
// nearest thing around it that is there.
func (f File) Line(pointer string) int {
	at := f.tree.Docs[0].Body
	line := at.GetToken().Position.Line
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		next := ast.Node(nil)
		switch n := at.(type) {
		case *ast.MappingNode:
			for _, v := range n.Values {
				if key(v) == part {
					next, line = v.Value, v.Key.GetToken().Position.Line
				}
			}
		case *ast.MappingValueNode: // a mapping of one
			if key(n) == part {
				next, line = n.Value, n.Key.GetToken().Position.Line
			}
		case *ast.SequenceNode:
			if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(n.Values) {
				next = n.Values[i]
				line = first(next)
			}
		}
		if next == nil {
			return line
		}
		at = next
	}
	return line
}

// key is the name of one value of a mapping, without its quotes.
func key(v *ast.MappingValueNode) string { return v.Key.GetToken().Value }

// first is the line on which a node begins: a mapping's own token is its first colon.
func first(n ast.Node) int {
	switch n := n.(type) {
	case *ast.MappingNode:
		if n.IsFlowStyle || len(n.Values) == 0 {
			return n.GetToken().Position.Line
		}
		return n.Values[0].Key.GetToken().Position.Line
	case *ast.MappingValueNode:
		return n.Key.GetToken().Position.Line
	}
	return n.GetToken().Position.Line
}

// aliases finds whether a document names a part of itself.
type aliases struct{ found bool }

// Visit looks at one node.
func (a *aliases) Visit(n ast.Node) ast.Visitor {
	switch n.Type() {
	case ast.AliasType, ast.AnchorType, ast.MergeKeyType:
		a.found = true
		return nil
	}
	return a
}
