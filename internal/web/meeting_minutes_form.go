package web

import (
	"context"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) meetingMinutesRoutes() []route {
	const (
		minutes   = "/lan/{county}" + meetingsAt + "/{id}/minutes"
		paragraph = minutes + "/paragraphs/{paragraph}"
	)
	return slices.Concat(
		[]route{
			get(minutes, d.page(either, orPublic(d.minutes, d.publicMeeting))),
			post(minutes+"/draft", d.act(members, button(meeting.DraftMinutes, meetingAt, "/minutes?done=minutes_drafted"))),
			post(minutes+"/ask", d.act(members, askAdjusters)),
			post(minutes+"/withdraw", d.act(members, button(meeting.TakeBackDraft, meetingAt, "/minutes?done=minutes_withdrawn"))),
			post(minutes+"/publish", d.act(members, button(meeting.Publish, meetingAt, "/minutes?done=minutes_published"))),
			post("/lan/{county}"+itemsAt+"/{id}/adjust-at-once", d.act(members, adjustAtOnce)),
			get("/lan/{county}"+decisionsAt+"/{id}/extract", d.page(members, d.extract)),
		},
		both(minutes+"/adjusters", form[meeting.Choice]{d, members, d.choosingAdjusters, chooseAdjusters}),
		both(minutes+"/adjust", form[meeting.Attest]{d, members, d.adjusting, adjust}),
		both(minutes+"/return", form[meeting.Declining]{d, members, d.returning, upon(meeting.SendBack, meetingAt, "/minutes?done=minutes_returned")}),
		both(minutes+"/amend", form[meeting.Correction]{d, members, d.amending, upon(meeting.Amend, meetingAt, "/minutes?done=minutes_amended#amendments")}),
		both(minutes+"/share", form[meeting.Handing]{d, members, d.sharing, share}),
		both(paragraph+"/edit", form[meeting.Passage]{d, members, d.writingParagraph, changeParagraph}),
		both(paragraph+"/mask", form[meeting.Disclosure]{d, members, d.maskingParagraph, maskParagraph}),
		both("/lan/{county}/sharings/{id}/reply", form[meeting.Response]{d, members, d.replying, respond}),
	)
}

func minutesAt(v *visit, at uuid.UUID, rest string) string {
	return string(meetingAt(v, at, "/minutes", rest))
}

// askAdjusters is the button that sends a draft to those who attest it. Where nobody
// does it stands at once.
func askAdjusters(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	m, err := meeting.AskAdjusters(ctx, tx, at, version)
	done := "minutes_asked"
	if m.State.Settled() {
		done = "minutes_settled"
	}
	return minutesAt(v, at, "?done="+done), err
}

// adjustAtOnce is the button that has a matter's paragraph adjusted before the rest.
func adjustAtOnce(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	i, err := meeting.GetItem(ctx, tx, at)
	if err != nil {
		return "", err
	}
	p, err := meeting.AskAtOnce(ctx, tx, at, version)
	return minutesAt(v, i.Meeting, "?done=minutes_at_once#p"+strconv.Itoa(p.Number)), err
}

// aboutMinutes is the beginning of a form about the minutes of the meeting that
// the address names. leads asks for who writes them.
func (v *visit) aboutMinutes(ctx context.Context, tx *pg.Tx, leads bool) (*minutesSeen, sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, sheet{}, err
	}
	m, err := v.minutesOf(ctx, tx, at)
	if err != nil {
		return nil, sheet{}, err
	}
	s := sheet{Words: "minutes.form", Cancel: minutesAt(v, at, ""), Submit: v.T("form.save"), Options: map[string][]option{}, Kinds: map[string]string{}, Version: m.Version,
		Crumbs: append(m.crumbs(v), crumb{v.Of("minutes.page.record.", m.Record), minutesAt(v, at, "")})}
	if leads && !m.Leads {
		return m, s, fault.New(fault.Forbidden, "meeting.not_leading").With("who", auth.Holders(auth.MeetingPrepare))
	}
	return m, s, nil
}

func (d *Door) choosingAdjusters(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMinutes(ctx, tx, true)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("minutes.page.choose"), v.T(byRule("minutes.page.choose_lead", m.Unruled))
	s.Leaves = []leaf{{"who", v.T("minutes.page.who_attests"), []string{v.T("minutes.page.choose_note")}, []string{"chair", "adjusters"}}}
	s.Kinds["adjusters"] = "checks"
	c := meeting.Choice{}
	for _, a := range m.Whole {
		if a.Role == meeting.AttestsAsChair {
			c.Chair = a.Person
		} else {
			c.Adjusters = append(c.Adjusters, a.Person)
		}
	}
	s.Thing = c
	there, err := meeting.Attendances(ctx, tx, m.Meeting)
	s.Options["chair"], s.Options["adjusters"] = []option{}, []option{}
	for _, p := range there {
		o := option{p.Person.String(), v.personOf(p)}
		if p.ArrivedAt != nil && !slices.Contains(s.Options["chair"], o) {
			s.Options["chair"], s.Options["adjusters"] = append(s.Options["chair"], o), append(s.Options["adjusters"], o)
		}
	}
	return s, err
}

func chooseAdjusters(ctx context.Context, tx *pg.Tx, v *visit, version int64, c meeting.Choice) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.ChooseAdjusters(ctx, tx, at, version, c)
	if fault.Is(err, "common.changed") {
		m, e := meeting.MinutesOf(ctx, tx, at)
		if e != nil {
			return "", e
		}
		return "", fault.Changed(chosenOf(m)) // in the form's own words
	}
	return minutesAt(v, at, "?done=saved"), err
}

// chosenOf is who attests, as the form has it.
func chosenOf(m meeting.Minutes) any {
	c := struct {
		meeting.Choice
		Version int64 `json:"version"`
	}{Version: m.Version}
	for _, a := range m.Adjusters {
		switch {
		case a.Paragraph != uuid.Nil:
		case a.Role == meeting.AttestsAsChair:
			c.Chair = a.Person
		default:
			c.Adjusters = append(c.Adjusters, a.Person)
		}
	}
	return c
}

// asking is the paragraph that an attest is about: what is asked for on the page,
// or what was sent.
func asking(v *visit) uuid.UUID {
	at, _ := uuid.Parse(v.Asked("paragraph"))
	if v.r.PostForm != nil {
		at, _ = uuid.Parse(v.r.PostForm.Get("paragraph"))
	}
	return at
}

// attested is the text that somebody is to attest.
func (s *minutesSeen) attested(paragraph uuid.UUID) (hash string, number int) {
	if paragraph == uuid.Nil {
		return s.Hash, 0
	}
	for _, p := range s.Paragraphs {
		if p.ID == paragraph {
			return p.Hash, p.Number
		}
	}
	return "", 0
}

func (d *Door) adjusting(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMinutes(ctx, tx, false)
	if err != nil {
		return s, err
	}
	paragraph := asking(v)
	hash, n := m.attested(paragraph)
	s.Title, s.Lead, s.Submit = v.T("minutes.page.adjust_whole"), v.T("minutes.page.adjust_lead", "hash", shortHash(hash)), v.T("minutes.page.adjust_do")
	if n > 0 {
		s.Title = v.T("minutes.page.adjust_paragraph", "number", n)
	}
	s.Leaves = []leaf{{"text", v.T("minutes.page.what_is_attested"), []string{v.T("minutes.page.attest_note")}, []string{}}}
	s.Hidden, s.Thing = []string{"paragraph", "hash"}, meeting.Attest{Paragraph: paragraph, Hash: hash}
	return s, nil
}

func adjust(ctx context.Context, tx *pg.Tx, v *visit, version int64, a meeting.Attest) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.Adjust(ctx, tx, at, version, a)
	if fault.Is(err, "common.changed") {
		m, e := v.minutesOf(ctx, tx, at)
		if e != nil {
			return "", e
		}
		hash, _ := m.attested(a.Paragraph)
		return "", fault.Changed(struct {
			meeting.Attest
			Version int64 `json:"version"`
		}{meeting.Attest{Paragraph: a.Paragraph, Hash: hash}, m.Version})
	}
	return minutesAt(v, at, "?done=minutes_adjusted"), err
}

func (d *Door) returning(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMinutes(ctx, tx, false)
	if err != nil {
		return s, err
	}
	paragraph := asking(v)
	s.Title, s.Lead, s.Submit = v.T("minutes.page.return_whole"), v.T("minutes.page.return_lead"), v.T("minutes.page.return_do")
	if _, n := m.attested(paragraph); n > 0 {
		s.Title = v.T("minutes.page.return_paragraph", "number", n)
	}
	s.Leaves = []leaf{{"why", v.T("minutes.page.what_is_wrong"), []string{v.T("minutes.page.return_note")}, []string{"reason"}}}
	s.Kinds["reason"], s.Hidden, s.Thing = "area", []string{"paragraph"}, meeting.Declining{Paragraph: paragraph}
	return s, nil
}

func (d *Door) amending(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMinutes(ctx, tx, true)
	if err != nil {
		return s, err
	}
	if !m.State.Settled() {
		return s, fault.New(fault.Conflict, "minutes.not_adjusted")
	}
	s.Title, s.Lead, s.Submit = v.T("minutes.page.amend"), v.T("minutes.page.amend_lead"), v.T("minutes.page.amend_do")
	s.Leaves = []leaf{{"what", v.T("minutes.page.correction"), []string{v.T("minutes.page.amend_note")}, []string{"paragraph", "wording", "ground"}}}
	s.Kinds["wording"] = "area"
	s.Options["paragraph"] = []option{}
	for _, p := range m.Paragraphs {
		s.Options["paragraph"] = append(s.Options["paragraph"], option{p.ID.String(), sectionSign(p.Number) + " " + p.Heading})
	}
	s.Thing = meeting.Correction{Paragraph: asking(v)}
	return s, nil
}

func (d *Door) sharing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMinutes(ctx, tx, true)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("minutes.page.share"), v.T("minutes.page.share_lead"), v.T("minutes.page.share_do")
	s.Leaves = []leaf{
		{"how", v.T("minutes.page.share_how"), []string{v.T("minutes.page.share_note")}, []string{"kind", "decision"}},
		{"to", v.T("minutes.page.share_to"), []string{v.T("minutes.page.share_to_note")}, []string{"organisation", "recipient", "note"}},
		{"registry", v.T("minutes.page.share_registry"), []string{v.T("minutes.page.share_registry_note")}, []string{"registryNumber", "unregisteredReason"}},
	}
	s.Kinds["note"] = "area"
	s.Thing, s.Version = meeting.Handing{Kind: meeting.ShareComment}, 0
	if m.State.Settled() {
		s.Thing = meeting.Handing{Kind: meeting.ShareInformation}
		for _, kind := range []string{meeting.ShareInformation, meeting.ShareDecision, meeting.ShareSubmitted} {
			s.Options["kind"] = append(s.Options["kind"], option{kind, v.Of("minutes.form.kind.", kind)})
		}
	}
	s.Options["decision"] = []option{}
	decided, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Meeting: m.Meeting, Limit: 200, Page: 1})
	if err != nil {
		return s, err
	}
	for _, one := range slices.Backward(decided) {
		s.Options["decision"] = append(s.Options["decision"], option{one.ID.String(), v.decisionName(one)})
	}
	if tx.May(auth.OrganisationRead) {
		s.Options["organisation"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	}
	return s, err
}

func share(ctx context.Context, tx *pg.Tx, v *visit, _ int64, n meeting.Handing) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.Share(ctx, tx, at, n)
	return minutesAt(v, at, "?done=minutes_shared#sharings"), err
}

func (d *Door) replying(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return sheet{}, err
	}
	given, err := meeting.GetSharing(ctx, tx, at)
	if err != nil {
		return sheet{}, err
	}
	back := minutesAt(v, given.Meeting, "#sharings")
	return sheet{
		Title: v.T("minutes.page.reply"), Lead: v.T("minutes.page.reply_lead", "to", given.Recipient, "day", LongDay(v.Lang, dayOf(given.At))), Words: "minutes.form",
		Crumbs: []crumb{v.meetingsCrumb(), {v.T("minutes.page.record.minutes"), back}}, Cancel: back, Submit: v.T("form.save"), Version: given.Version,
		Leaves: []leaf{{"reply", v.T("minutes.page.answer"), []string{v.T("minutes.page.reply_note")}, []string{"reply", "on", "registryNumber"}}},
		Kinds:  map[string]string{"reply": "area"}, Options: map[string][]option{}, Thing: meeting.Response{On: v.Today},
	}, nil
}

func respond(ctx context.Context, tx *pg.Tx, v *visit, version int64, a meeting.Response) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	given, err := meeting.Respond(ctx, tx, at, version, a)
	return minutesAt(v, given.Meeting, "?done=minutes_replied#sharings"), err
}
