package signin

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// answered is how much of a provider's answer is read.
const answered = 1 << 20

var (
	errAddress  = errors.New("signin: the address is not one on the public internet")
	errTooLong  = errors.New("signin: the provider's answer is too long")
	errRedirect = errors.New("signin: the provider leads elsewhere")
)

// Guarded is the client that asks providers. Their addresses stand in the
// counties' configuration and in the providers' own answers, so the client goes
// to the public internet only, takes no long answer and no long time, and
// follows nobody to another host. loopback lets it go to this machine too.
func Guarded(loopback bool) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: guard(loopback)}
	return &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: follow,
		Transport: short{&http.Transport{
			// No proxy of the environment: what it reaches could not be checked.
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			TLSHandshakeTimeout:    5 * time.Second,
			ResponseHeaderTimeout:  5 * time.Second,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    2,
			MaxConnsPerHost:        16,
			IdleConnTimeout:        time.Minute,
		}},
	}
}

// follow allows a moved document on the same host; a form with a code in it is
// never sent on.
func follow(r *http.Request, via []*http.Request) error {
	first := via[0]
	if len(via) > 3 || first.Method != http.MethodGet || r.URL.Host != first.URL.Host || r.URL.Scheme != first.URL.Scheme {
		return errRedirect
	}
	return nil
}

// guard looks at the address that is really dialled, after the name has been
// resolved: a name can be made to lead anywhere.
func guard(loopback bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %s", errAddress, address)
		}
		if ip := at.Addr().Unmap(); !public(ip) && (!loopback || !ip.IsLoopback()) {
			return fmt.Errorf("%w: %s", errAddress, ip)
		}
		return nil
	}
}

// special are blocks that lead to no host of the public internet, or hide one
// that does not belong to it behind another address, and that netip has no word for.
var special = prefixes(
	"0.0.0.0/8",       // this network
	"100.64.0.0/10",   // carriers' own networks
	"192.0.0.0/24",    // protocol assignments
	"192.0.2.0/24",    // documentation
	"192.88.99.0/24",  // 6to4 relays
	"198.18.0.0/15",   // measurements
	"198.51.100.0/24", // documentation
	"203.0.113.0/24",  // documentation
	"240.0.0.0/4",     // reserved, and the broadcast address
	"::/96",           // IPv4 inside IPv6, deprecated
	"64:ff9b::/96",    // IPv4 behind a translator
	"64:ff9b:1::/48",  // the same, local
	"100::/64",        // discard
	"2001::/23",       // protocol assignments, Teredo among them
	"2001:db8::/32",   // documentation
	"2002::/16",       // 6to4
	"3fff::/20",       // documentation
	"5f00::/16",       // segment routing
	"fec0::/10",       // site-local, deprecated
)

func prefixes(texts ...string) []netip.Prefix {
	ps := make([]netip.Prefix, len(texts))
	for i, s := range texts {
		ps[i] = netip.MustParsePrefix(s)
	}
	return ps
}

// public tells whether an address is a host's on the public internet.
func public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Zone() != "" || !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// short is a transport whose answers end with an error where they go on too long.
type short struct{ http.RoundTripper }

// RoundTrip asks, and limits what can be read of the answer.
func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := s.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = &limited{ReadCloser: res.Body, left: answered}
	return res, nil
}

type limited struct {
	io.ReadCloser
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, errTooLong
	}
	// One byte more than is allowed tells an answer that is too long from one
	// that just fits.
	if len(p) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.ReadCloser.Read(p)
	if l.left -= n; l.left < 0 {
		return 0, errTooLong
	}
	return n, err
}
