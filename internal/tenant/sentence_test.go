package tenant_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

func called(key string) string {
	return map[string]string{"lansstyrelsen": "Länsstyrelsen", "region": "Region Kronoberg"}[key]
}

// told is what is said of one rule of a body.
func told(t *testing.T, lang text.Lang, b tenant.Body, rule string) tenant.Sentence {
	t.Helper()
	all := b.Tell(lang, called)
	i := slices.IndexFunc(all, func(s tenant.Sentence) bool { return s.Rule == rule })
	if i < 0 {
		t.Fatalf("%s is not told", rule)
	}
	return all[i]
}

func TestEveryRuleIsASentence(t *testing.T) {
	name := tenant.Words{"sv": "Forum", "en": "The forum"}
	with := func(r tenant.Rules) tenant.Body { return tenant.Body{Name: name, Rules: r} }
	seats := []tenant.Seat{{Key: "a", Organisations: []string{"region"}, Number: 16}, {Key: "b", Organisations: []string{"lansstyrelsen"}},
		{Key: "guest", Organisations: []string{"x"}, Standing: tenant.SeatGuest}}
	seated := func(q tenant.Quorum) tenant.Body {
		return tenant.Body{Name: name, Seats: seats, Rules: tenant.Rules{Quorum: q}}
	}
	for _, c := range []struct {
		rule    string
		body    tenant.Body
		sv, en  string
		unknown bool
	}{
		{"chair", tenant.Body{Name: name}, "Ingen regel är känd. Varje möte säger alltså självt vem som leder.", "No rule is known. So each meeting says for itself who leads.", true},
		{"chair", tenant.Body{Name: name, Chair: tenant.Office{By: tenant.ByOffice, Organisation: "lansstyrelsen", Title: tenant.Words{"sv": "landshövdingen", "en": "the county governor"}}},
			"Landshövdingen (Länsstyrelsen) leder Forum.", "The county governor (Länsstyrelsen) leads The forum.", false},
		{"chair", tenant.Body{Name: name, Chair: tenant.Office{By: tenant.ByElected}}, "Forum väljer själv sin ordförande.", "The forum elects its own chair.", false},
		{"chair", tenant.Body{Chair: tenant.Office{By: tenant.ByNobody}}, "Ingen leder organet.", "Nobody leads the body.", false},
		{"convener", tenant.Body{Name: name, Convener: tenant.Office{By: tenant.ByOffice, Organisation: "alvesta"}}, "Alvesta kallar till möte.", "Alvesta calls the meetings.", false},
		{"convener", tenant.Body{Name: name}, "Ingen annan är känd. Den som leder kallar alltså också.", "Nobody else is known. So whoever leads also calls.", true},
		{"decides", tenant.Body{Name: name, Decides: []string{tenant.DecidesDirection, tenant.DecidesResults, tenant.DecidesStructure}},
			"Forum beslutar om inriktning, resultat och struktur.", "The forum decides on direction, results and structure.", false},
		{"decides", with(tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByNothing}}), "Forum beslutar inget.", "The forum decides nothing.", false},
		{"decides", tenant.Body{Name: name}, "Inget är känt. Forum beslutar alltså inget, så vitt vi vet.", "Nothing is known. So The forum decides nothing, as far as we know.", true},
		{"notice", with(tenant.Rules{Notice: tenant.Notice{Days: 15, Workdays: true}}),
			"Kallelsen går ut senast 15 arbetsdagar före mötet. En sen kallelse går ut med ett skäl som står i protokollet.",
			"The call goes out at least 15 working days before the meeting. A late call goes out with a reason that stands in the minutes.", false},
		{"notice", with(tenant.Rules{Notice: tenant.Notice{Days: 1, Late: tenant.LateStops}}), "Kallelsen går ut senast en dag före mötet. En sen kallelse stoppas.",
			"The call goes out at least one day before the meeting. A late call is stopped.", false},
		{"papers", with(tenant.Rules{Papers: tenant.Deadline{Days: 7}}), "Handlingarna kommer senast sju dagar före mötet.", "The papers come at least seven days before the meeting.", false},
		{"proposals", with(tenant.Rules{Proposals: tenant.Deadline{Days: 21}}), "En part kan föreslå punkter till och med 21 dagar före mötet.", "A party can propose matters until 21 days before the meeting.", false},
		{"cadence", with(tenant.Rules{Cadence: tenant.Cadence{PerYear: 2}}), "Forum möts två gånger om året.", "The forum meets two times a year.", false},
		{"cadence", with(tenant.Rules{Cadence: tenant.Cadence{PerYear: 1, About: true, OnNeed: true}}), "Forum möts ungefär en gång om året, och oftare vid behov.", "The forum meets about once a year, and more often when needed.", false},
		{"cadence", with(tenant.Rules{Cadence: tenant.Cadence{OnNeed: true}}), "Forum möts vid behov.", "The forum meets when needed.", false},
		{"quorum", with(tenant.Rules{}), "Ingen regel är känd. Forum kan alltså besluta hur få som än är där.", "No rule is known. So The forum can decide however few are there.", true},
		{"quorum", tenant.Body{}, "Ingen regel är känd. Organet kan alltså besluta hur få som än är där.", "No rule is known. So the body can decide however few are there.", true},
		{"quorum", with(tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByNothing}}), "Ingen regel är känd, och ingen behövs: Forum fattar inga beslut.",
			"No rule is known, and none is needed: The forum makes no decisions.", true},
		{"quorum", with(tenant.Rules{Quorum: tenant.Quorum{Of: tenant.QuorumNone}}), "Ingen regel finns. Forum kan alltså besluta hur få som än är där.", "There is no rule. So The forum can decide however few are there.", false},
		{"quorum", seated(tenant.Quorum{Of: tenant.QuorumSeats, Number: 9}), "Forum kan besluta när minst 9 av 17 platser tjänstgör.", "The forum can decide when at least 9 of 17 seats serve.", false},
		{"quorum", seated(tenant.Quorum{Of: tenant.QuorumSeats, Share: "1/2", MoreThan: true}), "Forum kan besluta när fler än hälften av platserna tjänstgör, alltså minst 9 av 17.",
			"The forum can decide when more than half of the seats serve, that is at least 9 of 17.", false},
		{"quorum", seated(tenant.Quorum{Of: tenant.QuorumParties, Share: "1/1", Named: []string{"lansstyrelsen", "region"}, Otherwise: tenant.QuorumWarns}),
			"Forum kan besluta när alla parter är företrädda och Länsstyrelsen och Region Kronoberg är med. Annars går det också, med en varning i protokollet.",
			"The forum can decide when all parties are represented and Länsstyrelsen and Region Kronoberg take part. Otherwise it can too, with a warning in the minutes.", false},
		{"quorum", with(tenant.Rules{Quorum: tenant.Quorum{Of: tenant.QuorumParties, Number: 8}}), "Forum kan besluta när minst åtta parter är företrädda.", "The forum can decide when at least eight parties are represented.", false},
		{"decision", with(tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}}), "Forum beslutar i samförstånd: ingen som är med säger emot.", "The forum decides by consensus: nobody who is there objects.", false},
		{"decision", with(tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByUnanimity}}), "Forum beslutar enhälligt: alla som tjänstgör säger ja.", "The forum decides unanimously: all who serve say yes.", false},
		{"decision", with(tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByMajority, Casting: true}}), "Forum beslutar med enkel majoritet: fler än hälften av de avgivna rösterna. Är rösterna lika avgör ordföranden.",
			"The forum decides by simple majority: more than half of the votes cast. Where votes are equal the chair settles.", false},
		{"decision", with(tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByQualified, Share: "2/3", Base: tenant.BaseSeats}}), "Forum beslutar med kvalificerad majoritet: minst två tredjedelar av alla platser.",
			"The forum decides by qualified majority: at least two thirds of all seats.", false},
		{"ratification", with(tenant.Rules{Ratification: tenant.RatificationNeeded}), "Ett beslut binder en part först när parten också har beslutat hemma.", "A decision binds a party only once the party has decided at home too.", false},
		{"deputies", with(tenant.Rules{Deputies: tenant.Deputies{Form: tenant.DeputiesOrdered, Required: true, Handover: true}}),
			"Varje part har sina ersättare i en bestämd ordning. Varje part måste ha en ersättare. Den som slutar lämnar över till sin efterträdare.",
			"Each party has its deputies in a fixed order. Each party has to have a deputy. Whoever leaves hands over to the successor.", false},
		{"bias", with(tenant.Rules{Bias: tenant.BiasLeaves}), "Den som är jävig lämnar ärendet och räknas inte.", "Whoever has an interest leaves the matter and is not counted.", false},
		{"written", with(tenant.Rules{Written: tenant.Written{Form: tenant.WrittenAllowed, Days: 10}}),
			"Forum får besluta skriftligt mellan mötena, med minst tio dagar att svara. En enda invändning flyttar frågan till nästa möte.",
			"The forum may decide in writing between meetings, with at least ten days to answer. A single objection moves the matter to the next meeting.", false},
		{"record", with(tenant.Rules{Record: tenant.RecordNotes}), "Varje möte får minnesanteckningar.", "Every meeting gets notes.", false},
		{"recordWords", with(tenant.Rules{}), "Inga egna ord är skrivna. Rubrikerna är alltså de som programmet har.", "No own words are written. So the headings are the usual ones.", true},
		{"recordWords", with(tenant.Rules{RecordWords: tenant.RecordWords{Preamble: tenant.Words{"sv": "Forum samlar parterna."}}}), "Protokollet inleds med egna ord.", "The minutes begin with words of their own.", false},
		{"recordWords", with(tenant.Rules{Record: tenant.RecordNotes, RecordWords: tenant.RecordWords{Ending: tenant.Words{"sv": "Frågor: kansliet."}}}), "Anteckningarna avslutas med egna ord.", "The notes end with words of their own.", false},
		{"recordWords", with(tenant.Rules{RecordWords: tenant.RecordWords{Preamble: tenant.Words{"sv": "x"}, Ending: tenant.Words{"sv": "x"}, AttendanceFirst: true,
			Headings: tenant.RecordHeadings{Opening: tenant.Words{"sv": "Mötets öppnande", "en": "Opening"}, Attendance: tenant.Words{"sv": "Beslutande."}}}}),
			"Protokollet inleds och avslutas med egna ord. Egna rubriker: ”Mötets öppnande” och ”Beslutande”. De som var där står före hur mötet öppnades.",
			"The minutes begin and end with words of their own. Own headings: “Opening” and “Beslutande”. Who was there stands before how the meeting was opened.", false},
		{"adjusting", with(tenant.Rules{Adjusting: tenant.Adjusting{By: tenant.AdjustedByChosen, Number: 2}}), "Ordföranden och två justerare justerar.", "The chair and two more attest.", false},
		{"adjusting", with(tenant.Rules{Adjusting: tenant.Adjusting{By: tenant.AdjustedByAll}}), "Alla som tjänstgjorde justerar.", "All who served attest.", false},
		{"public", with(tenant.Rules{Public: tenant.Public{Date: tenant.PublicAnnounced, Minutes: tenant.PublicAdjusted, Decisions: tenant.PublicNever}}),
			"Det här blir offentligt: mötets dag när den är bestämd, besluten aldrig och protokollet när det är justerat. Ingen regel är känd för dagordningen, så det blir inte offentligt av sig självt.",
			"This becomes public: the day of a meeting when it is set, the decisions never and the minutes when they are attested. No rule is known for the agenda, so it does not become public by itself.", false},
		{"standingItems", with(tenant.Rules{StandingItems: []tenant.Words{{"sv": "Läget hos parterna", "en": "How the parties are doing"}, {"sv": "Nästa möte"}}}),
			"På varje dagordning står: Läget hos parterna och Nästa möte.", "On every agenda stand: How the parties are doing and Nästa möte.", false},
	} {
		for lang, want := range map[text.Lang]string{text.Swedish: c.sv, text.English: c.en} {
			got := told(t, lang, c.body, c.rule)
			if diff := cmp.Diff(want, got.Text); diff != "" || got.Unknown != c.unknown || got.Label == "" {
				t.Errorf("%s in %s, unknown %v, %q: %s", c.rule, lang, got.Unknown, got.Label, diff)
			}
		}
	}
}

// rules are any rules, also such as cannot work.
func rules() *rapid.Generator[tenant.Rules] {
	of := func(t *rapid.T, name string, values ...string) string {
		return rapid.SampledFrom(append(values, "")).Draw(t, name)
	}
	deadline := rapid.Custom(func(t *rapid.T) tenant.Deadline {
		return tenant.Deadline{Days: rapid.IntRange(0, 30).Draw(t, "days"), Workdays: rapid.Bool().Draw(t, "workdays")}
	})
	return rapid.Custom(func(t *rapid.T) tenant.Rules {
		number := func(name string) int { return rapid.IntRange(0, 20).Draw(t, name) }
		yes := func(name string) bool { return rapid.Bool().Draw(t, name) }
		share := func(name string) string { return of(t, name, "1/2", "2/3", "1/1", "3/7", "99/1", "half") }
		words := func(name string) tenant.Words {
			return rapid.SampledFrom([]tenant.Words{nil, {"sv": "Egna ord."}, {"sv": "Egna ord", "en": "Own words"}}).Draw(t, name)
		}
		late := deadline.Draw(t, "notice")
		return tenant.Rules{
			Notice:    tenant.Notice{Days: late.Days, Workdays: late.Workdays, Late: of(t, "late", "stops", "reason")},
			Papers:    deadline.Draw(t, "papers"),
			Proposals: deadline.Draw(t, "proposals"),
			Cadence:   tenant.Cadence{PerYear: number("perYear"), About: yes("about"), OnNeed: yes("onNeed")},
			Quorum: tenant.Quorum{Of: of(t, "of", "none", "seats", "parties"), Number: number("number"), Share: share("share"), MoreThan: yes("moreThan"),
				Named: rapid.SliceOfN(rapid.SampledFrom([]string{"region", "alvesta"}), 0, 2).Draw(t, "named"), Otherwise: of(t, "otherwise", "stop", "warn")},
			Decision: tenant.DecisionRule{Mode: of(t, "mode", "consensus", "unanimity", "majority", "qualified", "advisory", "none"), Base: of(t, "base", "cast", "serving", "seats"),
				Share: share("of all"), Casting: yes("casting")},
			Ratification: of(t, "ratification", "needed", "none"),
			Deputies:     tenant.Deputies{Form: of(t, "deputies", "personal", "ordered", "pool", "none"), Required: yes("required"), Handover: yes("handover")},
			Bias:         of(t, "bias", "leaves", "tells", "none"),
			Written:      tenant.Written{Form: of(t, "written", "allowed", "none"), Days: number("days")},
			Record:       of(t, "record", "minutes", "notes"),
			RecordWords: tenant.RecordWords{AttendanceFirst: yes("attendance"), Preamble: words("preamble"), Ending: words("ending"),
				Headings: tenant.RecordHeadings{Opening: words("opening"), Attendance: words("there"), Adjusters: words("adjusters'"), Closing: words("closing")}},
			Adjusting: tenant.Adjusting{By: of(t, "adjusting", "chair", "chosen", "all", "none"), Number: number("adjusters")},
			Public: tenant.Public{Date: of(t, "date", "announced", "called", "never"), Agenda: of(t, "agenda", "called", "closed", "adjusted", "never"),
				Decisions: of(t, "decisions", "closed", "adjusted", "never"), Minutes: of(t, "minutes", "adjusted", "never")},
			StandingItems: rapid.SliceOfN(rapid.Just(tenant.Words{"sv": "Laget runt"}), 0, 2).Draw(t, "items"),
		}
	})
}

// Whatever a body's rules are, each is told once, in whole sentences, and in
// the same order for every body.
func TestEveryBodyTellsEveryRuleOnce(t *testing.T) {
	var order []string
	for _, s := range (tenant.Body{}).Tell(text.Swedish, nil) {
		order = append(order, s.Rule)
		if !s.Unknown {
			t.Errorf("%s is known of a body of which nothing is said: %s", s.Rule, s.Text)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		office := rapid.Custom(func(t *rapid.T) tenant.Office {
			return tenant.Office{By: rapid.SampledFrom([]string{"", "office", "elected", "rotating", "none"}).Draw(t, "by"), Organisation: rapid.SampledFrom([]string{"", "region"}).Draw(t, "whose")}
		})
		b := tenant.Body{Chair: office.Draw(t, "chair"), Convener: office.Draw(t, "convener"), Rules: rules().Draw(t, "rules"),
			Decides: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"direction", "results", "structure", "plan", "budget", "membership", "agreement", "rules", "opinion"}), rapid.ID).Draw(t, "decides"),
			Seats:   rapid.SliceOfN(rapid.SampledFrom([]tenant.Seat{{Organisations: []string{"region"}}, {Each: "municipality"}, {Name: tenant.Words{"sv": "Hörnet"}, Number: 3}}), 0, 3).Draw(t, "seats")}
		if rapid.Bool().Draw(t, "named") {
			b.Name = tenant.Words{"sv": "Rådet"}
		}
		for _, lang := range text.Langs {
			var told []string
			for _, s := range b.Tell(lang, called) {
				told = append(told, s.Rule)
				if s.Text == "" || !strings.HasSuffix(s.Text, ".") || strings.ContainsAny(s.Label+s.Text, "⟨<") || strings.Contains(s.Text, "  ") || s.Text != tenant.Capital(s.Text) {
					t.Fatalf("%s: %q is told as %q", s.Rule, s.Label, s.Text)
				}
			}
			if !slices.Equal(order, told) {
				t.Fatalf("told in the order %v", told)
			}
		}
	})
}

// Words that no test happens to draw are missed here.
func TestEverySentenceHasWords(t *testing.T) {
	src, err := os.ReadFile("sentence.go")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`\.say\("([a-z_.]*[a-z])"[,)]`).FindAllStringSubmatch(string(src), -1)
	for _, f := range found {
		if !text.Has("rule." + f[1]) {
			t.Errorf("no words for rule.%s", f[1])
		}
	}
	if len(found) < 20 {
		t.Errorf("only %d sentences were found in the source", len(found))
	}
}
