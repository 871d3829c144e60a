package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"
)

// serve puts the document and its page on the mux. The document is written when
// somebody first asks for it: writing it takes longer than all the rest of a start.
func (d *Door) serve() {
	d.described = sync.OnceValue(d.write)
	d.mux.HandleFunc("GET "+Base+"/openapi.json", d.file("application/openapi+json", "j", func(w described) []byte { return w.json }))
	d.mux.HandleFunc("GET "+Base+"/openapi.yaml", d.file("application/openapi+yaml", "y", func(w described) []byte { return w.yaml }))
	d.mux.HandleFunc("GET "+Base+"/docs", d.docs)
	d.mux.HandleFunc("GET "+Base+"/docs/{subject}", d.docs)
}

func (d *Door) write() described {
	var w described
	var err error
	if w.json, err = json.Marshal(d.api.OpenAPI()); err == nil {
		w.yaml, err = d.api.OpenAPI().YAML()
	}
	if err != nil {
		panic("api: the document cannot be written: " + err.Error()) // a fault of the program, which its tests would show
	}
	h := sha256.Sum256(w.json)
	w.tag = base64.RawURLEncoding.EncodeToString(h[:12])
	return w
}

func (d *Door) file(kind, mark string, part func(described) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		doc := d.described()
		tag := `"` + doc.tag + mark + `"`
		h := w.Header()
		h.Set("ETag", tag)
		h.Set("Cache-Control", "public, no-cache")
		if noneMatch(r.Header.Values("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", kind)
		_, _ = w.Write(part(doc))
	}
}
