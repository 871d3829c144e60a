package web

import (
	"context"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// A problem's key is subject.word. Keys of the pages' own words have more parts
// or belong to web and form; what ends in _detail goes with the key before.
func isProblem(key string) bool {
	return strings.Count(key, ".") == 1 && !strings.HasPrefix(key, "web.") && !strings.HasSuffix(key, "_detail") && !aside[key]
}

// aside are rooms' own words that say no fault.
var aside = map[string]bool{"member.letter_subject": true, "member.letter_party": true, "member.letter_county": true,
	"session.device": true, "session.device_unknown": true, "session.person_unnamed": true}

// explained is a problem as its page tells it.
type explained struct{ Key, Title, Detail string }

func (d *Door) problems(_ context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	var ps []explained
	for _, key := range v.Lang.Keys() {
		if isProblem(key) {
			ps = append(ps, v.explain(key))
		}
	}
	return problemsPage(v, ps), nil
}

func (d *Door) problem(_ context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	key := v.r.PathValue("key")
	if !isProblem(key) || !text.Has(key) {
		return nil, fault.Missing()
	}
	return problemPage(v, v.explain(key)), nil
}

var hole = regexp.MustCompile(`\{\{-?\s*\.(\w+)`)

// explain fills a problem's words with dots: which value it was about is told
// where it happened, not here.
func (v *visit) explain(key string) explained {
	fill := func(key string) string {
		args := map[string]any{}
		for _, m := range hole.FindAllStringSubmatch(text.Raw(v.Lang, key), -1) {
			args[m[1]] = "…"
		}
		if _, ok := args["count"]; ok {
			args["count"] = 2
		}
		return v.Lang.Fill(key, args)
	}
	e := explained{Key: key, Title: fill(key)}
	if text.Has(key + "_detail") {
		e.Detail = fill(key + "_detail")
	}
	return e
}
