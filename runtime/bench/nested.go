package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/go-faster/jx"
)

// A nested read: orders with their partners, the partners' countries, and the lines with their products, as
// web_search_read of Odoo 17 and later sends them. No recording is nested, so that recorded values are put together.

type order struct {
	ID      id     `odoo:"id"`
	Name    string `odoo:"name"`
	Partner struct {
		ID      id     `odoo:"id"`
		Name    string `odoo:"name"`
		Email   string `odoo:"email"`
		Country struct {
			ID   id     `odoo:"id"`
			Name string `odoo:"name"`
		} `odoo:"country_id"`
	} `odoo:"partner_id"`
	Lines []orderLine `odoo:"order_line"`
}

type orderLine struct {
	ID      id     `odoo:"id"`
	Name    string `odoo:"name"`
	Product struct {
		ID   id     `odoo:"id"`
		Name string `odoo:"name"`
	} `odoo:"product_id"`
	Quantity float64 `odoo:"product_uom_qty"`
	Subtotal float64 `odoo:"price_subtotal"`
}

type orderJSON struct {
	ID      jsonInt  `json:"id"`
	Name    jsonText `json:"name"`
	Partner struct {
		ID      jsonInt  `json:"id"`
		Name    jsonText `json:"name"`
		Email   jsonText `json:"email"`
		Country struct {
			ID   jsonInt  `json:"id"`
			Name jsonText `json:"name"`
		} `json:"country_id"`
	} `json:"partner_id"`
	Lines []struct {
		ID      jsonInt  `json:"id"`
		Name    jsonText `json:"name"`
		Product struct {
			ID   jsonInt  `json:"id"`
			Name jsonText `json:"name"`
		} `json:"product_id"`
		Quantity jsonFloat `json:"product_uom_qty"`
		Subtotal jsonFloat `json:"price_subtotal"`
	} `json:"order_line"`
}

func (o *order) decodeJX(d *jx.Decoder) error {
	return d.ObjBytes(func(d *jx.Decoder, key []byte) error {
		switch string(key) {
		case "id":
			return jxID(d, &o.ID)
		case "name":
			return jxText(d, &o.Name)
		case "partner_id":
			return o.decodePartner(d)
		case "order_line":
			return d.Arr(func(d *jx.Decoder) error {
				o.Lines = append(o.Lines, orderLine{})
				return o.Lines[len(o.Lines)-1].decodeJX(d)
			})
		}
		return d.Skip()
	})
}

func (o *order) decodePartner(d *jx.Decoder) error {
	p := &o.Partner
	return d.ObjBytes(func(d *jx.Decoder, key []byte) error {
		switch string(key) {
		case "id":
			return jxID(d, &p.ID)
		case "name":
			return jxText(d, &p.Name)
		case "email":
			return jxText(d, &p.Email)
		case "country_id":
			return jxNamed(d, &p.Country.ID, &p.Country.Name)
		}
		return d.Skip()
	})
}

func (l *orderLine) decodeJX(d *jx.Decoder) error {
	return d.ObjBytes(func(d *jx.Decoder, key []byte) error {
		switch string(key) {
		case "id":
			return jxID(d, &l.ID)
		case "name":
			return jxText(d, &l.Name)
		case "product_id":
			return jxNamed(d, &l.Product.ID, &l.Product.Name)
		case "product_uom_qty":
			return jxFloat(d, &l.Quantity)
		case "price_subtotal":
			return jxFloat(d, &l.Subtotal)
		}
		return d.Skip()
	})
}

func jxNamed(d *jx.Decoder, i *id, name *string) error {
	return d.ObjBytes(func(d *jx.Decoder, key []byte) error {
		switch string(key) {
		case "id":
			return jxID(d, i)
		case "name":
			return jxText(d, name)
		}
		return d.Skip()
	})
}

// nestedTask makes n orders with one to seven lines.
func nestedTask(n int, seed uint64) (task, error) {
	partners, err := load("partner")
	if err != nil {
		return task{}, err
	}
	lines, err := load("sale_line")
	if err != nil {
		return task{}, err
	}
	v := &variation{Rand: rand.New(rand.NewPCG(seed, 1))}
	b := []byte{'['}
	for i := range n {
		if i > 0 {
			b = append(b, ", "...)
		}
		partner := v.pick(partners)
		b = fmt.Appendf(b, `{"id": %d, "name": "S%05d", "partner_id": {"id": %d, "name": %s, "email": %s, "country_id": {"id": %d, "name": "Country %[6]d"}}, "order_line": [`,
			i+1, i+1, 100+v.IntN(2000), v.vary(nil, "char", partner("name")), v.vary(nil, "char", partner("email")), 1+v.IntN(250))
		for l := range 1 + v.IntN(7) {
			if l > 0 {
				b = append(b, ", "...)
			}
			line := v.pick(lines)
			b = fmt.Appendf(b, `{"id": %d, "name": %s, "product_id": {"id": %d, "name": "Product %[3]d"}, "product_uom_qty": %s, "price_subtotal": %s}`,
				i*10+l, v.vary(nil, "text", line("name")), 1+v.IntN(300), v.vary(nil, "float", line("product_uom_qty")), v.vary(nil, "monetary", line("price_subtotal")))
		}
		b = append(b, "]}"...)
	}
	t := decodeTask[order, orderJSON]("decode G: "+strconv.Itoa(n)+" orders, nested three deep", append(b, ']'), n)
	t.goals = map[string]float64{"jx": 1.6, "encoding/json": 14}
	return t, nil
}

// pick gives the values of one of the recorded records by the names of fields.
func (v *variation) pick(r *recording) func(field string) []byte {
	record := r.Values[v.IntN(len(r.Values))]
	return func(field string) []byte {
		for i, f := range r.Fields {
			if f.Name == field {
				return record[i]
			}
		}
		panic("no field " + field + " was recorded")
	}
}
