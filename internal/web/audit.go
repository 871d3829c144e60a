package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

func (d *Door) auditRoutes() []route {
	const at = "/lan/{county}/audit"
	return slices.Concat(
		[]route{get(at, d.page(members, d.audit))},
		both(at+"/{seq}/mask", form[mask]{d, members, d.masking, doMask}),
	)
}

// subjects are what the trail can be narrowed to: all that there are words for.
var subjects = func() []string {
	var ss []string
	for _, key := range text.Swedish.Keys() {
		if s, ok := strings.CutPrefix(key, "web.subject."); ok {
			ss = append(ss, s)
		}
	}
	return ss
}()

// choices are the subjects by their words.
func (v *visit) choices() []option {
	var os []option
	for _, s := range subjects {
		os = append(os, option{s, v.subject(s)})
	}
	slices.SortFunc(os, func(a, b option) int { return swedish(a.Label, b.Label) })
	return os
}

// trail is the county's trail as it was asked for.
type trail struct {
	Subject, Actor string
	Rows           []audit.Entry
	paging
}

func (d *Door) audit(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	t := trail{Subject: v.Asked("subject"), Actor: v.Asked("actor")}
	if !slices.Contains(subjects, t.Subject) {
		t.Subject = ""
	}
	t.Page = v.pageAsked()
	var err error
	t.Rows, t.Total, err = audit.List(ctx, tx, audit.Filter{Subject: t.Subject, Actor: t.Actor, Limit: perPage, Page: t.Page})
	if err == nil {
		err = v.learn(ctx, tx, t.Rows)
	}
	return auditPage(v, t), err
}

// words is where a subject's fields have their words.
func words(subject string) string {
	switch subject {
	case "organisation", "person", "document":
		return subject
	case "document_version", "document_about":
		return "document"
	case "membership":
		return "web.member"
	case "meeting":
		return "meeting.page"
	case "agenda_item", "decision":
		return subject + ".page"
	}
	return "web.trail"
}

// masks tells whether the visitor may hide what is personal in a row.
func (v *visit) masks(e audit.Entry) bool {
	return e.Masked == "" && v.Actor.May(auth.AuditMask) && slices.ContainsFunc(e.Changes, func(c audit.Change) bool { return c.Personal && !c.Hidden })
}

// mask is the form by which what is personal in a row is hidden for good.
type mask struct {
	Reason string `json:"reason" minLength:"1" maxLength:"300"`
}

func (d *Door) masking(_ context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := sheet{
		Title: v.T("web.trail.mask"), Lead: v.T("web.trail.mask_lead"), Words: "web.trail",
		Crumbs: []crumb{{v.T("web.place.audit"), string(v.To("/audit"))}},
		Leaves: []leaf{{"why", v.T("web.trail.mask_why"), []string{v.T("web.trail.mask_note")}, []string{"reason"}}},
		Submit: v.T("web.trail.mask_do"), Cancel: string(v.To("/audit")), Thing: mask{},
	}
	if _, err := seq(v); err != nil {
		return s, err
	}
	return s, tx.Require(auth.AuditMask)
}

func doMask(ctx context.Context, tx *pg.Tx, v *visit, _ int64, m mask) (string, error) {
	n, err := seq(v)
	if err != nil {
		return "", err
	}
	return string(v.To("/audit?done=masked")), audit.Mask(ctx, tx, n, m.Reason)
}

func seq(v *visit) (int64, error) {
	n, err := strconv.ParseInt(v.r.PathValue("seq"), 10, 64)
	if err != nil || n < 1 {
		return 0, fault.Missing()
	}
	return n, nil
}
