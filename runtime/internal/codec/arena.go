package codec

import (
	"reflect"
	"strings"
	"unsafe"
)

// arena makes the values of an answer that outlive it. Its strings and lists of ids share chunks of memory, so that a
// record costs hardly an allocation; a value that is kept keeps the chunk it is in.
type arena struct {
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
func (k *arena) text(b []byte) string {
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
func (k *arena) intern(b []byte) string {
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
func (k *arena) room() []int64 {
	if len(k.ids) == cap(k.ids) {
		k.ids = make([]int64, 0, min(max(2*cap(k.ids), 4), maxChunk/8))
	}
	return k.ids[len(k.ids):]
}

// took gives a list that began in room. It has moved out if there was too little of it.
func (k *arena) commit(list []int64) []int64 {
	k.ids = k.ids[:min(len(k.ids)+len(list), cap(k.ids))]
	return list[:len(list):len(list)]
}

// lists makes the lists of records within records, which share chunks of memory as the strings do. One list at a time is
// being read, but for types that hold themselves: an inner list then has a chunk of its own.
type lists struct {
	chunk    reflect.Value  // a slice of capacity records
	first    unsafe.Pointer // to its first record
	capacity int
	used     int  // by the lists that have been read
	busy     bool // a list is being read
}

func (l *lists) begin() *lists {
	if l.busy {
		return &lists{busy: true}
	}
	l.busy = true
	return l
}

// grow moves the n records of the list that is being read to a chunk with room for so many of them.
func (l *lists) grow(typ reflect.Type, n, room int) {
	most := max(maxChunk/int(max(typ.Size(), 1)), 4)
	capacity := max(min(2*l.capacity, most), room, 4)
	chunk := reflect.MakeSlice(reflect.SliceOf(typ), capacity, capacity)
	if n > 0 {
		reflect.Copy(chunk, l.chunk.Slice(l.used, l.used+n))
	}
	l.chunk, l.first, l.capacity, l.used = chunk, chunk.UnsafePointer(), capacity, 0
}

// recordList is a slice of records of any type, which are not to be read as this one.
type recordList []struct{}

// end gives the list of n records of a size that has been read. What is appended to it goes elsewhere.
func (l *lists) end(n int, size uintptr) recordList {
	l.busy = false
	if n == 0 {
		return nil
	}
	list := unsafe.Slice((*struct{})(unsafe.Add(l.first, uintptr(l.used)*size)), n)
	l.used += n
	return list
}
