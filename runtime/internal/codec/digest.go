package codec

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"reflect"
	"slices"
	"unsafe"
)

// Digested is a record, of any struct that records are read into, with what is needed to see whether it has changed.
type Digested[R any] struct {
	Record R
	Digest Digest
}

// Digest identifies the content of a record as the server sent it.
type Digest struct {
	ID int64
	// Sum is a hash of the fields that were read, whatever their order: two contents with the same sum are the same.
	Sum uint64
}

var typeDigest = reflect.TypeFor[Digest]()

func isDigested(t reflect.Type) bool {
	return t.NumField() == 2 && t.Field(1).Type == typeDigest && t.Field(0).Type.Kind() == reflect.Struct
}

// digestedPlan is the plan of the record, which is at the start of the Digested.
func digestedPlan(t reflect.Type) (*Plan, error) {
	inner, err := PlanOf(t.Field(0).Type)
	if err != nil {
		return nil, err
	}
	p := &Plan{
		Type: t, Model: inner.Model, Fields: slices.Clone(inner.Fields), byName: maps.Clone(inner.byName),
		digested: true, digest: t.Field(1).Offset,
	}
	for i := range p.Fields {
		p.Fields[i].Index = slices.Concat([]int{0}, p.Fields[i].Index)
	}
	p.findID()
	return p, nil
}

// writeDigest sets the Digest of the Digested at base, which has been read from raw.
func (p *Plan) writeDigest(raw []byte, id int64, base unsafe.Pointer) error {
	out := (*Digest)(unsafe.Add(base, p.digest))
	*out = Digest{ID: id}
	s := NewScanner(raw)
	var member []byte
	return s.Object(func(key []byte) error {
		member = append(append(member[:0], key...), 0)
		value, err := s.Raw()
		hash := sha256.Sum256(append(member, value...))
		out.Sum += binary.LittleEndian.Uint64(hash[:])
		return err
	})
}

// AddDigest adds further fields of a record, which were read into another value of the plan's type, to its Digest.
func (p *Plan) AddDigest(record, further reflect.Value) {
	if p.digested {
		sum := record.Field(1).Addr().Interface().(*Digest)
		sum.Sum += further.Field(1).Interface().(Digest).Sum
	}
}
