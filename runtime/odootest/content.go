package odootest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // Odoo's ETag
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strconv"
	"time"

	_ "image/gif"  // a format of images
	_ "image/jpeg" // a format of images

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
)

// The pages of files: /web/content of an attachment, with a session or the access token, and /web/image in a size. Pictures are
// scaled by leaving out pixels, and sent as PNG.

var contentMethods = map[scriptKey]method{
	{attachmentModel, "generate_access_token"}: {true, nil, (*tx).accessTokens},
}

// accessTokens gives attachments their access tokens.
func (t *tx) accessTokens(m *model, a arguments) (any, error) {
	records, err := t.need(m, a.ids)
	if err != nil {
		return nil, err
	}
	tokens := make([]string, len(records))
	for i, r := range records {
		if !truthy(r.values["access_token"]) {
			t.set(r, "access_token", rand.Text())
		}
		tokens[i] = str(r.values["access_token"])
	}
	return tokens, nil
}

func (s services) routeContent(mux *http.ServeMux) {
	mux.HandleFunc("GET /web/content/{id}", s.serveContent)
	mux.HandleFunc("GET /web/image/{model}/{id}/{field}/{size}", s.serveImage)
}

// serveContent sends the file of an attachment.
func (s services) serveContent(w http.ResponseWriter, r *http.Request) {
	token := r.FormValue("access_token")
	name, file, err := s.file(r, attachmentModel, r.PathValue("id"), "datas", func(found *record) bool {
		return token != "" && found.values["access_token"] == token
	})
	if answeredByPage(w, err) {
		return
	}
	if err != nil || file == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	sum := sha1.Sum(file) //nolint:gosec // Odoo's ETag
	tag := hex.EncodeToString(sum[:])
	if s.does(odoofacts.ContentRange) {
		w.Header().Set("ETag", `"`+tag+`"`)
		w.Header().Set("Content-Disposition", fmt.Sprintf("inline; filename*=UTF-8''%s", name))
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(file))
		return
	}
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", http.DetectContentType(file))
	_, _ = w.Write(file)
}

// serveImage sends an image in a size, or the placeholder.
func (s services) serveImage(w http.ResponseWriter, r *http.Request) {
	var width, height int
	if _, err := fmt.Sscanf(r.PathValue("size"), "%dx%d", &width, &height); err != nil {
		refuse(w, http.StatusNotFound)
		return
	}
	_, file, err := s.file(r, r.PathValue("model"), r.PathValue("id"), r.PathValue("field"), func(*record) bool { return false })
	if answeredByPage(w, err) {
		return
	}
	picture, _, failed := image.Decode(bytes.NewReader(file))
	if err == nil && file != nil && failed != nil && !s.does(odoofacts.ContentRange) {
		refuse(w, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	if err == nil && failed == nil {
		_ = png.Encode(w, fitted(picture, width, height))
		return
	}
	if s.does(odoofacts.ContentRange) {
		w.Header().Set("Content-Disposition", "inline; filename=placeholder.png")
	}
	_ = png.Encode(w, image.NewGray(image.Rect(0, 0, min(width, 256), min(height, 256))))
}

// file reads a file for the user of the session, or without a session if open permits it.
func (s services) file(r *http.Request, name, id, field string, open func(*record) bool) (title string, file []byte, err error) {
	n, _ := strconv.ParseInt(id, 10, 64)
	user := s.sessions.of(r).user
	request := Request{Protocol: orm.WebSession, Service: "object", Model: name, Method: "content", Args: []any{n, field}}
	_, err = s.perform(r.Context(), request, func(ctx context.Context) (any, error) {
		return s.transactSince(beginning(ctx), s.backstage(), nil, func(t *tx) (any, error) {
			m := t.models[name]
			if m == nil || m.fields[field] == nil || t.get(m, n) == nil {
				return nil, fail(classMissing, "")
			}
			found := t.get(m, n)
			if !open(found) {
				if user == nil {
					return nil, refused(m, "read")
				}
				t.user, t.uid = user, user.id
				if err := t.obey(m, "read", []*record{found}); err != nil {
					return nil, err
				}
			}
			if stored := found.values[field]; truthy(stored) {
				title, file = str(t.displayName(m, found)), nil
				file, _ = base64.StdEncoding.DecodeString(str(stored))
			}
			return nil, nil
		})
	})
	return title, file, err
}

// fitted is a picture within a width and a height, in its proportions, and no larger than it is.
func fitted(from image.Image, width, height int) image.Image {
	size := from.Bounds().Size()
	factor := min(1, float64(width)/float64(size.X), float64(height)/float64(size.Y))
	if factor == 1 {
		return from
	}
	to := image.NewNRGBA(image.Rect(0, 0, max(1, int(float64(size.X)*factor+0.5)), max(1, int(float64(size.Y)*factor+0.5))))
	for y := range to.Bounds().Dy() {
		for x := range to.Bounds().Dx() {
			to.Set(x, y, from.At(from.Bounds().Min.X+int(float64(x)/factor), from.Bounds().Min.Y+int(float64(y)/factor)))
		}
	}
	return to
}
