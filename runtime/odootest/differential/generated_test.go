package differential

import "fmt"

// operators are those that apply to every field.
var operators = []string{"=", "!=", "<", ">", "<=", ">=", "in", "not in", "like", "ilike", "not like", "not ilike", "=like", "=ilike", "=?"}

// operands are values to compare the fields of a type with.
var operands = map[string][]string{
	"x_char":      {`"Alpha"`, `""`, `false`, `"l%"`},
	"x_text":      {`"Some text\nin lines"`, `false`, `"T"`},
	"x_html":      {`"<p>Hello</p>"`, `false`},
	"x_int":       {`3`, `0`, `false`, `"3"`, `2.5`},
	"x_float":     {`2.5`, `0`, `false`, `"2.5"`},
	"x_amount":    {`10.25`, `0`, `false`},
	"x_bool":      {`true`, `false`, `null`, `1`},
	"x_date":      {`"2024-02-29"`, `false`},
	"x_moment":    {`"2024-01-31 23:30:00"`, `"2024-02-01"`, `false`},
	"x_choice":    {`"b"`, `false`, `"zz"`},
	"x_node_id":   {`@left`, `"left"`, `false`, `999`},
	"x_tag_ids":   {`@red`, `"red"`, `false`},
	"x_part_ids":  {`@one`, `"bolt"`, `false`},
	"x_child_ids": {`@two`, `false`},
	"x_ref":       {`"x_node,@root"`, `false`},
	"x_node_name": {`"left"`, `false`},
	"x_title":     {`"Title"`, `false`},
	"id":          {`@two`, `false`},
}

var listOperands = map[string][]string{
	"x_char":      {`["Alpha","beta"]`, `["Alpha",false]`, `[]`, `[false]`},
	"x_int":       {`[3,7]`, `[0]`, `[false]`, `[]`},
	"x_float":     {`[2.5,0]`, `[]`},
	"x_bool":      {`[true]`, `[false]`, `[true,false]`, `[]`},
	"x_date":      {`["2024-02-29",false]`, `[]`},
	"x_choice":    {`["a","c"]`, `["a",false]`, `[]`},
	"x_node_id":   {`[@left,@right]`, `[@left,false]`, `[false]`, `[]`, `["left"]`},
	"x_tag_ids":   {`[@red,@blue]`, `[@red,false]`, `[]`, `[false]`},
	"x_part_ids":  {`[@one]`, `[]`, `[false]`},
	"id":          {`[@one,@two,999]`, `[]`, `[false]`},
	"x_node_name": {`["left",false]`, `[]`},
}

// generated are conditions: every operator with every kind of field.
func generated(int) []string {
	var out []string
	search := func(field, operator, value string) {
		out = append(out, fmt.Sprintf(`x_thing search [[["%s","%s",%s]]] {"context":{"active_test":false}}`, field, operator, value))
	}
	for _, field := range sortedKeys(operands) {
		for _, operator := range operators {
			if operator == "in" || operator == "not in" {
				continue
			}
			for _, value := range operands[field] {
				search(field, operator, value)
			}
		}
	}
	for _, field := range sortedKeys(listOperands) {
		for _, operator := range []string{"in", "not in", "=", "!="} {
			for _, value := range listOperands[field] {
				search(field, operator, value)
			}
		}
	}
	return out
}
