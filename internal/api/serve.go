package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
)

// serve puts the document and its page on the mux.
func (d *Door) serve() {
	var err error
	if d.described.json, err = json.Marshal(d.api.OpenAPI()); err == nil {
		d.described.yaml, err = d.api.OpenAPI().YAML()
	}
	if err != nil {
		panic("api: the document cannot be written: " + err.Error()) // a fault of the program, seen at its first start
	}
	h := sha256.Sum256(d.described.json)
	d.described.tag = base64.RawURLEncoding.EncodeToString(h[:12])
	d.mux.HandleFunc("GET "+Base+"/openapi.json", d.file("application/openapi+json", "j", d.described.json))
	d.mux.HandleFunc("GET "+Base+"/openapi.yaml", d.file("application/openapi+yaml", "y", d.described.yaml))
	d.mux.HandleFunc("GET "+Base+"/docs", d.docs)
}

func (d *Door) file(kind, mark string, content []byte) http.HandlerFunc {
	tag := `"` + d.described.tag + mark + `"`
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("ETag", tag)
		h.Set("Cache-Control", "public, no-cache")
		if noneMatch(r.Header.Values("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", kind)
		_, _ = w.Write(content)
	}
}
