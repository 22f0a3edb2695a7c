//go:build live

package livetest

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"testing"

	orm "github.com/odoogen/odoogen/runtime"
)

// dialOlder opens a client that takes the server for an Odoo 16, so that nested reads of the same records go level by level.
func dialOlder(t *testing.T, options ...orm.DialOption) *orm.Client {
	t.Helper()
	c := dialLive(t, append(options, orm.HTTPClient(&http.Client{Transport: older{}}))...)
	if c.Version().Major != 16 {
		t.Fatalf("the version is %s, want 16.0", c.Version().Series)
	}
	return c
}

// older replaces the version in responses by 16.0.
type older struct{}

var (
	isVersionPage = regexp.MustCompile(`/jsonrpc$|/version(_info)?$`).MatchString
	versionInfo   = regexp.MustCompile(`(version_info":\s*\[)\d+,\s*\d+`)
	versionText   = regexp.MustCompile(`("(server_serie|version)":\s*")[^"]*`)
)

func (older) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !isVersionPage(r.URL.Path) {
		return resp, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	body = versionInfo.ReplaceAll(body, []byte("${1}16, 0"))
	body = versionText.ReplaceAll(body, []byte("${1}16.0"))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}
