// Package browsertest gives a test a real browser: Chromium, driven over its
// own protocol, with axe-core for accessibility.
//
// A test speaks in what a person does and sees: open, type, submit, walk with
// the keyboard, look. Whatever goes wrong on the way ends the test, with a
// picture of the page in artifacts/screens.
package browsertest

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long one step may take before the test gives up on it. It is
// long, because a test must not fail for a slow machine.
const patience = 60 * time.Second

// Browser is one tab with cookies and storage of its own: as good as a person
// at a machine of their own. It belongs to one test and one goroutine.
type Browser struct {
	t                     testing.TB
	ctx                   context.Context
	console               *console
	print, dark, noScript bool
}

// New opens a tab for a test. Where this machine lacks a browser or axe-core
// the test is skipped with the reason, or failed where CI=true.
func New(t testing.TB) *Browser {
	t.Helper()
	if reason := missing(); reason != "" {
		Skip(t, reason)
	}
	chromium, giveBack, err := borrow()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(giveBack)
	ctx, _ := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(func() {
		// A tab that will not close ends with its browser.
		_ = chromedp.Cancel(ctx)
	})
	b := &Browser{t: t, ctx: ctx}
	// The first step must not have a deadline: the tab would end with it.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	b.console = listen(ctx)
	b.Size(1280, 800)
	b.emulate()
	t.Cleanup(func() {
		if t.Failed() {
			b.lookBack()
		}
	})
	return b
}

// lookBack keeps what can be seen of a failed test. It must not fail itself:
// the tab may be what broke.
func (b *Browser) lookBack() {
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	if where, err := chromedp.Run(ctx, chromedp.Location()); err == nil {
		b.t.Logf("the browser was at %s", where)
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return
	}
	if path, err := b.keep("failed", picture); err == nil {
		b.t.Logf("what it showed: %s", path)
	}
}

// get runs one step and returns its value; a step that fails ends the test.
func get[T any](b *Browser, step chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, step)
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

func (b *Browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Eval is the value of a JavaScript expression on the page.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()
	return get(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Open goes to an address and returns the status of the answer.
func (b *Browser) Open(url string) int {
	b.t.Helper()
	return int(get(b, chromedp.NavigateResponse(url)).Status)
}

// URL is the address of the page that is shown.
func (b *Browser) URL() string {
	b.t.Helper()
	return get(b, chromedp.Location())
}

// Title is the title of the page that is shown.
func (b *Browser) Title() string {
	b.t.Helper()
	return get(b, chromedp.Title())
}

// Size sets the window's size in CSS pixels.
func (b *Browser) Size(width, height int) {
	b.t.Helper()
	b.do("size", chromedp.EmulateViewport(int64(width), int64(height)))
}

// Dark says whether the person prefers dark colours.
func (b *Browser) Dark(on bool) {
	b.t.Helper()
	b.dark = on
	b.emulate()
}

// Print shows the page as it would come out on paper.
func (b *Browser) Print(on bool) {
	b.t.Helper()
	b.print = on
	b.emulate()
}

func (b *Browser) emulate() {
	b.t.Helper()
	scheme, media := "light", "screen"
	if b.dark {
		scheme = "dark"
	}
	if b.print {
		media = "print"
	}
	b.call("media", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: media,
			Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: scheme},
				// Pictures and contrast are judged at rest, not in the middle
				// of a transition.
				{Name: "prefers-reduced-motion", Value: "reduce"},
			},
		})
		return err
	})
}

// NoScript turns the page's own scripts off, from the next Open on.
func (b *Browser) NoScript(on bool) {
	b.t.Helper()
	b.noScript = on
	b.scripts(!on)
}

func (b *Browser) scripts(run bool) {
	b.t.Helper()
	b.call("scripts", func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: !run})
		return err
	})
}

func (b *Browser) call(what string, f func(context.Context) error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := f(ctx); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Click clicks what the selector names, without waiting for another page.
func (b *Browser) Click(css string) {
	b.t.Helper()
	b.do("click "+css, chromedp.Click(chromedp.CSS(css)))
}

// Follow clicks a link or a button and waits until the page behind it is here.
func (b *Browser) Follow(css string) {
	b.t.Helper()
	b.await("follow "+css, chromedp.Click(chromedp.CSS(css)))
}

// Submit presses the first button of a form, named by itself or by anything in
// it, and waits until the answer is here. A form that the browser itself holds
// back (a required field is empty) gives no answer.
func (b *Browser) Submit(css string) {
	b.t.Helper()
	button := chromedp.JSPath(`(() => {
		const named = document.querySelector(` + quote(css) + `);
		return named && (named.closest("form") ?? named).querySelector("button:not([type]), [type=submit]");
	})()`)
	b.await("submit "+css, chromedp.Click(button))
}

// await takes a step that leads to another page and waits until it is loaded.
func (b *Browser) await(what string, step chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.WaitEvent(page.LoadEventFired, nil, step)); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Type replaces what stands in a field, key by key, as a person would.
func (b *Browser) Type(css, text string) {
	b.t.Helper()
	field := chromedp.CSS(css)
	b.do("type in "+css, chromedp.Clear(field), chromedp.SendKeys(field, text))
}

// Set gives a field its value at once: for choices and dates, which a person
// picks rather than types.
func (b *Browser) Set(css, value string) {
	b.t.Helper()
	b.do("set "+css, chromedp.WaitVisible(chromedp.CSS(css)))
	Eval[bool](b, `(() => {
		const field = document.querySelector(`+quote(css)+`);
		field.value = `+quote(value)+`;
		for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, {bubbles: true}));
		return true;
	})()`)
}

// Text is what a person reads in the first element that the selector names.
func (b *Browser) Text(css string) string {
	b.t.Helper()
	return strings.TrimSpace(get(b, chromedp.Text(chromedp.CSS(css))))
}

// Count is the number of elements that the selector names.
func (b *Browser) Count(css string) int {
	b.t.Helper()
	return Eval[int](b, "document.querySelectorAll("+quote(css)+").length")
}

// OverflowX is how many CSS pixels of the page lie outside the window sideways.
// It should be 0 at every width from 320 up.
func (b *Browser) OverflowX() int {
	b.t.Helper()
	return Eval[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth")
}

// Cookies are the cookies that the browser would send to the page's address.
func (b *Browser) Cookies() []*http.Cookie {
	b.t.Helper()
	var cookies []*http.Cookie
	b.call("cookies", func(ctx context.Context) error {
		answer, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{})
		sites := map[network.CookieSameSite]http.SameSite{
			network.CookieSameSiteStrict: http.SameSiteStrictMode,
			network.CookieSameSiteLax:    http.SameSiteLaxMode,
			network.CookieSameSiteNone:   http.SameSiteNoneMode,
		}
		for _, c := range answer.Cookies {
			cookies = append(cookies, &http.Cookie{
				Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain,
				Secure: c.Secure, HttpOnly: c.HTTPOnly, SameSite: sites[c.SameSite],
			})
		}
		return err
	})
	return cookies
}

// Screenshot keeps a picture of the whole page as
// artifacts/screens/<test>/<name>.png and returns its path, or "" where SCREENS
// is not set: drawing them is a quarter of a walk through the pages.
func (b *Browser) Screenshot(name string) string {
	b.t.Helper()
	if os.Getenv("SCREENS") == "" {
		return ""
	}
	path, err := b.keep(name, get(b, chromedp.FullScreenshot(100)))
	if err != nil {
		b.t.Fatal(err)
	}
	return path
}

func (b *Browser) keep(name string, picture []byte) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, "artifacts", "screens", filepath.FromSlash(b.t.Name()), name+".png")
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, picture, 0o600)
}
