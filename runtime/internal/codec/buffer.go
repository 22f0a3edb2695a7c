package codec

import (
	"bytes"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// The largest buffer to be used again: larger ones are rare, and would stay.
const maxBuffer = 4 << 20

// Buffered returns what write appends. A buffer that is used again spares the copies of one that grows; the result is no
// part of it, since a transport may read a body for longer than its call lasts.
func Buffered(write func(b []byte) ([]byte, error)) ([]byte, error) {
	buffer := buffers.Get().(*[]byte)
	b, err := write((*buffer)[:0])
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(b)
	if cap(b) <= maxBuffer {
		*buffer = b
		buffers.Put(buffer)
	}
	return out, nil
}
