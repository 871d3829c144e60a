// Package fetch is the outlet that reads what lies at an address elsewhere. An
// address comes from a person, so the program must not become his way into what
// only the program can reach: it speaks https alone, to hosts that the
// installation names, follows no redirect to another, connects to no private
// address whatever a name leads to, and reads no more and no longer than it may.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/overens/overens/internal/fault"
)

// What can be wrong, for errors.Is.
var (
	ErrAddress  = errors.New("fetch: not an https address")
	ErrHost     = errors.New("fetch: the host is not among those that may be asked")
	ErrPrivate  = errors.New("fetch: the host's name leads to a private address")
	ErrStatus   = errors.New("fetch: the host answered with an error")
	ErrTooLarge = errors.New("fetch: more than the limit")
)

// Config says what may be read.
type Config struct {
	Hosts   []string // by name, in lower case
	Limit   int64    // bytes
	Timeout time.Duration
	Agent   string // who asks, for the host's log
}

// Reader reads addresses.
type Reader struct {
	conf   Config
	client *http.Client
}

// most is how many redirects are followed.
const most = 5

// New makes a reader.
func New(c Config) *Reader {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: public}
	return newReader(c, &http.Transport{DialContext: dialer.DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConns: 4, IdleConnTimeout: 30 * time.Second}) // no proxy: it would be asked for names that we have not looked at
}

func newReader(c Config, t http.RoundTripper) *Reader {
	r := &Reader{conf: c}
	r.client = &http.Client{Transport: t, Timeout: c.Timeout, CheckRedirect: func(to *http.Request, via []*http.Request) error {
		if len(via) >= most {
			return fmt.Errorf("%w: it leads on and on", ErrStatus)
		}
		return r.allows(to.URL)
	}}
	return r
}

// Get reads what lies at an address.
func (r *Reader) Get(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, ErrAddress
	}
	if err := r.allows(u); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, ErrAddress
	}
	req.Header.Set("User-Agent", r.conf.Agent)
	req.Header.Set("Accept", "application/json, text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, */*;q=0.5")
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: %d", ErrStatus, resp.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, r.conf.Limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(raw)) > r.conf.Limit {
		return nil, ErrTooLarge
	}
	return raw, nil
}

// allows tells whether an address may be asked at all.
func (r *Reader) allows(u *url.URL) error {
	if u.Scheme != "https" || u.Host == "" || u.User != nil || u.Port() != "" && u.Port() != "443" {
		return ErrAddress
	}
	if !slices.Contains(r.conf.Hosts, strings.ToLower(u.Hostname())) {
		return ErrHost
	}
	return nil
}

// inward are spaces that no public host stands in, beside those that are known as
// private: a carrier's own, those that are nobody's, and those by which a
// translator reaches IPv4.
var inward = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/16"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32"),
}

// public refuses a connection to what is not on the open net. It is asked with the
// address that the name led to, at the moment of connecting.
func public(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrPrivate
	}
	ip := at.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || slices.ContainsFunc(inward, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return ErrPrivate
	}
	return nil
}

// Refusal says why an address gave nothing, in the words of the subject that asked
// for it: <subject>.unreachable and so on.
func (r *Reader) Refusal(subject string, err error) *fault.Fault {
	switch {
	case errors.Is(err, ErrAddress):
		return fault.Bad(subject+".address_wrong", "/address").Because(err)
	case errors.Is(err, ErrHost), errors.Is(err, ErrPrivate):
		return fault.Bad(subject+".led_away", "/address").With("hosts", strings.Join(r.conf.Hosts, ", ")).Because(err)
	case errors.Is(err, ErrStatus):
		return fault.Bad(subject+".answered_wrong", "/address").Because(err)
	case errors.Is(err, ErrTooLarge):
		return fault.New(fault.TooLarge, subject+".too_large").With("limit", r.conf.Limit>>20).At("/address").Because(err)
	}
	return fault.New(fault.Unavailable, subject+".unreachable").At("/address").Because(err)
}
