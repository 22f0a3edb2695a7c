package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"unicode/utf8"

	"github.com/go-faster/jx"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/wire"
)

// values are those of a partner as a generated package has them: each field may be absent, set or cleared.
type values struct {
	Name      orm.Opt[string]       `odoo:"name"`
	Email     orm.Opt[string]       `odoo:"email"`
	Phone     orm.Opt[string]       `odoo:"phone"`
	Street    orm.Opt[string]       `odoo:"street"`
	City      orm.Opt[string]       `odoo:"city"`
	Zip       orm.Opt[string]       `odoo:"zip"`
	Country   orm.Opt[id]           `odoo:"country_id"`
	IsCompany orm.Opt[bool]         `odoo:"is_company"`
	Color     orm.Opt[int64]        `odoo:"color"`
	Type      orm.Opt[choice]       `odoo:"type"`
	Limit     orm.Opt[float64]      `odoo:"credit_limit"`
	Category  []orm.Command[record] `odoo:"category_id"`
}

// valuesJSON are the same for encoding/json, which knows an absent field by a nil pointer.
type valuesJSON struct {
	Name      *string  `json:"name,omitempty"`
	Email     *string  `json:"email,omitempty"`
	Phone     *string  `json:"phone,omitempty"`
	Street    *string  `json:"street,omitempty"`
	City      *string  `json:"city,omitempty"`
	Zip       *string  `json:"zip,omitempty"`
	Country   *int64   `json:"country_id,omitempty"`
	IsCompany *bool    `json:"is_company,omitempty"`
	Color     *int64   `json:"color,omitempty"`
	Type      *string  `json:"type,omitempty"`
	Limit     *float64 `json:"credit_limit,omitempty"`
	Category  [][3]any `json:"category_id,omitempty"`
}

// encodeTask writes n values.
func encodeTask(recorded *recording, n int, seed uint64) (task, error) {
	var rows []partner
	if err := wire.Unmarshal(recorded.answer(n, seed, 0), &rows); err != nil {
		return task{}, err
	}
	random := rand.New(rand.NewPCG(seed, 2))
	ours, plain := make([]values, n), make([]valuesJSON, n)
	for i, r := range rows {
		limit, tag := float64(random.IntN(1e6))/100, id(random.IntN(1000)+1)
		ours[i] = values{Name: orm.Set(r.Name), Email: orm.Set(r.Email), Phone: orm.Set(r.Phone), Street: orm.Set(r.Street), City: orm.Set(r.City),
			Zip: orm.Set(r.Zip), Country: orm.Set(r.CountryId.ID), IsCompany: orm.Set(r.IsCompany), Color: orm.Set(r.Color), Type: orm.Set(r.Type),
			Limit: orm.Set(limit), Category: orm.Commands(orm.Link(tag))}
		plain[i] = valuesJSON{Name: &r.Name, Email: &r.Email, Phone: &r.Phone, Street: &r.Street, City: &r.City, Zip: &r.Zip, Country: (*int64)(&r.CountryId.ID),
			IsCompany: &r.IsCompany, Color: &r.Color, Type: (*string)(&r.Type), Limit: &limit, Category: [][3]any{{4, tag, 0}}}
	}
	size, err := wire.Append(nil, ours)
	if err != nil {
		return task{}, err
	}
	if hand := handList(nil, ours); string(hand) != string(size) {
		return task{}, fmt.Errorf("the encoders differ: %.300s… and %.300s…", size, hand)
	}
	var buffer, mine []byte
	return task{name: fmt.Sprintf("encode: values of %d res.partner", n), records: n, bytes: len(size), ways: []way{
		{"odoogen", func() (err error) { mine, err = wire.Append(mine[:0], ours); return err }},
		{"by hand", func() error { buffer = handList(buffer[:0], ours); return nil }},
		{"jx", func() error {
			e := jx.GetEncoder()
			defer jx.PutEncoder(e)
			jxList(e, ours)
			return nil
		}},
		{"encoding/json", func() error { _, err := json.Marshal(plain); return err }},
	}}, nil
}

// handList is what one would write by hand for this struct, to be fast: append, into a buffer that is used again.
func handList(b []byte, list []values) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = list[i].append(b)
	}
	return append(b, ']')
}

func (v *values) append(b []byte) []byte {
	b = append(b, '{')
	b = handText(b, `"name":`, v.Name)
	b = handText(b, `"email":`, v.Email)
	b = handText(b, `"phone":`, v.Phone)
	b = handText(b, `"street":`, v.Street)
	b = handText(b, `"city":`, v.City)
	b = handText(b, `"zip":`, v.Zip)
	if b = handKey(b, `"country_id":`, v.Country.State); v.Country.State == orm.Present {
		if v.Country.Value == 0 {
			b = append(b, "false"...)
		} else {
			b = strconv.AppendInt(b, int64(v.Country.Value), 10)
		}
	}
	if b = handKey(b, `"is_company":`, v.IsCompany.State); v.IsCompany.State == orm.Present {
		b = strconv.AppendBool(b, v.IsCompany.Value)
	}
	if b = handKey(b, `"color":`, v.Color.State); v.Color.State == orm.Present {
		b = strconv.AppendInt(b, v.Color.Value, 10)
	}
	if b = handKey(b, `"type":`, v.Type.State); v.Type.State == orm.Present {
		if v.Type.Value == "" {
			b = append(b, "false"...)
		} else {
			b = handString(b, string(v.Type.Value))
		}
	}
	if b = handKey(b, `"credit_limit":`, v.Limit.State); v.Limit.State == orm.Present {
		b = strconv.AppendFloat(b, v.Limit.Value, 'f', -1, 64)
	}
	if v.Category != nil {
		b = handKey(b, `"category_id":`, orm.Present)
		b = append(b, '[')
		for i, c := range v.Category {
			if i > 0 {
				b = append(b, ',')
			}
			for j, n := range c.IDs {
				if j > 0 {
					b = append(b, ',')
				}
				b = append(strconv.AppendInt(append(b, "[4,"...), int64(n), 10), ",0]"...)
			}
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func handKey(b []byte, key string, state orm.OptState) []byte {
	if state == orm.Absent {
		return b
	}
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	if b = append(b, key...); state == orm.Cleared {
		b = append(b, "false"...)
	}
	return b
}

func handText(b []byte, key string, v orm.Opt[string]) []byte {
	if b = handKey(b, key, v.State); v.State == orm.Present {
		b = handString(b, v.Value)
	}
	return b
}

func handString(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		panic("not UTF-8")
	}
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			b = append(b, s[from:i]...)
			b = fmt.Appendf(b, `\u%04x`, c)
			from = i + 1
		}
	}
	return append(append(b, s[from:]...), '"')
}

func jxList(e *jx.Encoder, list []values) {
	e.ArrStart()
	for i := range list {
		list[i].encodeJX(e)
	}
	e.ArrEnd()
}

func (v *values) encodeJX(e *jx.Encoder) {
	e.ObjStart()
	for _, text := range []struct {
		key string
		v   orm.Opt[string]
	}{{"name", v.Name}, {"email", v.Email}, {"phone", v.Phone}, {"street", v.Street}, {"city", v.City}, {"zip", v.Zip}} {
		if text.v.State == orm.Present {
			e.FieldStart(text.key)
			e.Str(text.v.Value)
		}
	}
	if v.Country.State == orm.Present {
		e.FieldStart("country_id")
		e.Int64(int64(v.Country.Value))
	}
	if v.IsCompany.State == orm.Present {
		e.FieldStart("is_company")
		e.Bool(v.IsCompany.Value)
	}
	if v.Color.State == orm.Present {
		e.FieldStart("color")
		e.Int64(v.Color.Value)
	}
	if v.Type.State == orm.Present {
		e.FieldStart("type")
		e.Str(string(v.Type.Value))
	}
	if v.Limit.State == orm.Present {
		e.FieldStart("credit_limit")
		e.Float64(v.Limit.Value)
	}
	if v.Category != nil {
		e.FieldStart("category_id")
		e.ArrStart()
		for _, c := range v.Category {
			for _, n := range c.IDs {
				e.ArrStart()
				e.Int(4)
				e.Int64(int64(n))
				e.Int(0)
				e.ArrEnd()
			}
		}
		e.ArrEnd()
	}
	e.ObjEnd()
}
