package odootest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// SeedFile makes the records of a file, all of them or none: *.json as [Server.SeedJSON] reads it, or model.csv as
// [Server.SeedCSV] does. Of a folder it makes the records of these files, in the order of their names.
func (s *Server) SeedFile(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return s.seedFolder(path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("odootest: %w", err)
	}
	name := filepath.Base(path)
	switch ext := filepath.Ext(name); ext {
	case ".json":
		err = s.seedJSON(data)
	case ".csv":
		err = s.seedCSV(strings.TrimSuffix(name, ext), data)
	default:
		err = errors.New("want a file *.json, or one that is named after a model, res.partner.csv")
	}
	if err != nil {
		return fmt.Errorf("odootest: %s: %w", path, err)
	}
	return nil
}

func (s *Server) seedFolder(path string) error {
	files, err := os.ReadDir(path)
	if err != nil {
		return ours(err)
	}
	seeds := 0
	for _, f := range files {
		if ext := filepath.Ext(f.Name()); f.IsDir() || ext != ".json" && ext != ".csv" {
			continue
		}
		seeds++
		if err := s.SeedFile(filepath.Join(path, f.Name())); err != nil {
			return err
		}
	}
	if seeds == 0 {
		return fmt.Errorf("odootest: the folder %s has no files *.json or *.csv", path)
	}
	return nil
}

// ours says whose error it is.
func ours(err error) error {
	if err != nil {
		return fmt.Errorf("odootest: %w", err)
	}
	return nil
}

// SeedJSON makes records of an object that has a list of them for each model, all of them or none, in the order in which they
// stand:
//
//	{
//	  "res.partner": [{"id": "demo.azure", "name": "Azure Interior"}],
//	  "sale.order":  [{"partner_id/id": "demo.azure", "order_line": [{"name": "Desk", "price_unit": 100}]}]
//	}
//
// The values are those of the wire; beside that, "id" is an external id of the record, "field/id" is the external id of a
// target or a list of them, and a list of objects makes the lines of an x2many. A record whose external id is known is
// changed.
func (s *Server) SeedJSON(data []byte) error { return ours(s.seedJSON(data)) }

func (s *Server) seedJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	_, err := s.transact(s.backstage(), func(t *tx) (any, error) { return nil, t.seed(d, t.asGiven) })
	return err
}

// plainly is what went wrong, without Python's class.
func plainly(err error) error {
	if e := new(Error); errors.As(err, &e) {
		return errors.New(strings.TrimSpace(e.Message))
	}
	return err
}

// asGiven keeps all records of a seed, and all of their values.
func (*tx) asGiven(_ string, record map[string]any) map[string]any { return record }

// seed makes the records of a seed, with what keep leaves of each: nil is no record.
func (t *tx) seed(d *json.Decoder, keep func(model string, record map[string]any) map[string]any) error {
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return errors.New("want an object with a list of records for each model")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var records []json.RawMessage
		if err := d.Decode(&records); err != nil {
			return fmt.Errorf("%s: want a list of records: %w", name, err)
		}
		for i, raw := range records {
			if err := t.seedRecord(fmt.Sprint(name), raw, keep); err != nil {
				return fmt.Errorf("%s, record %d: %w", name, i+1, plainly(err))
			}
		}
	}
	_, err := d.Token()
	return err
}

func (t *tx) seedRecord(name string, raw []byte, keep func(string, map[string]any) map[string]any) error {
	v, err := decode(raw)
	if err != nil {
		return err
	}
	given, ok := v.(map[string]any)
	if !ok {
		return errors.New("want an object")
	}
	if given = keep(name, given); given == nil {
		return nil
	}
	m := t.models[name]
	if m == nil {
		return errors.New("the model is not in the snapshot")
	}
	xmlid := t.importedXMLID(str(takeOr(given, "id", "")))
	values, err := t.seedValues(given)
	if err != nil {
		return err
	}
	if model, id := t.withXMLID(xmlid); xmlid != "" && id != 0 && model == name {
		return t.write(m, []int64{id}, values)
	}
	id, err := t.create(m, values)
	if err == nil && xmlid != "" {
		t.nameRecord(xmlid, name, id)
	}
	return err
}

// takeOr takes a value out of an object.
func takeOr(object map[string]any, key string, otherwise any) any {
	v, ok := object[key]
	if !ok {
		return otherwise
	}
	delete(object, key)
	return v
}

// seedValues are the values of a record as create takes them.
func (t *tx) seedValues(given map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for column, v := range given {
		field, isXMLID := strings.CutSuffix(column, "/id")
		var err error
		if isXMLID {
			v, err = t.seedTargets(v)
		} else if lines, ok := v.([]any); ok {
			v, err = t.seedLines(lines)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", column, err)
		}
		out[field] = v
	}
	return out, nil
}

// seedTargets are the ids of one external id, or a command for several.
func (t *tx) seedTargets(v any) (any, error) {
	list, many := v.([]any)
	if !many {
		list = []any{v}
	}
	found := make([]any, len(list))
	for i, name := range list {
		xmlid := t.importedXMLID(str(name))
		if _, id := t.withXMLID(xmlid); id != 0 {
			found[i] = id
		} else {
			return nil, noXMLID(xmlid)
		}
	}
	if many {
		return []any{[]any{int64(commandSet), int64(0), found}}, nil
	}
	return found[0], nil
}

// seedLines turns objects in a list into commands that create them.
func (t *tx) seedLines(lines []any) ([]any, error) {
	out := make([]any, len(lines))
	for i, line := range lines {
		out[i] = line
		if object, ok := line.(map[string]any); ok {
			values, err := t.seedValues(object)
			if err != nil {
				return nil, err
			}
			out[i] = []any{int64(commandCreate), int64(0), values}
		}
	}
	return out, nil
}

// SeedCSV makes records of a table, all of them or none, as Odoo's own import does: the first line names the fields, "id" is
// an external id of the record, "partner_id/id" that of a target.
func (s *Server) SeedCSV(model string, data []byte) error { return ours(s.seedCSV(model, data)) }

func (s *Server) seedCSV(model string, data []byte) error {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errors.New("the table has no first line with the names of fields")
	}
	loaded, err := s.transact(s.backstage(), func(t *tx) (any, error) {
		m := t.models[model]
		if m == nil {
			return nil, fmt.Errorf("the model %s is not in the snapshot", model)
		}
		table, err := plain(rows[1:])
		if err != nil {
			return nil, err
		}
		header, err := plain(rows[0])
		if err != nil {
			return nil, err
		}
		return t.load(m, arguments{named: map[string]any{"fields": header, "data": table}})
	})
	if err != nil {
		return err
	}
	return loadError(loaded)
}

// loadError is what load has to say, one line for each message.
func loadError(loaded any) error {
	said, err := plain(loaded)
	if err != nil {
		return err
	}
	object, _ := said.(map[string]any)
	var faults []error
	for _, message := range lists(object["messages"]) {
		m, _ := message.(map[string]any)
		row, _ := m["record"].(int64)
		faults = append(faults, fmt.Errorf("row %d: %s", row+2, strings.TrimSpace(str(m["message"]))))
	}
	return errors.Join(faults...)
}
