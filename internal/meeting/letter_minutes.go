package meeting

import (
	"context"
	"slices"
	"strconv"

	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Attested is what a letter about minutes is about.
type Attested struct {
	Record  string // minutes or notes
	Number  int    // of the paragraph that is adjusted at once; 0: all of it
	Heading string // empty where it is confidential: a letter is read by whoever reads it
	By      string // who has sent it back
	Reason  string // empty where the paragraph is confidential
}

// ofMinutes tells whether the letter is about the minutes of a meeting that has been
// held: nobody is called to it any more.
func (l Letter) ofMinutes() bool {
	return slices.Contains([]string{mailAdjust, mailReturned, mailMinutes, mailShare}, l.Event)
}

// attested finds what a letter about minutes is about.
func attested(ctx context.Context, tx *pg.Tx, m Meeting, mail meetingdb.MeetingMail) (Attested, error) {
	t := Attested{Record: RecordOf(tx, m)}
	if mail.Event != mailAdjust && mail.Event != mailReturned {
		return t, nil
	}
	r, err := meetingdb.New(tx).Adjusting(ctx, mail.AboutID.UUID)
	if err != nil {
		return t, err
	}
	t.Number, t.By = int(r.Number), r.Name
	if !r.Confidential {
		t.Heading, t.Reason = r.Heading, r.Adjusting.Reason
	}
	return t, nil
}

// text says what is to be read, where somebody is asked to, and what is wrong with it.
func (l Letter) text(lang text.Lang) string {
	if l.Event != mailAdjust && l.Event != mailReturned {
		return ""
	}
	t := l.Text
	says := lang.T("meeting_letter.text_"+t.Record, "meeting", l.Meeting.summary(), "day", l.Meeting.On.String())
	switch {
	case t.Number > 0 && t.Heading == "":
		says = lang.T("meeting_letter.text_paragraph_closed", "number", t.Number)
	case t.Number > 0:
		says = lang.T("meeting_letter.text_paragraph", "number", t.Number, "heading", t.Heading)
	}
	if l.Event == mailReturned && t.Reason != "" {
		says += "\n" + lang.T("meeting_letter.returned_reason", "reason", t.Reason)
	}
	return says
}

// anchor is where on the page of the minutes it stands.
func (t Attested) anchor() string {
	if t.Number == 0 {
		return ""
	}
	return "#p" + strconv.Itoa(t.Number)
}
