package generator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// typeConflicts returns an error that lists the selected fields and methods of a merged schema without a common Go type,
// with the lines for odoogen.yaml that leave them out.
func typeConflicts(s *Selection) error {
	fields, methods := map[string][]string{}, map[string][]string{}
	var lines, models, without []string
	for _, m := range s.Models {
		for _, f := range m.Fields {
			if f.Conflict != "" {
				lines = append(lines, fmt.Sprintf("  %s/%s: %s", m.Name, f.Name, f.Conflict))
				fields[m.Name] = append(fields[m.Name], "'!"+f.Name+"'")
			}
			if f.Conflict != "" && f.Name == "id" { // the id cannot be left out
				without = append(without, "'!"+m.Name+"'")
			}
		}
		for _, method := range m.Methods {
			if method.Conflict != "" {
				lines = append(lines, fmt.Sprintf("  %s/%s(): %s", m.Name, method.Name, method.Conflict))
				methods[m.Name] = append(methods[m.Name], "'!"+method.Name+"'")
			}
		}
		models = append(models, m.Name)
	}
	if len(lines) == 0 {
		return nil
	}
	remedy := ""
	if len(without) > 0 {
		for m := range fields {
			if slices.Contains(without, "'!"+m+"'") {
				delete(fields, m)
			}
		}
		remedy = "models: ['*', " + strings.Join(without, ", ") + "]\n"
	}
	remedy += leaveOut("fields", models, fields, "'*', ") + leaveOut("methods", models, methods, "")
	return errors.New("one Go type does not fit all servers; leave these out, or generate a package for each server:\n" +
		strings.Join(lines, "\n") + "\n" + ConfigFile + ":\n" + strings.TrimSuffix(remedy, "\n"))
}

// leaveOut writes a section of the configuration that excludes names.
func leaveOut(section string, models []string, names map[string][]string, all string) string {
	if len(names) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(section + ":\n")
	for _, m := range slices.Sorted(slices.Values(models)) {
		if len(names[m]) > 0 {
			fmt.Fprintf(&b, "  %s: [%s%s]\n", m, all, strings.Join(names[m], ", "))
		}
	}
	return b.String()
}

// severalNames lists the selected fields that have several names, in the form of odoogen.yaml.
func severalNames(models []snapshot.Model) []string {
	var out []string
	for _, m := range models {
		for _, f := range m.Fields {
			if len(f.Older) > 0 {
				out = append(out, fmt.Sprintf("%s/%s: [%s]", m.Name, f.Name, strings.Join(f.Older, ", ")))
			}
		}
	}
	return out
}
