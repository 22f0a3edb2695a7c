package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/describe"
	"github.com/odoogen/odoogen/cmd/odoogen/internal/explore"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/output"
)

const exploreHelp = `explore writes the snapshot, or the models of the server with --live, as one HTML page that works offline: a
search over models, fields, choices, methods and reports, a page for each model with its Go names and code to
copy, and a map of the relations around it. Its links can be shared: page.html#/sale.order/state.`

func newExplore() *cobra.Command {
	v := viewer{}
	var file string
	cmd := &cobra.Command{
		Use:     "explore",
		Short:   "Write the snapshot as one HTML page to browse",
		Long:    exploreHelp,
		Example: "  odoogen explore\n  odoogen explore --live --output erp.html",
		Args: func(cmd *cobra.Command, args []string) error {
			if err := noArgs(cmd, args); err != nil {
				return err
			}
			return v.check(cmd)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return v.explore(cmd, file) },
	}
	v.flags(cmd)
	cmd.Flags().StringVarP(&file, "output", "o", "odoogen.html", "the page to write")
	return cmd
}

func (v *viewer) explore(cmd *cobra.Command, file string) error {
	if err := output.Check(file); err != nil {
		return err
	}
	config, err := generator.ReadConfig(v.configFile)
	if err != nil {
		return err
	}
	schema, plan, err := v.look(cmd, config, nil)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := explore.Write(&page, schema, describe.New(schema, plan), config.Package); err != nil {
		return err
	}
	if err := output.WriteFile(file, page.Bytes()); err != nil {
		return err
	}
	if !output.IsStdout(file) {
		fmt.Fprintf(cmd.OutOrStdout(), "%s: %d models of Odoo %s: open it in a browser\n", file, len(schema.Models), schema.SeriesText())
	}
	return nil
}
