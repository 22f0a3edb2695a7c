package orm

import (
	"reflect"
	"testing"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// The codec reads and writes generic types of this package by their layout and their names.
func TestCodecHasTheLayoutOfGenericTypes(t *testing.T) {
	for _, pair := range []struct {
		name        string
		here, codec reflect.Type
	}{
		{"Ref", reflect.TypeFor[Ref[sale]](), reflect.TypeFor[codec.Ref]()},
		{"TextRef", reflect.TypeFor[TextRef[sale]](), reflect.TypeFor[codec.TextRef]()},
		{"Command", reflect.TypeFor[Command[sale]](), reflect.TypeFor[codec.Command]()},
		{"Reference", reflect.TypeFor[Reference](), reflect.TypeFor[codec.Reference]()},
		{"Date", reflect.TypeFor[Date](), reflect.TypeFor[codec.Date]()},
	} {
		if !codec.Is(pair.here, pair.name) {
			t.Errorf("the codec does not recognize %s", pair.here)
		}
		if pair.here.Size() != pair.codec.Size() || pair.here.NumField() != pair.codec.NumField() {
			t.Fatalf("%s and %s differ", pair.here, pair.codec)
		}
		for i := range pair.here.NumField() {
			here, there := pair.here.Field(i), pair.codec.Field(i)
			if here.Offset != there.Offset || here.Type.Kind() != there.Type.Kind() {
				t.Errorf("%s.%s and %s.%s differ", pair.here, here.Name, pair.codec, there.Name)
			}
		}
	}
}
