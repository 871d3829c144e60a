package governance

import (
	"fmt"

	"github.com/overens/overens/internal/text"
)

// Line is one line of a sum written out. It is kept as key and values, so that
// what was reckoned can be read in every language for ever.
type Line struct {
	Key  string            `json:"key" doc:"Names the words." example:"reckoning.line.serving"`
	Args map[string]string `json:"args,omitempty" doc:"What the words are filled with." example:"{\"count\": \"14\"}"`
}

// In is the line in words.
func (l Line) In(lang text.Lang) string {
	pairs := make([]any, 0, 2*len(l.Args))
	for name, value := range l.Args {
		pairs = append(pairs, name, value)
	}
	return lang.T(l.Key, pairs...)
}

func line(key string, pairs ...any) Line {
	l := Line{Key: "reckoning.line." + key}
	for i := 0; i+1 < len(pairs); i += 2 {
		if l.Args == nil {
			l.Args = make(map[string]string, len(pairs)/2)
		}
		l.Args[pairs[i].(string)] = fmt.Sprint(pairs[i+1])
	}
	return l
}
