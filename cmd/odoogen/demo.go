package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/demo"
)

const demoHelp = `demo does the main job on a machine with nothing but Go: it starts an Odoo inside this program,
pulls its models, generates a package, compiles a program that uses it, runs it, and shows
how the compiler reports mistakes. It changes nothing outside a temporary folder.`

func newDemo() *cobra.Command {
	var keep string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Pull, generate, compile and run, on an Odoo inside this program",
		Long:  demoHelp,
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := demo.Run(cmd.Context(), cmd.OutOrStdout(), keep)
			if keep != "" && errors.Is(err, context.Canceled) {
				return fmt.Errorf("%s is not complete", keep)
			}
			return err
		},
	}
	cmd.Flags().StringVar(&keep, "keep", "", "create the module in this new folder and keep it")
	return cmd
}
