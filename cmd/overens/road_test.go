package main

import (
	"regexp"
	"slices"
	"testing"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/web"
)

// What a page lets people fetch from the API is there to be fetched: no door
// knows the other, so only the whole program can tell.
func TestWhatPagesFetchFromTheAPIIsThere(t *testing.T) {
	parameter := regexp.MustCompile(`\{[a-z]+\}`)
	there := []string{api.Base + "/configuration/schema"} // served beside the operations; the api's own test fetches it
	for _, op := range api.New(api.Config{PublicURL: "http://127.0.0.1", Version: apiVersion}).Operations() {
		if op.Method == "GET" {
			there = append(there, parameter.ReplaceAllString(op.Path, "{}"))
		}
	}
	for _, road := range web.APIRoads() {
		if !slices.Contains(there, road) {
			t.Errorf("a page links to %s, and the API has no such thing", road)
		}
	}
}
