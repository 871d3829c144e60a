package browsertest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// chromium is the one browser process of a test process. Tests that run at the
// same time share it; it ends when the last of them does, or, where TestMain
// calls Main, when all tests are done.
var chromium struct {
	sync.Mutex
	users int
	keep  bool
	ctx   context.Context
	stop  func()
}

// Main is for TestMain in packages with many browser tests: it keeps the one
// browser between them and closes it in the end.
//
//	func TestMain(m *testing.M) { browsertest.Main(m) }
func Main(m *testing.M) {
	chromium.Lock()
	chromium.keep = true
	chromium.Unlock()
	m.Run() // TestMain passes the exit code on when it returns
	chromium.Lock()
	defer chromium.Unlock()
	chromium.keep = false
	if chromium.users == 0 && chromium.stop != nil {
		chromium.stop()
		chromium.stop = nil
	}
}

// borrow starts the browser unless it runs, and returns its context together
// with the function that gives it back.
func borrow() (context.Context, func(), error) {
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.stop == nil {
		ctx, stop, err := start()
		if err != nil {
			return nil, nil, err
		}
		chromium.ctx, chromium.stop = ctx, stop
	}
	chromium.users++
	return chromium.ctx, giveBack, nil
}

func giveBack() {
	chromium.Lock()
	defer chromium.Unlock()
	chromium.users--
	if chromium.users == 0 && !chromium.keep {
		chromium.stop()
		chromium.stop = nil
	}
}

func start() (context.Context, func(), error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(executable()),
		// Containers and ordinary users often lack what the sandbox needs, and
		// these tests open no pages but our own.
		chromedp.NoSandbox,
		// Whatever a page asks of a third party fails, and shows in Console.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"),
		chromedp.Flag("accept-lang", "sv"),
		chromedp.Flag("lang", "sv"),
		chromedp.Flag("hide-scrollbars", true),
	)
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		end()
		return nil, nil, fmt.Errorf("start %s: %w", executable(), err)
	}
	return ctx, func() {
		// Nothing depends on how a browser that has done its work takes leave.
		_ = chromedp.Cancel(ctx)
		end()
	}, nil
}
