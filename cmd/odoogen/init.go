package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/setup"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/admin"
	"github.com/odoogen/odoogen/templates"
)

const initHelp = `init starts an integration in the current folder: it logs in to the server, detects its version
and protocol, lets you choose models by searching them, and writes

  odoogen.yaml                    the settings of pull, generate and check; never a password
  generate.go                     the go:generate line
  .github/workflows/odoogen.yml   CI that runs odoogen check; with --ci gitlab .gitlab-ci.yml, with --ci none nothing

On a terminal it prompts for values that no flag sets, and again if a login fails. Without a terminal, the flags and the environment
must set all of them, and the default of --models is all models. If a file exists already, nothing is
written, unless --force is given.`

const initExample = `  odoogen init
  odoogen init --url https://erp.example.com -d acme -u bot@example.com --models 'res.partner,sale.order*'`

func newInit() *cobra.Command {
	i := initializer{}
	cmd := &cobra.Command{
		Use:     "init",
		Short:   "Start an integration in the current folder",
		Long:    initHelp,
		Example: initExample,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(workflows, i.ci) {
				return usageError{fmt.Errorf("--ci %s: want %s", i.ci, strings.Join(workflows, ", "))}
			}
			if term.IsTerminal(int(os.Stdin.Fd())) {
				i.prompt = setup.NewPrompt(os.Stdin, cmd.ErrOrStderr())
			}
			return i.run(cmd.Context(), cmd.OutOrStdout())
		},
	}
	i.flags(cmd.Flags())
	cmd.Flags().StringSliceVar(&i.models, "models", nil, "names or globs of models, 'sale.*,module:stock,!sale.report' (default: prompt on a terminal, otherwise all)")
	cmd.Flags().StringVarP(&i.pkg, "package", "p", "odoo", "name of the Go package")
	cmd.Flags().StringVar(&i.out, "out", "", "folder of the package (default: its name)")
	cmd.Flags().StringVar(&i.ci, "ci", "github", "the CI to write a configuration for: "+strings.Join(workflows, ", "))
	cmd.Flags().BoolVar(&i.force, "force", false, "replace existing files")
	return cmd
}

// workflows are the values of --ci.
var workflows = []string{"github", "gitlab", "none"}

// initializer implements the command init.
type initializer struct {
	connection
	models       []string
	pkg, out, ci string
	force        bool
	prompt       *setup.Prompt // nil without a terminal
}

func (i *initializer) run(ctx context.Context, out io.Writer) error {
	if err := i.complete(generator.Config{}); err != nil {
		return err
	}
	if _, err := i.networkOptions(); err != nil {
		return err
	}
	c, err := i.connect(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Odoo %s, database %s, by %s\n", printable.Line(c.Version().Series), printable.Line(c.Database()), c.Protocol())
	if err := i.choose(ctx, c, out); err != nil {
		return err
	}
	scaffold := templates.Scaffold{
		URL: i.url, Database: c.Database(), User: i.user, Models: i.models, CI: i.ci,
		CAFile: i.caFile, ClientCert: i.clientCert, ClientKey: i.clientKey,
		Package: i.pkg, Out: cmp.Or(i.out, "./"+i.pkg), RootPackage: setup.PackageOf("."),
	}
	files, err := scaffold.Files()
	if err != nil {
		return err
	}
	written, err := i.write(ctx, files)
	if err != nil {
		return err
	}
	for _, w := range written {
		fmt.Fprintf(out, "%s: %s\n", w.Path, w.How)
	}
	fmt.Fprint(out, initNext)
	fmt.Fprint(out, initSecret[i.ci])
	if i.basic != nil || len(i.headers) > 0 {
		fmt.Fprint(out, initGateway)
	}
	return nil
}

const initNext = `Next:
  go get github.com/odoogen/odoogen
  go get -tool github.com/odoogen/odoogen/cmd/odoogen
  go tool odoogen pull          # the snapshot: check it in
  go generate ./...             # the package: check it in, too
`

// initSecret is what CI still needs, by its system.
var initSecret = map[string]string{
	"github": "CI needs a secret ODOO_API_KEY to compare the snapshot with the server every night.\n",
	"gitlab": "CI needs a masked variable ODOO_API_KEY and a pipeline schedule to compare the snapshot with the server.\n",
}

const initGateway = `The headers and the login of the gateway are stored nowhere: ODOO_HEADERS and ODOO_URL give them.
`

// connect logs in. On a terminal it prompts for values that neither a flag nor the environment sets, and prompts again, with
// the last answers as defaults, until the login works. Without a terminal, dial reports what is missing.
func (i *initializer) connect(ctx context.Context) (*orm.Client, error) {
	ask := questions{url: i.url == "", database: i.database == "", user: i.user == "", secret: !i.hasSecret()}
	if i.prompt == nil || ask == (questions{}) {
		return i.dial(ctx)
	}
	for {
		if err := i.ask(ctx, ask); err != nil {
			return nil, err
		}
		c, err := i.dial(ctx)
		if err == nil || ctx.Err() != nil || errors.Is(err, io.EOF) {
			return c, err
		}
		i.prompt.Say(strings.TrimPrefix(err.Error(), "orm: "))
		i.who = nil
	}
}

// questions are the values of the connection to prompt for.
type questions struct{ url, database, user, secret bool }

func (i *initializer) ask(ctx context.Context, q questions) (err error) {
	if q.url {
		if err = i.askAddress(ctx); err != nil {
			return err
		}
	}
	if q.database {
		if i.database, err = i.askDatabase(ctx); err != nil {
			return err
		}
	}
	if q.user {
		i.user, err = i.prompt.Ask(ctx, "Login of the user", i.user)
	}
	return err
}

// askAddress asks until the answer is the address of a server.
func (i *initializer) askAddress(ctx context.Context) error {
	for {
		address, err := i.prompt.Ask(ctx, "Address of the server, https://erp.example.com", i.url)
		if err != nil {
			return err
		}
		i.setURL(address)
		_, invalid := i.server()
		if invalid == nil {
			return nil
		}
		i.prompt.Say(strings.TrimPrefix(invalid.Error(), "orm: "))
		i.url = ""
	}
}

// server returns the server before the login.
func (i *initializer) server() (*admin.Server, error) {
	options, err := i.networkOptions()
	if err != nil {
		return nil, err
	}
	return admin.NewServer(i.url, options...)
}

// write writes the files. Before it replaces files, it asks on a terminal, and fails without one.
func (i *initializer) write(ctx context.Context, files map[string][]byte) ([]setup.Written, error) {
	written, err := setup.Write(".", files, i.force)
	if i.prompt == nil || !errors.Is(err, setup.ErrTaken) {
		return written, err
	}
	i.prompt.Say(err.Error())
	answer, errAsk := i.prompt.Ask(ctx, "Replace them, yes or no", "no")
	if errAsk != nil || answer != "yes" {
		return nil, err
	}
	return setup.Write(".", files, true)
}

// askDatabase lets the user choose from the databases of the server, or type the name if the server does not list them.
func (i *initializer) askDatabase(ctx context.Context) (string, error) {
	server, err := i.server()
	if err != nil {
		return "", err
	}
	names, err := server.Databases("").List(ctx)
	switch {
	case err == nil && len(names) == 1:
		return names[0], nil
	case err == nil && len(names) > 1:
		return i.prompt.One(ctx, "Database", names)
	}
	return i.prompt.Ask(ctx, "Database", i.database)
}

// choose finds the models, by search on a terminal, and refuses patterns that match no model.
func (i *initializer) choose(ctx context.Context, c *orm.Client, out io.Writer) error {
	known, err := listModels(ctx, c)
	if errors.Is(err, orm.ErrAccess) {
		fmt.Fprintln(out, "This user is not allowed to list the models: name them one by one; they are not checked here.")
		return nil
	}
	if err != nil {
		return err
	}
	if len(i.models) == 0 && i.prompt != nil {
		if i.models, err = i.prompt.Models(ctx, known); err != nil {
			return err
		}
	}
	matched, unmatched, err := snapshot.Match(known, i.models)
	if err != nil {
		return err
	}
	if len(unmatched) > 0 {
		return fmt.Errorf("no model matches %s", strings.Join(unmatched, ", "))
	}
	fmt.Fprintf(out, "%d of %d models\n", len(matched), len(known))
	return nil
}

// listModels reads the names, labels and modules of all models.
func listModels(ctx context.Context, c *orm.Client) ([]snapshot.Model, error) {
	var rows []struct {
		Model   string `odoo:"model"`
		Name    string `odoo:"name"`
		Modules string `odoo:"modules"`
	}
	if err := c.Model("ir.model").Find(ctx, &rows, orm.Expr{}); err != nil {
		return nil, err
	}
	models := make([]snapshot.Model, len(rows))
	for n, r := range rows {
		models[n] = snapshot.Model{Name: r.Model, Label: r.Name, Modules: strings.Split(strings.ReplaceAll(r.Modules, " ", ""), ",")}
	}
	return models, nil
}
