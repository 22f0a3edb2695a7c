package orm

import "strings"

// keeper makes the values of an answer that outlive it. Its strings and lists of ids share chunks of memory, so that a
// record costs hardly an allocation; a value that is kept keeps the chunk it is in.
type keeper struct {
	chunk  strings.Builder
	size   int // of the chunk
	ids    []int64
	list   bool // of records: texts come again
	common *[commonSize]string
}

const (
	maxChunk   = 8 << 10
	maxShared  = maxChunk / 8 // longer strings stand alone
	commonSize = 256
)

// text makes a string.
func (k *keeper) text(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > maxShared {
		return string(b)
	}
	if k.chunk.Cap()-k.chunk.Len() < len(b) {
		k.size = min(max(2*k.size, len(b)), maxChunk)
		k.chunk.Reset()
		k.chunk.Grow(k.size)
	}
	from := k.chunk.Len()
	k.chunk.Write(b)
	return k.chunk.String()[from:]
}

// often makes a string that is likely to come again: a choice, or the name of a target. The same text then is the same
// string, as far as a small table remembers.
func (k *keeper) often(b []byte) string {
	n := len(b)
	if !k.list || n == 0 || n > maxShared {
		return k.text(b)
	}
	if k.common == nil {
		k.common = new([commonSize]string)
	}
	at := &k.common[(uint(b[0])+uint(b[n/2])*7+uint(b[n-1])*31+uint(n)*61)%commonSize]
	if *at != string(b) {
		*at = k.text(b)
	}
	return *at
}

// room is an empty list of ids, to be appended to.
func (k *keeper) room() []int64 {
	if len(k.ids) == cap(k.ids) {
		k.ids = make([]int64, 0, min(max(2*cap(k.ids), 4), maxChunk/8))
	}
	return k.ids[len(k.ids):]
}

// took gives a list that began in room. It has moved out if there was too little of it.
func (k *keeper) took(list []int64) []int64 {
	k.ids = k.ids[:min(len(k.ids)+len(list), cap(k.ids))]
	return list[:len(list):len(list)]
}
