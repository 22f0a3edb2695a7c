package docs_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of a page.
type block struct {
	language string
	text     string
	line     int               // where its text begins
	notes    map[string]string // the comments before it, <!-- file: main.go -->
}

var note = regexp.MustCompile(`^<!-- (\w+)(?:: (.*))? -->$`)

// readBlocks gives the fenced blocks of a page, in the order of the page.
func readBlocks(t *testing.T, file string) []block {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	var text strings.Builder
	notes := map[string]string{}
	open, indent := false, ""
	for i, line := range strings.Split(string(data), "\n") {
		content := strings.TrimLeft(line, " ")
		fence := strings.HasPrefix(content, "```")
		switch {
		case open && fence:
			blocks[len(blocks)-1].text = text.String()
			open = false
		case open:
			text.WriteString(strings.TrimPrefix(line, indent) + "\n")
		case fence:
			blocks = append(blocks, block{language: strings.TrimPrefix(content, "```"), line: i + 2, notes: notes})
			open, indent, notes = true, line[:len(line)-len(content)], map[string]string{}
			text.Reset()
		default:
			if m := note.FindStringSubmatch(content); m != nil {
				notes[m[1]] = m[2]
			} else if content != "" {
				notes = map[string]string{}
			}
		}
	}
	if open {
		t.Fatalf("%s:%d: the block has no end", file, blocks[len(blocks)-1].line)
	}
	return blocks
}
