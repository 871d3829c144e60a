package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// Minutes are a meeting's minutes with what leads on from them.
type Minutes struct {
	meeting.Minutes
	Linked
}

// MinutesParagraph is a paragraph of the minutes with what leads on from it.
type MinutesParagraph struct {
	meeting.Paragraph
	Linked
}

// DecisionExtract is what there is of a decision in the minutes.
type DecisionExtract struct {
	meeting.Extract
	Linked
}

// Sharing is something of a meeting that was given to somebody.
type Sharing struct {
	meeting.Sharing
	Linked
}

// SharingList is a page of what was given.
type SharingList struct {
	Sharings []Sharing `json:"sharings" doc:"What was given, the first first."`
	Paged
}

// InParagraph names a paragraph of minutes in the path.
type InParagraph struct {
	InCounty
	ID uuid.UUID `path:"paragraph" doc:"The paragraph's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// InSharing names something that was given in the path.
type InSharing struct {
	InCounty
	ID uuid.UUID `path:"sharing" doc:"The identifier of what was given." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// WrittenParagraph writes a paragraph anew.
type WrittenParagraph struct {
	InParagraph
	Body meeting.Passage
}

// MaskedParagraph says what the public reads in place of a paragraph.
type MaskedParagraph struct {
	InParagraph
	Body meeting.Disclosure
}

// ChosenAdjusters says who attests the minutes.
type ChosenAdjusters struct {
	AtMeeting
	Body meeting.Choice
}

// NewAttest attests a text.
type NewAttest struct {
	AtMeeting
	Body meeting.Attest
}

// NewDeclining sends a text back.
type NewDeclining struct {
	AtMeeting
	Body meeting.Declining
}

// NewCorrection corrects what has been adjusted.
type NewCorrection struct {
	AtMeeting
	Body meeting.Correction
}

// NewSharing gives something to somebody.
type NewSharing struct {
	AtMeeting
	Body meeting.Handing
}

// NewResponse answers what was given for comment.
type NewResponse struct {
	InSharing
	Body meeting.Response
}

// minutes are what is written of a meeting.
func (d *Door) minutes() {
	const meetings, paragraph, sharing = "/counties/{county}/meetings/{meeting}", "/counties/{county}/minutes-paragraphs/{paragraph}", "/counties/{county}/sharings/{sharing}"
	const one = meetings + "/minutes"

	read(d, Member, one, "get-minutes", func(ctx context.Context, tx *pg.Tx, in *AtMeeting) (Minutes, error) {
		m, err := meeting.MinutesOf(ctx, tx, in.ID)
		return d.written(tx, m), err
	})
	for id, step := range map[string]struct {
		path string
		do   func(context.Context, *pg.Tx, uuid.UUID, int64) (meeting.Minutes, error)
	}{
		"draft-minutes":     {"/drafting", meeting.DraftMinutes},
		"request-adjusting": {"/adjusting-request", meeting.AskAdjusters},
	} {
		act(d, one+step.path, id, func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (Minutes, error) {
			m, err := step.do(ctx, tx, in.ID, version)
			return d.written(tx, m), err
		})
	}
	act(d, one+"/withdrawal", "withdraw-minutes-draft", func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (Minutes, error) {
		if _, err := meeting.TakeBackDraft(ctx, tx, in.ID, version); err != nil {
			return Minutes{}, err
		}
		m, err := meeting.MinutesOf(ctx, tx, in.ID)
		return d.written(tx, m), err
	})
	replace(d, one+"/adjusters", "replace-adjusters", func(ctx context.Context, tx *pg.Tx, in *ChosenAdjusters, version int64) (Minutes, error) {
		m, err := meeting.ChooseAdjusters(ctx, tx, in.ID, version, in.Body)
		return d.written(tx, m), err
	})
	act(d, one+"/adjusting", "adjust-minutes", func(ctx context.Context, tx *pg.Tx, in *NewAttest, version int64) (Minutes, error) {
		m, err := meeting.Adjust(ctx, tx, in.ID, version, in.Body)
		return d.written(tx, m), err
	})
	act(d, one+"/return", "return-minutes", func(ctx context.Context, tx *pg.Tx, in *NewDeclining, version int64) (Minutes, error) {
		m, err := meeting.SendBack(ctx, tx, in.ID, version, in.Body)
		return d.written(tx, m), err
	})
	act(d, one+"/amendments", "amend-minutes", func(ctx context.Context, tx *pg.Tx, in *NewCorrection, version int64) (Minutes, error) {
		if _, err := meeting.Amend(ctx, tx, in.ID, version, in.Body); err != nil {
			return Minutes{}, err
		}
		m, err := meeting.MinutesOf(ctx, tx, in.ID)
		return d.written(tx, m), err
	})
	act(d, one+"/publication", "publish-minutes", func(ctx context.Context, tx *pg.Tx, in *AtMeeting, version int64) (Minutes, error) {
		if _, err := meeting.Publish(ctx, tx, in.ID, version); err != nil {
			return Minutes{}, err
		}
		m, err := meeting.MinutesOf(ctx, tx, in.ID)
		return d.written(tx, m), err
	})
	replace(d, paragraph, "replace-minutes-paragraph", func(ctx context.Context, tx *pg.Tx, in *WrittenParagraph, version int64) (MinutesParagraph, error) {
		p, err := meeting.ChangeParagraph(ctx, tx, in.ID, version, in.Body)
		return d.paragraph(tx, p), err
	})
	act(d, paragraph+"/masking", "mask-minutes-paragraph", func(ctx context.Context, tx *pg.Tx, in *MaskedParagraph, version int64) (MinutesParagraph, error) {
		p, err := meeting.Mask(ctx, tx, in.ID, version, in.Body)
		return d.paragraph(tx, p), err
	})
	act(d, "/counties/{county}/agenda-items/{item}/immediate-adjusting", "adjust-item-at-once", func(ctx context.Context, tx *pg.Tx, in *AtItem, version int64) (MinutesParagraph, error) {
		p, err := meeting.AskAtOnce(ctx, tx, in.ID, version)
		return d.paragraph(tx, p), err
	})
	read(d, Member, "/counties/{county}/decisions/{decision}/extract", "get-decision-extract", func(ctx context.Context, tx *pg.Tx, in *InDecision) (DecisionExtract, error) {
		e, err := meeting.ExtractOf(ctx, tx, in.ID)
		here := d.at("counties", tx.Tenant, "decisions", in.ID.String())
		l := Links{}
		l.to("self", http.MethodGet, here+"/extract")
		l.to("up", http.MethodGet, here)
		l.to("pdf", http.MethodGet, here+"/extract/pdf")
		return DecisionExtract{e, Linked{l}}, err
	})

	list(d, Member, meetings+"/sharings", "list-sharings", func(ctx context.Context, tx *pg.Tx, in *AtMeetingPage) (l SharingList, total int, err error) {
		ss, err := meeting.Sharings(ctx, tx, in.ID)
		for _, s := range cut(ss, in.Paging) {
			l.Sharings = append(l.Sharings, d.shared(tx, s))
		}
		return l, len(ss), err
	})
	create(d, meetings+"/sharings", "create-sharing", func(ctx context.Context, tx *pg.Tx, in *NewSharing) (Sharing, error) {
		s, err := meeting.Share(ctx, tx, in.ID, in.Body)
		return d.shared(tx, s), err
	})
	read(d, Member, sharing, "get-sharing", func(ctx context.Context, tx *pg.Tx, in *InSharing) (Sharing, error) {
		s, err := meeting.GetSharing(ctx, tx, in.ID)
		return d.shared(tx, s), err
	})
	act(d, sharing+"/reply", "reply-to-sharing", func(ctx context.Context, tx *pg.Tx, in *NewResponse, version int64) (Sharing, error) {
		s, err := meeting.Respond(ctx, tx, in.ID, version, in.Body)
		return d.shared(tx, s), err
	})
	d.publishedMeetings()
	d.printed()
}

// written adds to minutes what leads on, and what can be done with them now.
func (d *Door) written(tx *pg.Tx, m meeting.Minutes) Minutes {
	l, up := Links{}, d.meetingAt(tx, m.Meeting)
	here := up + "/minutes"
	l.to("self", http.MethodGet, here)
	l.to("up", http.MethodGet, up)
	l.to("pdf", http.MethodGet, up+"/minutes/pdf")
	l.to("sharings", http.MethodGet, up+"/sharings")
	post := func(rels ...string) {
		for _, rel := range rels {
			l.to(rel, http.MethodPost, here+"/"+rel)
		}
	}
	switch {
	case m.State == meeting.Minuted && m.Asked:
		post("adjusting", "return")
	case m.State == meeting.Minuted && m.Leads:
		l.to("adjusters", http.MethodPut, here+"/adjusters")
		post("drafting", "withdrawal", "adjusting-request")
	case m.State == meeting.Closed && m.Leads:
		post("drafting")
	case m.State == meeting.Adjusted && tx.May(auth.MeetingPublish):
		post("publication")
	}
	if m.State.Settled() && m.Leads {
		post("amendments")
	}
	return Minutes{m, Linked{l}}
}

func (d *Door) paragraph(tx *pg.Tx, p meeting.Paragraph) MinutesParagraph {
	l := Links{}
	l.to("edit", http.MethodPut, d.at("counties", tx.Tenant, "minutes-paragraphs", p.ID.String()))
	return MinutesParagraph{p, Linked{l}}
}

func (d *Door) shared(tx *pg.Tx, s meeting.Sharing) Sharing {
	l, here := Links{}, d.at("counties", tx.Tenant, "sharings", s.ID.String())
	l.to("self", http.MethodGet, here)
	l.to("up", http.MethodGet, d.meetingAt(tx, s.Meeting))
	if s.Kind == meeting.ShareComment {
		l.to("reply", http.MethodPost, here+"/reply")
	}
	return Sharing{s, Linked{l}}
}
