package api

import (
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// Paging is which part of a list is asked for.
type Paging struct {
	Limit int `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"How many on a page." example:"20"`
	Page  int `query:"page" default:"1" minimum:"1" maximum:"1000000" doc:"Which page, from 1. One beyond the last is empty." example:"1"`
}

func (p Paging) asked() Paging { return p }

// skip is how many come before the page.
func (p Paging) skip() int { return p.Limit * (p.Page - 1) }

// paging is an input that asks for a page.
type paging interface{ asked() Paging }

// cut gives the page asked for of a whole list.
func cut[T any](all []T, p Paging) []T {
	from := min(p.skip(), len(all))
	return all[from:min(from+p.Limit, len(all))]
}

// Meta is how much there is.
type Meta struct {
	TotalRecords int `json:"totalRecords" doc:"How many there are on all pages." example:"1"`
	Page         int `json:"page" doc:"Which page this is." example:"1"`
	Limit        int `json:"limit" doc:"How many a page holds at most." example:"20"`
	Count        int `json:"count" doc:"How many are on this page." example:"1"`
}

// Link leads to something related, or to something that can be done.
type Link struct {
	Href   string `json:"href" format:"uri" doc:"The absolute address." example:"https://overens.example/api/v1/counties/kronoberg/organisations"`
	Rel    string `json:"rel" doc:"How it is related: a name of IANA's where there is one." example:"self"`
	Method string `json:"method" enum:"GET,POST,PUT,DELETE" doc:"The method to use." example:"GET"`
}

// Links are links by their relation.
type Links map[string]Link

// to adds a link.
func (l Links) to(rel, method, href string) { l[rel] = Link{Href: href, Rel: rel, Method: method} }

// Linked is what has links, itself first.
type Linked struct {
	Links Links `json:"_links" doc:"Related addresses, and what you may do now, by relation."`
}

// Self is the thing's own address.
func (l Linked) Self() string { return l.Links["self"].Href }

// Paged is what all lists end with.
type Paged struct {
	Meta  Meta  `json:"_meta" doc:"How much there is."`
	Links Links `json:"_links" doc:"This page (self) and first, prev, next and last."`
}

func (p *Paged) paged() *Paged { return p }

// paged counts a list's page, makes its links, and lets an empty list be a list.
func (d *Door) paged(r *http.Request, p Paging, total int, out any) Paged {
	v := reflect.ValueOf(out).Elem()
	count := 0
	for _, f := range v.Fields() {
		if f.Kind() == reflect.Slice {
			if f.IsNil() {
				f.Set(reflect.MakeSlice(f.Type(), 0, 0))
			}
			count = f.Len()
		}
	}
	last := max(1, (total+p.Limit-1)/p.Limit)
	links := Links{}
	at := func(rel string, page int) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page))
		q.Set("limit", strconv.Itoa(p.Limit))
		links.to(rel, http.MethodGet, d.url+r.URL.EscapedPath()+"?"+q.Encode())
	}
	at("self", p.Page)
	at("first", 1)
	at("last", last)
	if p.Page > 1 {
		at("prev", min(p.Page-1, last))
	}
	if p.Page < last {
		at("next", p.Page+1)
	}
	return Paged{Meta: Meta{TotalRecords: total, Page: p.Page, Limit: p.Limit, Count: count}, Links: links}
}

// at is the absolute address of a path of the API.
func (d *Door) at(path ...string) string {
	var b strings.Builder
	b.WriteString(d.url + Base)
	for _, p := range path {
		b.WriteString("/" + url.PathEscape(p))
	}
	return b.String()
}
