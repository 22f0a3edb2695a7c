package orm

import (
	"cmp"
	"fmt"
	"reflect"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// A []byte is base64 on the wire, but some binary fields are not: see [odoofacts.BinaryEncoding]. Their values are never
// decoded from base64 or encoded to it: a []byte for such a field is an error before the call.

// checkBase64 returns an error if values of the binary field are not base64.
func checkBase64(v odoofacts.Version, model, field string) error {
	encoding := odoofacts.BinaryEncoding(v, model, field)
	if encoding == odoofacts.Base64 {
		return nil
	}
	remedy := "use a json.RawMessage"
	if odoofacts.IsRawContent(field) {
		remedy = `use "datas", which is the same content in base64`
	}
	return fmt.Errorf("orm: %s.%s is %s, not base64: a []byte cannot hold it; %s", cmp.Or(model, "ir.attachment"), field, encoding, remedy)
}

// checkRead returns an error if a call reads a field that is not base64 into bytes.
func checkRead(v odoofacts.Version, model string, p *codec.Plan, fields []string) error {
	for _, name := range fields {
		if f := p.Field(name); f == nil || !codec.IsBase64(codec.Plain(f.Type)) {
			continue
		}
		if err := checkBase64(v, model, name); err != nil {
			return err
		}
	}
	return nil
}

// checkWrite returns an error if a call writes bytes to a field that is not base64. values are a struct with odoo tags or
// an [Args].
func checkWrite(v odoofacts.Version, model string, values any) error {
	for _, field := range odoofacts.OtherBinaries(v, model) {
		if value := valueOf(reflect.ValueOf(values), field); value.IsValid() && codec.IsBase64(codec.Plain(value.Type())) {
			return checkBase64(v, model, field)
		}
	}
	return nil
}

// valueOf is the value that is written to a field, invalid if there is none.
func valueOf(values reflect.Value, field string) reflect.Value {
	for values.Kind() == reflect.Pointer || values.Kind() == reflect.Interface {
		values = values.Elem()
	}
	switch values.Kind() {
	case reflect.Map:
		if values.Type().Key().Kind() == reflect.String {
			return element(values.MapIndex(reflect.ValueOf(field).Convert(values.Type().Key())))
		}
	case reflect.Struct:
		p, err := codec.PlanOf(values.Type())
		if err != nil || p.Field(field) == nil { // an invalid plan is reported by the write
			break
		}
		if v := values.FieldByIndex(p.Field(field).Index); !codec.IsAbsent(v) {
			return element(v)
		}
	}
	return reflect.Value{}
}

func element(v reflect.Value) reflect.Value {
	if v.IsValid() && v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}
