package web

import (
	"strings"

	"github.com/a-h/templ"
)

// What pages let people fetch from the API: files that are made there.
const (
	roadAgreement     = "/api/v1/counties/{}/agreements/{}/export"
	roadRegister      = "/api/v1/counties/{}/register"
	roadMinutes       = "/api/v1/counties/{}/meetings/{}/minutes/pdf"
	roadPapers        = "/api/v1/counties/{}/meetings/{}/papers/pdf"
	roadExtract       = "/api/v1/counties/{}/decisions/{}/extract/pdf"
	roadPublicMinutes = "/api/v1/counties/{}/published-meetings/{}/minutes/pdf"
	roadSchema        = "/api/v1/configuration/schema"
	roadStatementPDF  = "/api/v1/counties/{}/cost-statements/{}/pdf"
	roadRunSheet      = "/api/v1/counties/{}/cost-runs/{}/xlsx"
	roadRunCSV        = "/api/v1/counties/{}/cost-runs/{}/csv"
	roadBundle        = "/api/v1/counties/{}/cost-bundles/{}/zip"
	placeInRoad       = "{}"
)

// APIRoads are the API's paths that pages link to, each parameter as {}: so that
// a test of the whole program can see that they are there.
func APIRoads() []string {
	return []string{roadAgreement, roadRegister, roadMinutes, roadPapers, roadExtract, roadPublicMinutes, roadSchema, roadStatementPDF, roadRunSheet, roadRunCSV, roadBundle}
}

// fetched is the address of something that the API makes; query may be empty.
func (v *visit) fetched(road, id, query string) templ.SafeURL {
	path := strings.Replace(strings.Replace(road, placeInRoad, v.Slug, 1), placeInRoad, id, 1)
	if query != "" {
		path += "?" + query
	}
	return templ.URL(path)
}
