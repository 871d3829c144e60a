package signin

import (
	"net/http"
	"net/netip"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

var (
	Local  = local
	Public = func(s string) bool { return public(netip.MustParseAddr(s).Unmap()) }
	Dials  = func(address string, loopback bool) error { return guard(loopback)("tcp", address, nil) }
)

// Keys is a provider's keys at an address, with a clock of the test's.
func Keys(url string, now func() time.Time) oidc.KeySet {
	return &keySet{url: url, client: http.DefaultClient, now: now}
}

const Answered = answered
