package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Stop is one place where the focus stops on a walk with the Tab key.
type Stop struct {
	Tag    string // a, button, input, …
	Role   string // what it is to assistive technology
	Name   string // its accessible name, as the browser computes it
	Ring   bool   // the focus can be seen: it has an outline
	InView bool   // it is in the window, and nothing lies over it
}

func (s Stop) String() string {
	return fmt.Sprintf("%s %q", s.Tag, s.Name)
}

//go:embed focus.js
var focusJS string

// TabStops walks through the page with the Tab key from its beginning, at most
// most steps, until the focus leaves the page or is back where it began. A field
// for a day is one stop, whatever parts it has. A page that holds the focus in a
// part of itself ends the test.
func (b *Browser) TabStops(most int) []Stop {
	b.t.Helper()
	Eval[bool](b, focusJS+`; browsertestFocus.begin()`)
	var stops []Stop
	for range most {
		b.do("tab", chromedp.KeyEvent(kb.Tab))
		at := Eval[struct {
			Seen         int // the number of the stop that was here before, from 1; 0: new
			Outside      bool
			Within       bool // still in the stop before, at another of its own parts
			Held         bool // in it for longer than it has parts
			Tag          string
			Ring, InView bool
		}](b, `browsertestFocus.look()`)
		if at.Within {
			continue
		}
		if at.Outside || (at.Seen == 1 && !at.Held) {
			return stops
		}
		if at.Seen > 0 {
			b.t.Fatalf("the keyboard is trapped: Tab went from %v back to %v", stops[len(stops)-1], stops[at.Seen-1])
		}
		stop := Stop{Tag: at.Tag, Ring: at.Ring, InView: at.InView}
		stop.Role, stop.Name = b.spoken("document.activeElement")
		stops = append(stops, stop)
	}
	return stops
}

// spoken is the role and the name of an element as assistive technology gets them.
func (b *Browser) spoken(expression string) (role, name string) {
	b.t.Helper()
	object := get(b, chromedp.Evaluate[*runtime.RemoteObject](expression))
	b.call("accessible name", func(ctx context.Context) error {
		tree, err := chromedp.Call(ctx, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{
			ObjectID:       object.ObjectID,
			FetchRelatives: new(false),
		})
		if err != nil || len(tree.Nodes) == 0 {
			return err
		}
		role, name = spokenText(tree.Nodes[0].Role), spokenText(tree.Nodes[0].Name)
		return nil
	})
	return role, name
}

func spokenText(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var text string
	// Names and roles are texts; anything else says nothing aloud.
	if err := json.Unmarshal(v.Value, &text); err != nil {
		return ""
	}
	return text
}
