package meeting

import (
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

// Occasion is when and where a meeting is: what those who are called are told
// of when it becomes another.
type Occasion struct {
	On       day.Day `json:"on"`
	Begins   string  `json:"begins,omitempty"`
	Ends     string  `json:"ends,omitempty"`
	Location string  `json:"location,omitempty"`
	Link     string  `json:"link,omitempty"`
}

func (d Date) occasion() Occasion { return Occasion{d.On, d.Begins, d.Ends, d.Location, d.Link} }

// when is the day and the hours.
func (o Occasion) when(lang text.Lang) string {
	says := o.On.String()
	if o.Begins != "" {
		says += " " + lang.Clock(o.Begins)
		if o.Ends != "" {
			says += "–" + lang.Clock(o.Ends)
		}
	}
	return says
}

// changes say what has become another, a line each, with what it was.
func (l Letter) changes(lang text.Lang) string {
	if l.Was == nil {
		return ""
	}
	now, was := l.Meeting.occasion(), *l.Was
	var lines []string
	say := func(what, now, was string) {
		switch {
		case now == was:
			return
		case was == "":
			what += "_new"
		case now == "":
			what += "_gone"
		}
		lines = append(lines, lang.T("meeting_letter.changed."+what, "now", now, "was", was))
	}
	if l.written() {
		say("last_day", now.On.String(), was.On.String())
		return strings.Join(lines, "\n")
	}
	say("when", now.when(lang), was.when(lang))
	say("where", now.Location, was.Location)
	say("remote", now.Link, was.Link)
	return strings.Join(lines, "\n")
}
