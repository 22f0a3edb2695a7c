package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-faster/jx"

	orm "github.com/odoogen/odoogen/runtime"
)

// The readers of single values that the decoders by jx are made of.

func jxNone(d *jx.Decoder) (bool, error) {
	switch d.Next() {
	case jx.Bool:
		_, err := d.Bool()
		return true, err
	case jx.Null:
		return true, d.Null()
	}
	return false, nil
}

func jxText[T ~string](d *jx.Decoder, v *T) error {
	if none, err := jxNone(d); none {
		return err
	}
	s, err := d.Str()
	*v = T(s)
	return err
}

func jxInt(d *jx.Decoder, v *int64) (err error) {
	if none, err := jxNone(d); none {
		return err
	}
	*v, err = d.Int64()
	return err
}

func jxID(d *jx.Decoder, v *id) error { return jxInt(d, (*int64)(v)) }

func jxFloat(d *jx.Decoder, v *float64) (err error) {
	if none, err := jxNone(d); none {
		return err
	}
	*v, err = d.Float64()
	return err
}

func jxBool(d *jx.Decoder, v *bool) (err error) {
	*v, err = d.Bool()
	return err
}

func jxRef(d *jx.Decoder, v *ref) error {
	if none, err := jxNone(d); none {
		return err
	}
	n := 0
	return d.Arr(func(d *jx.Decoder) error {
		if n++; n == 1 {
			return jxID(d, &v.ID)
		}
		return jxText(d, &v.Name)
	})
}

func jxIDs(d *jx.Decoder, v *[]id) error {
	return d.Arr(func(d *jx.Decoder) error {
		var n id
		err := jxID(d, &n)
		*v = append(*v, n)
		return err
	})
}

func jxRaw(d *jx.Decoder, v *json.RawMessage) error {
	raw, err := d.RawAppend(nil)
	*v = json.RawMessage(raw)
	return err
}

func jxBytes(d *jx.Decoder, v *[]byte) error {
	if none, err := jxNone(d); none {
		return err
	}
	raw, err := d.StrBytes()
	if err != nil {
		return err
	}
	*v = make([]byte, base64.StdEncoding.DecodedLen(len(raw)))
	n, err := base64.StdEncoding.Decode(*v, raw)
	*v = (*v)[:n]
	return err
}

var errForm = errors.New("not a date")

// jxTime reads the digits itself: time.Parse would make of the rest of the decoder a smaller part.
func jxTime(d *jx.Decoder, v *time.Time) error {
	if none, err := jxNone(d); none {
		return err
	}
	b, err := d.StrBytes()
	if err != nil {
		return err
	}
	if len(b) != 19 {
		return errForm
	}
	day, err := jxDay(b)
	*v = time.Date(day.Year, day.Month, day.Day, number(b[11:13]), number(b[14:16]), number(b[17:19]), 0, time.UTC)
	return err
}

func jxDate(d *jx.Decoder, v *orm.Date) error {
	if none, err := jxNone(d); none {
		return err
	}
	b, err := d.StrBytes()
	if err != nil {
		return err
	}
	*v, err = jxDay(b)
	return err
}

func jxDay(b []byte) (orm.Date, error) {
	if len(b) < 10 {
		return orm.Date{}, errForm
	}
	return orm.Date{Year: number(b[:4]), Month: time.Month(number(b[5:7])), Day: number(b[8:10])}, nil
}

func number(b []byte) (n int) {
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n
}
