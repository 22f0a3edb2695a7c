// Odoogen generates typed Go bindings for a live Odoo. Run odoogen help for usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/internal/printable"
	orm "github.com/odoogen/odoogen/runtime"
)

func main() {
	if isVetTool(os.Args[1:]) {
		vetTool()
	}
	os.Exit(run(os.Args[1:]))
}

// run is the whole program. It returns the exit code: 0 for success, 1 for failure, 2 for an invalid command line.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends a program that does not react to the first
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var exit exitError
	if errors.As(err, &exit) {
		return exit.code // the message is already written
	}
	if ctx.Err() != nil {
		err = interrupted(err)
	}
	fmt.Fprintln(os.Stderr, "odoogen: "+errorText(err))
	if errors.As(err, new(usageError)) {
		return 2
	}
	return 1
}

// errorText formats an error for users. An error of the server is on one line, so that its text cannot look like a message
// of this command.
func errorText(err error) string {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "orm: "), "odootest: ")
	if errors.As(err, new(*orm.Error)) || errors.As(err, new(*orm.DecodeError)) {
		return printable.Line(text)
	}
	return printable.Text(text)
}

// interrupted returns the error of a command that was interrupted. It may have failed for another reason, or written
// something.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing was written")
	}
	return fmt.Errorf("interrupted: %w", err)
}

// exitError ends the program with an exit code, without a further message.
type exitError struct{ code int }

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// usageError is an invalid command line.
type usageError struct{ error }

func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	}
	return nil
}

// noVerb refuses an unknown command, and suggests similar ones.
func noVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
		hint = "; did you mean " + strings.Join(names, ", ") + "?"
	}
	return usageError{fmt.Errorf("unknown command %q%s; see %s --help", args[0], hint, cmd.CommandPath())}
}

func newVersion() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version of odoogen, of Go and of the build",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), thisBuild())
			}
			_, err := io.WriteString(cmd.OutOrStdout(), thisBuild().String())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

// buildInfo is the build information of this program. The commit is empty if it was not built in a repository.
type buildInfo struct {
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Commit   string `json:"commit,omitempty"`
	Time     string `json:"commit_time,omitempty"`
	Modified bool   `json:"modified,omitempty"` // built with uncommitted changes
}

func thisBuild() buildInfo {
	b := buildInfo{Version: version(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func (b buildInfo) String() string {
	out := fmt.Sprintf("odoogen %s\n%s %s\n", b.Version, b.Go, b.Platform)
	if b.Commit == "" {
		return out
	}
	out += "commit " + b.Commit + " of " + b.Time
	if b.Modified {
		out += ", with changes"
	}
	return out + "\n"
}

const rootHelp = `odoogen reads the models of a live Odoo (14 or later, any custom module) and writes a Go package
with one set of types per model, so that the compiler checks your integration.

  odoogen init       start: prompts for the server, and writes the settings, the go:generate line and CI
  odoogen pull       Odoo          → odoogen.schema.json   (check it in)
  odoogen generate   the snapshot  → a Go package          (check it in)
  odoogen models     models of the snapshot or the server; describe: one model or field
  odoogen explore    the snapshot  → one HTML page to browse
  odoogen get        records of the server, for a quick look
  odoogen feed       outboxes of changes on the server: install, status, uninstall
  odoogen diff       two snapshots → what changed, and what it breaks
  odoogen check      for CI: do code, snapshot and server match?
  odoogen vet        your code     → mistakes that the compiler does not find
  odoogen demo       all of these steps, on an Odoo inside this program
  odoogen serve      the snapshot  → an Odoo to test against, in memory
  odoogen version    the versions of odoogen and Go
  odoogen completion bash, zsh, fish or powershell: completes commands, flags, models and fields

Start with:

  export ODOO_URL=https://erp.example.com ODOO_DB=acme ODOO_USER=bot@example.com
  odoogen pull --models 'res.partner,sale.order,sale.order.line'
  odoogen generate --package odoo --out ./odoo

Passwords and API keys come from ODOO_PASSWORD or ODOO_API_KEY, from --password-file,
or from a prompt; never from the command line, and they are never stored.
Gateways in front of the server: --header, --ca-file and --client-cert, or a login
in ODOO_URL for Basic authentication; HTTPS_PROXY names a proxy.`

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "odoogen",
		Short:         "Typed Go bindings for a live Odoo",
		Long:          rootHelp,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noVerb,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },

		SuggestionsMinimumDistance: 2,
	}
	root.SetOut(printable.NewWriter(os.Stdout))
	root.SetErr(printable.NewWriter(os.Stderr))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.SetVersionTemplate("odoogen {{.Version}}\n")
	root.AddCommand(newPull(), newGenerate(), newModels(), newDescribe(), newExplore(), newGet(), newFeed(), newDiff(), newCheck(), newInit(), newVet(), newDemo(), newServe(), newVersion())
	addCompletion(root)
	return root
}

// version returns the module version of this build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
