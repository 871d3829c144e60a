package signin_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/overens/overens/internal/signin"
)

func TestOnlyThePublicInternetIsAsked(t *testing.T) {
	for _, ip := range []string{
		"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "fe80::1", "fd00::1", "fc00::1", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "ff02::1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
		"2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fec0::1", "100::1", "3fff::1",
	} {
		if signin.Public(ip) {
			t.Errorf("%s is taken for public", ip)
		}
	}
	for _, ip := range []string{"1.1.1.1", "193.10.0.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.0.1", "2a00:1450::1", "2606:4700::1", "::ffff:8.8.8.8"} {
		if !signin.Public(ip) {
			t.Errorf("%s is not taken for public", ip)
		}
	}
	for address, loopback := range map[string]bool{"127.0.0.1:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true} {
		if err := signin.Dials(address, loopback); err != nil {
			t.Errorf("this machine, where it is allowed: %v", err)
		}
		if err := signin.Dials(address, false); err == nil {
			t.Errorf("%s is dialled", address)
		}
	}
	for _, address := range []string{"10.0.0.1:80", "169.254.169.254:80", "localhost:80", "x", "[fe80::1%eth0]:80"} {
		if err := signin.Dials(address, true); err == nil {
			t.Errorf("%s is dialled where this machine is allowed", address)
		}
	}
}

func TestAGuardedClientStaysOutside(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secret") }))
	defer inside.Close()
	t.Setenv("HTTP_PROXY", inside.URL)
	for _, address := range []string{inside.URL, strings.Replace(inside.URL, "127.0.0.1", "localhost", 1)} {
		if res, err := signin.Guarded(false).Get(address); err == nil {
			res.Body.Close()
			t.Errorf("%s was asked", address)
		}
	}
}

func TestAGuardedClientFollowsNobodyAway(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the other host was asked") }))
	defer other.Close()
	asked := 0
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL, http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusTemporaryRedirect)
		case "/long":
			_, _ = w.Write(bytes.Repeat([]byte("x"), signin.Answered+1))
		case "/fits":
			_, _ = w.Write(bytes.Repeat([]byte("x"), signin.Answered))
		}
	}))
	defer here.Close()
	client := signin.Guarded(true)
	read := func(res *http.Response, err error) (int, error) {
		if err != nil {
			return 0, err
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		return len(b), err
	}
	for _, path := range []string{"/away", "/round", "/long"} {
		if _, err := read(client.Get(here.URL + path)); err == nil {
			t.Errorf("%s was followed or read", path)
		}
	}
	if _, err := read(client.Get(here.URL + "/moved")); err != nil {
		t.Errorf("moved on the same host: %v", err)
	}
	if n, err := read(client.Get(here.URL + "/fits")); err != nil || n != signin.Answered {
		t.Errorf("as long as is allowed: %d %v", n, err)
	}
	asked = 0
	if _, err := read(client.Post(here.URL+"/round", "text/plain", strings.NewReader("code"))); err == nil || asked != 1 {
		t.Errorf("a form was sent on: asked %d times, %v", asked, err)
	}
}
