package meeting_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// post is a county whose mails are sent to a test.
type post struct {
	*testing.T
	db      *dbtest.Database
	letters chan meeting.Letter
	done    <-chan *river.Event
}

func poster(t *testing.T) *post {
	t.Helper()
	p := &post{T: t, db: dbtest.New(t), letters: make(chan meeting.Letter, 100)}
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[meeting.Tell]) error {
		return meeting.Send(ctx, p.db.DB, job, func(_ context.Context, l meeting.Letter) error { p.letters <- l; return nil })
	}))
	client, err := river.NewClient(riverpgxv5.New(p.db.Pool()), &river.Config{Schema: "river", Workers: workers, TestOnly: true,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}}, Logger: slog.New(slog.DiscardHandler), FetchPollInterval: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	events, cancel := client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	p.done = events
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		_ = client.StopAndCancel(ctx)
	})
	return p
}

func (p *post) do(f func(tx *pg.Tx) error) {
	p.Helper()
	if err := p.db.InTenant(p.Context(), auth.System("kronoberg", "test", ""), pg.Write, f); err != nil {
		p.Fatal(err)
	}
}

// sent waits for so many jobs, and gives the letters that went, by address.
func (p *post) sent(jobs int) map[string]meeting.Letter {
	p.Helper()
	for range jobs {
		select {
		case e := <-p.done:
			if e.Kind != river.EventKindJobCompleted {
				p.Fatalf("a job failed: %v", e.Job.Errors)
			}
		case <-time.After(20 * time.Second):
			p.Fatal("a job is not done")
		}
	}
	all := map[string]meeting.Letter{}
	for {
		select {
		case l := <-p.letters:
			if _, twice := all[l.To]; twice {
				p.Errorf("%s got two", l.To)
			}
			all[l.To] = l
		default:
			return all
		}
	}
}

func TestOneMailGoesToEachWithALinkThatAnswersWithoutSigningIn(t *testing.T) {
	p := poster(t)
	ctx := t.Context()
	var m meeting.Meeting
	people := map[string]uuid.UUID{}
	p.do(func(tx *pg.Tx) error {
		if _, err := sample.Organisations(ctx, tx); err != nil {
			return err
		}
		if _, err := sample.Agreements(ctx, tx); err != nil {
			return err
		}
		for _, n := range []struct {
			name, email, place string
			deputy             bool
		}{{"Kim Lind", "kim@alvesta.example", "municipality/alvesta", false}, {"Sam Ek", "sam@alvesta.example", "municipality/alvesta", true}, {"Noa Alm", "", "municipality/almhult", false}} {
			who, err := person.Create(ctx, tx, person.Card{Name: n.name, Email: n.email})
			if err != nil {
				return err
			}
			people[n.name] = who.ID
			if _, err := governance.Appoint(ctx, tx, governance.Nomination{Body: "forum", Place: n.place, Person: who.ID, Deputy: n.deputy, From: day.Of(2026, time.January, 1)}); err != nil {
				return err
			}
		}
		alvesta, err := organisation.ByKey(ctx, tx, "alvesta")
		if err != nil {
			return err
		}
		card := alvesta.Card
		card.Mailbox = "kommun@alvesta.example"
		if _, err := organisation.Change(ctx, tx, alvesta.ID, alvesta.Version, card); err != nil {
			return err
		}
		plan, err := meeting.Prepare(ctx, tx, meeting.Date{Body: "forum", On: april, Begins: "09:30", Ends: "12:00", Location: "Residenset", AnswerBy: april.Add(-7)})
		if err != nil {
			return err
		}
		for title, secret := range map[string]bool{"Boende": false, "Hemlig": true} {
			if _, err := meeting.Put(ctx, tx, plan.Meeting.ID, meeting.Matter{Kind: meeting.ForDecision, Title: title, Confidential: secret}); err != nil {
				return err
			}
		}
		c, err := meeting.Call(ctx, tx, plan.Meeting.ID, plan.Meeting.Version, meeting.Notice{})
		m = c.Meeting
		return err
	})
	letters := p.sent(3)
	kim, mailbox := letters["kim@alvesta.example"], letters["kommun@alvesta.example"]
	if len(letters) != 2 || !kim.Tells || mailbox.Tells || !mailbox.Party || mailbox.Token != "" {
		t.Fatalf("%d letters: %+v", len(letters), letters)
	}
	subject, body := kim.Words("https://overens.example")
	for _, want := range []string{"Kim Lind", "2027-04-15", "09.30–12.00", "Residenset", "Boende", "Hemlig", "https://overens.example/lan/kronoberg/meeting-answers/" + kim.Token, "2027-04-08"} {
		if !strings.Contains(subject+body, want) {
			t.Errorf("the letter does not say %q:\n%s\n%s", want, subject, body)
		}
	}
	if _, copied := mailbox.Words("https://overens.example"); strings.Contains(copied, "Hemlig") || strings.Contains(copied, "meeting-answers") || !strings.Contains(copied, "1. Boende") || strings.Contains(copied, "2. ") {
		t.Errorf("the copy to a mailbox says too much:\n%s", copied)
	}
	if e := kim.Entry(); e.Sequence != 0 || e.UID == "" || e.AllDay || e.Start.UTC().Format("2006-01-02 15:04") != "2027-04-15 07:30" {
		t.Errorf("%+v", e)
	}
	p.do(func(tx *pg.Tx) error {
		var failed string
		var sent int
		if err := tx.QueryRow(ctx, `SELECT max(failed) FILTER (WHERE sent_at IS NULL), count(sent_at) FROM meeting_mail`).Scan(&failed, &sent); err != nil {
			return err
		}
		if failed != "no address" || sent != 2 {
			t.Errorf("%q, %d sent", failed, sent)
		}
		return tx.Enqueue(ctx, meeting.Tell{Mail: kim.ID}) // the same mail again: it has gone
	})
	if again := p.sent(1); len(again) != 0 {
		t.Errorf("sent again: %+v", again)
	}

	p.do(func(tx *pg.Tx) error {
		if _, err := meeting.ByToken(ctx, tx, "nothing"); !fault.Is(err, "invitation.link_unknown") {
			t.Errorf("%v", err)
		}
		a, err := meeting.AnswerByToken(ctx, tx, kim.Token, 0, meeting.Reply{Answer: meeting.AnswerNo})
		if err != nil || a.Invitation.AnsweredHow != "link" || a.Deputy == nil || a.Deputy.Person != people["Sam Ek"] {
			t.Errorf("%+v, %v", a, err)
		}
		return err
	})
	sam := p.sent(1)["sam@alvesta.example"]
	if _, body := sam.Words(""); sam.Event != "deputy" || !strings.Contains(body, "Boende") {
		t.Errorf("%+v", sam)
	}
	p.do(func(tx *pg.Tx) error {
		_, err := meeting.AnswerByToken(ctx, tx, kim.Token, 0, meeting.Reply{Answer: meeting.AnswerYes})
		return err
	})
	if back := p.sent(1)["sam@alvesta.example"]; !back.Withdraws() || back.Sequence <= sam.Sequence || back.Token != "" {
		t.Errorf("%+v", back)
	}
	p.do(func(tx *pg.Tx) error {
		now, err := meeting.Get(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		d := now.Date
		d.Begins, d.Ends, d.Location, d.Link = "13:00", "15:00", "Rådhuset", "https://mote.exempel.se/forum"
		_, err = meeting.Change(ctx, tx, m.ID, now.Version, d)
		return err
	})
	kim = p.sent(3)["kim@alvesta.example"] // whose link is another: the older one answered to another hour
	_, changed := kim.Words("")
	for _, want := range []string{"Ny tid: 2027-04-15 13.00–15.00. Förut: 2027-04-15 09.30–12.00.", "Ny plats: Rådhuset. Förut: Residenset.", "Det går nu att delta på distans."} {
		if !strings.Contains(changed, want) {
			t.Errorf("the letter does not say %q:\n%s", want, changed)
		}
	}
	p.do(func(tx *pg.Tx) error {
		now, err := meeting.Get(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		_, err = meeting.Cancel(ctx, tx, m.ID, now.Version, meeting.Cancellation{Reason: "För få kan komma"})
		return err
	})
	off := p.sent(3)
	if _, body := off["kim@alvesta.example"].Words(""); len(off) != 2 || !off["kim@alvesta.example"].Withdraws() || !strings.Contains(body, "För få kan komma") {
		t.Errorf("%+v", off)
	}
	err := p.db.InTenant(ctx, auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		_, err := meeting.AnswerByToken(ctx, tx, kim.Token, 0, meeting.Reply{Answer: meeting.AnswerYes})
		return err
	})
	if !fault.Is(err, "invitation.meeting_cancelled") {
		t.Error(err)
	}
}

func TestALetterThatCannotBeSentIsShownAsSuch(t *testing.T) {
	p := poster(t)
	ctx := t.Context()
	for tries, c := range map[string]struct {
		err     error
		attempt int
		want    int
	}{
		"it can be tried again": {errors.New("the server is away"), 1, 0},
		"it was the last time":  {errors.New("the server is away"), 2, 1},
		"it makes no calendar":  {river.JobCancel(errors.New("ends before it begins")), 1, 1},
	} {
		var id, m, who uuid.UUID
		p.do(func(tx *pg.Tx) error {
			o := &office{T: t, ctx: ctx, tx: tx}
			who = o.person("Gun " + tries)
			plan := ok(meeting.Prepare(ctx, tx, meeting.Date{Body: "forum", On: april}))(o)
			m = plan.Meeting.ID
			ok(meeting.Call(ctx, tx, m, o.now(m).Version, meeting.Notice{Guests: []uuid.UUID{who}}))(o)
			return tx.QueryRow(ctx, `SELECT id FROM meeting_mail WHERE meeting_id = $1 AND person_id = $2`, m, who).Scan(&id)
		})
		p.sent(1)
		p.do(func(tx *pg.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE meeting_mail SET sent_at = NULL WHERE id = $1`, id)
			return err
		})
		job := &river.Job[meeting.Tell]{JobRow: &rivertype.JobRow{Attempt: c.attempt, MaxAttempts: 2, Metadata: []byte(`{"tenant":"kronoberg"}`)}, Args: meeting.Tell{Mail: id}}
		if err := meeting.Send(ctx, p.db.DB, job, func(context.Context, meeting.Letter) error { return c.err }); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", tries, err)
		}
		p.do(func(tx *pg.Tx) error {
			unreached, err := meeting.Unreached(ctx, tx, m)
			if len(unreached) != c.want || c.want > 0 && unreached[0] != who {
				t.Errorf("%s: %v could not be reached, want %d", tries, unreached, c.want)
			}
			return err
		})
	}
}

func TestWhoHasReadAPaperIsWrittenDownOnceAMomentLater(t *testing.T) {
	p := poster(t)
	ctx := t.Context()
	var paper, who uuid.UUID
	p.do(func(tx *pg.Tx) error {
		plan, err := meeting.Prepare(ctx, tx, meeting.Date{Body: "forum", On: april})
		if err != nil {
			return err
		}
		put, err := meeting.Put(ctx, tx, plan.Meeting.ID, meeting.Matter{Kind: meeting.ForInformation, Title: "Läget"})
		if err != nil {
			return err
		}
		o := &office{T: t, ctx: ctx, tx: tx}
		d := o.paper("Underlag")
		added, err := meeting.AddPaper(ctx, tx, put.Item.ID, meeting.Enclosure{Document: d.ID})
		paper, who = added.ID, o.person("Kim Lind")
		return err
	})
	r := meeting.NewReadings(p.db.DB, 10*time.Millisecond, func(err error) { t.Error(err) })
	reader := auth.Actor{Tenant: "kronoberg", Kind: auth.KindPerson, Person: who}
	for range 3 {
		r.Opened(reader, paper, dbtest.Noon)
	}
	r.Opened(auth.System("kronoberg", "test", ""), paper, dbtest.Noon)
	r.Wait()
	r.Opened(reader, paper, dbtest.Noon.Add(time.Hour))
	r.Wait()
	p.do(func(tx *pg.Tx) error {
		var n int
		err := tx.QueryRow(ctx, `SELECT count(*) FROM paper_read WHERE paper_id = $1 AND person_id = $2 AND read_at = $3`, paper, who, dbtest.Noon).Scan(&n)
		if n != 1 {
			t.Errorf("%d readings", n)
		}
		return err
	})
}
