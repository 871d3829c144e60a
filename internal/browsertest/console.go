package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// console gathers what a tab complains about while the test goes on.
type console struct {
	mu        sync.Mutex
	heard     *sync.Cond
	messages  []chromedp.ConsoleMessage
	documents map[string]bool // addresses that were opened as pages
	flushed   int             // the last mark that came through
	marks     int
}

const flushMark = "browsertest: all heard until "

func listen(ctx context.Context) *console {
	c := &console{documents: map[string]bool{}}
	c.heard = sync.NewCond(&c.mu)
	messages := chromedp.Console(ctx)
	answers := chromedp.Events(ctx, network.ResponseReceived)
	go func() {
		for answer, err := range answers {
			if err != nil {
				return
			}
			if answer.Type == network.ResourceTypeDocument {
				c.mu.Lock()
				c.documents[answer.Response.URL] = true
				c.mu.Unlock()
			}
		}
	}()
	go func() {
		for message, err := range messages {
			if err != nil {
				return
			}
			c.hear(message)
		}
	}()
	return c
}

func (c *console) hear(m chromedp.ConsoleMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := markOf(m); ok {
		c.flushed = n
		c.heard.Broadcast()
		return
	}
	c.messages = append(c.messages, m)
}

func markOf(m chromedp.ConsoleMessage) (int, bool) {
	if m.Type != chromedp.ConsoleDebug || len(m.Text) <= len(flushMark) || m.Text[:len(flushMark)] != flushMark {
		return 0, false
	}
	n, err := strconv.Atoi(m.Text[len(flushMark):])
	return n, err == nil
}

// Console is what went wrong on this tab's pages so far: script errors, refused
// by the Content-Security-Policy, things that could not be loaded. A page that
// itself answers 404 or 422 is no complaint; ask Open for its status.
func (b *Browser) Console() []string {
	b.t.Helper()
	c := b.console
	// Messages arrive on their own road. One of ours, sent last, tells when all
	// before it are here.
	c.mu.Lock()
	c.marks++
	mark := c.marks
	c.mu.Unlock()
	Eval[bool](b, "(console.debug("+quote(flushMark+strconv.Itoa(mark))+"), true)")
	stop := context.AfterFunc(b.ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.heard.Broadcast()
	})
	defer stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.flushed < mark && b.ctx.Err() == nil {
		c.heard.Wait()
	}
	if err := b.ctx.Err(); err != nil {
		b.t.Fatalf("console: %v", err)
	}
	var complaints []string
	for _, m := range c.messages {
		wrong := m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleException || m.Source == "security"
		if wrong && (m.Source != "network" || !c.documents[m.URL]) {
			complaints = append(complaints, fmt.Sprintf("%s (%s)", m.Text, m.URL))
		}
	}
	return slices.Compact(complaints)
}

// quote writes a text as JavaScript; JSON is a part of it.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can always be written as JSON
	}
	return string(text)
}
