package files

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	orm "github.com/odoogen/odoogen/runtime"
)

// A piece of a file on its way, in bytes and in base64.
const (
	pieceBytes  = 24 << 10
	pieceBase64 = pieceBytes / 3 * 4
)

// base64Source turns a file of a known size into base64.
type base64Source struct {
	from    io.Reader
	left    int64
	started bool
	ready   []byte // what has been encoded and not yet been taken
	raw     [pieceBytes]byte
	coded   [pieceBase64]byte
	err     error // of the file
}

func (s *base64Source) Read(p []byte) (int, error) {
	if len(s.ready) == 0 {
		if err := s.fill(); errors.Is(err, io.EOF) {
			return 0, io.EOF
		} else if err != nil {
			return 0, fmt.Errorf("orm: reading the file: %w", err)
		}
	}
	n := copy(p, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// fill encodes the next piece. The last one is not given away before the file has proved to end there.
func (s *base64Source) fill() error {
	if s.err != nil {
		return s.err
	}
	if s.started && s.left == 0 {
		return io.EOF
	}
	s.started = true
	piece := s.raw[:min(s.left, pieceBytes)]
	n, err := io.ReadFull(s.from, piece)
	s.left -= int64(n)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		s.err = errors.New("it is shorter than its size")
	case err != nil:
		s.err = err
	case s.left == 0:
		s.ready = base64.StdEncoding.AppendEncode(s.coded[:0], piece)
		s.err = s.atEnd()
	default:
		s.ready = base64.StdEncoding.AppendEncode(s.coded[:0], piece)
	}
	switch {
	case s.err != nil:
		s.ready = nil
		return s.err
	case len(s.ready) == 0: // an empty file
		return io.EOF
	}
	return nil
}

func (s *base64Source) atEnd() error {
	n, err := io.ReadFull(s.from, s.raw[:1])
	switch {
	case n > 0:
		return errors.New("it is longer than its size")
	case err != io.EOF:
		return err
	}
	return nil
}

// base64Sink decodes base64 and writes the content.
type base64Sink struct {
	to    io.Writer
	coded [pieceBase64]byte
	n     int
	raw   [pieceBytes]byte
}

func (s *base64Sink) put(text ...byte) error {
	for len(text) > 0 {
		n := copy(s.coded[s.n:], text)
		s.n += n
		text = text[n:]
		if s.n == len(s.coded) {
			if err := s.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *base64Sink) flush() error {
	n, err := base64.StdEncoding.Decode(s.raw[:], s.coded[:s.n])
	if s.n = 0; err != nil {
		return errNotBase64()
	}
	if n == 0 {
		return nil
	}
	_, err = s.to.Write(s.raw[:n])
	return err
}

func errNotBase64() error { return &orm.DecodeError{Reason: "the value is a text, but not base64"} }
