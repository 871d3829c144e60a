package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// A copy to a party's mailbox that fails is shown as a letter is.
func TestACopyToAPartyThatFailsIsShown(t *testing.T) {
	h := assemble(t)
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		o, err := organisation.Get(ctx, tx, h.alvesta)
		if err != nil {
			return err
		}
		o.Mailbox = "kommun@exempel.se"
		_, err = organisation.Change(ctx, tx, o.ID, o.Version, o.Card)
		return err
	})
	at := h.planned("2027-01-20", "Struktur")
	h.fillIn(strategist, at+"/call", nil).done(t, "call")
	h.fillIn(strategist, at+"/cancel", url.Values{"reason": {"För få kan komma"}}).done(t, "cancel")
	const failed = "Kopian till partens funktionsbrevlåda kunde inte skickas"
	if strings.Contains(h.get(strategist, at).reads("#called"), failed) {
		t.Error("it is said of what has not failed")
	}
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE meeting_mail SET failed = 'unsendable' WHERE organisation_id = $1 AND event = 'cancel'`, h.alvesta)
		return err
	})
	contains(t, "who made it", h.get(strategist, at).reads("#called"), "Alvesta kommun "+failed)
	if strings.Contains(h.byKim(at).Body, failed) {
		t.Error("a member is told")
	}
}
