package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/odoogen/odoogen/cmd/odoogen/internal/report"
	"github.com/odoogen/odoogen/cmd/odoogen/internal/stock"
	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// choices returns the values of flags with a fixed set of values, by flag, or by command and flag where commands differ.
func choices() map[string][]string {
	var searches []string
	for _, s := range introspect.MethodSearches {
		searches = append(searches, string(s))
	}
	return map[string][]string{
		"diff --format":  diffFormats,
		"check --format": checkFormats,
		"--ci":           workflows,
		"--fix":          {fixDiff},
		"--methods":      searches,
		"--only":         slices.Sorted(maps.Keys(report.Classes)),
		"--series":       stock.Series,
	}
}

// addCompletion adds shell completion: values of flags, and names of models and fields of the configured snapshot. It never
// calls a server.
func addCompletion(root *cobra.Command) {
	fixed := choices()
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			complete := fixedValues(fixed[cmd.Name()+" --"+f.Name])
			switch values, ok := fixed["--"+f.Name]; {
			case ok:
				complete = fixedValues(values)
			case f.Name == "models":
				complete = listOf(modelNames)
			case f.Name == "fields":
				complete = listOf(fieldsOfModel)
			}
			if complete != nil {
				// It fails only for a flag that does not exist, or that has a completion.
				_ = cmd.RegisterFlagCompletionFunc(f.Name, complete)
			}
		})
		switch cmd.Name() {
		case "models":
			cmd.ValidArgsFunction = names(modelNames)
		case "get":
			cmd.ValidArgsFunction = firstArg(names(modelNames))
		case "describe":
			cmd.ValidArgsFunction = firstArg(names(modelOrField))
		}
	}
}

func fixedValues(values []string) cobra.CompletionFunc {
	if values == nil {
		return nil
	}
	return listOf(func(*cobra.Command, []string, string) []string { return values })
}

// A lister lists candidates for the typed text.
type lister func(cmd *cobra.Command, args []string, typed string) []string

func names(list lister) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) (out []string, _ cobra.ShellCompDirective) {
		for _, name := range list(cmd, args, typed) {
			if strings.HasPrefix(name, typed) {
				out = append(out, name)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// listOf completes the last name of a list that is separated by commas.
func listOf(list lister) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		comma := strings.LastIndex(typed, ",") + 1
		out, directive := names(list)(cmd, args, typed[comma:])
		for i := range out {
			out[i] = typed[:comma] + out[i]
		}
		return out, directive
	}
}

func firstArg(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, typed)
	}
}

// completionSchema reads the snapshot that the flags or the configuration name. Without a snapshot nothing is completed.
func completionSchema(cmd *cobra.Command) *snapshot.Schema {
	flag := func(name string) string {
		if f := cmd.Flags().Lookup(name); f != nil {
			return f.Value.String()
		}
		return ""
	}
	config, err := generator.ReadConfig(flag("config"))
	if err != nil {
		return nil
	}
	if file := flag("schema"); file != "" {
		config.Schema, config.Schemas, config.Same = file, nil, nil
	}
	schema, err := readSchema(config)
	if err != nil {
		return nil
	}
	return schema
}

func modelNames(cmd *cobra.Command, _ []string, _ string) (out []string) {
	if schema := completionSchema(cmd); schema != nil {
		for _, m := range schema.Models {
			out = append(out, m.Name)
		}
	}
	return out
}

// fieldsOfModel lists the fields of the model that is the first argument.
func fieldsOfModel(cmd *cobra.Command, args []string, _ string) (out []string) {
	schema := completionSchema(cmd)
	if schema == nil || len(args) == 0 {
		return nil
	}
	for _, m := range schema.Models {
		if m.Name == args[0] {
			for _, f := range m.Fields {
				out = append(out, f.Name)
			}
		}
	}
	return out
}

// modelOrField lists models, and after the name of a model and a slash its fields.
func modelOrField(cmd *cobra.Command, args []string, typed string) []string {
	model, _, isField := strings.Cut(typed, "/")
	if !isField {
		return modelNames(cmd, args, typed)
	}
	out := fieldsOfModel(cmd, []string{model}, typed)
	for i := range out {
		out[i] = model + "/" + out[i]
	}
	return out
}
