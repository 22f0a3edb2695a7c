package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/report"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/output"
	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

const diffHelp = `diff shows what changed between two snapshots and what it breaks:

  breaks readers         code that reads it, searches or sorts by it fails
  breaks writers         code that creates, writes or calls it fails
  may behave otherwise   the same code runs, and may give other results
  safe                   nothing of this

Renames are recognised, with a confidence and the reasons. What the user of a snapshot is not
allowed to see is reported as not visible, never as removed.

OLD and NEW are each one of

  odoogen.schema.json            a file
  HEAD~3:odoogen.schema.json     a file in a revision of git, from the current folder or the root
  HEAD~3                         the configured snapshot in that revision
  live                           the server that the flags or the environment name, as pull asks it

With --usage, only changes that some line of your code notices are listed, with the lines: uses
of records, values, conditions, selections, structs with odoo tags, and constant texts. The code
must compile with the bindings of OLD. The report has the errors of the Go compiler with those of
NEW. --fix rewrites names that certainly changed; generate the bindings after that.

Without NEW it is the configured snapshot, and without OLD the one last committed. live alone is
NEW, and the configured snapshot is OLD. The first line of the report names both.

The exit code is 0 whatever the difference is, and with --exit-code

  0   no difference (of those that --models and --only leave)
  3   something that breaks programs
  4   other differences`

const diffExample = `  odoogen diff                                     # what the last pull changed
  odoogen diff live                                # what changed on the server since the last pull
  odoogen diff HEAD live --models 'sale.*' --only breaking
  odoogen diff odoo14.json odoo19.json --format html --output upgrade.html
  odoogen diff odoo14.json odoo19.json --usage ./...           # which lines of my code?
  odoogen diff odoo14.json odoo19.json --usage ./... --fix=diff`

// The exit codes of diff --exit-code.
const (
	exitBreaking  = 3
	exitDifferent = 4
)

func newDiff() *cobra.Command {
	d := differ{}
	cmd := &cobra.Command{
		Use:     "diff [OLD [NEW]]",
		Short:   "Show what changed between two snapshots and what it breaks",
		Long:    diffHelp,
		Example: diffExample,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := cobra.MaximumNArgs(2)(cmd, args); err != nil {
				return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
			}
			return cmp.Or(d.check(), d.checkFlags(cmd.Flags(), args))
		},
		RunE: d.run,
	}
	d.flags(cmd)
	configFlag(cmd, &d.configFile)
	f := cmd.Flags()
	f.Lookup("models").Usage = "only these models: names or globs, of old or new names; live pulls only these"
	f.StringSliceVar(&d.only, "only", nil, "only these classes: breaking, readers, writers, behavioural, safe")
	f.StringVar(&d.format, "format", "text", "text, markdown, json or html (one page, that works offline)")
	f.StringVarP(&d.output, "output", "o", "", "file to write it to (default: standard output)")
	f.BoolVar(&d.exitCode, "exit-code", false, "exit with 3 if something breaks, and with 4 if there are other differences")
	d.usage.flags(f)
	return cmd
}

// differ is the command diff.
type differ struct {
	puller
	configFile     string
	only           []string
	format, output string
	exitCode       bool
	usage          usageFlags
}

var diffFormats = []string{"text", "markdown", "json", "html"}

// check refuses flags that make no sense.
func (d *differ) check() error {
	if !slices.Contains(diffFormats, d.format) {
		return usageError{fmt.Errorf("--format %s: want %s", d.format, strings.Join(diffFormats, ", "))}
	}
	if err := checkClasses(d.only); err != nil {
		return err
	}
	if err := d.usage.check(); err != nil {
		return err
	}
	if d.format == "html" && d.output == "" && term.IsTerminal(int(os.Stdout.Fd())) {
		return usageError{errors.New("--format html writes a page for a browser: give the file with --output")}
	}
	return nil
}

// checkFlags refuses flags that have no effect beside the others.
func (d *differ) checkFlags(f *pflag.FlagSet, args []string) error {
	isLive := slices.Contains(args, liveServer)
	if !isLive {
		if err := refuseFlags(f, "without live", liveFlags...); err != nil {
			return err
		}
	}
	if d.usage.fix == "" {
		return nil
	}
	narrowing := []string{"only"}
	if !isLive { // which pulls these models
		narrowing = append(narrowing, "models")
	}
	if err := refuseFlags(f, "on --fix, which rewrites all that the code notices", narrowing...); err != nil || d.usage.fix != fixDiff {
		return err
	}
	return refuseFlags(f, "on --fix=diff, which writes no report", "format", "output", "exit-code")
}

func checkClasses(names []string) error {
	for _, name := range names {
		if report.Classes[name] == nil {
			return usageError{fmt.Errorf("--only %s: want breaking, readers, writers, behavioural or safe", name)}
		}
	}
	return nil
}

func (d *differ) run(cmd *cobra.Command, args []string) error {
	config, err := generator.ReadConfig(d.configFile)
	if err != nil {
		return err
	}
	if err := d.checkServers(args, config); err != nil {
		return err
	}
	names := sidesOf(args, config.Schema)
	sides := make([]*snapshot.Schema, len(names))
	for i, name := range names {
		if sides[i], err = d.side(cmd.Context(), name, config); err != nil {
			return err
		}
	}
	changes := diff.Compare(sides[0], sides[1])
	changes.Old.Name, changes.New.Name = names[0], names[1]
	r, err := d.usage.report(cmd, changes, sides, config)
	if r == nil || err != nil {
		return err
	}
	if err := r.KeepModels(d.models, sides...); err != nil {
		return err
	}
	r.KeepClasses(d.only)
	if err := d.write(r, cmd.OutOrStdout()); err != nil {
		return err
	}
	return d.verdict(r)
}

// checkServers refuses what is not known of several servers: the snapshot that is meant, and names that are right on all of them
// after one has changed.
func (d *differ) checkServers(args []string, config generator.Config) error {
	switch {
	case len(config.Schemas) == 0:
		return nil
	case len(args) < 2:
		return usageError{fmt.Errorf("%w: name both sides", errServers)}
	case d.usage.fix != "":
		return usageError{fmt.Errorf("%w: --fix needs the package of one, since the others keep the old names", errServers)}
	case len(d.usage.patterns) > 0:
		if _, err := serverOf(config, args[0]); err != nil {
			return usageError{err}
		}
	}
	return nil
}

// liveServer is the name of the side that is pulled from the server.
const liveServer = "live"

// sidesOf names the old and the new side. The server alone is the new one: what changed there since the configured snapshot.
func sidesOf(args []string, configured string) []string {
	names := []string{"HEAD:" + configured, configured}
	if len(args) == 1 && args[0] == liveServer {
		return []string{configured, liveServer}
	}
	copy(names, args)
	return names
}

// side reads one of the two snapshots.
func (d *differ) side(ctx context.Context, name string, config generator.Config) (*snapshot.Schema, error) {
	if name == liveServer {
		schema, _, err := d.take(ctx, config, nil)
		return schema, err
	}
	return readSnapshot(ctx, name, config.Schema)
}

func (d *differ) write(r *report.Report, out io.Writer) error {
	var page bytes.Buffer
	var err error
	switch d.format {
	case "json":
		err = writeJSON(&page, r)
	case "markdown":
		err = r.WriteMarkdown(&page)
	case "html":
		err = r.WriteHTML(&page)
	default:
		err = r.WriteText(&page, report.TextOptions{Color: d.output == "" && colored(), Safe: len(d.only) > 0})
	}
	if err != nil {
		return err
	}
	if d.output != "" {
		return output.WriteFile(d.output, page.Bytes())
	}
	_, err = printable.Raw(out).Write(page.Bytes()) // each format escapes texts in its own way
	return err
}

// colored reports whether colours are welcome: on a terminal, unless NO_COLOR is set.
func colored() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(os.Stdout.Fd()))
}

// verdict is the exit code for CI.
func (d *differ) verdict(r *report.Report) error {
	n := r.Count()
	switch {
	case !d.exitCode || n.All == 0:
		return nil
	case n.Breaking > 0:
		return exitError{exitBreaking}
	}
	return exitError{exitDifferent}
}
