package orm

import (
	"fmt"

	"github.com/odoogen/odoogen/runtime/internal/codec"
)

// AppendJSON writes a domain in Odoo's Polish notation: a list in which each & and | stands before its two operands
// and each ! before its one.
func (n *exprNode) AppendJSON(b []byte) ([]byte, error) {
	b = append(b, '[')
	if n != nil {
		var err error
		if b, err = appendTerms(b, n); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendTerms(b []byte, n *exprNode) ([]byte, error) {
	switch n.kind {
	case kindNever:
		return append(b, `[0,"=",1]`...), nil
	case kindLeaf:
		return appendLeaf(b, n.field, n.operator, n.value)
	case kindAny:
		return appendLeaf(b, n.field, "any", n.kids[0])
	case kindNot:
		return appendTerms(append(b, `"!",`...), n.kids[0].node)
	}
	sign := `"&",`
	if n.kind == kindOr {
		sign = `"|",`
	}
	for i, kid := range n.kids {
		if i < len(n.kids)-1 {
			b = append(b, sign...)
		}
		var err error
		if b, err = appendTerms(b, kid.node); err != nil {
			return b, err
		}
		if i < len(n.kids)-1 {
			b = append(b, ',')
		}
	}
	return b, nil
}

func appendLeaf(b []byte, field, operator string, value any) ([]byte, error) {
	if codec.Varies(field) {
		return b, fmt.Errorf("condition on %s: the name of the field depends on the server: only the condition of a call has it", field)
	}
	b = append(b, '[')
	for _, text := range []string{field, operator} {
		var err error
		if b, err = codec.AppendString(b, text); err != nil {
			return b, err
		}
		b = append(b, ',')
	}
	b, err := codec.Append(b, value)
	if err != nil {
		return b, fmt.Errorf("condition on %s: %w", field, err)
	}
	return append(b, ']'), nil
}
