package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/generator"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/feed"
)

const feedHelp = `feed installs outboxes for runtime/feed: a model in the database that Odoo writes each change to, in
the transaction of the change, with deletions and the changes of child records. A program reads it
with feed.Outbox("shop"), needs no administrator rights, and misses no change.

  odoogen feed install shop sale.order res.partner --child sale.order=sale.order.line.order_id --readers base.group_user
  odoogen feed status shop
  odoogen feed uninstall shop

Installing needs an administrator, and the module base_automation (Automation Rules). It installs no module: an
outbox is a custom model (x_odoogen_outbox_shop), rights to it, and two automation rules for each
model. Each consumer needs its own outbox, because a feed deletes the rows that it has handled.`

const feedInstallHelp = `install creates the outbox NAME for the changes of MODELS, or updates it: parts that are missing or were
changed are repaired, models that are no longer named are removed, and rows are kept.

--child MODEL=CHILD.FIELD treats a change of a record of CHILD as a change of the record of MODEL that its
field points to: sale.order=sale.order.line.order_id.

Run install again after an upgrade of Odoo or of modules, if status lists problems. Changes that are made
while modules are installed or upgraded do not trigger automation rules: docs/changes.md shows what to do.`

const feedStatusHelp = `status shows the models of the outbox NAME, how many changes wait in it and since when, and its problems.
The exit code is 1 if it is not installed, or if it misses changes.`

const feedUninstallHelp = `uninstall removes the outbox NAME: its automation rules with their actions, its rows, and its model.
Without such an outbox it does nothing.`

// feeder implements the command feed.
type feeder struct {
	connection
	configFile, readers string
	children            []string
}

func newFeed() *cobra.Command {
	cmd := &cobra.Command{Use: "feed", Short: "Install, check and remove outboxes of changes", Long: feedHelp, Args: noVerb,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() }}
	cmd.AddCommand(newFeedInstall(), newFeedStatus(), newFeedUninstall())
	return cmd
}

// newFeedVerb returns a subcommand of feed, whose first argument is the name of an outbox.
func newFeedVerb(use, short, long string, run func(f *feeder, ctx context.Context, cmd *cobra.Command, c *orm.Client, args []string) error) (*cobra.Command, *feeder) {
	f := &feeder{}
	cmd := &cobra.Command{Use: use, Short: short, Long: long, Args: func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 || len(args) > 1 && !strings.Contains(use, "MODEL") {
			return usageError{fmt.Errorf("want %s; see %s --help", use, cmd.CommandPath())}
		}
		return nil
	}}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c, err := f.client(cmd.Context())
		if err != nil {
			return err
		}
		return run(f, cmd.Context(), cmd, c, args)
	}
	f.flags(cmd.Flags())
	configFlag(cmd, &f.configFile)
	return cmd, f
}

func (f *feeder) client(ctx context.Context) (*orm.Client, error) {
	config, err := generator.ReadConfig(f.configFile)
	if err != nil {
		return nil, err
	}
	if err := f.complete(config); err != nil {
		return nil, err
	}
	return f.dial(ctx)
}

func newFeedInstall() *cobra.Command {
	cmd, f := newFeedVerb("install NAME MODEL...", "Install an outbox, or repair it", feedInstallHelp, (*feeder).install)
	cmd.Flags().StringArrayVar(&f.children, "child", nil, "a child of a model: sale.order=sale.order.line.order_id; may be repeated")
	cmd.Flags().StringVar(&f.readers, "readers", "", "the external ID of the group that runs feeds on it (default base.group_system, the administrators)")
	return cmd
}

func (f *feeder) install(ctx context.Context, cmd *cobra.Command, c *orm.Client, args []string) error {
	options, err := f.options(args[1:])
	if err != nil {
		return err
	}
	if err := feed.Install(ctx, c, args[0], options...); err != nil {
		return err
	}
	return f.show(ctx, cmd, c, args)
}

// options converts the arguments and flags to options.
func (f *feeder) options(models []string) (out []feed.InstallOption, err error) {
	children := map[string][]string{}
	for _, child := range f.children {
		model, path, ok := strings.Cut(child, "=")
		if !ok {
			return nil, usageError{fmt.Errorf("--child %s: want MODEL=CHILD.FIELD, such as sale.order=sale.order.line.order_id", child)}
		}
		children[model] = append(children[model], path)
	}
	for _, model := range models {
		out = append(out, feed.OnModel(model, children[model]...))
		delete(children, model)
	}
	for model := range children {
		return nil, usageError{fmt.Errorf("--child %s=…: %s is not one of the models", model, model)}
	}
	if f.readers != "" {
		out = append(out, feed.Readers(f.readers))
	}
	return out, nil
}

func newFeedStatus() *cobra.Command {
	cmd, _ := newFeedVerb("status NAME", "Show the models of an outbox, and whether it is complete", feedStatusHelp, (*feeder).show)
	return cmd
}

// show shows the status, and fails if changes are missed.
func (f *feeder) show(ctx context.Context, cmd *cobra.Command, c *orm.Client, args []string) error {
	status, err := feed.Installed(ctx, c, args[0])
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), status); err != nil {
		return err
	}
	switch {
	case len(status.Problems) > 0:
		return errors.New("the outbox is not complete: odoogen feed install repairs it, odoogen feed uninstall removes it")
	case len(status.Watches) == 0:
		return exitError{1}
	}
	return nil
}

func newFeedUninstall() *cobra.Command {
	cmd, _ := newFeedVerb("uninstall NAME", "Remove an outbox completely", feedUninstallHelp,
		func(_ *feeder, ctx context.Context, _ *cobra.Command, c *orm.Client, args []string) error {
			return feed.Uninstall(ctx, c, args[0])
		})
	return cmd
}
