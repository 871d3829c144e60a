package tenant

import (
	_ "embed"
	"encoding/csv"
	"iter"
	"regexp"
	"slices"
	"strings"
)

// OfficialCounty is one of Sweden's 21 counties as the official codes have it.
type OfficialCounty struct {
	Code   string // 07
	Name   string // Kronobergs län
	Letter string // G
	Slug   string // kronoberg
	Seat   string // Växjö
}

// Municipality is one of Sweden's 290 municipalities.
type Municipality struct {
	Code   string // 0764
	Name   string // Alvesta
	County string // 07
}

var (
	//go:embed counties.csv
	countiesCSV string
	//go:embed municipalities.csv
	municipalitiesCSV string

	officialCounties = func() (all []OfficialCounty) {
		for row := range rows(countiesCSV) {
			all = append(all, OfficialCounty{Code: row[0], Name: row[1], Letter: row[2], Slug: row[3], Seat: row[4]})
		}
		return all
	}()
	municipalities = func() (all []Municipality) {
		for row := range rows(municipalitiesCSV) {
			all = append(all, Municipality{Code: row[0], Name: row[1], County: row[0][:2]})
		}
		return all
	}()

	municipalityForm = regexp.MustCompile(`^[0-9]{4}$`)
)

func rows(text string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		reader := csv.NewReader(strings.NewReader(text))
		reader.Comment = '#'
		all, err := reader.ReadAll()
		if err != nil {
			panic(err) // The files are embedded: this is a broken build.
		}
		for _, row := range all[1:] {
			if !yield(row) {
				return
			}
		}
	}
}

// OfficialCounties gives the 21 counties in the order of their codes.
func OfficialCounties() []OfficialCounty { return slices.Clone(officialCounties) }

// CountyByCode finds one of the 21 counties by its code, 07.
func CountyByCode(code string) (OfficialCounty, bool) {
	return find(officialCounties, func(c OfficialCounty) bool { return c.Code == code })
}

// CountyBySlug finds one of the 21 counties by its slug, kronoberg.
func CountyBySlug(slug string) (OfficialCounty, bool) {
	return find(officialCounties, func(c OfficialCounty) bool { return c.Slug == slug })
}

// MunicipalityByCode finds a municipality by its code, 0764.
func MunicipalityByCode(code string) (Municipality, bool) {
	return find(municipalities, func(m Municipality) bool { return m.Code == code })
}

// Municipalities gives a county's municipalities in the order of their codes.
func Municipalities(countyCode string) []Municipality {
	var of []Municipality
	for _, m := range municipalities {
		if m.County == countyCode {
			of = append(of, m)
		}
	}
	return of
}

func find[T any](all []T, is func(T) bool) (T, bool) {
	if n := slices.IndexFunc(all, is); n >= 0 {
		return all[n], true
	}
	var none T
	return none, false
}
