package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

type asset struct {
	body []byte
	kind string
}

// assets are the static files by hashed name, and the hashed name of each: a
// name with its content's hash in it can be kept for ever.
var assets, hashed = func() (map[string]asset, map[string]string) {
	byName, names := map[string]asset{}, map[string]string{}
	files, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err) // The files are embedded: this is a broken build.
	}
	for _, f := range files {
		body, err := staticFiles.ReadFile("static/" + f.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(f.Name())
		name := strings.TrimSuffix(f.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		byName[name] = asset{body, mime.TypeByExtension(ext)}
		names[f.Name()] = "/static/" + name
	}
	return byName, names
}()

func (d *Door) serveStatic(w http.ResponseWriter, r *http.Request) {
	a, ok := assets[r.PathValue("file")]
	if !ok {
		d.nowhere(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(a.body)
}

// Static is the address of a static file, "" when there is none of that name.
func Static(name string) string { return hashed[name] }
