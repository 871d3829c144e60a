package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// field is one field as it is drawn.
type field struct {
	ID, Name, Label, Help string
	Type                  string // text, email, tel, url, date, select, check, area, number, file
	Value                 string
	Options               []option
	Chosen                []string // of several that can be checked
	Required              bool
	AtTimes               bool // whether it has to be filled in at times, as its help says
	Max                   int
	Autocomplete          string
	Why, WhyMore          string
}

func (f field) describedBy() string {
	var ids []string
	if f.Why != "" {
		ids = append(ids, f.ID+"-why")
	}
	if f.Help != "" {
		ids = append(ids, f.ID+"-help")
	}
	return strings.Join(ids, " ")
}

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
