package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The page of exit codes has each verb, and each code that the scripts see. What it says beyond 0 and 2, a script has seen.
func TestExitCodesPage(t *testing.T) {
	documented := documentedExitCodes(t)
	for _, cmd := range newRoot().Commands() {
		if documented[cmd.Name()] == nil {
			t.Errorf("docs/exitcodes.md lacks %s", cmd.Name())
		}
	}
	seen := seenExitCodes(t)
	for verb, codes := range documented {
		for code := range codes {
			if code != "0" && code != "2" && !seen[verb][code] {
				t.Errorf("docs/exitcodes.md has the code %s of %s, which no script has seen", code, verb)
			}
		}
		for code := range seen[verb] {
			if !codes[code] {
				t.Errorf("docs/exitcodes.md lacks the code %s of %s", code, verb)
			}
		}
	}
}

var otherCode = regexp.MustCompile(`(\d): `)

// documentedExitCodes are the codes of each verb: columns 0, 1 and 2 that have a meaning, and those named in the last one.
func documentedExitCodes(t *testing.T) map[string]map[string]bool {
	t.Helper()
	data, err := os.ReadFile("../../docs/exitcodes.md")
	if err != nil {
		t.Fatal(err)
	}
	verbs := map[string]map[string]bool{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 7 || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		codes := map[string]bool{}
		for i, code := range []string{"0", "1", "2"} {
			codes[code] = strings.TrimSpace(cells[2+i]) != ""
			if !codes[code] {
				delete(codes, code)
			}
		}
		for _, m := range otherCode.FindAllStringSubmatch(cells[5], -1) {
			codes[m[1]] = true
		}
		verbs[strings.Trim(cells[1], " `")] = codes
	}
	return verbs
}

var exitLine = regexp.MustCompile(`(?m)^exitcode (\d) odoogen (\w+)`)

// seenExitCodes are those that the scripts demand.
func seenExitCodes(t *testing.T) map[string]map[string]bool {
	t.Helper()
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	seen := map[string]map[string]bool{}
	for _, script := range scripts {
		data, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range exitLine.FindAllStringSubmatch(string(data), -1) {
			if seen[m[2]] == nil {
				seen[m[2]] = map[string]bool{}
			}
			seen[m[2]][m[1]] = true
		}
	}
	return seen
}
