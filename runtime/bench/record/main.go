// Command record makes the payloads of the benchmarks: real records of the server that the environment names
// (ODOO_URL, ODOO_FULL_DB, ODOO_USER, ODOO_PASSWORD), as it sent them.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"

	orm "github.com/odoogen/odoogen/runtime"
)

// shape is what is read: the fields named, or all but the binaries.
type shape struct {
	name, model string
	fields      []string
	where       orm.Expr
	limit       int
}

var shapes = []shape{
	{name: "partner", model: "res.partner", limit: 80, fields: []string{"id", "name", "email", "phone", "street", "city", "zip",
		"country_id", "is_company", "color", "type", "write_date"}},
	{name: "partner_wide", model: "res.partner", limit: 50},
	{name: "partner_image", model: "res.partner", limit: 2, fields: []string{"id", "name", "email", "image_1920"}},
	{name: "sale_line", model: "sale.order.line", limit: 60},
	{name: "stock_move", model: "stock.move", limit: 60},
	{name: "message", model: "mail.message", limit: 60, fields: []string{"id", "subject", "date", "body", "preview", "author_id",
		"model", "res_id", "record_name", "message_type", "subtype_id", "email_from", "partner_ids", "tracking_value_ids", "is_internal", "write_date"}},
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	c, err := orm.Dial(ctx, os.Getenv("ODOO_URL"), orm.Database(os.Getenv("ODOO_FULL_DB")),
		orm.Password(os.Getenv("ODOO_USER"), os.Getenv("ODOO_PASSWORD")))
	if err != nil {
		return err
	}
	for _, s := range shapes {
		if err := record(ctx, c, s); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

type field struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// recording is the format of a file in testdata.
type recording struct {
	Model   string          `json:"model"`
	Fields  []field         `json:"fields"`
	Records json.RawMessage `json:"records"`
}

func record(ctx context.Context, c *orm.Client, s shape) error {
	m := c.Model(s.model)
	var types map[string]field
	if err := m.Call(ctx, "fields_get", nil, orm.Args{"attributes": []string{"type"}}, &types); err != nil {
		return err
	}
	names := s.fields
	if names == nil {
		for name, f := range types {
			if f.Type != "binary" && name != "id" {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		names = slices.Insert(names, 0, "id")
	}
	out := recording{Model: s.model}
	for _, name := range names {
		out.Fields = append(out.Fields, field{name, types[name].Type})
	}
	args := orm.Args{"domain": []any{}, "fields": names, "limit": s.limit, "order": "id desc"}
	if s.name == "partner_image" {
		args["domain"] = []any{[]any{"image_1920", "!=", false}}
	}
	if err := m.Call(ctx, "search_read", nil, args, &out.Records); err != nil {
		return err
	}
	return write("testdata/"+s.name+".json.gz", out)
}

func write(path string, r recording) error {
	// Not by encoding/json: it would put the records into a form of its own.
	fields, err := json.Marshal(r.Fields)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	fmt.Fprintf(z, "{\"model\": %q, \"fields\": %s, \"records\": %s}\n", r.Model, fields, r.Records)
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
