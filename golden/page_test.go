package golden_test

import (
	"os/exec"
	"strings"
	"testing"
)

// mostOfPage is how long the page of package orm is at most: a reader has to get through it.
const mostOfPage = 150

// The page of package orm is what go doc -short prints: a line for each exported declaration.
func TestThePageOfTheRuntimeIsShort(t *testing.T) {
	out, err := exec.Command("go", "doc", "-short", module+"/runtime").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Count(string(out), "\n")
	if lines < 50 {
		t.Fatalf("go doc printed %d lines:\n%s", lines, out)
	}
	if lines > mostOfPage {
		t.Errorf("go doc -short ./runtime prints %d lines, %d are allowed: a new concern gets a package of its own beside runtime/xmlid, or takes the place "+
			"of one that moves there; what only packages beside orm need goes through runtime/internal/door\n%s", lines, mostOfPage, out)
	}
}
