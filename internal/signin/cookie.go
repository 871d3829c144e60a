package signin

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"
)

// The cookies. Over https their names begin with __Host-, so that no
// neighbouring address can set them.
const (
	sessionCookie = "overens"
	flowCookie    = "overens-sign-in"
)

func (d *Door) cookieName(name string) string {
	if d.secure {
		return "__Host-" + name
	}
	return name
}

func (d *Door) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(d.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// give sets a cookie. life zero lets it live as long as the browser is open.
func (d *Door) give(w http.ResponseWriter, name, value string, life time.Duration) {
	//nolint:gosec // Secure wherever the address is https; over http it is a developer's own machine
	http.SetCookie(w, &http.Cookie{Name: d.cookieName(name), Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode}) // Lax: the way back from the provider begins there
}

func (d *Door) drop(w http.ResponseWriter, name string) {
	//nolint:gosec // as above
	http.SetCookie(w, &http.Cookie{Name: d.cookieName(name), Path: "/", MaxAge: -1, HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode})
}

// longest is how long an address to return to may be: it travels in a cookie.
const longest = 1000

// local gives the address to return to when it is a path of this server's, and
// otherwise: browsers read "//host", "/\host" and "/ /host" as other servers.
func local(to, otherwise string) string {
	if to == "" || len(to) > longest || to[0] != '/' || strings.HasPrefix(to, "//") ||
		strings.ContainsFunc(to, func(r rune) bool { return r == '\\' || unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return otherwise
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Opaque != "" || u.Host != "" || u.User != nil || u.Path == "" || strings.Contains(u.Path, `\`) {
		return otherwise
	}
	if clean := path.Clean(u.Path); strings.HasPrefix(u.Path, "//") || strings.HasPrefix(clean, "//") || clean == callbackPath {
		return otherwise
	}
	return to
}
