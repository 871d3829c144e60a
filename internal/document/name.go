package document

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestName is how many bytes of a file's name are kept: what every file
// system takes, with room for a browser's " (1)".
const longestName = 200

// FileName is a name as a file may have it on any machine: without the path it
// came with, without what cannot be seen or what a file system forbids, and not
// too long. Its letters are kept, å ä ö among them, and its ending.
func FileName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = norm.NFC.String(oneLine(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '-'
		}
		return r
	}, name)))
	name = strings.Trim(name, ". ")
	dot := strings.LastIndexByte(name, '.')
	stem, ending := name, ""
	if dot >= 0 && len(name)-dot <= 10 {
		stem, ending = strings.TrimRight(name[:dot], ". "), name[dot:]
	}
	if most := longestName - len(ending); len(stem) > most {
		for most > 0 && !utf8.RuneStart(stem[most]) {
			most--
		}
		stem = strings.TrimRight(stem[:most], ". ")
	}
	if stem == "" {
		stem = "fil"
	}
	return stem + ending
}
