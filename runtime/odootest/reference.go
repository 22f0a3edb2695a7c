package odootest

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// referenceData are the countries, groups of countries, currencies, languages, units of measure and incoterms of Odoo 14 and 19, as
// odoogen pull --data writes them.
//
//go:embed reference/*.data.json.gz
var referenceData embed.FS

// ReferenceData makes the countries, currencies, languages, units of measure and incoterms that every Odoo has, with their external
// IDs, of models and fields in the snapshot: base.be is Belgium. Servers of 15 to 18 have those of 14.
func ReferenceData() Option { return func(s *Server) { s.reference = true } }

// seedReference makes the reference data.
func (s *Server) seedReference() error {
	file := "reference/14.data.json.gz"
	if s.store.does(odoofacts.RelativeUnits) {
		file = "reference/19.data.json.gz"
	}
	packed, err := referenceData.ReadFile(file)
	if err != nil {
		return err
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, err = s.transact(s.backstage(), func(t *tx) (any, error) { return nil, t.seed(json.NewDecoder(bytes.NewReader(data)), t.known) })
	return err
}

// known leaves out what is not in the snapshot: it gives nil for a model that the snapshot lacks.
func (t *tx) known(model string, record map[string]any) map[string]any {
	m := t.models[model]
	if m == nil {
		return nil
	}
	for column := range record {
		name, isRelation := strings.CutSuffix(column, "/id")
		f := m.fields[name]
		if column != "id" && (f == nil || isRelation && t.models[f.Relation] == nil) {
			delete(record, column)
		}
	}
	return record
}

// SeedData makes the records that odoogen pull --data wrote beside a snapshot, and reports whether there are any.
func (s *Server) SeedData(snapshotFile string) (found bool, err error) {
	file := snapshot.DataFile(snapshotFile)
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = s.seedJSON(data)
	}
	if err != nil {
		return true, fmt.Errorf("odootest: %s: %w", file, err)
	}
	return true, nil
}
