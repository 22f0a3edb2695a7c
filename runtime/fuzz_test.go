package orm

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// everyKind has a field for each decoder.
type everyKind struct {
	sale
	Text     state           `odoo:"state"`
	Int      int             `odoo:"int"`
	Small    int8            `odoo:"small"`
	Unsigned uint16          `odoo:"unsigned"`
	Single   float32         `odoo:"single"`
	Bool     bool            `odoo:"bool"`
	Date     Date            `odoo:"date"`
	Time     time.Time       `odoo:"time"`
	Any      Reference       `odoo:"any"`
	Raw      json.RawMessage `odoo:"raw"`
	Pointer  *string         `odoo:"pointer"`
	Map      map[string]int  `odoo:"map"`
	Free     any             `odoo:"free"`
	Shout    shout           `odoo:"shout"`
	Plain    plain           `odoo:"plain"`
	Kids     []tree          `odoo:"kids"`
	Lists    [][]ID[line]    `odoo:"lists"`
}

// FuzzDecodeRecord looks for answers that make the decoder panic, and for ones that it takes although they are not JSON.
func FuzzDecodeRecord(f *testing.F) {
	for _, seed := range []string{
		sampleAnswer,
		`[{"id":1,"state":14,"int":5.0,"small":-128,"unsigned":"7","single":1.5,"bool":true,"date":"1-01-01","time":"2026-01-31 10:00:00.5","any":"a.b,1"}]`,
		`[{"id":1,"raw":[{}],"pointer":null,"map":{"a":1},"free":[false],"shout":7,"plain":{"id":1},"kids":[{"id":2,"child_ids":[{}]}],"lists":[[1],[{"id":2}]]}]`,
		`[{"id":"10","partner_id":["10","10"],"date":"2026-01-31 22:15:00"}]`,
		`[{"id":[],"partner_id":{"id":7,"display_name":false}}]`,
		`[{"id":1},{"id":2,"name":[]}]`,
		`[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var rows []everyKind
		_, err := decodeRecords(input, "some.model", reflect.ValueOf(&rows).Elem())
		if err != nil {
			if !errors.As(err, new(*DecodeError)) {
				t.Fatalf("%T is not a *DecodeError: %v", err, err)
			}
			return
		}
		if !isJSON(input) {
			t.Fatalf("%q is not JSON but was read as %+v", input, rows)
		}
	})
}

// isJSON reports whether the input is JSON, or JSON with the numbers that only Python writes.
func isJSON(input []byte) bool {
	s := codec.NewScanner(input)
	return s.Skip() == nil && s.End() == nil
}
