package print

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// tags joins the structures of the parts of a bundle, which the library leaves
// apart. A structure is a tree of headings, paragraphs and tables; beside it lie
// an index from places on the pages (by number) and one from names, and neither
// number nor name may stand for two things.
type tags struct {
	whole *model.Context
	root  types.Dict
	ok    bool // every part so far has its structure

	kids   types.Array // the trees
	places []numbered
	names  []named
	roles  types.Dict
	next   int // the first number that is free
	shift  int // what the part at hand has been moved by
	prefix string
}

type numbered struct {
	number int
	value  types.Object
}

type named struct {
	name  string
	value types.Object
}

func newTags(whole *model.Context, root types.Dict) *tags {
	t := &tags{whole: whole, root: root, ok: true, roles: types.Dict{}}
	t.prepare(whole, root, 0)
	t.join(root)
	return t
}

func structure(ctx *model.Context, root types.Dict) types.Dict {
	marked, err := ctx.DereferenceDict(root["MarkInfo"])
	if err != nil || marked == nil || marked.BooleanEntry("Marked") == nil || !*marked.BooleanEntry("Marked") {
		return nil
	}
	tree, err := ctx.DereferenceDict(root["StructTreeRoot"])
	if err != nil {
		return nil
	}
	return tree
}

// prepare gives the numbers and names of a part that is still by itself a place
// after those before it.
func (t *tags) prepare(ctx *model.Context, root types.Dict, part int) {
	t.shift, t.prefix = t.next, fmt.Sprintf("%04d-", part)
	t.ok = t.ok && structure(ctx, root) != nil
	if !t.ok {
		return
	}
	dicts(ctx, func(d types.Dict) {
		for _, key := range []string{"StructParents", "StructParent"} {
			if n, ok := d[key].(types.Integer); ok {
				d[key] = n + types.Integer(t.shift)
			}
		}
		if _, element := d["S"].(types.Name); element && d["P"] != nil && d["ID"] != nil {
			d["ID"] = t.rename(d["ID"])
		}
		// A cell of a table names the cells that head it.
		if headers, ok := d["Headers"].(types.Array); ok && d["O"] == types.Name("Table") {
			for i := range headers {
				headers[i] = t.rename(headers[i])
			}
		}
	})
}

// rename writes in hexadecimal, where nothing needs to be escaped.
func (t *tags) rename(o types.Object) types.Object {
	var raw []byte
	var err error
	switch o := o.(type) {
	case types.StringLiteral:
		raw, err = types.Unescape(o.Value())
	case types.HexLiteral:
		raw, err = o.Bytes()
	default:
		return o
	}
	if err != nil {
		return o
	}
	return types.NewHexLiteral(append([]byte(t.prefix), raw...))
}

// join takes the structure of a part that is now part of the whole.
func (t *tags) join(root types.Dict) {
	if !t.ok {
		return
	}
	tree := structure(t.whole, root)
	kids, err := t.whole.Dereference(tree["K"])
	if err != nil {
		t.ok = false
		return
	}
	if several, ok := kids.(types.Array); ok {
		t.kids = append(t.kids, several...)
	} else {
		t.kids = append(t.kids, tree["K"])
	}
	err = errors.Join(
		t.leaves(tree["ParentTree"], "Nums", 0, func(key, value types.Object) {
			if n, ok := key.(types.Integer); ok {
				t.places = append(t.places, numbered{int(n) + t.shift, value})
				t.next = max(t.next, int(n)+t.shift+1)
			}
		}),
		t.leaves(tree["IDTree"], "Names", 0, func(key, value types.Object) {
			if name, ok := t.rename(key).(types.HexLiteral); ok {
				t.names = append(t.names, named{string(name), value})
			}
		}),
	)
	for _, key := range []string{"RoleMap", "ClassMap"} {
		d, mapErr := t.whole.DereferenceDict(tree[key])
		err = errors.Join(err, mapErr)
		// A class of the same name in another part would be another class.
		if key == "ClassMap" && len(d) > 0 {
			err = errors.Join(err, errors.New("it has classes"))
			continue
		}
		for name, role := range d {
			if was, taken := t.roles[name]; taken && was != role {
				err = errors.Join(err, errors.New("a role has two meanings"))
			}
			t.roles[name] = role
		}
	}
	t.ok = err == nil && len(t.kids) > 0
}

// leaves walks a tree of numbers or names.
func (t *tags) leaves(o types.Object, key string, depth int, f func(key, value types.Object)) error {
	d, err := t.whole.DereferenceDict(o)
	if err != nil || d == nil || depth > 50 {
		return err
	}
	pairs, err := t.whole.DereferenceArray(d[key])
	if err != nil {
		return err
	}
	for pair := range slices.Chunk(pairs, 2) {
		if len(pair) == 2 {
			f(pair[0], pair[1])
		}
	}
	below, err := t.whole.DereferenceArray(d["Kids"])
	if err != nil {
		return err
	}
	for _, kid := range below {
		if err := t.leaves(kid, key, depth+1, f); err != nil {
			return err
		}
	}
	return nil
}

// finish writes the joint structure, or takes away what would be half of one.
func (t *tags) finish() error {
	delete(t.root, "StructTreeRoot")
	delete(t.root, "MarkInfo")
	if !t.ok {
		dicts(t.whole, func(d types.Dict) {
			delete(d, "StructParents")
			delete(d, "StructParent")
		})
		return nil
	}
	places, names := types.Array{}, types.Array{}
	slices.SortFunc(t.places, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
	for _, p := range t.places {
		places = append(places, types.Integer(p.number), p.value)
	}
	slices.SortFunc(t.names, func(a, b named) int { return cmp.Compare(a.name, b.name) })
	for _, n := range t.names {
		names = append(names, types.HexLiteral(n.name), n.value)
	}
	tree := types.Dict{"Type": types.Name("StructTreeRoot"), "ParentTreeNextKey": types.Integer(t.next)}
	ref, err := t.whole.IndRefForNewObject(tree)
	if err != nil {
		return err
	}
	add := func(key string, o types.Object) {
		ref, addErr := t.whole.IndRefForNewObject(o)
		if err = errors.Join(err, addErr); addErr == nil {
			tree[key] = *ref
		}
	}
	add("ParentTree", types.Dict{"Nums": places})
	if len(names) > 0 {
		add("IDTree", types.Dict{"Names": names})
	}
	if len(t.roles) > 0 {
		add("RoleMap", t.roles)
	}
	// The whole is one document, and what was one is now part of it.
	document := types.Dict{"Type": types.Name("StructElem"), "S": types.Name("Document"), "P": *ref, "K": t.kids}
	add("K", document)
	if err != nil {
		return err
	}
	for _, kid := range t.kids {
		d, err := t.whole.DereferenceDict(kid)
		if err != nil || d == nil {
			return errors.Join(err, errors.New("a structure has no top"))
		}
		d["P"] = tree["K"]
		if d["S"] == types.Name("Document") {
			d["S"] = types.Name("Part")
		}
	}
	t.root["StructTreeRoot"] = *ref
	t.root["MarkInfo"] = types.Dict{"Marked": types.Boolean(true)}
	return nil
}
