package odootest

import (
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// externalIDs is the model that holds the external ids of records.
const externalIDs = "ir.model.data"

// dataModel is ir.model.data for snapshots that lack it.
var dataModel = snapshot.Model{Name: externalIDs, Label: "Model Data", Fields: []snapshot.Field{
	{Name: "complete_name", Type: "char", Label: "Complete ID", Readonly: true, Computed: true},
	{Name: "display_name", Type: "char", Label: "Display Name", Readonly: true, Computed: true},
	{Name: "id", Type: "integer", Label: "ID", Readonly: true},
	{Name: "model", Type: "char", Label: "Model Name", Required: true},
	{Name: "module", Type: "char", Label: "Module", Required: true},
	{Name: "name", Type: "char", Label: "External Identifier", Required: true},
	{Name: "noupdate", Type: "boolean", Label: "Non Updatable"},
	{Name: "res_id", Type: "many2one_reference", Label: "Record ID", ModelField: "model"},
}}

// dataMethods are the methods that look external ids up.
var dataMethods = map[scriptKey]method{
	{externalIDs, "check_object_reference"}:    {false, append(needed("module", "xml_id"), optional("raise_on_access_error")...), (*tx).checkObjectReference},
	{externalIDs, "xmlid_to_res_model_res_id"}: {false, append(needed("xmlid"), optional("raise_if_not_found")...), (*tx).xmlidToModelAndID},
}

// xmlids finds the records of ir.model.data by module.name. It follows what is added when it is asked, and is read anew after
// clients have changed records.
type xmlids struct {
	byName map[string]int64
	upTo   int64 // the ids of ir.model.data that it has seen
}

func (x *xmlids) forget() { x.byName, x.upTo = map[string]int64{}, 0 }

// renamed has external ids read anew, if the model holds them: now and, if the call fails, after that.
func (t *tx) renamed(m *model) {
	if m.name == externalIDs {
		t.xmlids.forget()
		t.undoing(t.xmlids.forget)
	}
}

func xmlidOf(r *record) string { return str(r.values["module"]) + "." + str(r.values["name"]) }

// name gives a record an external id before there are calls.
func (s *store) name(xmlid, model string, id int64) {
	m := s.models[externalIDs]
	module, name, _ := strings.Cut(xmlid, ".")
	s.insert(m, s.tables[m].lastID+1, map[string]any{"module": module, "name": name, "model": model, "res_id": id, "noupdate": true})
}

// dataRecord is the record of ir.model.data for an external id, nil if there is none.
func (t *tx) dataRecord(xmlid string) *record {
	m := t.models[externalIDs]
	last := t.tables[m].lastID
	for id := t.xmlids.upTo + 1; id <= last; id++ {
		if r := t.get(m, id); r != nil {
			t.xmlids.byName[xmlidOf(r)] = id
		}
	}
	t.xmlids.upTo = last
	if r := t.get(m, t.xmlids.byName[xmlid]); r != nil && xmlidOf(r) == xmlid {
		return r
	}
	return nil
}

// withXMLID is the model and the id that an external id refers to; 0 if there is none, or the record is gone.
func (t *tx) withXMLID(xmlid string) (model string, id int64) {
	r := t.dataRecord(xmlid)
	if r == nil {
		return "", 0
	}
	model = str(r.values["model"])
	id, _ = r.values["res_id"].(int64)
	if m := t.models[model]; m != nil && t.get(m, id) == nil {
		return "", 0
	}
	return model, id
}

// nameRecord gives a record an external id, in place of the one that had it.
func (t *tx) nameRecord(xmlid, model string, id int64) {
	module, name, _ := strings.Cut(xmlid, ".")
	r := t.dataRecord(xmlid)
	if r == nil {
		r = t.add(t.models[externalIDs])
	}
	for field, v := range map[string]any{"module": module, "name": name, "model": model, "res_id": id, "noupdate": false} {
		t.set(r, field, v)
	}
}

func noXMLID(xmlid string) error {
	return fail(classValue, "External ID not found in the system: %s", xmlid)
}

func (t *tx) checkObjectReference(_ *model, a arguments) (any, error) {
	return t.referenced(a.text("module") + "." + a.text("xml_id"))
}

func (t *tx) xmlidToModelAndID(_ *model, a arguments) (any, error) {
	pair, err := t.referenced(a.text("xmlid"))
	if err != nil && !truthy(a.named["raise_if_not_found"]) {
		return []any{false, false}, nil
	}
	return pair, err
}

func (t *tx) referenced(xmlid string) (any, error) {
	model, id := t.withXMLID(xmlid)
	if id == 0 {
		return nil, noXMLID(xmlid)
	}
	return []any{model, id}, nil
}

// getExternalID is an external id of each record, "" for none, by the id.
func (t *tx) getExternalID(m *model, a arguments) (any, error) {
	out := map[string]string{}
	for _, id := range a.ids {
		out[fmt.Sprint(id)] = ""
	}
	for _, r := range t.all(t.models[externalIDs]) {
		if key := fmt.Sprint(r.values["res_id"]); r.values["model"] == m.name && out[key] == "" {
			if _, asked := out[key]; asked {
				out[key] = xmlidOf(r)
			}
		}
	}
	return out, nil
}
