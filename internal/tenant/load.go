package tenant

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Load reads all counties' files in a folder, in the order of their slugs, and
// checks each of them and that they do not claim the same. Folders in it are
// not read.
func Load(files fs.FS, roles []string) ([]County, []Problem) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, []Problem{{Message: "the folder of counties cannot be read: " + err.Error(), Fix: "look whether it is there"}}
	}
	var (
		counties []County
		problems []Problem
		codes    = map[string]string{} // code → the file that has it
		numbers  = map[string]string{}
	)
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case entry.IsDir():
			continue
		case path.Ext(name) == ".yml":
			problems = append(problems, Problem{File: name, Message: "the file is not read", Fix: "let its name end in .yaml"})
			continue
		case path.Ext(name) != ".yaml" || strings.HasPrefix(name, "."):
			continue
		}
		src, err := fs.ReadFile(files, name)
		if err != nil {
			problems = append(problems, Problem{File: name, Message: "the file cannot be read: " + err.Error(), Fix: "look at its permissions"})
			continue
		}
		county, reading := read(name, src, roles)
		problems = append(problems, reading.problems...)
		counties = append(counties, county)

		claim := func(by map[string]string, what, called, path string) {
			other, taken := by[what]
			switch {
			case what == "":
			case !taken:
				by[what] = name
			case other != name: // Within a file it is the county's own, in several versions.
				p := Problem{File: name, Path: path, Message: called + what + " is also claimed by " + other, Fix: "correct one of the two"}
				p.Line, p.Column = reading.place(path)
				problems = append(problems, p)
			}
		}
		for n, version := range county.Identity {
			at := item("identity", n)
			claim(codes, version.Value.Code, "the code ", join(at, "code"))
			claim(numbers, version.Value.OrganisationNumber, "the organisation number ", join(at, "organisationNumber"))
		}
	}
	if len(counties) == 0 && len(problems) == 0 {
		problems = append(problems, Problem{Message: "there are no counties in the folder", Fix: "give the folder with the files <slug>.yaml"})
	}
	slices.SortFunc(counties, func(a, b County) int { return strings.Compare(a.Slug, b.Slug) })
	return counties, problems
}
