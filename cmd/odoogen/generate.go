package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/owntypes"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

const generateHelp = `generate writes a Go package for the snapshot: for each model a record, a struct of values
for creates and writes, the field descriptors for conditions, a type for each
selection, and a client. It works offline and its output is deterministic. Files that
did not change are not written; files that are no longer generated are removed, but only if
odoogen wrote them. If anything fails, nothing is written; the next run undoes the changes of a run
that was killed, and reports it.

When run by go generate, it empties files that are no longer generated instead of removing them:
go generate has already listed them, and fails if one is missing. Outside of go generate, it
removes them.

In a consumer's repository:

  go get -tool github.com/odoogen/odoogen/cmd/odoogen

  //go:generate go tool odoogen generate --package odoo --out ./odoo

The settings are in odoogen.yaml. All are optional; flags override them:

  models: [sale.*, module:stock, '!sale.report'] # names, globs, models of a module, exclusions; default: all
  fields:
    res.partner: [name, 'x_*', '!x_old'] # only these (and the id); default: the fields of the profile
  profile: stored                        # without the fields computed on each read; default: all
  methods:
    sale.order: ['action_*', '!action_view_*', 'message_post(*, body: str = "", **kwargs)'] # only these; signatures for methods
                                         # that Odoo does not report: before 19, all except buttons; default: all
  rename:
    sale.order: Order                    # a model's Go name
    sale.order/partner_id: Customer      # a field's Go name
    sale.order/state=sale: Confirmed     # the end of a constant's name, after the name of its type
    sale.order/sale.report_saleorder: Quote # the end of a report's constant: SaleOrderReportQuote
    sale.order/action_confirm(): Confirm # a method's Go name
  projections:                           # structs with selected fields, also of relations
    OrderLabel:                          # the Go type
      sale.order: [name, partner_id: [name], 'order_line,limit=9': [product_uom_qty]]
  types:                                 # your own Go types, for an Odoo field type or for a field
    monetary: github.com/shopspring/decimal.Decimal
    sale.order/state: example.com/shop/app.State
  auto_rename: true                      # like --auto-rename
  clients: false                         # no clients; the functions of the runtime work without them
  package: odoo
  out: ./odoo
  schema: odoogen.schema.json
  schemas: [14.json, 19.json]            # instead of schema: snapshots of several servers that share one package
  same:                                  # with schemas: fields with other names in some of them
    sale.order.line/tax_ids: [tax_id]    # certain renames are found without this`

func newGenerate() *cobra.Command {
	g := generation{}
	var models []string
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write the Go package of a snapshot",
		Long:  generateHelp,
		Args:  noArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return g.run(cmd, models) },
	}
	g.flags(cmd)
	cmd.Flags().StringSliceVar(&models, "models", nil, "names or globs of models of the snapshot, 'sale.*,module:stock,!sale.report' (default: the models of the configuration, or all)")
	return cmd
}

// generation implements the command generate, and the part that it shares with check.
type generation struct {
	configFile, schema, pkg, out string
	autoRename                   bool
}

func (g *generation) flags(cmd *cobra.Command) {
	configFlag(cmd, &g.configFile)
	cmd.Flags().StringVar(&g.schema, "schema", "", "the snapshot to read (default "+snapshot.DefaultFile+")")
	cmd.Flags().StringVarP(&g.pkg, "package", "p", "", "name of the Go package (default odoo)")
	cmd.Flags().BoolVar(&g.autoRename, "auto-rename", false, "resolve conflicts of Go names by renaming and print the renames, instead of failing")
	cmd.Flags().StringVar(&g.out, "out", "", "folder of the package (default ./odoo)")
}

// settings returns the configuration with the flags applied. models are the models of a flag.
func (g *generation) settings(models []string) (generator.Config, error) {
	config, err := generator.ReadConfig(g.configFile)
	if err != nil {
		return config, err
	}
	if g.schema != "" {
		config.Schema, config.Schemas, config.Same = g.schema, nil, nil
	}
	config.Package = cmp.Or(g.pkg, config.Package)
	config.Out = cmp.Or(g.out, config.Out)
	config.AutoRename = config.AutoRename || g.autoRename
	if len(models) > 0 {
		config.Models = models
	}
	return config, nil
}

func (g *generation) run(cmd *cobra.Command, models []string) error {
	collectLess()
	config, err := g.settings(models)
	if err != nil {
		return err
	}
	schema, err := readSchema(config)
	if err != nil {
		return err
	}
	result, err := generator.Generate(schema, config)
	if err != nil {
		return err
	}
	if err := cmd.Context().Err(); err != nil {
		return err
	}
	warnings := result.Warnings
	if err := owntypes.Check(config.Out, result.Types); errors.Is(err, owntypes.ErrUnchecked) {
		warnings = append(warnings, "types: "+err.Error())
	} else if err != nil {
		return err
	}
	reportSame(cmd.ErrOrStderr(), result.Same)
	if len(models) == 0 { // otherwise the flag excludes models deliberately
		warnings = slices.Concat(warnings, result.Unused)
	}
	for _, w := range warnings {
		fmt.Fprintln(cmd.ErrOrStderr(), "odoogen: warning: "+w)
	}
	var emptied []string
	if underGoGenerate() {
		if emptied, err = generator.KeepLeftOver(config.Out, config.Package, result.Files); err != nil {
			return err
		}
	}
	changes, err := generator.Write(config.Out, config.Package, result.Files)
	if err != nil {
		return err
	}
	reportRestored(cmd.ErrOrStderr(), changes.Restored)
	fmt.Fprintf(cmd.OutOrStdout(), "%s: package %s, %s of Odoo %s: %d files written, %d unchanged, %d removed\n", config.Out,
		config.Package, contents(result), schema.SeriesText(), len(changes.Written), changes.Unchanged, len(changes.Removed))
	if len(emptied) > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: emptied, because go generate still reads it; run odoogen generate to remove it\n", strings.Join(emptied, ", "))
	}
	return nil
}

// underGoGenerate reports whether go generate runs this command: it sets these two variables.
func underGoGenerate() bool { return os.Getenv("GOFILE") != "" && os.Getenv("GOLINE") != "" }

func contents(r *generator.Result) string {
	if r.Methods == 0 {
		return fmt.Sprintf("%d models", r.Models)
	}
	return fmt.Sprintf("%d models and %d methods", r.Models, r.Methods)
}

// collectLess has the garbage collector run half as often, unless the user has said how often: a run is over in a second or
// two, of which it would take a fifth.
func collectLess() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(200)
	}
}
