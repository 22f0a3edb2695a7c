package analyzer_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/odoogen/odoogen/analyzer"
)

// all runs every check: the packages that they need are loaded once.
var all = &analysis.Analyzer{
	Name:     "all",
	Doc:      "run every check",
	Requires: analyzer.All[0].Requires,
	Run: func(pass *analysis.Pass) (any, error) {
		for _, check := range analyzer.All {
			if _, err := check.Run(pass); err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

// The packages in testdata/src use the bindings of the golden case sales. A comment // want says what is found in its line,
// and where there is none nothing must be found.
func TestChecks(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, root, all, "./analyzer/testdata/src/...")
}

func TestChecksAreValid(t *testing.T) {
	if err := analysis.Validate(analyzer.All); err != nil {
		t.Error(err)
	}
}
