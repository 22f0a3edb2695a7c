package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/report"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/internal/upgrade"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// usageFlags are those of diff that are about the consumer's code.
type usageFlags struct {
	patterns, tags []string
	fix            string
}

// What --fix does.
const (
	fixWrite = "write"
	fixDiff  = "diff"
)

func (u *usageFlags) flags(f *pflag.FlagSet) {
	f.StringSliceVar(&u.patterns, "usage", nil, "only changes that this code notices, with its lines: packages, as for go build")
	f.StringSliceVar(&u.tags, "tags", nil, "build tags for --usage")
	f.StringVar(&u.fix, "fix", "", "with --usage, rewrite names that certainly changed; --fix=diff only shows what --fix would do")
	f.Lookup("fix").NoOptDefVal = fixWrite
}

func (u *usageFlags) check() error {
	switch {
	case u.fix != "" && u.fix != fixWrite && u.fix != fixDiff:
		return usageError{fmt.Errorf("--fix=%s: want --fix or --fix=diff", u.fix)}
	case len(u.patterns) == 0 && (u.fix != "" || len(u.tags) > 0):
		return usageError{errors.New("--fix and --tags need --usage, which names the code")}
	}
	return nil
}

// report is the report of all changes or, with --usage, of those that the code notices. --fix rewrites the code, and --fix=diff
// writes what --fix would do instead of a report: then it is nil.
func (u *usageFlags) report(cmd *cobra.Command, changes *diff.Report, sides []*snapshot.Schema, config generator.Config) (*report.Report, error) {
	if len(u.patterns) == 0 {
		return report.New(changes), nil
	}
	options := upgrade.Options{Patterns: u.patterns, Tags: u.tags}
	if u.fix == fixWrite {
		restored, err := upgrade.Recover(options)
		if err != nil {
			return nil, err
		}
		reportRestored(cmd.ErrOrStderr(), restored)
	}
	code, err := upgrade.Load(options)
	if err != nil {
		return nil, err
	}
	of, err := bindingSides(config, changes.Old.Name, sides)
	if err != nil {
		return nil, err
	}
	impact, err := code.Assess(changes, of, config)
	if err != nil {
		return nil, err
	}
	if settings := upgrade.Settings(config, changes, of.After); len(config.Schemas) == 0 && len(settings) > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "odoogen: the configuration has old names: %s\n", strings.Join(settings, ", "))
	}
	ofCode := report.OfCode(changes, impact, ".")
	if u.fix == "" {
		return ofCode, nil
	}
	fix, err := code.Fix(impact, ".")
	if err != nil {
		return nil, err
	}
	defer reportByHand(cmd.ErrOrStderr(), fix)
	if u.fix == fixDiff {
		_, err := fmt.Fprint(cmd.OutOrStdout(), fix.Diff("."))
		return nil, err
	}
	if fix.Uses == 0 {
		return ofCode, nil
	}
	if err := fix.Write(); err != nil {
		return nil, err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "odoogen: rewrote %s in %s; the bindings have to be generated from the new snapshot now\n",
		spelling.Count(fix.Uses, "use"), spelling.Count(len(fix.Files), "file"))
	return ofCode, nil
}

// bindingSides are the snapshots that the bindings of the code are generated from before and after the changes.
func bindingSides(config generator.Config, old string, sides []*snapshot.Schema) (upgrade.Sides, error) {
	if len(config.Schemas) == 0 {
		return upgrade.Sides{Before: sides[0], After: sides[1], Server: sides[1]}, nil
	}
	at, err := serverOf(config, old)
	if err != nil {
		return upgrade.Sides{}, err
	}
	return sidesOfServer(config, at, sides[0], sides[1])
}

// reportRestored reports what was undone before a command wrote.
func reportRestored(out io.Writer, changes int) {
	if changes > 0 {
		fmt.Fprintf(out, "odoogen: undid %s of an earlier run, which was killed while it wrote\n", spelling.Count(changes, "change"))
	}
}

// reportByHand says if there is nothing to rewrite, and lists the uses that fail and that --fix leaves alone.
func reportByHand(out io.Writer, fix *upgrade.Fix) {
	if fix.Uses == 0 {
		fmt.Fprintln(out, "odoogen: --fix has nothing to rewrite: no use in the code has a certain new name")
	}
	if len(fix.ByHand) > 0 {
		fmt.Fprintf(out, "odoogen: to change by hand:\n  %s\n", strings.Join(fix.ByHand, "\n  "))
	}
}
