package main

import (
	"errors"
	"slices"
	"testing"

	"github.com/overens/overens/internal/fault"
)

func TestFiguresAreFetchedFromHostsThatTheEnvironmentNames(t *testing.T) {
	for said, want := range map[string][]string{
		"":                                {"api.scb.se", "statistikdatabasen.scb.se", "www.statistikdatabasen.scb.se"},
		" Statistik.example, , b.example": {"statistik.example", "b.example"},
	} {
		c, err := ReadConfig(func(name string) string { return map[string]string{"POPULATION_HOSTS": said}[name] })
		if err != nil || !slices.Equal(c.PopulationHosts, want) {
			t.Errorf("%q: %v, %v", said, c.PopulationHosts, err)
		}
		if _, err := c.fetchPopulation(t.Context(), "https://evil.example/folk"); !errors.Is(err, &fault.Fault{Key: "population.led_away"}) {
			t.Errorf("%q: %v", said, err)
		}
	}
}
