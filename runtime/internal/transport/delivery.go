package transport

import (
	"fmt"
	"io"
)

// Delivery is how the body of a request or of its answer travels that is not kept in memory as a whole.
type Delivery interface {
	// Prepare makes the request ready to be sent, and gives what reads the answer; path leads to the result in it.
	Prepare(r *Request, path []string) (Sink, error)
	// Spent reports that the request cannot be sent again: a file has been read or written, in part at least.
	Spent() bool
}

// FileWriter is the destination of a file, and how much of the file it has.
type FileWriter struct {
	To    io.Writer
	Size  int64 // bytes written
	Begun bool  // something was written, or tried to
}

// Write writes a piece of the file.
func (w *FileWriter) Write(piece []byte) (int, error) {
	w.Begun = true
	n, err := w.To.Write(piece)
	w.Size += int64(n)
	if err == nil && n < len(piece) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return n, fmt.Errorf("orm: writing the file: %w", err)
	}
	return n, nil
}
