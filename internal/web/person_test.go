package web_test

import (
	"net/url"
	"testing"
)

// Whose card ends is told which mandates end with it, and is called no longer.
func TestWhoseCardEndsIsCalledNoLonger(t *testing.T) {
	h := assemble(t)
	at := h.planned("2027-01-20", "Struktur")
	h.fillIn(strategist, at+"/call", nil).done(t, "call")
	end := "/lan/kronoberg/people/" + h.kim.String() + "/end"
	contains(t, "what ends with it", h.get(strategist, end).reads("main"), "Forum (Alvesta kommun)", "ersättare kallas")
	h.fillIn(strategist, end, url.Values{"on": {"2027-01-20"}}).done(t, "end")
	p := h.get(strategist, at)
	contains(t, "the deputy", p.reads("#called"), "ersättare för Kim Lind", "behövs inte längre")
	contains(t, "the vacancy", p.reads("#vacant"), "Alvesta kommun")
}
