package feed

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// File keeps the state in a file, which it makes if it does not exist; the folder must. A loop locks the file NAME.lock beside
// it, so that a second process fails. To start over, remove the file.
//
// Each step is appended to the file with a checksum and synced to the disk. A step that a crash has cut off is dropped when the
// file is opened. The file is rewritten, and replaced as a whole, when much of it is out of date.
func File(name string) Store { return &file{name: name} }

type file struct {
	name  string
	lock  *lockedfile.File
	f     *os.File
	of    Identity
	end   int64 // of the last whole step
	steps int   // entries in the file
	state known
}

const (
	fileVersion = 1
	// lockWait is how long a process that is ending may still hold the lock.
	lockWait = 5 * time.Second
	// slack is the number of entries out of date, beside as many as there are records, that a file may have.
	slack = 10_000
	// maxFrame bounds the length of a step, so that a damaged file does not take all memory.
	maxFrame = 1 << 30
)

// header is the first line of the file.
type header struct {
	Version  int      `json:"odoogen_feed"`
	Identity Identity `json:"feed"`
}

func (s *file) Open(ctx context.Context, feed Identity) (State, error) {
	if s.lock != nil {
		return State{}, fmt.Errorf("%s is in use by another loop", s.name)
	}
	lock, err := lockWithin(ctx, s.name+".lock")
	if err != nil {
		return State{}, err
	}
	s.lock, s.of, s.state, s.steps = lock, feed, known{}, 0
	cursor, err := s.load()
	if err != nil {
		return State{}, errors.Join(err, s.Close())
	}
	return State{cursor, s.state.all()}, nil
}

// lockWithin locks a file, or fails if another process has it for longer than lockWait.
func lockWithin(ctx context.Context, name string) (*lockedfile.File, error) {
	type result struct {
		f   *lockedfile.File
		err error
	}
	got := make(chan result)
	given := make(chan struct{})
	go func() {
		f, err := lockedfile.Create(name)
		select {
		case got <- result{f, err}:
		case <-given:
			if err == nil {
				_ = f.Close() // nobody waits for it any more
			}
		}
	}()
	timer := time.NewTimer(lockWait)
	defer timer.Stop()
	select {
	case r := <-got:
		return r.f, r.err
	case <-ctx.Done():
		close(given)
		return nil, ctx.Err()
	case <-timer.C:
		close(given)
		return nil, fmt.Errorf("%s is locked: another process runs this feed", name)
	}
}

// load reads the file, or makes a new one.
func (s *file) load() (cursor Cursor, err error) {
	if s.f, err = os.OpenFile(s.name, os.O_RDWR, 0); errors.Is(err, fs.ErrNotExist) {
		return Cursor{}, s.rewrite(Cursor{})
	} else if err != nil {
		return Cursor{}, err
	}
	in := bufio.NewReader(s.f)
	line, err := in.ReadBytes('\n')
	var h header
	if err != nil || json.Unmarshal(line, &h) != nil || h.Version != fileVersion {
		return Cursor{}, fmt.Errorf("%s is not the state of a feed in the form of this version: to start over, remove the file", s.name)
	}
	if err := h.Identity.Check(s.of); err != nil {
		return Cursor{}, fmt.Errorf("%s is %w: to start over, remove the file", s.name, err)
	}
	s.end = int64(len(line))
	for {
		p, n, err := readFrame(in)
		if errors.Is(err, errCutOff) {
			break
		}
		if err != nil {
			return Cursor{}, fmt.Errorf("%s: %w", s.name, err)
		}
		s.end += n
		cursor = p.Cursor
		s.count(p)
	}
	return cursor, s.f.Truncate(s.end)
}

func (s *file) count(p Progress) {
	s.state.apply(p)
	s.steps += len(p.Seen) + len(p.Gone) + 1
}

func (s *file) Save(_ context.Context, p Progress) error {
	if s.f == nil {
		return fmt.Errorf("%s is not open", s.name)
	}
	if s.steps > 2*len(s.state.ids)+slack {
		s.state.apply(p)
		return s.rewrite(p.Cursor)
	}
	frame, err := appendFrame(nil, p)
	if err != nil {
		return err
	}
	_, err = s.f.WriteAt(frame, s.end)
	if err == nil {
		err = s.f.Sync()
	}
	if err != nil {
		return errors.Join(err, s.f.Truncate(s.end))
	}
	s.end += int64(len(frame))
	s.count(p)
	return nil
}

// rewrite replaces the file by one with the present state.
func (s *file) rewrite(cursor Cursor) error {
	data, err := json.Marshal(header{fileVersion, s.of})
	if err != nil {
		return err
	}
	data = append(data, '\n')
	if data, err = appendFrame(data, Progress{Cursor: cursor, Seen: s.state.all()}); err != nil {
		return err
	}
	f, err := replaceFile(s.name, data)
	if err != nil {
		return err
	}
	if s.f != nil {
		_ = s.f.Close()
	}
	s.f, s.end, s.steps = f, int64(len(data)), len(s.state.ids)
	return nil
}

// replaceFile puts a new file in place of the one with the name, and leaves it open.
func replaceFile(name string, data []byte) (*os.File, error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return nil, err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil { // closed: Windows renames no file that is open
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return nil, err
	}
	if folder, err := os.Open(filepath.Dir(name)); err == nil {
		_ = folder.Sync() // where the system can
		_ = folder.Close()
	}
	return os.OpenFile(name, os.O_RDWR, 0)
}

func (s *file) Close() error {
	var err error
	if s.f != nil {
		err = s.f.Close()
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	s.f, s.lock, s.state = nil, nil, known{}
	return err
}

// A frame is a step in the file: its length and its checksum, then the cursor as JSON with its length, the number of records
// and these, and the IDs of those that are gone.
const (
	frameHead  = 8
	frameLeast = 8
	seenSize   = 16
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errCutOff is the end of the file, or a step that is not there as a whole.
var errCutOff = errors.New("the file ends within a step")

func appendFrame(b []byte, p Progress) ([]byte, error) {
	cursor, err := json.Marshal(p.Cursor)
	if err != nil {
		return nil, err
	}
	from := len(b)
	b = slices.Grow(b, frameHead+8+len(cursor)+seenSize*len(p.Seen)+8*len(p.Gone))
	b = append(b, make([]byte, frameHead)...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(cursor))) //nolint:gosec // some dozen bytes
	b = append(b, cursor...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(p.Seen))) //nolint:gosec // bounded by maxFrame
	for _, s := range p.Seen {
		b = binary.LittleEndian.AppendUint64(b, uint64(s.ID)) //nolint:gosec // the same bits
		b = binary.LittleEndian.AppendUint64(b, s.Sum)
	}
	for _, id := range p.Gone {
		b = binary.LittleEndian.AppendUint64(b, uint64(id)) //nolint:gosec // the same bits
	}
	body := b[from+frameHead:]
	if len(body) > maxFrame {
		return nil, fmt.Errorf("a step of %d bytes: want %d at most", len(body), maxFrame)
	}
	binary.LittleEndian.PutUint32(b[from:], uint32(len(body))) //nolint:gosec // bounded by maxFrame
	binary.LittleEndian.PutUint32(b[from+4:], crc32.Checksum(body, castagnoli))
	return b, nil
}

func readFrame(in *bufio.Reader) (p Progress, n int64, err error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return p, 0, cutOff(err)
	}
	length, sum := binary.LittleEndian.Uint32(head[:]), binary.LittleEndian.Uint32(head[4:])
	if length < frameLeast || length > maxFrame {
		return p, 0, errCutOff
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		return p, 0, cutOff(err)
	}
	if crc32.Checksum(body, castagnoli) != sum {
		if _, err := in.Peek(1); err == nil {
			return p, 0, errors.New("is damaged: to start over, remove the file")
		}
		return p, 0, errCutOff
	}
	p, err = parseFrame(body)
	return p, frameHead + int64(length), err
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCutOff
	}
	return err
}

// parseFrame reads a body whose checksum is right.
func parseFrame(body []byte) (p Progress, err error) {
	number := func() (v uint64) {
		v, body = binary.LittleEndian.Uint64(body), body[8:]
		return v
	}
	length := binary.LittleEndian.Uint32(body)
	if err := json.Unmarshal(body[4:4+length], &p.Cursor); err != nil {
		return p, err
	}
	body = body[4+length:]
	p.Seen = make([]Seen, binary.LittleEndian.Uint32(body))
	body = body[4:]
	for i := range p.Seen {
		p.Seen[i] = Seen{ID: int64(number()), Sum: number()} //nolint:gosec // the same bits
	}
	for len(body) > 0 {
		p.Gone = append(p.Gone, int64(number())) //nolint:gosec // the same bits
	}
	return p, nil
}
