package ical

import (
	ics "github.com/arran4/golang-ical"
)

const tzid = "Europe/Stockholm"

// stockholm tells a calendar how the clock goes in Stockholm, as it has since
// 1996: it changes at 01:00 UTC on the last Sundays of March and October.
func stockholm() *ics.VTimezone {
	zone := ics.NewTimezone(tzid)
	summer, winter := &ics.Daylight{}, ics.NewStandard()
	for _, clock := range []struct {
		part                              *ics.ComponentBase
		from, to, name, since, everyMonth string
	}{
		{&summer.ComponentBase, "+0100", "+0200", "CEST", "19960331T020000", "3"},
		{&winter.ComponentBase, "+0200", "+0100", "CET", "19961027T030000", "10"},
	} {
		clock.part.AddProperty("DTSTART", clock.since)
		clock.part.AddProperty("TZOFFSETFROM", clock.from)
		clock.part.AddProperty("TZOFFSETTO", clock.to)
		clock.part.AddProperty("TZNAME", clock.name)
		clock.part.AddProperty("RRULE", "FREQ=YEARLY;BYMONTH="+clock.everyMonth+";BYDAY=-1SU")
	}
	zone.Components = append(zone.Components, summer, winter)
	return zone
}
