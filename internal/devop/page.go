package devop

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// view is what a page is drawn from.
type view struct {
	Stylesheet string
	Title      string
	Action     string
	ID         string
	Groups     []group
}

type group struct {
	Name     string
	Personas []Persona
}

// groups gathers the personas under their headings, both in the order in
// which they were given.
func (p *Provider) groups() []group {
	var all []group
	for _, persona := range p.config.Personas {
		i := slices.IndexFunc(all, func(g group) bool { return g.Name == persona.Group })
		if i < 0 {
			i, all = len(all), append(all, group{Name: persona.Group})
		}
		all[i].Personas = append(all[i].Personas, persona)
	}
	return all
}

func (p *Provider) showPersonas(w http.ResponseWriter, r *http.Request) {
	q, err := p.requests.byID(r.URL.Query().Get("id"))
	if err != nil || q.Done() {
		p.showStale(w)
		return
	}
	p.render(w, http.StatusOK, "choose", view{
		Title: "Vem vill du vara?", Action: p.config.Issuer + pathChoose, ID: q.id, Groups: p.groups(),
	})
}

func (p *Provider) choosePersona(w http.ResponseWriter, r *http.Request) {
	persona, known := p.personas[r.PostFormValue("persona")]
	if !known {
		p.showStale(w)
		return
	}
	q, err := p.requests.choose(r.PostFormValue("id"), persona, time.Now())
	if err != nil {
		p.showStale(w)
		return
	}
	http.Redirect(w, r, p.config.Issuer+pathCallback+"?"+url.Values{"id": {q.id}}.Encode(), http.StatusSeeOther)
}

func (p *Provider) showStale(w http.ResponseWriter) {
	p.render(w, http.StatusBadRequest, "stale", view{Title: "Inloggningen är för gammal"})
}

func (p *Provider) showSignedOut(w http.ResponseWriter, _ *http.Request) {
	p.render(w, http.StatusOK, "out", view{Title: "Du är utloggad"})
}

func (p *Provider) render(w http.ResponseWriter, status int, name string, v view) {
	v.Stylesheet = p.config.Stylesheet
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, name, v); err != nil {
		p.config.Logger.Error("draw page of the development provider", "page", name, "error", err)
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.policy())
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// policy lets the form lead on to the client: browsers hold every redirect
// that follows a form to form-action.
func (p *Provider) policy() string {
	targets := []string{"'self'"}
	for _, address := range p.config.RedirectURIs {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			targets = append(targets, u.Scheme+"://"+u.Host)
		}
	}
	slices.Sort(targets)
	return "default-src 'none'; style-src 'self'; form-action " + strings.Join(slices.Compact(targets), " ") +
		"; frame-ancestors 'none'; base-uri 'none'"
}
