package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/odoogen/odoogen/analyzer"
)

const vetHelp = `vet finds mistakes in the use of generated bindings that the Go compiler does not find: it is go vet
with these checks instead of its own.

%s
Each check can be disabled, or only some of them enabled: odoogen vet -odooloop=false ./...
Other flags of go vet, such as -json, -fix and -tags, are passed on.

As part of go vet, with this program as the tool:

  go vet -vettool=$(which odoogen) ./...
  go vet -vettool=$(go tool -n odoogen) ./...

The exit code is 1 if something is found, or the code does not compile.`

func newVet() *cobra.Command {
	var checks strings.Builder
	for _, a := range analyzer.All {
		title, _, _ := strings.Cut(a.Doc, "\n")
		fmt.Fprintf(&checks, "  -%-15s %s\n", a.Name, title)
	}
	return &cobra.Command{
		Use:                "vet [flags of go vet] [packages]",
		Short:              "Find mistakes in the use of generated bindings",
		Long:               fmt.Sprintf(vetHelp, checks.String()),
		Example:            "  odoogen vet ./...\n  odoogen vet -odooloop=false -json ./...",
		DisableFlagParsing: true, // they are go vet's
		RunE: func(cmd *cobra.Command, args []string) error {
			if slices.Contains(args, "-h") || slices.Contains(args, "--help") || slices.Contains(args, "-help") {
				return cmd.Help()
			}
			return vet(cmd.Context(), args)
		},
	}
}

// vet runs go vet with this program as its tool.
func vet(ctx context.Context, args []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	run := exec.CommandContext(ctx, "go", append([]string{"vet", "-vettool=" + self}, args...)...)
	run.Stdin, run.Stdout, run.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = run.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return exitError{exit.ExitCode()} // go vet has said why
	case err != nil:
		return fmt.Errorf("go vet: %w", err)
	}
	return nil
}

// isVetTool reports whether go vet calls this program as its tool: it asks for the version and the flags, and then hands
// over one package after the other, each by a file of its configuration.
func isVetTool(args []string) bool {
	if len(args) == 0 {
		return false
	}
	flags, last := args[:len(args)-1], args[len(args)-1]
	verb := slices.ContainsFunc(flags, func(arg string) bool { return !strings.HasPrefix(arg, "-") })
	return !verb && (last == "-V=full" || last == "-flags" || strings.HasSuffix(last, ".cfg"))
}

func vetTool() { unitchecker.Main(analyzer.All...) }
