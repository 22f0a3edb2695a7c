package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/describe"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/ir"
	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

const modelsHelp = `models lists the models of the snapshot, or of the server with --live: names, labels, kinds, numbers
of fields and methods, and the Go names of the models that odoogen.yaml selects.

Patterns are names or globs as for pull --models: 'sale.*', module:stock, '!sale.report'.`

const describeHelp = `describe shows a model of the snapshot, or with --live of the server: its fields with types and Go names,
its methods and reports, and the relations of other models that point to it.

describe MODEL/FIELD shows all properties of a field: its attributes, its choices with their Go
constants, and the Go types in records and values.

With --live it reads only this model: the relations that point to it are unknown.`

// viewer is the common part of the commands models, describe and explore.
type viewer struct {
	puller
	configFile, schema string
	live, json         bool
}

func (v *viewer) flags(cmd *cobra.Command) {
	v.puller.flags(cmd)
	configFlag(cmd, &v.configFile)
	f := cmd.Flags()
	_ = f.MarkHidden("models") // the arguments name the models
	f.StringVar(&v.schema, "schema", "", "the snapshot to read (default "+snapshot.DefaultFile+")")
	f.BoolVar(&v.live, "live", false, "read the server that the flags or the environment name, instead of the snapshot")
}

// jsonFlag adds the flag --json to a command whose output is data.
func (v *viewer) jsonFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&v.json, "json", false, "write JSON")
}

func (v *viewer) check(cmd *cobra.Command) error {
	switch f := cmd.Flags(); {
	case f.Changed("models"):
		return usageError{errors.New("--models has no effect: the arguments name the models")}
	case v.live && v.schema != "":
		return usageError{errors.New("--schema has no effect with --live")}
	case !v.live:
		return refuseFlags(f, "without --live", liveFlags...)
	}
	return nil
}

// guide reads the models that match from the snapshot or the server.
func (v *viewer) guide(cmd *cobra.Command, models []string) (*describe.Guide, error) {
	config, err := generator.ReadConfig(v.configFile)
	if err != nil {
		return nil, err
	}
	schema, plan, err := v.look(cmd, config, models)
	if err != nil {
		return nil, err
	}
	guide := describe.New(schema, plan)
	guide.Alone = v.live && len(models) > 0
	return guide, nil
}

// look reads the models that match from the snapshot or the server, and plans the package.
func (v *viewer) look(cmd *cobra.Command, config generator.Config, models []string) (*snapshot.Schema, *ir.Package, error) {
	if v.schema != "" {
		config.Schema, config.Schemas, config.Same = v.schema, nil, nil
	}
	schema, err := v.read(cmd, config, models)
	if err != nil {
		return nil, nil, err
	}
	return schema, v.plan(cmd, schema, config), nil
}

// plan returns the package for the configuration and the snapshot. If planning fails, it prints a warning and returns nil.
func (v *viewer) plan(cmd *cobra.Command, schema *snapshot.Schema, config generator.Config) *ir.Package {
	if v.live {
		selects := len(config.Models) > 0
		if config = config.Fit(schema, nil); selects && len(config.Models) == 0 {
			return nil // none of the requested models
		}
	}
	plan, err := generator.Plan(schema, config)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		fmt.Fprintln(cmd.ErrOrStderr(), "odoogen: warning: Go names are unknown: "+strings.TrimSuffix(first, ":"))
	}
	return plan
}

func (v *viewer) read(cmd *cobra.Command, config generator.Config, models []string) (*snapshot.Schema, error) {
	if !v.live {
		return readSchema(config)
	}
	v.models = models
	schema, _, err := v.take(cmd.Context(), config, nil)
	return schema, err
}

// write writes a value as JSON, or as text.
func (v *viewer) write(cmd *cobra.Command, value any, text func(io.Writer) error) error {
	if !v.json {
		return wholeLines(cmd.OutOrStdout(), text)
	}
	return writeJSON(cmd.OutOrStdout(), value)
}

// wholeLines writes a text in one call, because the command's output needs whole lines.
func wholeLines(out io.Writer, text func(io.Writer) error) error {
	var b bytes.Buffer
	if err := text(&b); err != nil {
		return err
	}
	_, err := b.WriteTo(out)
	return err
}

// writeJSON writes data for other programs, without escaping it for terminals.
func writeJSON(out io.Writer, value any) error {
	e := json.NewEncoder(printable.Raw(out))
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(value)
}

func newModels() *cobra.Command {
	v := viewer{}
	cmd := &cobra.Command{
		Use:     "models [PATTERN...]",
		Short:   "List the models of the snapshot or of the server",
		Long:    modelsHelp,
		Example: "  odoogen models 'sale.*'\n  odoogen models --live --json | jq -r '.[] | select(.custom) | .name'",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := v.check(cmd); err != nil {
				return err
			}
			guide, err := v.guide(cmd, args)
			if err != nil {
				return err
			}
			models, err := guide.Models(args)
			if err != nil {
				return err
			}
			return v.write(cmd, models, func(w io.Writer) error { return describe.WriteModels(w, models) })
		},
	}
	v.flags(cmd)
	v.jsonFlag(cmd)
	return cmd
}

func newDescribe() *cobra.Command {
	v := viewer{}
	cmd := &cobra.Command{
		Use:     "describe MODEL[/FIELD]",
		Short:   "Show a model or a field: types, Go names, methods, relations to it",
		Long:    describeHelp,
		Example: "  odoogen describe sale.order\n  odoogen describe sale.order/state\n  odoogen describe --live x_machine --json",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("want one model or field, such as sale.order or sale.order/state; see %s --help", cmd.CommandPath())}
			}
			return v.check(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			model, field, isField := strings.Cut(args[0], "/")
			guide, err := v.guide(cmd, []string{model})
			if err != nil {
				return err
			}
			if isField {
				f, err := guide.Field(model, field)
				if err != nil {
					return err
				}
				return v.write(cmd, f, func(w io.Writer) error { return describe.WriteField(w, model, f) })
			}
			m, err := guide.Model(model)
			if err != nil {
				return err
			}
			return v.write(cmd, m, func(w io.Writer) error { return describe.WriteModel(w, m) })
		},
	}
	v.flags(cmd)
	v.jsonFlag(cmd)
	return cmd
}
