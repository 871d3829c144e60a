package web_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

var errKept = errors.New("kept")

// told are the letters of an event about the meeting, as they are sent.
func (h *chamber) told(event string) (bodies []string) {
	h.t.Helper()
	var ids []uuid.UUID
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE person SET email = id || '@people.example' WHERE coalesce(email, '') = ''`); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT coalesce(array_agg(id ORDER BY queued_at), '{}') FROM meeting_mail WHERE meeting_id = $1 AND event = $2`, h.Meeting, event).Scan(&ids)
	})
	for _, id := range ids {
		job := &river.Job[meeting.Tell]{JobRow: &rivertype.JobRow{Attempt: 1, MaxAttempts: 2, Metadata: []byte(`{"tenant":"kronoberg"}`)}, Args: meeting.Tell{Mail: id}}
		if err := meeting.Send(h.t.Context(), h.db.DB, job, func(_ context.Context, l meeting.Letter) error {
			_, body := l.Words("https://overens.example")
			bodies = append(bodies, body)
			return errKept // the job is not the queue's own, and cannot be said to be done
		}); !errors.Is(err, errKept) {
			h.t.Fatal(err)
		}
	}
	return bodies
}

// Whose turn it is is told so on the start page and on the meeting's, and nobody else;
// who writes them is told that they are to be written and to be mended.
func TestMinutesWaitForWhoeverWritesAndAttestsThem(t *testing.T) {
	h := closed(t)
	const start = "/lan/kronoberg"
	page := strings.TrimSuffix(h.minutes(), "/minutes")
	chair, vaxjo := h.of("lansstyrelsen"), h.of("vaxjo")
	waits := func(as, at, want string) {
		t.Helper()
		p := h.get(as, at)
		a := p.Find("#waits li a[href*='/minutes']")
		if got := strings.Join(strings.Fields(a.Text()), " "); want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%s at %s waits for %q, want %q", as, at, got, want)
		}
		if to, _ := a.Attr("href"); want != "" && !strings.HasPrefix(to, h.minutes()) {
			t.Errorf("it leads to %q", to)
		}
	}
	waits(strategist, start, "Skriv utkastet: Höstens forum")
	waits(strategist, page, "Skriv utkastet")
	waits(vaxjo, start, "")
	waits(vaxjo, page, "")
	if p := h.get(vaxjo, page); p.Find(`form[action$="/minutes/draft"]`).Length() != 0 {
		t.Error("who does not write them is offered to")
	}
	h.done(h.press(strategist, h.get(strategist, page), `form[action$="/minutes/draft"]`, nil), "minutes_drafted")
	waits(strategist, start, "")
	h.done(h.fills(strategist, h.minutes()+"/adjusters", url.Values{"chair": {h.holds["lansstyrelsen"].Person.String()}, "adjusters": {h.holds["vaxjo"].Person.String()}}), "saved")
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/ask"]`, nil), "minutes_asked")
	waits(chair, start, "Läs och justera: Höstens forum")
	waits(chair, page, "Läs och justera")
	waits(vaxjo, start, "")
	h.done(h.press(chair, h.get(chair, h.minutes()), `form[action$="/minutes/adjust"]`, nil), "minutes_adjusted")
	waits(chair, start, "")
	waits(vaxjo, start, "Läs och justera: Höstens forum")
	h.done(h.fills(vaxjo, h.minutes()+"/return?paragraph=", url.Values{"reason": {"Reservationen saknas"}}), "minutes_returned")
	waits(vaxjo, start, "")
	waits(strategist, start, "Rätta utkastet: Höstens forum")
	waits(strategist, page, "Rätta utkastet")
	if says := h.get(strategist, start).says("#waits"); !strings.Contains(says, "justerar inte texten: ”Reservationen saknas”") {
		t.Errorf("%q", says)
	}
	h.done(h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/ask"]`, nil), "minutes_asked")
	waits(strategist, start, "")
	waits(vaxjo, start, "Läs och justera")

	// Each letter tells what is to be read, and leads there; none of a meeting to come to.
	asked := h.told("adjust")
	if len(asked) == 0 || !strings.Contains(asked[0], "protokollet från") || !strings.Contains(asked[0], "https://overens.example"+h.minutes()) ||
		strings.Contains(asked[0], "När:") || strings.Contains(asked[0], "Läs mötet och handlingarna") {
		t.Errorf("%q", asked)
	}
	back := h.told("returned")
	if len(back) != 1 || strings.Contains(back[0], "När:") || !strings.Contains(back[0], h.minutes()) {
		t.Errorf("%q", back)
	}
}

// A letter names the paragraph that is to be read, and of a confidential one its number alone.
func TestALetterNamesNoConfidentialParagraph(t *testing.T) {
	l := meeting.Letter{Event: "adjust", Name: "Kim", Meeting: meeting.Meeting{Date: meeting.Date{Note: "Anmäl specialkost."}}, Text: meeting.Attested{Record: "minutes", Number: 4, Heading: "Boende"}}
	_, body := l.Words("https://overens.example")
	if !strings.Contains(body, "§ 4: Boende") || !strings.Contains(body, "/minutes#p4") || strings.Contains(body, "specialkost") {
		t.Errorf("%q", body)
	}
	l.Event, l.Text.Heading, l.Text.By, l.Text.Reason = "returned", "", "Kim", ""
	if _, body = l.Words("https://overens.example"); !strings.Contains(body, "§ 4.") || strings.Contains(body, "Boende") || strings.Contains(body, "Skäl") {
		t.Errorf("%q", body)
	}
	l.Text.Heading, l.Text.Reason = "Boende", "Reservationen saknas"
	if _, body = l.Words("https://overens.example"); !strings.Contains(body, "Skäl: Reservationen saknas") {
		t.Errorf("%q", body)
	}
}
