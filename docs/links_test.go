package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	link   = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)
	fenced = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

// Links within the repository lead to files, and the index has every page.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	indexed := linksOf(t, "README.md")
	for _, page := range slices.Concat([]string{"../README.md", "../CONTRIBUTING.md"}, pages) {
		for _, target := range linksOf(t, page) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), target)); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
	for _, page := range pages {
		if page != "README.md" && !slices.Contains(indexed, page) {
			t.Errorf("docs/README.md does not have %s", page)
		}
	}
}

// linksOf are the files that a page leads to.
func linksOf(t *testing.T, page string) (targets []string) {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range link.FindAllStringSubmatch(fenced.ReplaceAllString(string(data), ""), -1) {
		if !strings.Contains(m[1], "://") {
			targets = append(targets, m[1])
		}
	}
	return targets
}
