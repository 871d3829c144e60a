package meeting_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// In whatever order who came, who has an interest and who voted what is noted:
// the reckoning that is kept is the same.
func TestTheSameNotesInAnyOrderGiveTheSameReckoning(t *testing.T) {
	rules := majority
	rules.Quorum.Otherwise = tenant.QuorumWarns
	h, items := gather(t, rules, "", toDecide)
	pool := h.person("Ersättare lessebo")
	h.appoint(governance.Nomination{Body: "council", Place: "lessebo", Person: pool, Deputy: true, From: d("2026-01-01")})
	h.open()
	h.take(items[0].ID)
	people := []uuid.UUID{h.holds["alvesta"], h.holds["lessebo"], h.holds["ljungby"], h.holds["markaryd"], h.holds["region"], h.deputy, pool}

	// noted does the notes in their order, decides, and undoes it all. What is
	// refused (a vote for a seat that nobody serves) is so in every order.
	noted := func(groups ...[]func() error) (sum meeting.Reckoning, refused string) {
		undo := errors.New("undo")
		err := h.tx.Savepoint(h.ctx, func() error {
			for _, group := range groups {
				for _, note := range group {
					// A note that is refused must not undo those before it.
					_ = h.tx.Savepoint(h.ctx, note)
				}
			}
			got, err := meeting.Decide(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Ruling{})
			if err != nil {
				refused = err.Error()
				return undo
			}
			sum = h.sum(got.Decision)
			return undo
		})
		if !errors.Is(err, undo) {
			h.Fatal(err)
		}
		return sum, refused
	}

	rapid.Check(t, func(r *rapid.T) {
		var came, biased, votes []func() error
		for i, who := range people {
			if rapid.Bool().Draw(r, "came") {
				came = append(came, func() error { return meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: who}) })
			}
			if rapid.IntRange(0, 5).Draw(r, "biased") == 0 {
				biased = append(biased, func() error { return meeting.Bias(h.ctx, h.tx, items[0].ID, meeting.Telling{Person: who}) })
			}
			if i < len(seats) {
				if vote := rapid.SampledFrom([]string{"", "for", "against", "abstains"}).Draw(r, "vote"); vote != "" {
					votes = append(votes, func() error {
						return meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Place: seats[i], Vote: vote})
					})
				}
			}
		}
		votes = append(votes, votes...) // each is sent twice
		shuffled := func(name string, fs []func() error) []func() error {
			if len(fs) == 0 {
				return nil
			}
			return rapid.Permutation(fs).Draw(r, name)
		}
		// Who is there and who has an interest can be noted in any order; votes come
		// when one knows who serves.
		before := append(append([]func() error{}, came...), biased...)
		one, refused := noted(before, votes)
		other, again := noted(shuffled("before", before), shuffled("votes", votes))
		if refused != again && (refused == "" || again == "") {
			r.Fatalf("%s / %s", refused, again)
		}
		if diff := cmp.Diff(one, other); diff != "" {
			r.Fatal(diff)
		}
	})
}
