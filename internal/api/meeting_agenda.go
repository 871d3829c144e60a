package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// AgendaItem is a matter with what leads on from it.
type AgendaItem struct {
	meeting.Item
	Linked
}

// AgendaItemDetail is a matter with where it came from and what became of it.
type AgendaItemDetail struct {
	meeting.Detail
	Linked
}

// AgendaItemList is a page of matters.
type AgendaItemList struct {
	AgendaItems []AgendaItem `json:"agendaItems" doc:"The matters, in their order. What the caller may not see is not there."`
	Paged
}

// PlacedItem is a matter, and what is worth a look.
type PlacedItem struct {
	AgendaItem
	Warnings []Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// ProposedItem is a proposal as it was received.
type ProposedItem struct {
	PlacedItem
	For *ProposedFor `json:"for,omitempty" doc:"The first meeting known to the proposer that it can still come to. Left out: none is known."`
}

// ProposedFor is a meeting that a proposal can come to.
type ProposedFor struct {
	Meeting uuid.UUID `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On      string    `json:"on" format:"date" doc:"Its day." example:"2027-04-15"`
}

// WaitingQuery asks what waits for a body.
type WaitingQuery struct {
	InCounty
	BodyKey string `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this body, by key." example:"forum"`
	State   string `query:"state" enum:"proposed,declined,waiting,planned,on-table,handled,postponed,withdrawn" doc:"Those that have come so far. Default: what is proposed, waits or was postponed." example:"waiting"`
	Paging
}

// NewProposal is a matter proposed to a body.
type NewProposal struct {
	InCounty
	Body meeting.Proposal
}

// NewItem is a matter put on an agenda.
type NewItem struct {
	AtMeeting
	Body meeting.Matter
}

// ChangedItem is a matter written anew.
type ChangedItem struct {
	AtItem
	Body meeting.Matter
}

// AgendaOrder is an agenda in order.
type AgendaOrder struct {
	Order []uuid.UUID `json:"items" nullable:"false" maxItems:"500" doc:"All matters on the agenda, the first first." example:"[\"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20\"]"`
}

// NewAgendaOrder puts an agenda in order.
type NewAgendaOrder struct {
	AtMeeting
	Body AgendaOrder
}

// ItemAcceptance takes a proposal in.
type ItemAcceptance struct {
	AtItem
	Body meeting.Acceptance
}

// ItemRefusal declines a proposal, or withdraws a matter.
type ItemRefusal struct {
	AtItem
	Body meeting.Refusal
}

// Placement is where a matter is to be taken up.
type Placement struct {
	Meeting uuid.UUID `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// ItemPlacement puts a matter on an agenda.
type ItemPlacement struct {
	AtItem
	Body Placement
}

// ItemDeferral takes a matter from an agenda.
type ItemDeferral struct {
	AtItem
	Body meeting.Postponement
}

// ItemTransfer hands a matter on.
type ItemTransfer struct {
	AtItem
	Body meeting.Transfer
}

// DifferenceList is a page of what differs between two agendas.
type DifferenceList struct {
	Differences []meeting.Difference `json:"differences" doc:"What differs between the agenda as it was called and as it is."`
	Paged
}

// AgendaPaper is a paper with what leads on from it.
type AgendaPaper struct {
	meeting.Paper
	Linked
}

// ETag moves when a later version takes its place.
func (p AgendaPaper) ETag() string { return corrected(p.ReplacedAt != nil) }

// AgendaPaperList is a page of papers.
type AgendaPaperList struct {
	AgendaPapers []AgendaPaper `json:"agendaPapers" doc:"The papers by title, the latest version of each first."`
	Paged
}

// AtItemPage asks for a page of something of a matter.
type AtItemPage struct {
	AtItem
	Paging
}

// NewPaper puts a document on a matter.
type NewPaper struct {
	AtItem
	Body meeting.Enclosure
}

// AtPaper names a paper in the path.
type AtPaper struct {
	InCounty
	ID uuid.UUID `path:"paper" doc:"The paper's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// agendas are what meetings take up.
func (d *Door) agendas() {
	const on, all, one = "/counties/{county}/meetings/{meeting}", "/counties/{county}/agenda-items", "/counties/{county}/agenda-items/{item}"

	list(d, Member, on+"/agenda", "list-agenda", func(ctx context.Context, tx *pg.Tx, in *AtMeetingPage) (l AgendaItemList, total int, err error) {
		items, err := meeting.Agenda(ctx, tx, in.ID)
		for _, i := range cut(items, in.Paging) {
			l.AgendaItems = append(l.AgendaItems, d.agendaItem(tx, i))
		}
		return l, len(items), err
	})
	create(d, on+"/agenda", "create-agenda-item", func(ctx context.Context, tx *pg.Tx, in *NewItem) (PlacedItem, error) {
		p, err := meeting.Put(ctx, tx, in.ID, in.Body)
		return d.placed(ctx, tx, p), err
	})
	act(d, on+"/agenda-order", "arrange-agenda", func(ctx context.Context, tx *pg.Tx, in *NewAgendaOrder, version int64) (Meeting, error) {
		if _, err := meeting.Arrange(ctx, tx, in.ID, version, in.Body.Order); err != nil {
			return Meeting{}, err
		}
		m, err := meeting.Get(ctx, tx, in.ID)
		return d.meeting(tx, m), err
	})
	list(d, Member, on+"/agenda-differences", "list-agenda-differences", func(ctx context.Context, tx *pg.Tx, in *AtMeetingPage) (l DifferenceList, total int, err error) {
		ds, err := meeting.Differences(ctx, tx, in.ID)
		l.Differences = cut(ds, in.Paging)
		return l, len(ds), err
	})

	list(d, Member, all, "list-agenda-items", func(ctx context.Context, tx *pg.Tx, in *WaitingQuery) (l AgendaItemList, total int, err error) {
		f := meeting.ItemFilter{Body: in.BodyKey, Limit: in.Limit, Page: in.Page}
		if in.State != "" {
			f.States = []string{in.State}
		}
		items, total, err := meeting.Waiting(ctx, tx, f)
		for _, i := range items {
			l.AgendaItems = append(l.AgendaItems, d.agendaItem(tx, i))
		}
		return l, total, err
	})
	create(d, all, "propose-agenda-item", func(ctx context.Context, tx *pg.Tx, in *NewProposal) (ProposedItem, error) {
		p, err := meeting.Propose(ctx, tx, in.Body)
		out := ProposedItem{PlacedItem: d.placed(ctx, tx, meeting.Placed{Item: p.Item, Warnings: p.Warnings})}
		if p.Meeting != uuid.Nil {
			out.For = &ProposedFor{p.Meeting, p.On.String()}
		}
		return out, err
	})
	read(d, Member, one, "get-agenda-item", func(ctx context.Context, tx *pg.Tx, in *AtItem) (AgendaItemDetail, error) {
		i, err := meeting.GetItem(ctx, tx, in.ID)
		return AgendaItemDetail{i, d.agendaItem(tx, i.Item).Linked}, err
	})
	replace(d, one, "replace-agenda-item", func(ctx context.Context, tx *pg.Tx, in *ChangedItem, version int64) (PlacedItem, error) {
		p, err := meeting.ChangeItem(ctx, tx, in.ID, version, in.Body)
		return d.placed(ctx, tx, p), err
	})
	act(d, one+"/acceptance", "accept-agenda-item", func(ctx context.Context, tx *pg.Tx, in *ItemAcceptance, version int64) (PlacedItem, error) {
		p, err := meeting.Accept(ctx, tx, in.ID, version, in.Body)
		return d.placed(ctx, tx, p), err
	})
	act(d, one+"/declining", "decline-agenda-item", func(ctx context.Context, tx *pg.Tx, in *ItemRefusal, version int64) (AgendaItem, error) {
		i, err := meeting.Decline(ctx, tx, in.ID, version, in.Body)
		return d.agendaItem(tx, i), err
	})
	act(d, one+"/placement", "place-agenda-item", func(ctx context.Context, tx *pg.Tx, in *ItemPlacement, version int64) (PlacedItem, error) {
		p, err := meeting.Place(ctx, tx, in.ID, version, in.Body.Meeting)
		return d.placed(ctx, tx, p), err
	})
	act(d, one+"/deferral", "defer-agenda-item", func(ctx context.Context, tx *pg.Tx, in *ItemDeferral, version int64) (PlacedItem, error) {
		p, err := meeting.Defer(ctx, tx, in.ID, version, in.Body)
		return d.placed(ctx, tx, p), err
	})
	act(d, one+"/withdrawal", "withdraw-agenda-item", func(ctx context.Context, tx *pg.Tx, in *ItemRefusal, version int64) (AgendaItem, error) {
		i, err := meeting.Withdraw(ctx, tx, in.ID, version, in.Body)
		return d.agendaItem(tx, i), err
	})
	extend(d, one+"/transfer", "hand-on-agenda-item", func(ctx context.Context, tx *pg.Tx, in *ItemTransfer, version int64) (PlacedItem, error) {
		p, err := meeting.HandOn(ctx, tx, in.ID, version, in.Body)
		return d.placed(ctx, tx, p), err
	})

	list(d, Member, one+"/papers", "list-agenda-papers", func(ctx context.Context, tx *pg.Tx, in *AtItemPage) (l AgendaPaperList, total int, err error) {
		ps, err := meeting.Papers(ctx, tx, in.ID)
		for _, p := range cut(ps, in.Paging) {
			l.AgendaPapers = append(l.AgendaPapers, d.agendaPaper(tx, p))
		}
		return l, len(ps), err
	})
	create(d, one+"/papers", "create-agenda-paper", func(ctx context.Context, tx *pg.Tx, in *NewPaper) (AgendaPaper, error) {
		p, err := meeting.AddPaper(ctx, tx, in.ID, in.Body)
		return d.agendaPaper(tx, p), err
	})
	const paper = "/counties/{county}/agenda-papers/{paper}"
	read(d, Member, paper, "get-agenda-paper", func(ctx context.Context, tx *pg.Tx, in *AtPaper) (AgendaPaper, error) {
		p, err := meeting.GetPaper(ctx, tx, in.ID)
		return d.agendaPaper(tx, p), err
	})
	download(d, Member, paper+"/content", "get-agenda-paper-content", func(ctx context.Context, tx *pg.Tx, in *AtPaper) (document.File, error) {
		f, p, err := meeting.OpenPaper(ctx, tx, in.ID)
		if err == nil {
			d.conf.Readings.Opened(tx.Actor, p.ID, tx.Now)
		}
		return f, err
	})
}

// agendaItem adds what leads on, and what can be done now.
func (d *Door) agendaItem(tx *pg.Tx, i meeting.Item) AgendaItem {
	self := d.at("counties", tx.Tenant, "agenda-items", i.ID.String())
	l := d.partOfMeeting(tx, self, i.Meeting)
	l.Links.to("papers", http.MethodGet, self+"/papers")
	if !tx.May(auth.MeetingPrepare) {
		return AgendaItem{i, l}
	}
	rels := map[string][]string{meeting.ItemProposed: {"acceptance", "declining", "placement", "withdrawal"}, meeting.ItemWaiting: {"placement", "withdrawal", "transfer"},
		meeting.ItemPlanned: {"placement", "deferral", "withdrawal", "transfer"}, meeting.ItemPostponed: {"placement"}}
	for _, rel := range rels[i.State] {
		l.Links.to(rel, http.MethodPost, self+"/"+rel)
	}
	if i.State == meeting.ItemProposed || i.State == meeting.ItemWaiting || i.State == meeting.ItemPlanned {
		l.Links.to("edit", http.MethodPut, self)
	}
	return AgendaItem{i, l}
}

func (d *Door) placed(ctx context.Context, tx *pg.Tx, p meeting.Placed) PlacedItem {
	return PlacedItem{d.agendaItem(tx, p.Item), warned(ctx, p.Warnings)}
}

func (d *Door) agendaPaper(tx *pg.Tx, p meeting.Paper) AgendaPaper {
	self := d.at("counties", tx.Tenant, "agenda-papers", p.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, self)
	l.to("content", http.MethodGet, self+"/content")
	l.to("up", http.MethodGet, d.at("counties", tx.Tenant, "agenda-items", p.Item.String()))
	l.to("document", http.MethodGet, d.at("counties", tx.Tenant, "documents", p.Document.String()))
	return AgendaPaper{p, Linked{l}}
}
