package print

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// timeLimit is what one document may take, waiting for its turn not counted.
const timeLimit = 2 * time.Minute

// chromium prints with a browser on this machine: a new one for each document,
// which ends with it. So nothing of one county's document is left in what prints
// the next, none is kept in memory between them, and none is left behind.
type chromium struct {
	path  string
	turns chan struct{} // as many at a time as there are processors
}

func newChromium(path string) *chromium {
	return &chromium{path: path, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

func (c *chromium) String() string { return "Chromium on this machine" }

// base is where the document seems to lie. No such host can exist.
const base = "http://document.invalid/"

// policy is the second wall: a page needs no more than this, and no script.
const policy = "default-src 'none'; style-src 'self' 'unsafe-inline' data:; img-src 'self' data:; font-src 'self' data:"

// Print starts the browser, prints and ends it.
func (c *chromium) Print(ctx context.Context, d Document) ([]byte, error) {
	if err := check(d); err != nil {
		return nil, err
	}
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("print: gave up waiting: %w", context.Cause(ctx))
	}
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	pdf, err := c.print(ctx, d)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return nil, fmt.Errorf("print: gave up: %w", cause)
	}
	if err != nil {
		return nil, err
	}
	return checkResult(pdf)
}

func (c *chromium) print(ctx context.Context, d Document) ([]byte, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(c.path),
		// The third wall: no name and no number of a host leads anywhere.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),
		chromedp.Flag("disable-webrtc", true),
		chromedp.Flag("hide-scrollbars", true),
	)
	allocator, end := chromedp.NewExecAllocator(ctx, options...)
	defer end() // waits until the process is gone
	tab, leave := chromedp.NewContext(allocator)
	defer leave()
	if err := chromedp.Do(tab); err != nil {
		return nil, fmt.Errorf("print: start Chromium: %w", err)
	}
	asked := chromedp.Events(tab, fetch.RequestPaused)
	if _, err := chromedp.Call(tab, fetch.Enable, fetch.EnableParams{}); err != nil {
		return nil, fmt.Errorf("print: close Chromium in: %w", err)
	}
	go func() { // ends with the tab
		for ask, err := range asked {
			if err != nil || answer(tab, d, ask) != nil {
				return
			}
		}
	}()
	if err := chromedp.Do(tab, chromedp.Navigate(base+page)); err != nil {
		return nil, fmt.Errorf("print: show the document: %w", err)
	}
	if ready, err := chromedp.Run(tab, chromedp.Evaluate[bool]("document.fonts.ready.then(() => true)", chromedp.EvalAwaitPromise)); err != nil || !ready {
		return nil, errors.Join(errors.New("print: load the document's fonts"), err)
	}
	pdf, err := chromedp.Run(tab, chromedp.PrintToPDF(
		chromedp.PDFPaper(chromedp.PaperA4),
		chromedp.PDFMargin(0.8),
		chromedp.PDFPreferCSSPageSize(),
		chromedp.PDFPrintBackground(),
		chromedp.PDFOutlineAndTagged(),
	))
	if err != nil {
		return nil, fmt.Errorf("print: print the document: %w", err)
	}
	return pdf, nil
}

// answer gives the browser what belongs to the document, and nothing else.
func answer(tab context.Context, d Document, ask fetch.EventRequestPaused) error {
	name, ours := strings.CutPrefix(ask.Request.URL, base)
	body, ok := d.Assets[name]
	mediaType := kind(name)
	if name == page {
		body, ok, mediaType = d.HTML, true, "text/html; charset=utf-8"
	}
	if (!ours || !ok) && ask.ResourceType == network.ResourceTypeDocument {
		// No content: whatever wants to lead elsewhere leaves the page where it is.
		_, err := chromedp.Call(tab, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: ask.RequestID, ResponseCode: 204})
		return err
	}
	if !ours || !ok {
		_, err := chromedp.Call(tab, fetch.FailRequest, fetch.FailRequestParams{RequestID: ask.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
		return err
	}
	_, err := chromedp.Call(tab, fetch.FulfillRequest, fetch.FulfillRequestParams{
		RequestID: ask.RequestID, ResponseCode: 200, Body: body,
		ResponseHeaders: []*fetch.HeaderEntry{
			{Name: "Content-Type", Value: mediaType},
			{Name: "Content-Security-Policy", Value: policy},
			{Name: "X-Content-Type-Options", Value: "nosniff"},
		},
	})
	return err
}
