package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"sentinel/internal/output/html"
)

//go:embed static
var static embed.FS

// asset is a file that a page needs, kept compressed.
type asset struct {
	name string // with the hash of its content, by which a browser may keep it for good
	kind string
	gzip []byte
}

// assets are all, by the name that has the hash.
type assets map[string]asset

var kinds = map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}

// loadAssets reads the embedded files, and takes the look of the HTML report. They are part of the program, so a fault in them is one of it.
func loadAssets() assets {
	all := assets{}
	entries, err := fs.ReadDir(static, "static")
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		content, err := fs.ReadFile(static, "static/"+entry.Name())
		if err != nil {
			panic(err)
		}
		name, compressed := strings.CutSuffix(entry.Name(), ".gz")
		if !compressed {
			content = squeezed(content)
		}
		a := newAsset(name, content)
		all[a.name] = a
	}
	for name, content := range map[string]string{"report.css": html.Stylesheet(), "report.js": html.Script()} {
		a := newAsset(name, squeezed([]byte(content)))
		all[a.name] = a
	}
	return all
}

func newAsset(name string, compressed []byte) asset {
	sum := sha256.Sum256(compressed)
	extension := path.Ext(name)
	return asset{strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(sum[:8]) + extension, kinds[extension], compressed}
}

func squeezed(content []byte) []byte {
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	if _, err := w.Write(content); err != nil { // into memory
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buffer.Bytes()
}

// link is the address of a file by its plain name.
func (all assets) link(name string) string {
	extension := path.Ext(name)
	for hashed := range all {
		if strings.HasPrefix(hashed, strings.TrimSuffix(name, extension)+".") && strings.HasSuffix(hashed, extension) && strings.Count(hashed, ".") == strings.Count(name, ".")+1 {
			return "/static/" + hashed
		}
	}
	panic("no asset " + name)
}

// serve gives a file out, compressed where the browser takes that.
func (all assets) serve(w http.ResponseWriter, r *http.Request) {
	a, ok := all[r.PathValue("name")]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	header, etag := w.Header(), `"`+a.name+`"`
	header.Set("Cache-Control", "private, max-age=31536000, immutable")
	header.Set("ETag", etag)
	header.Set("Vary", "Accept-Encoding")
	header.Set("Content-Type", a.kind)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.gzip
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
	} else {
		body = expanded(body)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // who went away needs no answer
	}
}

func expanded(content []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		panic(err)
	}
	var buffer bytes.Buffer
	if _, err := buffer.ReadFrom(r); err != nil {
		panic(err)
	}
	return buffer.Bytes()
}
