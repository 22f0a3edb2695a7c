package differential

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// recording is what a real server answered.
type recording struct {
	Schema  *snapshot.Schema
	Present []present
	Answers []answered
}

// present are the records of a model that a fresh database has and the operations may meet, and the last id that its
// sequence gave.
type present struct {
	Model   string           `json:"model"`
	LastID  int64            `json:"last_id"`
	Records []map[string]any `json:"records"`
}

type answered struct{ Op, Answer string }

func schemaFile(version int) string {
	return filepath.Join("testdata", fmt.Sprintf("%d.schema.json", version))
}
func answerFile(version int) string { return filepath.Join("testdata", fmt.Sprintf("%d.txt", version)) }

// readRecording reads the snapshot, and the file of answers: a line of JSON for each model with records, an empty line,
// and two lines for each operation.
func readRecording(t *testing.T, version int) *recording {
	t.Helper()
	r := &recording{}
	var err error
	if r.Schema, err = snapshot.ReadFile(schemaFile(version)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(answerFile(version))
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(string(data), "\n\n")
	for line := range strings.Lines(head) {
		var p present
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		r.Present = append(r.Present, p)
	}
	lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
	for i := 0; i+1 < len(lines); i += 2 {
		r.Answers = append(r.Answers, answered{lines[i], strings.TrimPrefix(lines[i+1], "\t")})
	}
	return r
}
