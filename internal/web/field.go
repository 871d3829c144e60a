package web

import (
	"strconv"

	"github.com/a-h/templ"
)

// told are the attributes by which a field tells what it wants and what is
// wrong, to the browser and to assistive technology.
func (f field) told() templ.Attributes {
	a := templ.Attributes{}
	if f.Type != "check" {
		a["required"] = f.Required
	}
	if f.Max > 0 && f.Type != "select" && f.Type != "date" {
		a["maxlength"] = strconv.Itoa(f.Max)
	}
	if f.Autocomplete != "" && f.Type != "check" {
		a["autocomplete"] = f.Autocomplete
	}
	if f.Why != "" {
		a["aria-invalid"] = "true"
	}
	if by := f.describedBy(); by != "" {
		a["aria-describedby"] = by
	}
	return a
}

// width is the class of a text field as wide as what goes into it.
func (f field) width() string {
	switch {
	case f.Type == "date" || f.Type == "tel":
		return ""
	case f.Max > 0 && f.Max <= 20:
		return "short"
	case f.Max > 60:
		return "long"
	}
	return ""
}
