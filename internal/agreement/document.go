package agreement

import "github.com/overens/overens/internal/day"

// Format is what a Document says that it is; another one is not read.
const Format = "overens-agreement-v1"

// Document is the whole of one instrument, to be read elsewhere and carried
// into another installation. It holds no ids: organisations, goals, networks
// and local agreements are named by key, and what has no key by its number,
// counted from 1 in the list it stands in. Files do not come along, nor the
// cards of people.
type Document struct {
	Format          string         `json:"format" enum:"overens-agreement-v1" doc:"What sort of document it is." example:"overens-agreement-v1"`
	County          string         `json:"county" maxLength:"40" doc:"The county it is from." example:"kronoberg"`
	Instrument      SentInstrument `json:"instrument" doc:"The card."`
	Organisations   []SentOrg      `json:"organisations" maxItems:"2000" nullable:"false" doc:"The organisations that the rest names by key."`
	Validities      []Term         `json:"validities,omitempty" maxItems:"200" nullable:"false" doc:"What has been said of its validity, first said first."`
	Leads           []SentLead     `json:"leads,omitempty" maxItems:"200" nullable:"false" doc:"Who leads and led."`
	Events          []SentEvent    `json:"events,omitempty" maxItems:"5000" nullable:"false" doc:"What happened."`
	Texts           []SentText     `json:"texts,omitempty" maxItems:"1000" nullable:"false" doc:"The texts in their order."`
	Adoptions       []SentAdoption `json:"adoptions,omitempty" maxItems:"1000" nullable:"false" doc:"What bodies decided."`
	Participations  []SentPart     `json:"participations,omitempty" maxItems:"5000" nullable:"false" doc:"Who takes part and took part, with signatures."`
	Counts          []Tally        `json:"counts,omitempty" maxItems:"1000" nullable:"false" doc:"What is known by its number alone."`
	Goals           []SentGoal     `json:"goals,omitempty" nullable:"false" doc:"The goals, each with all that it has said."`
	Links           []SentLink     `json:"links,omitempty" nullable:"false" doc:"The links that point to its goals."`
	Networks        []SentNetwork  `json:"networks,omitempty" maxItems:"1000" nullable:"false" doc:"The networks it leans on."`
	LocalAgreements []SentLocal    `json:"localAgreements,omitempty" maxItems:"2000" nullable:"false" doc:"The local agreements under it."`
}

// SentInstrument is an instrument's card as it is carried.
type SentInstrument struct {
	Key string `json:"key" minLength:"1" maxLength:"60" doc:"The stable name it is known by everywhere." example:"sok-2019"`
	Card
	Predecessors []string `json:"predecessors,omitempty" maxItems:"20" nullable:"false" doc:"The keys of the instruments it came after." example:"[\"oku-2015\"]"`
	Draft        bool     `json:"draft,omitempty" doc:"Whether it is still being drafted." example:"false"`
	Published    bool     `json:"published,omitempty" doc:"Whether the public may see it." example:"true"`
	Demo         bool     `json:"demo,omitempty" doc:"Whether the content is made up for show." example:"false"`
	Source       string   `json:"source,omitempty" maxLength:"300" doc:"Where the facts come from." example:"lansstyrelsen.se/kronoberg, 2023"`
}

// SentOrg is an organisation as it is carried: what it is known by, and no
// more of how to reach it than everyone may know.
type SentOrg struct {
	Key                string  `json:"key" minLength:"1" maxLength:"60" doc:"What the document names it by." example:"alvesta"`
	Type               string  `json:"type" maxLength:"60" doc:"What kind of organisation it is." example:"municipality"`
	Name               string  `json:"name" minLength:"1" maxLength:"200" doc:"The name in full." example:"Alvesta kommun"`
	ShortName          string  `json:"shortName,omitempty" maxLength:"60" doc:"What it is called in tables." example:"Alvesta"`
	OrganisationNumber string  `json:"organisationNumber,omitempty" maxLength:"13" doc:"The organisation number. Empty: unknown." example:"202100-2296"`
	OfficialCode       string  `json:"officialCode,omitempty" maxLength:"4" doc:"The official code. Empty: none." example:"0764"`
	Website            string  `json:"website,omitempty" maxLength:"300" doc:"A web address." example:"https://www.alvesta.example"`
	Published          bool    `json:"published,omitempty" doc:"Whether the public may see it." example:"true"`
	Demo               bool    `json:"demo,omitempty" doc:"Whether the content is made up for show." example:"false"`
	Source             string  `json:"source,omitempty" maxLength:"300" doc:"Where the facts come from." example:"SCB, kommuner 2026"`
	ValidFrom          day.Day `json:"validFrom,omitzero" doc:"The first day it stands." example:"1971-01-01"`
	ValidTo            day.Day `json:"validTo,omitzero" doc:"The first day it no longer stands." example:"2019-01-01"`
}

// SentLead is who leads, as it is carried.
type SentLead struct {
	Organisation string  `json:"organisation" doc:"The key of the organisation." example:"lansstyrelsen"`
	From         day.Day `json:"from,omitzero" doc:"The first day." example:"2019-01-01"`
	ValidTo      day.Day `json:"validTo,omitzero" doc:"The first day it no longer leads." example:"2026-01-01"`
	Source       string  `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
}

// SentEvent is an event as it is carried.
type SentEvent struct {
	Kind      string `json:"kind" maxLength:"40" doc:"What happened." example:"began-to-apply"`
	When      When   `json:"when" maxLength:"13" doc:"When, as closely as the source tells." example:"2020-21"`
	Note      string `json:"note,omitempty" maxLength:"2000" doc:"What more there is to say." example:"Andra datumet efter 2019"`
	Reference string `json:"reference,omitempty" maxLength:"200" doc:"The decision or minutes." example:"Protokoll 2023-03-30, § 4"`
	Link      string `json:"link,omitempty" maxLength:"500" doc:"A paper that lies elsewhere." example:"https://www.lansstyrelsen.se/kronoberg"`
	Source    string `json:"source" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
	Corrects  int    `json:"corrects,omitempty" minimum:"0" doc:"The number in the list of the event it corrects." example:"0"`
}

// SentText is a text as it is carried.
type SentText struct {
	Kind   string `json:"kind" maxLength:"40" doc:"What the text is." example:"errata"`
	Name   string `json:"name" maxLength:"300" doc:"What it is called." example:"Rättad tabell"`
	When   When   `json:"when,omitzero" maxLength:"13" doc:"From when." example:"2017-03-06"`
	Note   string `json:"note,omitempty" maxLength:"4000" doc:"What differs from the text before." example:"En tabell är rättad"`
	Pages  int    `json:"pages,omitempty" minimum:"0" maximum:"10000" doc:"How many pages." example:"24"`
	Link   string `json:"link,omitempty" maxLength:"500" doc:"Where it lies." example:"https://www.lansstyrelsen.se/norrbotten"`
	Of     int    `json:"of,omitempty" minimum:"0" doc:"The number in the list of the text that an errata is about." example:"0"`
	Source string `json:"source" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/norrbotten"`
}

// SentAdoption is a decision as it is carried.
type SentAdoption struct {
	Kind         string `json:"kind" maxLength:"40" doc:"What was decided." example:"adopted"`
	Organisation string `json:"organisation,omitempty" doc:"The key of the organisation whose body it is." example:"region"`
	Body         string `json:"body" maxLength:"200" doc:"The body that decided." example:"Regionfullmäktige"`
	When         When   `json:"when,omitzero" maxLength:"13" doc:"When." example:"2017-09-25"`
	Mode         string `json:"mode,omitempty" maxLength:"200" doc:"How it was decided." example:"enhälligt"`
	Minutes      string `json:"minutes,omitempty" maxLength:"200" doc:"The minutes and paragraph." example:"Protokoll 2016-02-17"`
	Source       string `json:"source" maxLength:"300" doc:"Where it is known from." example:"gotland.se/95342"`
	Corrects     int    `json:"corrects,omitempty" minimum:"0" doc:"The number in the list of the decision it corrects." example:"0"`
}

// SentPart is a participation as it is carried.
type SentPart struct {
	Organisation string          `json:"organisation" doc:"The key of who takes part." example:"alvesta"`
	Status       string          `json:"status" maxLength:"60" doc:"As what." example:"signatory"`
	Roles        []string        `json:"roles,omitempty" maxItems:"5" nullable:"false" doc:"The sorts of organisation it is party as, where that is more than its own." example:"[\"municipality\"]"`
	From         When            `json:"from,omitzero" maxLength:"13" doc:"From when." example:"2022-03-08"`
	Ground       string          `json:"ground,omitempty" maxLength:"1000" doc:"On what ground." example:"Ansökan om att få ansluta sig"`
	ValidTo      day.Day         `json:"validTo,omitzero" doc:"The first day it no longer takes part." example:"2024-01-01"`
	EndedGround  string          `json:"endedGround,omitempty" maxLength:"1000" doc:"On what ground it ended." example:"Gick ihop med en annan"`
	Source       string          `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"okhalland.se"`
	Signatures   []SentSignature `json:"signatures,omitempty" maxItems:"50" nullable:"false" doc:"Its signature, and each correction of it after that."`
}

// SentSignature is a signature as it is carried.
type SentSignature struct {
	By       string  `json:"by,omitempty" maxLength:"200" doc:"Who signed, as the paper says." example:"Kommunstyrelsens ordförande"`
	Capacity string  `json:"capacity,omitempty" maxLength:"200" doc:"In what capacity." example:"kommundirektör"`
	When     When    `json:"when" maxLength:"13" doc:"When." example:"2020-05-04"`
	Decision string  `json:"decision,omitempty" maxLength:"200" doc:"The party's own decision at home." example:"Kommunstyrelsen 2020-03-10, § 55"`
	Decided  day.Day `json:"decided,omitzero" doc:"The day of that decision." example:"2020-03-10"`
	Source   string  `json:"source" maxLength:"300" doc:"Where it is known from." example:"Undertecknat exemplar"`
}

// SentGoal is a goal as it is carried.
type SentGoal struct {
	Key      string        `json:"key" minLength:"1" maxLength:"60" doc:"What it is named by within the instrument." example:"boende"`
	Versions []SentVersion `json:"versions" minItems:"1" maxItems:"1000" nullable:"false" doc:"All that it has said, first to last."`
	Notes    []Remark      `json:"notes,omitempty" maxItems:"1000" nullable:"false" doc:"What has been said about it afterwards."`
}

// SentVersion is what a goal said over a time, as it is carried.
type SentVersion struct {
	Parent      string   `json:"parent,omitempty" doc:"The key of the goal it stands under. Empty: directly under the instrument." example:"arbetsmarknad"`
	Level       string   `json:"level" maxLength:"60" doc:"Its level." example:"area"`
	Position    int      `json:"position,omitempty" minimum:"0" maximum:"100000" doc:"Its place among those beside it." example:"1"`
	Name        string   `json:"name" maxLength:"300" doc:"What the county calls it." example:"Boende"`
	Wording     string   `json:"wording,omitempty" maxLength:"4000" doc:"Its wording in full. Empty: not found." example:"Alla ska ha någonstans att bo"`
	Ground      string   `json:"ground,omitempty" maxLength:"40" doc:"On what ground it stands in the instrument." example:"prerequisite"`
	Measure     string   `json:"measure,omitempty" maxLength:"40" doc:"Whether it is measured. Empty: unknown." example:"unmeasurable"`
	Themes      []string `json:"themes,omitempty" maxItems:"5" nullable:"false" doc:"The national themes it belongs to." example:"[\"housing\"]"`
	Responsible string   `json:"responsible,omitempty" doc:"The key of the organisation that answers for it." example:"region"`
	From        When     `json:"from,omitzero" maxLength:"13" doc:"From when it says so." example:"2019"`
	ValidTo     day.Day  `json:"validTo,omitzero" doc:"The first day it no longer says so." example:"2023-03-20"`
	Ending      string   `json:"ending,omitempty" enum:",changed,closed" doc:"Why it no longer says so." example:"closed"`
	Decision    string   `json:"decision,omitempty" maxLength:"200" doc:"The decision." example:"Forum 2023-03-30"`
	Decided     When     `json:"decided,omitzero" maxLength:"13" doc:"The day of the decision." example:"2023-03-30"`
	Reason      string   `json:"reason,omitempty" maxLength:"1000" doc:"Why." example:"Tas upp när det behövs"`
	Source      string   `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
}

// SentRef names a goal, of this instrument or another.
type SentRef struct {
	Instrument string `json:"instrument,omitempty" doc:"The key of the instrument. Empty: this one." example:"oku-2015"`
	Goal       string `json:"goal" doc:"The key of the goal." example:"delaktighet"`
}

// SentLink is a link as it is carried.
type SentLink struct {
	Kind    string  `json:"kind" maxLength:"40" doc:"What sort of link." example:"linked"`
	From    SentRef `json:"from" doc:"The goal the link is made on."`
	To      string  `json:"to" doc:"The key of the goal it points to." example:"delaktighet"`
	Since   day.Day `json:"since,omitzero" doc:"The first day." example:"2019-01-01"`
	ValidTo day.Day `json:"validTo,omitzero" doc:"The first day they are no longer linked." example:"2024-01-01"`
	Source  string  `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
}

// SentNetwork is a network as it is carried.
type SentNetwork struct {
	Key       string    `json:"key" minLength:"1" maxLength:"60" doc:"A stable name." example:"introduktionssamordnare"`
	Name      string    `json:"name" maxLength:"200" doc:"What it is called." example:"Nätverket för introduktionssamordnare"`
	Purpose   string    `json:"purpose,omitempty" maxLength:"2000" doc:"What it is for." example:"Kommunernas introduktionssamordnare möts regelbundet"`
	LedBy     string    `json:"ledBy,omitempty" doc:"The key of the organisation that leads it." example:"lansstyrelsen"`
	Contact   string    `json:"contact,omitempty" maxLength:"300" doc:"Whom to ask." example:"Samordnaren på länsstyrelsen"`
	Website   string    `json:"website,omitempty" maxLength:"300" doc:"A web address." example:"https://www.okhalland.se"`
	Goals     []SentRef `json:"goals,omitempty" maxItems:"200" nullable:"false" doc:"The goals it works for."`
	ValidFrom day.Day   `json:"validFrom,omitzero" doc:"The first day it is known to be there." example:"2018-01-01"`
	ValidTo   day.Day   `json:"validTo,omitzero" doc:"The first day it is no longer there." example:"2024-01-01"`
	Source    string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/halland"`
}

// SentLocal is a local agreement as it is carried.
type SentLocal struct {
	Key            string   `json:"key" minLength:"1" maxLength:"60" doc:"A stable name." example:"lok-hylte"`
	Title          string   `json:"title" maxLength:"300" doc:"The title." example:"Lokal överenskommelse för Hylte"`
	RegistryNumber string   `json:"registryNumber,omitempty" maxLength:"60" doc:"Its number in the register." example:"KS 2018-12"`
	InitiatedBy    string   `json:"initiatedBy,omitempty" doc:"The key of the organisation that started it." example:"af"`
	Parties        []string `json:"parties" maxItems:"100" nullable:"false" doc:"The keys of its own parties." example:"[\"hylte\"]"`
	From           When     `json:"from,omitzero" maxLength:"13" doc:"When it begins to hold." example:"2018"`
	Until          When     `json:"until,omitzero" maxLength:"13" doc:"When it holds for the last time." example:"2020"`
	PeriodUnknown  bool     `json:"periodUnknown,omitempty" doc:"Only that it was there is known." example:"false"`
	Note           string   `json:"note,omitempty" maxLength:"2000" doc:"What more there is to say." example:"Förnyas i dialogmöten"`
	Link           string   `json:"link,omitempty" maxLength:"500" doc:"Where the paper lies." example:"https://www.hylte.se"`
	Source         string   `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/halland"`
	Published      bool     `json:"published,omitempty" doc:"Whether the public may see its name and time." example:"true"`
}
