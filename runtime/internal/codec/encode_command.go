package codec

import (
	"errors"
	"fmt"
	"strconv"
	"unsafe"
)

// encodeCommand writes a command that stands alone as a list of one.
func encodeCommand(b []byte, p unsafe.Pointer) ([]byte, error) {
	b, err := appendCommand(append(b, '['), (*Command)(p))
	return append(b, ']'), err
}

func encodeCommands(b []byte, p unsafe.Pointer) ([]byte, error) {
	b = append(b, '[')
	for i, commands := 0, *(*[]Command)(p); i < len(commands); i++ {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendCommand(b, &commands[i]); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

// appendCommand writes a command as Odoo's triples: one for each id, or one alone for those that take none or all.
func appendCommand(b []byte, c *Command) ([]byte, error) {
	switch c.Code {
	case CommandCreate:
		b, err := Append(append(b, "[0,0,"...), c.Values)
		return append(b, ']'), err
	case CommandClear:
		return append(b, "[5,0,0]"...), nil
	case CommandSet:
		return appendSet(b, c)
	case CommandUpdate, CommandDelete, CommandUnlink, CommandLink:
		return appendTriples(b, c)
	}
	return b, fmt.Errorf("%d is not a command of Odoo", c.Code)
}

func appendSet(b []byte, c *Command) ([]byte, error) {
	b = append(b, "[6,0,["...)
	for i, id := range c.IDs {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendTarget(b, id); err != nil {
			return b, err
		}
	}
	return append(b, "]]"...), nil
}

func appendTriples(b []byte, c *Command) ([]byte, error) {
	if len(c.IDs) == 0 {
		return b, errors.New("a command that links, changes, removes or deletes needs an id")
	}
	for i, id := range c.IDs {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		b = append(strconv.AppendInt(append(b, '['), int64(c.Code), 10), ',')
		if b, err = appendTarget(b, id); err != nil {
			return b, err
		}
		b = append(b, ',')
		if c.Code != CommandUpdate {
			b = append(b, "0]"...)
			continue
		}
		if b, err = Append(b, c.Values); err != nil {
			return b, err
		}
		b = append(b, ']')
	}
	return b, nil
}

// appendTarget writes the id of a record that a command is about.
func appendTarget(b []byte, id int64) ([]byte, error) {
	if id == 0 {
		return b, errors.New("a command on a record without an id")
	}
	return strconv.AppendInt(b, id, 10), nil
}
