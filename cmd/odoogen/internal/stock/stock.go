// Package stock holds snapshots of stock servers of the versions that odoogen knows: the models that most integrations use.
// That of 19 is in package generated.
package stock

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

//go:embed *.schema.json.gz
var files embed.FS

// Series are the versions that have a snapshot.
var Series = []string{"14", "15", "16", "17", "18", "19"}

// Snapshot returns the snapshot of a version, "17" or "17.0".
func Snapshot(series string) (*snapshot.Schema, error) {
	version := strings.TrimSuffix(series, ".0")
	switch {
	case !slices.Contains(Series, version):
		return nil, fmt.Errorf("there is no stock Odoo %q: want one of %s", series, strings.Join(Series, ", "))
	case version == "19":
		return snapshot.Decode(generated.Snapshot)
	}
	packed, err := files.ReadFile(version + ".schema.json.gz")
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return snapshot.Decode(data)
}
