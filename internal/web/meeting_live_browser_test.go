package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// enter opens a page as somebody: a role, or one with a session.
func (h *chamber) enter(b *browsertest.Browser, as, path string) {
	if cookie, ok := strings.CutPrefix(as, "session="); ok {
		b.Open(h.URL + "/session/" + url.PathEscape(cookie) + "?to=" + url.QueryEscape(path))
		// The house's clock stands still: to the browser's the session has ended.
		browsertest.Eval[int](b, `document.querySelector("dialog")?.close(), 1`)
		return
	}
	b.Open(h.URL + "/as/" + url.PathEscape(as) + "?to=" + url.QueryEscape(path))
}

// voting is opened with a matter on the table that some have voted on, a deputy
// who serves, one who has left and a reservation.
func voting(t testing.TB) *chamber {
	t.Helper()
	h := opened(t)
	h.take(1)
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		if err := meeting.Leave(ctx, tx, h.Meeting, meeting.Presence{Person: h.holds["alvesta"].Person}); err != nil {
			return err
		}
		if err := meeting.Arrive(ctx, tx, h.Meeting, meeting.Presence{Person: h.deputy.Person}); err != nil {
			return err
		}
		if err := meeting.Leave(ctx, tx, h.Meeting, meeting.Presence{Person: h.holds["region"].Person}); err != nil {
			return err
		}
		for place, vote := range map[string]governance.Vote{"municipality/alvesta": governance.VoteFor, "municipality/lessebo": governance.VoteAgainst,
			"county-administration/lansstyrelsen": governance.VoteAbstains} {
			if err := meeting.Vote(ctx, tx, h.Items[1].ID, meeting.Voice{Place: place, Vote: string(vote)}); err != nil {
				return err
			}
		}
		_, err := meeting.Say(ctx, tx, h.Items[1].ID, meeting.Saying{Kind: meeting.Reservation, Person: h.holds["lessebo"].Person,
			Wording: "Vi vill att nyckeln räknas på folkmängden i snitt över tre år."})
		return err
	})
	return h
}

func TestTheMeetingPageCanBeUsedByEveryone(t *testing.T) {
	h := voting(t)
	for _, s := range []struct{ name, as string }{{"meeting-live-secretary", strategist}, {"meeting-live-member", h.of("vaxjo")}, {"meeting-live-reader", auditor}} {
		t.Run(s.name, func(t *testing.T) {
			b := browsertest.New(t)
			h.enter(b, s.as, h.live())
			usable(t, b, s.name)
		})
	}
}

func TestTheMinutesCanBeReadByEveryone(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	h := adjusted(t)
	h.enter(b, strategist, h.minutes())
	usable(t, b, "minutes")
	b.Size(1280, 900)
	b.Print(true)
	b.Screenshot("minutes-print")
	b.Print(false)
	h.enter(b, strategist, h.minutes()+"/share")
	usable(t, b, "minutes-share")
	h.press(strategist, h.get(strategist, h.minutes()), `form[action$="/minutes/publish"]`, nil)
	h.enter(b, ",", "/lan/kronoberg/meetings/"+h.Meeting.String())
	usable(t, b, "meeting-public")
	h.enter(b, ",", "/lan/kronoberg/meetings")
	usable(t, b, "meetings-public")
}

// A member votes by the keyboard alone, and the secretary's page, which is open
// beside, shows it by itself: with what had been typed there, and the focus.
func TestAVoteByTheKeyboardIsSeenOnAnotherScreen(t *testing.T) {
	h := voting(t) // before the browser, which ends first: a page that listens keeps its server open
	b := browsertest.New(t)
	h.enter(b, strategist, h.live())
	wait(t, b, `!document.getElementById("live-on").hidden`)
	b.Type("#decide-wording", "Forum väntar med nyckeln.")
	browsertest.Eval[int](b, `document.getElementById("decide-wording").focus(), document.getElementById("decide-wording").setSelectionRange(5, 5), 1`)

	other := browsertest.New(t)
	h.enter(other, h.of("vaxjo"), h.live())
	other.Submit("#vote-for")
	wait(t, other, `document.getElementById("vote-for")?.getAttribute("aria-pressed") === "true"`)

	wait(t, b, `[...document.querySelectorAll("#attendance td")].filter(c => c.textContent.trim() === "Ja").length === 2`)
	if got := browsertest.Eval[string](b, `document.activeElement.id + " " + document.activeElement.value + " " + document.activeElement.selectionStart`); got != "decide-wording Forum väntar med nyckeln. 5" {
		t.Errorf("%q", got)
	}
}

func wait(t *testing.T, b *browsertest.Browser, for_ string) {
	t.Helper()
	for range 100 {
		if browsertest.Eval[bool](b, for_) {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("never: %s\n%s", for_, b.Text("main"))
}
