package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/output"
	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

const pullHelp = `pull asks a live Odoo for its models, fields and business methods and writes them to a snapshot:
sorted, one a line, the same bytes on every pull until the models change. Check it in: it is all
that generate reads, and its diff shows what an upgrade changed.

Models that this user is not allowed to see are listed in the snapshot, with the reason. If the
pull fails or is interrupted, an older snapshot is kept.

--quick takes less than a second when nothing changed: it compares what the database records
of its modules, models, fields, choices, access rules, views, languages and users' defaults, and
of the user's groups, with what was there at the last quick pull to the same file on this
machine. It does not see code that was changed without an update of its module, choices and
defaults that code computes from other records, nor labels of modules' own fields changed in
the translations of Odoo 14 and 15. Without it, a pull sees everything.

--data writes the records of models to odoogen.data.json, with external IDs and without binaries,
secrets and what computes itself; serve and odootest.NewFrom load that file with the snapshot.`

const pullExample = `  odoogen pull --url https://erp.example.com -d acme -u bot@example.com
  odoogen pull --models 'sale.*,res.partner' -o sales.schema.json
  odoogen pull --data res.country,res.currency,res.lang,uom.uom`

func newPull() *cobra.Command {
	p := puller{}
	var file, config string
	cmd := &cobra.Command{
		Use:     "pull",
		Short:   "Write a snapshot of the models of a live Odoo",
		Long:    pullHelp,
		Example: pullExample,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := generator.ReadConfig(config)
			if err != nil {
				return err
			}
			if file == "" && len(c.Schemas) > 0 {
				return usageError{fmt.Errorf("%w: name the one to write with -o", errServers)}
			}
			return p.pull(cmd.Context(), c, cmp.Or(file, c.Schema), cmd.OutOrStdout())
		},
	}
	p.flags(cmd)
	cmd.Flags().StringVarP(&file, "output", "o", "", "the snapshot to write (default "+snapshot.DefaultFile+")")
	cmd.Flags().StringSliceVar(&p.data, "data", nil, "names or globs of models whose records to write beside the snapshot, 'res.country,res.currency,uom.uom'")
	cmd.Flags().IntVar(&p.limit, "data-limit", mostData, "how many records a model of --data can have")
	cmd.Flags().BoolVar(&p.quick, "quick", false, "leave the snapshot if the database records no change of its models since the last quick pull")
	configFlag(cmd, &config)
	return cmd
}

// puller takes snapshots: the job of pull, and of check and diff for what they compare with.
type puller struct {
	connection
	models  []string
	methods string
	quick   bool
	calls   int
	data    []string // models whose records are pulled
	limit   int      // of records of a model
	missing []string // the models of the configuration that the server does not have
}

func (p *puller) flags(cmd *cobra.Command) {
	p.connection.flags(cmd.Flags())
	cmd.Flags().StringSliceVar(&p.models, "models", nil, "names or globs of models, 'sale.*,module:stock,!sale.report' (default: those of the configuration, or all)")
	cmd.Flags().StringVar(&p.methods, "methods", string(introspect.MethodsAuto), "where to find methods: docs, of Odoo 19 and later (a quarter of a second a model), buttons (of the views; no signatures), none, or auto: docs if models are chosen")
	cmd.Flags().IntVar(&p.calls, "calls", introspect.CallsAtOnce, "how many calls to make at once; a server with several workers answers more of them in the same time")
}

func configFlag(cmd *cobra.Command, config *string) {
	cmd.Flags().StringVar(config, "config", "", "configuration file (default "+generator.ConfigFile+", if it exists)")
}

func (p *puller) pull(ctx context.Context, config generator.Config, file string, out io.Writer) error {
	start := time.Now()
	options, err := p.options(config)
	if err != nil {
		return err
	}
	if err := output.Check(file); err != nil {
		return err
	}
	if p.quick && isSpecial(file) {
		return usageError{fmt.Errorf("--quick has no effect with --output %s: there is no snapshot to keep", file)}
	}
	if err := p.checkData(file); err != nil {
		return usageError{err}
	}
	if output.IsStdout(file) {
		out = printable.NewWriter(os.Stderr)
	}
	before := readBack(file)
	var last lastPull
	var mark string
	var c *orm.Client
	if p.quick {
		last = lastPullOf(p.connection, config, options, file)
		if c, mark, err = last.look(ctx, &p.connection, options); err != nil {
			return err
		}
		if last.shows(mark, before) {
			fmt.Fprintf(out, "%s: unchanged: the database %s records no change of its models since the last quick pull; %.1f s\n",
				file, c.Database(), time.Since(start).Seconds())
			return nil
		}
	}
	if c == nil || last.UID != 0 {
		if c, err = p.dial(ctx); err != nil {
			return err
		}
	}
	var methods introspect.MethodReport
	options.MethodReport = &methods
	schema, err := introspect.Pull(ctx, c, options)
	if err != nil {
		return err
	}
	selected, _ := generator.Resolve(config, schema) // generate reports what is wrong with the configuration
	schema = selected.Schema
	if err := schema.WriteFile(file); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d models, %d fields of Odoo %s (database %s, by %s) in %.1f s%s\n", file, len(schema.Models),
		schema.FieldCount(), schema.Server.Series, printable.Line(c.Database()), c.Protocol(), time.Since(start).Seconds(), changed(schema, before))
	if p.methods != string(introspect.MethodsNone) {
		fmt.Fprintln(out, methods.String())
		reportMethods(selected, out)
	}
	reportUnseen(schema, out)
	p.reportMissing()
	reportShadowing(selected)
	if err := failures(schema); err != nil {
		return err
	}
	if err := p.pullData(ctx, c, schema, snapshot.DataFile(file), out); err != nil {
		return err
	}
	if after := readBack(file); after != nil {
		last.remember(c, mark, after)
	}
	return nil
}

// isSpecial reports whether a file exists that keeps nothing, such as a pipe.
func isSpecial(file string) bool {
	_, err := os.Stat(file)
	return err == nil && !output.IsRegular(file)
}

// readBack is the content of a snapshot, nil where there is none or where reading would wait for another program.
func readBack(file string) []byte {
	if !output.IsRegular(file) {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return data
}

// options say what to pull. They complete the connection by the configuration.
func (p *puller) options(config generator.Config) (introspect.Options, error) {
	if !slices.Contains(introspect.MethodSearches, introspect.MethodSearch(p.methods)) {
		return introspect.Options{}, usageError{fmt.Errorf("--methods %s: want docs, buttons, none or auto", p.methods)}
	}
	if p.calls < 1 {
		return introspect.Options{}, usageError{fmt.Errorf("--calls %d: want at least one", p.calls)}
	}
	if err := p.complete(config); err != nil {
		return introspect.Options{}, err
	}
	options := introspect.Options{
		Models: p.models, Progress: progress("reading models"), Methods: introspect.MethodSearch(p.methods), AtOnce: p.calls,
	}
	if len(p.models) == 0 {
		options.Models, options.Missing = config.Models, &p.missing
	}
	return options, nil
}

// reportMissing warns of models in the configuration that the server does not have, such as those that a newer Odoo has
// dropped. In flags they are an error.
func (p *puller) reportMissing() {
	if len(p.missing) > 0 {
		fmt.Fprintf(os.Stderr, "odoogen: warning: the server has no model that matches %s: take it out of models in %s\n",
			strings.Join(p.missing, ", "), generator.ConfigFile)
	}
}

// take takes a snapshot without writing it.
func (p *puller) take(ctx context.Context, config generator.Config, methods *introspect.MethodReport) (*snapshot.Schema, *orm.Client, error) {
	options, err := p.options(config)
	if err != nil {
		return nil, nil, err
	}
	c, err := p.dial(ctx)
	if err != nil {
		return nil, nil, err
	}
	options.MethodReport = methods
	schema, err := introspect.Pull(ctx, c, options)
	p.reportMissing()
	if err != nil {
		return nil, nil, err
	}
	selected, _ := generator.Resolve(config, schema) // generate reports what is wrong with the configuration
	reportShadowing(selected)
	return selected.Schema, c, nil
}

// reportShadowing warns of signatures in the configuration that the server gives itself.
func reportShadowing(selected *generator.Selection) {
	for _, s := range selected.Shadowing {
		fmt.Fprintln(os.Stderr, printable.Line("odoogen: warning: "+s.String()))
	}
}

// reportMethods says how many of the methods generate makes into Go.
func reportMethods(selected *generator.Selection, out io.Writer) {
	all := selected.Schema.MethodCount()
	if all == 0 {
		return
	}
	fmt.Fprintf(out, "%d methods generated of %d in the snapshot\n", selected.Methods(), all)
	for _, reason := range slices.Sorted(maps.Keys(selected.LeftOut)) {
		fmt.Fprintf(out, "  %d left out: %s\n", selected.LeftOut[reason], reason)
	}
}

// failures makes an error of models whose fields the server failed to give: the snapshot is without them.
func failures(s *snapshot.Schema) error {
	var failed []string
	for _, m := range s.Unseen.Models {
		if m.Failed {
			failed = append(failed, m.Name)
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return fmt.Errorf("the snapshot is without %s: the server failed to give their fields", strings.Join(failed, ", "))
}

func changed(schema *snapshot.Schema, before []byte) string {
	if after, err := schema.Encode(); err == nil && bytes.Equal(before, after) {
		return ", unchanged"
	}
	return ""
}

// reportUnseen says what is not in the snapshot: the first few by name, the rest is in the file.
func reportUnseen(s *snapshot.Schema, out io.Writer) {
	if s.Unseen.Catalog {
		fmt.Fprintln(out, "This user is not allowed to read ir.model: labels, kinds and modules of models are unknown.")
	}
	if s.Unseen.Modules {
		fmt.Fprintln(out, "This user is not allowed to read ir.module.module: the installed modules are unknown.")
	}
	if s.Unseen.Fields {
		fmt.Fprintln(out, "This user is not allowed to read ir.model.fields: hidden fields cannot be detected with this user's permissions.")
	}
	if s.Unseen.Reports {
		fmt.Fprintln(out, "This user is not allowed to read ir.actions.report: the reports of models are unknown.")
	}
	if s.Unseen.Methods != "" {
		fmt.Fprintf(out, "The signatures of methods are unknown, only names of buttons: %s.\n", printable.Line(s.Unseen.Methods))
	}
	if n := s.HiddenCount(); n > 0 {
		fmt.Fprintf(out, "%d fields are hidden from this user: see \"hidden\" in the snapshot.\n", n)
	}
	const shown = 5
	for i, m := range s.Unseen.Models {
		if i == shown {
			fmt.Fprintf(out, "  … and %d more: see \"unseen\" in the snapshot\n", len(s.Unseen.Models)-shown)
			return
		}
		if i == 0 {
			fmt.Fprintf(out, "%d models were left out:\n", len(s.Unseen.Models))
		}
		fmt.Fprintln(out, printable.Line(fmt.Sprintf("  %s: %s", m.Name, m.Reason)))
	}
}

// progress draws a bar on a terminal and nothing anywhere else.
func progress(what string) func(done, total int) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(os.Stderr),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
		}
		_ = bar.Set(done)
	}
}
