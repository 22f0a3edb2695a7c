package snapshot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	"github.com/odoogen/odoogen/internal/output"
)

// DefaultFile is the file of the snapshot by default.
const DefaultFile = "odoogen.schema.json"

// DataFile is the file of the records that belong to a snapshot, beside it: odoogen.data.json to odoogen.schema.json.
func DataFile(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(file, ".json"), ".schema") + ".data.json"
}

// MarshalJSON writes a choice as ["value","label"].
func (c Choice) MarshalJSON() ([]byte, error) { return compact([2]string{c.Value, c.Label}) }

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Choice) UnmarshalJSON(data []byte) error {
	var pair []string
	if err := json.Unmarshal(data, &pair); err != nil || len(pair) != 2 {
		return fmt.Errorf("%.40s is not a choice: want [\"value\",\"label\"]", data)
	}
	c.Value, c.Label = pair[0], pair[1]
	return nil
}

// compact is JSON on one line, without the escapes that only HTML needs.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// Encode writes the snapshot for review in a diff: a line for each module, field, choice and method.
func (s *Schema) Encode() ([]byte, error) {
	w := &lineWriter{}
	w.line(0, "{")
	w.line(1, `"format": %d,`, s.Format)
	w.line(1, `"server": %s,`, w.json(s.Server))
	if len(s.Reports) > 0 {
		w.line(1, `"reports": %s,`, w.json(s.Reports))
	}
	if len(s.Modules) > 0 {
		list(w, 1, `"modules": [`, s.Modules, "],", func(m Module) { w.line(2, "%s", w.json(m)) })
	}
	if len(s.TextIDs) > 0 {
		w.line(1, `"text_ids": %s,`, w.json(s.TextIDs))
	}
	w.unseen(s.Unseen)
	list(w, 1, `"models": [`, s.Models, "]", w.model)
	w.line(0, "}")
	return w.out.Bytes(), w.err
}

// lineWriter writes indented lines. The comma between the elements of a list is added when the next one comes.
type lineWriter struct {
	out bytes.Buffer
	err error
}

func (w *lineWriter) line(depth int, format string, args ...any) {
	w.out.WriteString(strings.Repeat(" ", depth))
	fmt.Fprintf(&w.out, format, args...)
	w.out.WriteByte('\n')
}

func (w *lineWriter) json(v any) []byte {
	b, err := compact(v)
	if err != nil && w.err == nil {
		w.err = err
	}
	return b
}

// list writes the elements between an opening and a closing line.
func list[T any](w *lineWriter, depth int, open string, elements []T, closing string, element func(T)) {
	w.line(depth, "%s", open)
	for i, e := range elements {
		element(e)
		if i < len(elements)-1 {
			w.out.Truncate(w.out.Len() - 1)
			w.out.WriteString(",\n")
		}
	}
	w.line(depth, "%s", closing)
}

func (w *lineWriter) unseen(u Unseen) {
	if u.isZero() {
		return
	}
	models := u.Models
	u.Models = []UnseenModel{}
	open := `"unseen": ` + strings.TrimSuffix(string(w.json(u)), "]}")
	if len(models) == 0 {
		w.line(1, "%s]},", open)
		return
	}
	list(w, 1, open, models, "]},", func(m UnseenModel) { w.line(2, "%s", w.json(m)) })
}

func (u Unseen) isZero() bool {
	return !u.Modules && !u.Catalog && !u.Fields && !u.Reports && u.Methods == "" && len(u.Models) == 0
}

func (w *lineWriter) model(m Model) {
	reports, fields, methods := m.Reports, m.Fields, m.Methods
	m.Reports, m.Fields, m.Methods = nil, nil, nil
	head := strings.TrimSuffix(string(w.json(m)), "null}")
	if len(reports) > 0 {
		list(w, 2, strings.TrimSuffix(head, `"fields":`)+`"reports":[`, reports, "],", func(r ReportAction) { w.line(3, "%s", w.json(r)) })
		head = `"fields":`
	}
	if len(methods) == 0 {
		list(w, 2, head+"[", fields, "]}", w.field)
		return
	}
	list(w, 2, head+"[", fields, "],", w.field)
	list(w, 2, `"methods":[`, methods, "]}", func(m Method) { w.line(3, "%s", w.json(m)) })
}

func (w *lineWriter) field(f Field) {
	choices := f.Selection
	f.Selection = nil
	head := w.json(f)
	if len(choices) == 0 {
		w.line(3, "%s", head)
		return
	}
	open := string(bytes.TrimSuffix(head, []byte("}"))) + `,"selection":[`
	list(w, 3, open, choices, "]}", func(c Choice) { w.line(4, "%s", w.json(c)) })
}

// WriteFile replaces the file by the snapshot, or leaves it unchanged if that fails. A snapshot that ReadFile would refuse
// is not written.
func (s *Schema) WriteFile(file string) error {
	data, err := s.Encode()
	if err != nil {
		return err
	}
	if _, err := Decode(data); err != nil {
		return fmt.Errorf("%s was not written: %w", file, err)
	}
	return output.WriteFile(file, data)
}

// noSnapshot is a file that is not there, as an error that names the command that writes one.
type noSnapshot string

func (file noSnapshot) Error() string {
	return fmt.Sprintf("there is no snapshot %s: make one with odoogen pull", string(file))
}

func (noSnapshot) Unwrap() error { return fs.ErrNotExist }

// ReadFile reads a snapshot. One of a newer format is refused.
func ReadFile(file string) (*Schema, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, noSnapshot(file)
	}
	if err != nil {
		return nil, err
	}
	s, err := Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return s, nil
}

// Decode reads a snapshot. One of a newer format is refused.
func Decode(data []byte) (*Schema, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("not a snapshot of odoogen: %w", err)
	}
	switch {
	case head.Format > Format:
		return nil, fmt.Errorf("the snapshot has format %d, and this odoogen reads up to %d: use the newer odoogen that wrote it", head.Format, Format)
	case head.Format < 1:
		return nil, errors.New("not a snapshot of odoogen: it has no format number")
	}
	s := new(Schema)
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("a broken snapshot: %w", err)
	}
	return s, s.Check()
}

// Check refuses what no pull would write: a version that is none, models, fields, methods or parameters without a name or
// with the same, and signatures that Python does not allow.
func (s *Schema) Check() error {
	if _, err := odoofacts.Parse(s.Server.Series); err != nil && s.Server.Series != "" {
		return fmt.Errorf("a broken snapshot: server: series: %w", err)
	}
	if name, ok := distinct(s.Models, func(m Model) string { return m.Name }); !ok {
		return fmt.Errorf("a broken snapshot: the model %q is listed twice or has no name", name)
	}
	for _, m := range s.Models {
		if err := m.check(); err != nil {
			return fmt.Errorf("a broken snapshot: %w", err)
		}
	}
	return nil
}

func (m Model) check() error {
	if name, ok := distinct(m.Fields, func(f Field) string { return f.Name }); !ok {
		return fmt.Errorf("the field %q of %s is listed twice or has no name", name, m.Name)
	}
	if name, ok := distinct(m.Methods, func(m Method) string { return m.Name }); !ok {
		return fmt.Errorf("the method %q of %s is listed twice or has no name", name, m.Name)
	}
	for _, method := range m.Methods {
		if err := method.Check(); err != nil {
			return fmt.Errorf("%s.%s: %w", m.Name, method.Name, err)
		}
	}
	return nil
}

// Check refuses parameters without a name or with the same, and two * or two **. Their order is not checked: Odoo's
// documentation adds parameters at places of its own.
func (m Method) Check() error {
	if name, ok := distinct(m.Params, func(p Param) string { return p.Name }); !ok {
		return fmt.Errorf("the parameter %q is listed twice or has no name", name)
	}
	seen := map[ParamKind]bool{}
	for _, p := range m.Params {
		if !slices.Contains(paramKinds, p.Kind) {
			return fmt.Errorf("the parameter %q has the unknown kind %q", p.Name, p.Kind)
		}
		if seen[p.Kind] && (p.Kind == VarPositional || p.Kind == VarKeyword) {
			return fmt.Errorf("the parameter %q is the second of the kind %s", p.Name, p.Kind)
		}
		seen[p.Kind] = true
	}
	return nil
}

// distinct reports the first element whose name another one has.
func distinct[T any](elements []T, nameOf func(T) string) (name string, ok bool) {
	known := map[string]bool{"": true}
	for _, e := range elements {
		name := nameOf(e)
		if known[name] {
			return name, false
		}
		known[name] = true
	}
	return "", true
}
