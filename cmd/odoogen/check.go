package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/finding"
	"github.com/odoogen/odoogen/cmd/odoogen/internal/report"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

const checkHelp = `check is for CI. It reports whether the checked-in package is what the snapshot generates, and
lists each file that is missing, differs, or is no longer generated. It works offline and writes nothing.

With --live it also compares the snapshot with what pull would write now, and lists the
differences as odoogen diff does: give the same --models and --methods as for pull, or keep
the models in odoogen.yaml. For a package for several servers (schemas), it compares the snapshot of
the server's version.

The exit code is

  0   all is up to date
  1   the check failed to run
  2   the command line is invalid
  3   the code differs from the snapshot: run odoogen generate
  4   the server differs from the snapshot: run odoogen pull, review odoogen diff, run odoogen generate
  5   both`

const checkExample = `  odoogen check
  odoogen check --live --only breaking
  odoogen check --format github                   # annotations in a pull request
  odoogen check --format sarif > odoogen.sarif    # for code scanning`

// The exit codes of check.
const (
	exitCodeDiffers   = 3
	exitServerDiffers = 4
	exitBothDiffer    = 5
)

var checkFormats = []string{"text", "github", "sarif"}

// The rules of check.
const (
	ruleCode  = "stale-code"
	ruleDrift = "server-drift"
)

var checkRules = finding.Rules{
	ruleCode:  "The generated code is not what the snapshot generates.",
	ruleDrift: "The server is not what the snapshot says.",
}

func newCheck() *cobra.Command {
	c := checker{}
	cmd := &cobra.Command{
		Use:     "check",
		Short:   "Check that code, snapshot and server are the same, for CI",
		Long:    checkHelp,
		Example: checkExample,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	c.generation.flags(cmd)
	c.puller.flags(cmd)
	cmd.Flags().BoolVar(&c.live, "live", false, "compare the snapshot with the server as well")
	cmd.Flags().StringSliceVar(&c.only, "only", nil, "report only these classes of changes of the server: breaking, readers, writers, behavioural, safe")
	cmd.Flags().StringVar(&c.format, "format", "text", "text, github (annotations) or sarif (2.1.0)")
	return cmd
}

// checker is the command check.
type checker struct {
	generation
	puller
	live   bool
	only   []string
	format string
}

func (c *checker) run(cmd *cobra.Command) error {
	if !slices.Contains(checkFormats, c.format) {
		return usageError{fmt.Errorf("--format %s: want text, github or sarif", c.format)}
	}
	if err := checkClasses(c.only); err != nil {
		return err
	}
	if !c.live {
		if err := refuseFlags(cmd.Flags(), "without --live", append(liveFlags, "only")...); err != nil {
			return err
		}
	}
	config, err := c.settings(c.models)
	if err != nil {
		return err
	}
	schema, err := readSchema(config)
	if err != nil {
		return err
	}
	stale, err := c.code(schema, config)
	if err != nil {
		return err
	}
	var drift *report.Report
	if c.live {
		if drift, err = c.drift(cmd.Context(), config); err != nil {
			return err
		}
	}
	if err := c.write(cmd.Context(), cmd.OutOrStdout(), config, stale, drift); err != nil {
		return err
	}
	return checkVerdict(len(stale) > 0, drift != nil && len(drift.Changes) > 0)
}

func checkVerdict(code, server bool) error {
	switch {
	case code && server:
		return exitError{exitBothDiffer}
	case code:
		return exitError{exitCodeDiffers}
	case server:
		return exitError{exitServerDiffers}
	}
	return nil
}

// code finds the files that differ from what the snapshot generates.
func (c *checker) code(schema *snapshot.Schema, config generator.Config) ([]finding.Finding, error) {
	result, err := generator.Generate(schema, config)
	if err != nil {
		return nil, err
	}
	stale, err := generator.FindStale(config.Out, config.Package, result.Files)
	if err != nil {
		return nil, err
	}
	var found []finding.Finding
	for _, s := range stale {
		message := fmt.Sprintf("%s from what %s generates", s.Why, sourceNames(config))
		switch s.Why {
		case generator.Missing:
			message = fmt.Sprintf("the file is missing, and %s generates it", sourceNames(config))
		case generator.LeftOver:
			message = fmt.Sprintf("%s does not generate this file any more", sourceNames(config))
		}
		found = append(found, finding.Finding{Rule: ruleCode, Level: finding.Error, File: filepath.Join(config.Out, s.File), Line: s.Line, Message: message})
	}
	return found, nil
}

// drift compares the snapshot with the server. Of several snapshots, it uses the one of the server's version.
func (c *checker) drift(ctx context.Context, config generator.Config) (*report.Report, error) {
	now, client, err := c.take(ctx, config, nil)
	if err != nil {
		return nil, err
	}
	file, schema, err := snapshotOf(config, client.Version().Series)
	if err != nil {
		return nil, err
	}
	r := report.New(diff.Compare(schema, now))
	r.Old.Name, r.New.Name = file, client.Database()
	r.KeepClasses(c.only)
	return r, nil
}

func (c *checker) write(ctx context.Context, out io.Writer, config generator.Config, stale []finding.Finding, drift *report.Report) error {
	out = printable.Raw(out) // each format has its own escaping
	if c.format == "text" {
		return writeCheck(out, config, stale, drift)
	}
	found := stale
	if drift != nil {
		found = append(found, driftFindings(drift.Old.Name, drift)...)
	}
	prefix := repositoryPrefix(ctx)
	for i, f := range found {
		if f.File != "" && !filepath.IsAbs(f.File) {
			found[i].File = filepath.Join(prefix, f.File)
		}
	}
	if c.format == "github" {
		return finding.GitHub(out, found)
	}
	return finding.SARIF(out, version(), checkRules, found)
}

func writeCheck(out io.Writer, config generator.Config, stale []finding.Finding, drift *report.Report) error {
	if err := finding.Text(out, stale); err != nil {
		return err
	}
	if len(stale) > 0 {
		fmt.Fprintln(out, "The code differs from the snapshot: run odoogen generate.")
	} else {
		fmt.Fprintf(out, "%s is what %s generates.\n", config.Out, sourceNames(config))
	}
	switch {
	case drift == nil:
		return nil
	case len(drift.Changes) == 0:
		fmt.Fprintf(out, "%s is what the server says.\n", drift.Old.Name)
		return nil
	}
	fmt.Fprintln(out)
	if err := drift.WriteText(out, report.TextOptions{Color: colored(), Safe: true}); err != nil {
		return err
	}
	fmt.Fprintln(out, "The server differs from the snapshot: run odoogen pull, and odoogen generate.")
	return nil
}

// driftFindings reports each change at its line of the snapshot.
func driftFindings(file string, r *report.Report) []finding.Finding {
	lines := snapshotLines(file)
	var out []finding.Finding
	for _, c := range r.Changes {
		level := finding.Warning
		switch {
		case c.Class.Breaking():
			level = finding.Error
		case c.Class.Safe():
			level = finding.Note
		}
		line := 1
		for _, place := range []string{c.Model.Old, c.Model.Old + "/" + c.Field.Old} {
			if l, ok := lines[place]; ok {
				line = l
			}
		}
		out = append(out, finding.Finding{Rule: ruleDrift, Level: level, File: file, Line: line, Message: c.String()})
	}
	return out
}

// snapshotLines returns the line numbers of the models ("sale.order") and fields ("sale.order/state") of a snapshot, which
// has one line for each.
func snapshotLines(file string) map[string]int {
	data, _ := os.ReadFile(file) // it was read before; if that fails now, all findings are at line 1
	lines := map[string]int{}
	model := ""
	n := 0
	for line := range bytes.Lines(data) {
		n++
		depth := len(line) - len(bytes.TrimLeft(line, " "))
		name, ok := nameOf(string(line[depth:]))
		switch {
		case !ok:
		case depth == 2:
			model = name
			lines[model] = n
		case depth == 3:
			lines[model+"/"+name] = n
		}
	}
	return lines
}

// nameOf reads the name that a line of a snapshot starts with.
func nameOf(line string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(line, `{"name":`)
	if !ok || json.NewDecoder(strings.NewReader(rest)).Decode(&name) != nil {
		return "", false
	}
	return name, true
}
