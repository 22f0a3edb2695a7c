//go:build live

package differential

// The models that the operations are about. Custom ones behave by their metadata alone, so that everything that the
// embedded Odoo knows of them counts.

// customModel is a model that the live test makes.
type customModel struct {
	model, order string
	fields       []map[string]any
}

type attributes = map[string]any

func field(name, kind string, more attributes) attributes {
	out := attributes{"name": name, "ttype": kind, "field_description": label(name)}
	for key, v := range more {
		out[key] = v
	}
	return out
}

// label is the name without its x_.
func label(name string) string { return name[2:] }

func to(name, kind, target string, more attributes) attributes {
	out := field(name, kind, more)
	out["relation"] = target
	return out
}

// customModels come in an order in which each needs only those before it; customRelations need all of them.
var customModels = []customModel{
	{"x_tag", "x_color desc, x_name", []attributes{
		field("x_name", "char", attributes{"required": true}),
		field("x_color", "integer", nil),
	}},
	{"x_node", "x_name", []attributes{
		field("x_name", "char", nil),
		field("x_rank", "integer", nil),
		to("x_parent_id", "many2one", "x_node", attributes{"on_delete": "cascade"}),
		to("x_tag_ids", "many2many", "x_tag", nil),
	}},
	{"x_thing", "id", []attributes{
		field("x_name", "char", nil),
		field("x_active", "boolean", nil),
		field("x_char", "char", nil),
		field("x_short", "char", attributes{"size": 5}),
		field("x_text", "text", nil),
		field("x_html", "html", nil),
		field("x_int", "integer", nil),
		field("x_float", "float", nil),
		to("x_currency_id", "many2one", "res.currency", nil),
		field("x_amount", "monetary", nil),
		field("x_bool", "boolean", nil),
		field("x_date", "date", nil),
		field("x_moment", "datetime", nil),
		field("x_choice", "selection", attributes{"selection": "[('a','Apple'),('b','Banana'),('c','Cherry')]"}),
		to("x_node_id", "many2one", "x_node", nil),
		to("x_strict_id", "many2one", "x_tag", attributes{"on_delete": "restrict"}),
		to("x_parent_id", "many2one", "x_thing", nil),
		to("x_tag_ids", "many2many", "x_tag", attributes{"relation_table": "x_thing_x_tag_rel", "column1": "thing_id", "column2": "tag_id"}),
		field("x_ref", "reference", attributes{"selection": "[('x_node','Node'),('x_tag','Tag')]"}),
		field("x_data", "binary", nil),
		field("x_title", "char", attributes{"translate": true}),
		field("x_uncopied", "char", attributes{"copied": false}),
	}},
	{"x_part", "x_sequence, id", []attributes{
		field("x_name", "char", attributes{"required": true}),
		field("x_sequence", "integer", nil),
		field("x_qty", "float", nil),
		to("x_thing_id", "many2one", "x_thing", attributes{"on_delete": "cascade"}),
		to("x_node_id", "many2one", "x_node", nil),
	}},
	{"x_need", "id", []attributes{
		field("x_name", "char", nil),
		to("x_thing_id", "many2one", "x_thing", attributes{"required": true, "on_delete": "cascade"}),
		to("x_tag_id", "many2one", "x_tag", attributes{"required": true, "on_delete": "restrict"}),
		field("x_int", "integer", attributes{"required": true}),
		field("x_date", "date", attributes{"required": true}),
		field("x_choice", "selection", attributes{"selection": "[('1','One'),('2','Two')]", "required": true}),
	}},
}

// relations belong to a model that is there.
var customRelations = map[string][]attributes{
	"x_tag": {to("x_thing_ids", "many2many", "x_thing", attributes{"relation_table": "x_thing_x_tag_rel", "column1": "tag_id", "column2": "thing_id"})},
	"x_node": {
		to("x_child_ids", "one2many", "x_node", attributes{"relation_field": "x_parent_id"}),
		to("x_thing_ids", "one2many", "x_thing", attributes{"relation_field": "x_node_id"}),
	},
	"x_thing": {
		field("x_node_name", "char", attributes{"related": "x_node_id.x_name", "readonly": true, "store": false}),
		to("x_part_ids", "one2many", "x_part", attributes{"relation_field": "x_thing_id"}),
		to("x_child_ids", "one2many", "x_thing", attributes{"relation_field": "x_parent_id"}),
		to("x_need_ids", "one2many", "x_need", attributes{"relation_field": "x_thing_id"}),
	},
}

// pulled are the models of the snapshot.
var pulled = []string{
	"x_*", "test_*.company", "res.partner", "res.partner.category", "res.currency", "res.company", "res.users", "res.country", "res.country.state", "res.lang",
}

// presentFields are what is read of the records that are there in any case.
var presentFields = map[string][]string{
	"res.currency": {"name", "symbol", "active"},
	"res.company":  {"name"},
	"res.users":    {"name", "login", "tz", "partner_id", "company_id"},
	"res.lang":     {"name", "code", "active"},
}

// counted are the other models whose next id matters.
var counted = map[string]attributes{
	"res.partner":          {"name": "x"},
	"res.partner.category": {"name": "x"},
}
