package odoosync

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // Odoo's checksum of attachments
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// This file compares values of rows with those that Odoo has.

// The field types that are compared in ways of their own.
const (
	typeMany2one  = "many2one"
	typeMany2many = "many2many"
	typeOne2many  = "one2many"
	typeBinary    = "binary"
	typeFloat     = "float"
	typeMonetary  = "monetary"
	typeHTML      = "html"
)

// scalarTypes are compared by their spelling in JSON.
var scalarTypes = []string{"char", "text", "integer", "boolean", "selection", "date", "datetime", "reference", "many2one_reference", typeMany2one}

// comparable says why values of a field cannot be compared with what Odoo has.
func (j *job) comparable(name string, v json.RawMessage) error {
	f, ok := j.fields[name]
	switch {
	case !ok:
		return orm.ErrNoField
	case f.Type == typeOne2many, f.Type == typeMany2many:
		_, err := commandsOf(v)
		return err
	case f.Type == typeBinary, f.Type == typeFloat, f.Type == typeMonetary, f.Type == typeHTML, slices.Contains(scalarTypes, f.Type):
		return nil
	}
	return fmt.Errorf("values of type %s cannot be compared: write them with orm.Write", f.Type)
}

// differences are the values of a row that its record does not have, as a write sends them.
func (j *job) differences(r *row, stored record) (map[string]json.RawMessage, error) {
	var out map[string]json.RawMessage
	for name := range r.values {
		value, err := j.difference(r, stored, name)
		if err != nil {
			return nil, &FieldError{name, err}
		}
		if value != nil {
			if out == nil {
				out = map[string]json.RawMessage{}
			}
			out[name] = value
		}
	}
	return out, nil
}

// difference is what a write of a field sends; nil if the record has the value of the row.
func (j *job) difference(r *row, stored record, name string) (json.RawMessage, error) {
	have, ok := stored[name]
	if !ok {
		return nil, errors.New("is not in the response of the server")
	}
	if lines, ok := r.lines[name]; ok {
		return lines.commands(have)
	}
	want := r.values[name]
	if same, err := j.same(r, stored, name, want, have); same || err != nil {
		return nil, err
	}
	return want, nil
}

func (j *job) same(r *row, stored record, name string, want, have json.RawMessage) (bool, error) {
	switch f := j.fields[name]; f.Type {
	case typeFloat:
		return sameNumber(want, have, f.Digits, f.Digits > 0), nil
	case typeMonetary:
		digits, rounded, err := j.currencyDecimals(r, stored, f.CurrencyField)
		return sameNumber(want, have, digits, rounded), err
	case typeOne2many, typeMany2many:
		c, err := commandsOf(want)
		return c.fulfilled(have), err
	case typeBinary:
		return sameBinary(want, have)
	case typeHTML:
		return sameHTML(text(want), text(have)), nil
	}
	return bytes.Equal(canonical(want), canonical(have)), nil
}

// sameNumber compares numbers as Odoo stores them: rounded, halves away from zero.
func sameNumber(want, have json.RawMessage, digits int, rounded bool) bool {
	w, h := number(want), number(have)
	if !rounded {
		return w == h
	}
	return roundTo(w, digits) == roundTo(h, digits)
}

// number is that of a value; false, which is that of an unset float, is 0.
func number(raw json.RawMessage) float64 {
	n, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
	if err != nil {
		return 0
	}
	return n
}

// roundTo gives the number of units of the last decimal, by the rule of Odoo's float_round: half up, with a tolerance for
// numbers that binary fractions put a little below a half.
func roundTo(n float64, digits int) float64 {
	scaled := math.Abs(n) * math.Pow10(digits)
	if scaled == 0 {
		return 0
	}
	tolerance := math.Exp2(math.Log2(scaled) - 52)
	return math.Copysign(math.Floor(scaled+tolerance+0.5), n)
}

func (j *job) currencyField(name string) string {
	if j.fields[name].Type == typeMonetary {
		return j.fields[name].CurrencyField
	}
	return ""
}

// currencyDecimals are those of the currency of a record. Amounts without a currency are not rounded.
func (j *job) currencyDecimals(r *row, stored record, field string) (digits int, rounded bool, err error) {
	if j.decimals == nil {
		list, err := j.searchRead(j.client.Model("res.currency"), [][]any{}, []string{"decimal_places"})
		if err != nil {
			return 0, false, err
		}
		j.decimals = make(map[int]int, len(list))
		for _, c := range list {
			j.decimals[int(c.id())] = int(integer(c["decimal_places"]))
		}
	}
	currency, given := r.values[field]
	if !given {
		currency = stored[field]
	}
	digits, rounded = j.decimals[int(integer(currency))]
	return digits, rounded, nil
}

// sameHTML compares HTML. Odoo wraps text without tags into a paragraph.
func sameHTML(want, have string) bool {
	want, have = strings.TrimSpace(want), strings.TrimSpace(have)
	return want == have || !strings.Contains(want, "<") && want != "" && "<p>"+want+"</p>" == have
}

// text is that of a value, "" for false.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// checksumMark is before the checksum that is compared in place of a content: base64 has no colon.
const checksumMark = "sha1:"

func sameBinary(want, have json.RawMessage) (bool, error) {
	w, h := text(want), text(have)
	if !strings.HasPrefix(h, checksumMark) {
		return w == h, nil
	}
	content, err := base64.StdEncoding.DecodeString(w)
	if err != nil {
		return false, fmt.Errorf("not base64: %w", err)
	}
	sum := sha1.Sum(content) //nolint:gosec // Odoo's checksum of attachments
	return len(content) > 0 && checksumMark+hex.EncodeToString(sum[:]) == h, nil
}

// commands say which records a relation to many must have, and which it must not.
type commands struct {
	linked, removed map[int64]bool
	whole           bool // no others
}

func commandsOf(raw json.RawMessage) (commands, error) {
	c := commands{linked: map[int64]bool{}, removed: map[int64]bool{}}
	var list [][]json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return c, fmt.Errorf("want a list of commands: %w", err)
	}
	for _, command := range list {
		if len(command) == 0 {
			return c, errors.New("an empty command")
		}
		switch code := integer(command[0]); {
		case code == codec.CommandSet && len(command) == 3, code == codec.CommandClear:
			c.linked, c.removed, c.whole = map[int64]bool{}, map[int64]bool{}, true
			if code == codec.CommandSet {
				var ids []int64
				if err := json.Unmarshal(command[2], &ids); err != nil {
					return c, err
				}
				for _, id := range ids {
					c.linked[id] = true
				}
			}
		case code == codec.CommandLink && len(command) > 1:
			id := integer(command[1])
			c.linked[id] = true
			delete(c.removed, id)
		case code == codec.CommandUnlink && len(command) > 1:
			id := integer(command[1])
			c.removed[id] = true
			delete(c.linked, id)
		default:
			return c, errors.New("orm.New, orm.Update and orm.Delete cannot be compared: give the records of a one2many by Lines")
		}
	}
	return c, nil
}

// fulfilled reports whether a list of IDs is what the commands would make of it.
func (c commands) fulfilled(have json.RawMessage) bool {
	var ids []int64
	if json.Unmarshal(have, &ids) != nil {
		return false
	}
	found := 0
	for _, id := range ids {
		switch {
		case c.linked[id]:
			found++
		case c.whole, c.removed[id]:
			return false
		}
	}
	return found == len(c.linked)
}
