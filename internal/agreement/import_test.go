package agreement_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// elsewhere does something in a county of another database and keeps it.
func elsewhere(t *testing.T, db *dbtest.Database, slug string, f func(ctx context.Context, tx *pg.Tx)) {
	t.Helper()
	if err := db.InTenant(t.Context(), auth.System(slug, "test", ""), pg.Write, func(tx *pg.Tx) error {
		f(t.Context(), tx)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// arrive carries documents in and gives them back as they are exported there.
func arrive(t *testing.T, db *dbtest.Database, slug string, docs []agreement.Document) (back []agreement.Document, reports []agreement.Report) {
	t.Helper()
	elsewhere(t, db, slug, func(ctx context.Context, tx *pg.Tx) {
		for _, doc := range docs {
			r := must(agreement.CarryIn(ctx, tx, doc))(t)
			if err := r.Err(); err != nil {
				t.Fatalf("%s: %v", doc.Instrument.Key, err)
			}
			reports, back = append(reports, r), append(back, must(agreement.Export(ctx, tx, r.Instrument))(t))
		}
	})
	return back, reports
}

// lines are documents as they are written, to be compared.
func lines(t *testing.T, docs ...agreement.Document) []string {
	t.Helper()
	return strings.Split(string(must(json.MarshalIndent(docs, "", " "))(t)), "\n")
}

func TestTheFactsOfEachCountyArriveElsewhereAsTheyWere(t *testing.T) {
	for _, slug := range []string{"kronoberg", "ostergotland", "halland"} {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			ctx, tx := dbtest.In(t, slug)
			dbtest.AsSystem(tx)
			must(sample.Organisations(ctx, tx))(t)
			must(sample.Agreements(ctx, tx))(t)
			is, _, err := agreement.List(ctx, tx, agreement.Filter{Limit: 100})
			if err != nil || len(is) == 0 {
				t.Fatal(is, err)
			}
			var docs []agreement.Document
			for _, i := range is {
				docs = append(docs, must(agreement.Export(ctx, tx, i.ID))(t))
			}
			// What came before arrives before what came after.
			for i := range docs {
				for j := range i {
					if len(docs[i].Instrument.Predecessors) < len(docs[j].Instrument.Predecessors) {
						docs[i], docs[j] = docs[j], docs[i]
					}
				}
			}
			db := dbtest.New(t)
			back, reports := arrive(t, db, slug, docs)
			if d := cmp.Diff(lines(t, docs...), lines(t, back...)); d != "" {
				t.Errorf("what arrived differs:\n%s", d)
			}
			again, twice := arrive(t, db, slug, back)
			if d := cmp.Diff(lines(t, docs...), lines(t, again...)); d != "" {
				t.Errorf("twice changed something:\n%s", d)
			}
			for n, r := range twice {
				if r.Count(agreement.RowCreated) != 0 || r.Count(agreement.RowMatched) == 0 || len(r.Rows) != len(reports[n].Rows) {
					t.Errorf("%s: %+v", docs[n].Instrument.Key, r.Rows)
				}
			}
		})
	}
}

// rich is an agreement in which all has happened that can.
func (c *county) rich() {
	t, ctx, tx := c.t, c.ctx, c.tx
	t.Helper()
	area := c.goal("area", "Boende", uuid.Nil)
	other := c.goal("area", "Arbete", uuid.Nil)
	sub := c.goal("sub-goal", "Fler bostäder", area.ID)
	facet := c.goal("collaboration-area", "Bosättning", area.ID)
	// It moves and is renamed, is closed with what it then lies under, and comes back.
	sub = must(agreement.Amend(ctx, tx, sub.ID, sub.Version, agreement.Statement{Level: "sub-goal", Name: "Bostäder åt fler", Parent: other.ID, Themes: []string{"work", "housing"},
		Responsible: c.org("region")}, agreement.Effect{From: w("2021-05"), Decision: "Forum", Decided: w("2021-04"), Reason: "Flyttas"}))(t)
	must(agreement.Close(ctx, tx, area.ID, area.Version, agreement.Closing{Effective: d("2023-03-20"), Decided: w("2023-03-30"), Reason: "Vilar"}))(t)
	area = must(agreement.GetGoal(ctx, tx, area.ID, d("2023-03-20")))(t)
	must(agreement.Amend(ctx, tx, area.ID, area.Version, agreement.Statement{Level: "area", Name: "Boende igen"}, agreement.Effect{From: w("2024-01-01"), Reason: "Återkommer"}))(t)
	if err := agreement.Connect(ctx, tx, agreement.Bond{Kind: agreement.Linked, From: facet.ID, To: sub.ID, Since: d("2020-01-01"), Source: "källa"}); err != nil {
		t.Fatal(err)
	}
	links := must(agreement.Links(ctx, tx, facet.ID, d("2021-01-01")))(t)
	if err := agreement.Disconnect(ctx, tx, links[0].ID, d("2022-01-01")); err != nil {
		t.Fatal(err)
	}
	if err := agreement.Note(ctx, tx, area.ID, agreement.Remark{Kind: "correction", On: d("2024-02-01"), Note: "Felskrivet", Source: "källa"}); err != nil {
		t.Fatal(err)
	}
	// The correction says an earlier day than what it corrects.
	e := must(agreement.Record(ctx, tx, c.id, agreement.Happening{Kind: "decided", When: w("2020-06"), Source: "protokoll"}))(t)
	must(agreement.Record(ctx, tx, c.id, agreement.Happening{Kind: "decided", When: w("2020-05-04"), Source: "protokoll", Corrects: e.ID}))(t)
	text := must(agreement.AddEdition(ctx, tx, c.id, c.on("2025-01-01").Version, agreement.Paper{Kind: "adopted", Name: "Antagen", When: w("2020"), Source: "källa"}))(t)
	must(agreement.AddEdition(ctx, tx, c.id, c.on("2025-01-01").Version, agreement.Paper{Kind: "errata", Name: "Rättad", Of: text.ID, Source: "källa"}))(t)
	must(agreement.Adopt(ctx, tx, c.id, agreement.Resolution{Kind: "adopted", Organisation: c.org("region"), Body: "Regionfullmäktige", Source: "källa"}))(t)
	p := c.join("alvesta", "signatory", "2019")
	must(agreement.Sign(ctx, tx, p.ID, agreement.Signing{By: "Ordföranden", When: w("2020-05-04"), Source: "exemplar"}))(t)
	must(agreement.CorrectSignature(ctx, tx, p.ID, agreement.Signing{By: "Kommundirektören", When: w("2020-05-05"), Source: "exemplar"}))(t)
	p = c.join("lessebo", "signatory", "2019")
	must(agreement.Leave(ctx, tx, p.ID, p.Version, agreement.Exit{On: d("2021-01-01"), Ground: "Klev av"}))(t)
	c.join("lessebo", "signatory", "2022-03-08")
	i := must(agreement.Lead(ctx, tx, c.id, c.on("2025-01-01").Version, agreement.Leadership{Organisation: c.org("lansstyrelsen"), From: d("2019-01-01")}))(t)
	i = must(agreement.Unlead(ctx, tx, c.id, i.Version, c.org("lansstyrelsen"), d("2021-01-01")))(t)
	i = must(agreement.Lead(ctx, tx, c.id, i.Version, agreement.Leadership{Organisation: c.org("lansstyrelsen"), From: d("2022-01-01")}))(t)
	i = must(agreement.SetValidity(ctx, tx, c.id, i.Version, agreement.Term{Kind: agreement.ValidityExtended, From: w("2019"), Until: w("2027"), KnownFrom: d("2025-06-01"), Reference: "§ 7"}))(t)
	i = must(agreement.Count(ctx, tx, c.id, i.Version, agreement.Tally{What: "goals", Level: "sub-goal", Count: 9, Source: "källa"}))(t)
	must(agreement.Publish(ctx, tx, c.id, i.Version, true))(t)
	must(agreement.AddNetwork(ctx, tx, agreement.Group{Instrument: c.id, Name: "Introduktionssamordnare", LedBy: c.org("lansstyrelsen"), Goals: []uuid.UUID{sub.ID, facet.ID}}, ""))(t)
	must(agreement.AddLocal(ctx, tx, agreement.LocalCard{Instrument: c.id, Title: "LÖK Alvesta", Parties: []uuid.UUID{c.org("alvesta"), c.org("af")}, InitiatedBy: c.org("af"), From: w("2020-22")}, ""))(t)
}

func TestAllThatHasHappenedToAnAgreementArrivesElsewhere(t *testing.T) {
	c := kronoberg(t)
	c.rich()
	doc := must(agreement.Export(c.ctx, c.tx, c.id))(t)
	db := dbtest.New(t)
	back, _ := arrive(t, db, "kronoberg", []agreement.Document{doc})
	if d := cmp.Diff(lines(t, doc), lines(t, back[0])); d != "" {
		t.Errorf("what arrived differs:\n%s", d)
	}
	_, reports := arrive(t, db, "kronoberg", []agreement.Document{doc})
	if n := reports[0].Count(agreement.RowCreated); n != 0 {
		t.Errorf("%d were made again: %+v", n, reports[0].Rows)
	}
	elsewhere(t, db, "kronoberg", func(ctx context.Context, tx *pg.Tx) {
		here := must(agreement.ByKey(ctx, tx, doc.Instrument.Key))(t)
		nodes, _, err := agreement.Tree(ctx, tx, here.ID, d("2023-06-01"), uuid.Nil, 10, 1)
		if err != nil || len(nodes) != 2 || nodes[1].Name != "Boende" || !nodes[1].Closed || nodes[1].Ended != 1 {
			t.Errorf("%v %+v", err, nodes)
		}
		if hits, _, err := agreement.Search(ctx, tx, "bostad", 10, 1); err != nil || len(hits) != 1 {
			t.Errorf("%v %+v", err, hits)
		}
	})
}

func TestAnotherInstallationsOrganisationsAreKnownByNumberCodeOrKey(t *testing.T) {
	c := kronoberg(t)
	c.join("alvesta", "signatory", "2019")
	c.join("lansstyrelsen", "signatory", "2019")
	c.join("af", "signatory", "2019")
	c.join("region", "signatory", "2019")
	doc := must(agreement.Export(c.ctx, c.tx, c.id))(t)
	db := dbtest.New(t)
	elsewhere(t, db, "kronoberg", func(ctx context.Context, tx *pg.Tx) {
		for key, card := range map[string]organisation.Card{
			"alvesta-kommun": {Type: "municipality", Name: "Alvesta", OfficialCode: "0764"},
			"styrelsen":      {Type: "county-administration", Name: "Länsstyrelsen", OrganisationNumber: "202100-2296"},
			"af":             {Type: "state-agency", Name: "Arbetsförmedlingen Växjö"},
			"region":         {Type: "region", Name: "En annan region", OfficialCode: "08"},
		} {
			must(organisation.Import(ctx, tx, card, organisation.Origin{Key: key}))(t)
		}
		r := must(agreement.CarryIn(ctx, tx, doc))(t)
		outcomes := map[string]string{}
		for _, row := range r.Rows {
			if row.Kind == "organisations" {
				outcomes[row.Name] = row.Outcome
			}
		}
		want := map[string]string{"Alvesta kommun": "matched", "Länsstyrelsen i Kronobergs län": "matched", "Arbetsförmedlingen": "matched", "Region Kronoberg": "created"}
		if diff := cmp.Diff(want, outcomes); diff != "" || r.Err() != nil {
			t.Error(r.Err(), diff)
		}
		var keys []string
		for _, o := range must(agreement.Export(ctx, tx, r.Instrument))(t).Organisations {
			keys = append(keys, o.Key)
		}
		if diff := cmp.Diff([]string{"af", "alvesta-kommun", "region-kronoberg", "styrelsen"}, keys); diff != "" {
			t.Error(diff)
		}
		if again := must(agreement.CarryIn(ctx, tx, doc))(t); again.Count(agreement.RowCreated) != 0 || again.Err() != nil {
			t.Errorf("%v %+v", again.Err(), again.Rows)
		}
	})
}

func TestWhatCannotArriveIsToldByItsPlaceAllAtOnce(t *testing.T) {
	c := kronoberg(t)
	c.rich()
	doc := must(agreement.Export(c.ctx, c.tx, c.id))(t)
	doc.Participations[0].Organisation = "ingen"
	doc.Events[0].Source = " "
	doc.Goals[0].Versions[0].Level = "nivån"
	doc.Instrument.Predecessors = []string{"finns-inte-har"}
	db := dbtest.New(t)
	var r agreement.Report
	if err := db.Rehearse(t.Context(), auth.System("kronoberg", "test", ""), func(tx *pg.Tx) (err error) {
		r, err = agreement.CarryIn(t.Context(), tx, doc)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range fault.All(r.Err()) {
		got[f.Field] = f.Key
	}
	for field, key := range map[string]string{"/participations/0/organisation": "agreement.organisation_unknown", "/events/0/source": "instrument_event.sourced",
		"/goals/0/versions/0/level": "goal_version.level"} {
		if got[field] != key {
			t.Errorf("%s: %q, want %s in %v", field, got[field], key, got)
		}
	}
	if r.Count(agreement.RowLeftOut) != 1 {
		t.Errorf("%+v", r.Rows)
	}
	elsewhere(t, db, "kronoberg", func(ctx context.Context, tx *pg.Tx) {
		if _, n, err := agreement.List(ctx, tx, agreement.Filter{Limit: 1}); err != nil || n != 0 {
			t.Errorf("a preview left %d behind: %v", n, err)
		}
	})
	doc.Format = "something else"
	if _, err := agreement.CarryIn(c.ctx, c.tx, doc); !fault.Is(err, "agreement_import.format") {
		t.Error(err)
	}
	dbtest.As(c.tx, auth.RoleAuditor, uuid.Nil)
	if _, err := agreement.CarryIn(c.ctx, c.tx, doc); !fault.Is(err, "auth.forbidden") {
		t.Error(err)
	}
}

func TestWhatIsHereAndSaysSomethingElseIsNotChanged(t *testing.T) {
	c := kronoberg(t)
	c.rich()
	doc := must(agreement.Export(c.ctx, c.tx, c.id))(t)
	dbtest.AsSystem(c.tx)
	changed := doc
	changed.Goals = append([]agreement.SentGoal{}, doc.Goals...)
	changed.Goals[0].Versions = append([]agreement.SentVersion{}, doc.Goals[0].Versions...)
	changed.Goals[0].Versions[0].Name = "Något annat"
	changed.Events = append([]agreement.SentEvent{}, doc.Events...)
	changed.Events = append(changed.Events, agreement.SentEvent{Kind: "other", When: w("2024"), Source: "En källa till"})
	r := must(agreement.CarryIn(c.ctx, c.tx, changed))(t)
	wants(t, r.Err(), "agreement_import.differs", "/goals/0")
	if r.Count(agreement.RowRefused) != 1 || r.Count(agreement.RowCreated) != 1 {
		t.Errorf("%+v", r.Rows)
	}
	changed.Instrument.Title = "En annan titel"
	r = must(agreement.CarryIn(c.ctx, c.tx, changed))(t)
	wants(t, r.Err(), "agreement_import.differs", "/instrument")
	if r.Instrument != uuid.Nil {
		t.Error("went on without the instrument")
	}
}
