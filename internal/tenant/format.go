package tenant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// SchemaLine is what a file begins with: it tells an editor where the JSON
// Schema lies.
const SchemaLine = "# yaml-language-server: $schema=schema.json\n"

// Format writes a configuration as a file that Parse reads back. The libraries
// that write YAML lose what stands at the edges of some texts, so it is written
// here: the configuration knows objects, lists, texts, numbers and truth values.
func Format(c County) ([]byte, error) {
	encoded, err := Encode(c)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	root, err := node(decoder)
	if err != nil {
		return nil, fmt.Errorf("write a county's file: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(SchemaLine)
	for _, e := range root.(object) {
		if _, list := e.value.(array); list {
			b.WriteByte('\n') // Each section stands by itself.
		}
		e.write(&b, 0)
	}
	return b.Bytes(), nil
}

type (
	object []entry // in the order of the Go type
	array  []any
	entry  struct {
		key   string
		value any
	}
)

// node reads one value of the JSON, its keys in their order.
func node(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := object{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := node(d)
			if err != nil {
				return nil, err
			}
			o = append(o, entry{key.(string), value})
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		a := array{}
		for d.More() {
			value, err := node(d)
			if err != nil {
				return nil, err
			}
			a = append(a, value)
		}
		_, err = d.Token()
		return a, err
	}
	return token, nil
}

// wide is how long a line with a small object in it may be.
const wide = 160

func (e entry) write(b *bytes.Buffer, indent int) {
	pad := strings.Repeat(" ", indent)
	b.WriteString(pad + scalar(e.key) + ":")
	switch v := e.value.(type) {
	case object:
		if line, ok := flow(v); ok && indent+len(e.key)+len(line) < wide {
			b.WriteString(" " + line + "\n")
			return
		}
		b.WriteByte('\n')
		for _, under := range v {
			under.write(b, indent+2)
		}
	case array:
		if line, ok := flow(v); ok && indent+len(e.key)+len(line) < wide {
			b.WriteString(" " + line + "\n")
			return
		}
		b.WriteByte('\n')
		for _, item := range v {
			writeItem(b, item, indent+2)
		}
	default:
		b.WriteString(" " + scalar(v) + "\n")
	}
}

func writeItem(b *bytes.Buffer, item any, indent int) {
	pad := strings.Repeat(" ", indent)
	of, isObject := item.(object)
	if line, ok := flow(item); ok && (!isObject || len(of) == 0) {
		b.WriteString(pad + "- " + line + "\n")
		return
	}
	var under bytes.Buffer
	for _, e := range of {
		e.write(&under, indent+2)
	}
	// The first key stands beside the hyphen.
	b.WriteString(pad + "- ")
	b.Write(under.Bytes()[indent+2:])
}

// flow writes on one line what holds nothing but scalars.
func flow(v any) (string, bool) {
	switch v := v.(type) {
	case object:
		parts := make([]string, len(v))
		for i, e := range v {
			line, ok := flow(e.value)
			if !ok || isNested(e.value) {
				return "", false
			}
			parts[i] = scalar(e.key) + ": " + line
		}
		return "{" + strings.Join(parts, ", ") + "}", true
	case array:
		parts := make([]string, len(v))
		for i, item := range v {
			line, ok := flow(item)
			if !ok || isNested(item) {
				return "", false
			}
			parts[i] = line
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	}
	return scalar(v), true
}

func isNested(v any) bool {
	switch v.(type) {
	case object, array:
		return true
	}
	return false
}

// plain is text that YAML reads as itself, wherever it stands: a letter first,
// and no sign that means something. What looks like a number begins with a
// digit, and so is quoted; days are not.
var (
	plain = regexp.MustCompile(`^\pL([\pL\pN ._/()-]*[\pL\pN_/().-])?$`)
	aDay  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	// In some reader or other these are no text.
	taken = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan"}
)

func scalar(v any) string {
	s, ok := v.(string)
	if !ok {
		return fmt.Sprint(v)
	}
	if aDay.MatchString(s) || plain.MatchString(s) && !slices.Contains(taken, strings.ToLower(s)) {
		return s
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic(err) // A string can always be written.
	}
	return strings.TrimSuffix(b.String(), "\n")
}
