package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/generator"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/internal/upgrade"
	"github.com/odoogen/odoogen/introspect/diff"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// readSchema reads the snapshot that the package is generated from, or the snapshots of several servers, merged.
func readSchema(config generator.Config) (*snapshot.Schema, error) {
	if len(config.Schemas) == 0 {
		if len(config.Same) > 0 {
			return nil, fmt.Errorf("%s: same is for several snapshots: want schemas", generator.ConfigFile)
		}
		return snapshot.ReadFile(config.Schema)
	}
	sources, err := readSources(config)
	if err != nil {
		return nil, err
	}
	if len(sources) == 1 {
		return nil, fmt.Errorf("%s: schemas has one snapshot only: want schema: %s", generator.ConfigFile, config.Schemas[0])
	}
	return merge(config, sources, config.Same)
}

// readSources reads the snapshots of several servers.
func readSources(config generator.Config) ([]snapshot.Source, error) {
	sources := make([]snapshot.Source, len(config.Schemas))
	for i, file := range config.Schemas {
		s, err := snapshot.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sources[i] = snapshot.Source{Label: s.Server.Series, Schema: s}
	}
	return sources, nil
}

func merge(config generator.Config, sources []snapshot.Source, same map[string][]string) (*snapshot.Schema, error) {
	label(sources, config.Schemas)
	merged, err := snapshot.Merge(sources, sameFields(sources, same))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", generator.ConfigFile, err)
	}
	return merged, nil
}

// sidesOfServer are the snapshots that the package of several servers is generated from before and after one of the servers
// changes.
func sidesOfServer(config generator.Config, at int, before, after *snapshot.Schema) (upgrade.Sides, error) {
	sources, err := readSources(config)
	if err != nil {
		return upgrade.Sides{}, err
	}
	sides := upgrade.Sides{Server: after}
	sources[at].Schema, sources[at].Label = before, before.Server.Series
	if sides.Before, err = merge(config, sources, config.Same); err != nil {
		return sides, err
	}
	for i, s := range sources {
		sources[i].Label = s.Server.Series
	}
	sources[at].Schema, sources[at].Label = after, after.Server.Series
	sides.After, err = merge(config, sources, knownFields(sources, config.Same))
	return sides, err
}

// knownFields are the entries that still name several fields of the snapshots: the last server with one of the names may have
// changed.
func knownFields(sources []snapshot.Source, same map[string][]string) map[string][]string {
	known := map[string][]string{}
	for address, others := range same {
		model, field, _ := strings.Cut(address, "/")
		if len(others) == 0 { // it is kept apart
			known[address] = others
			continue
		}
		names := slices.DeleteFunc(append([]string{field}, others...), func(name string) bool {
			return !slices.ContainsFunc(sources, func(s snapshot.Source) bool { return len(s.FieldsAmong(model, []string{name})) > 0 })
		})
		if len(names) > 1 {
			known[model+"/"+names[0]] = names[1:]
		}
	}
	return known
}

// serverOf is the place among the snapshots of several servers of the one that the name of a side of diff is of, in any revision.
func serverOf(config generator.Config, name string) (int, error) {
	at := slices.IndexFunc(config.Schemas, func(file string) bool {
		return filepath.Clean(name) == filepath.Clean(file) || strings.HasSuffix(name, ":"+file)
	})
	if at < 0 {
		return 0, fmt.Errorf("%w: --usage needs one of them as OLD, %s, not %s", errServers, strings.Join(config.Schemas, ", "), name)
	}
	return at, nil
}

// snapshotOf reads the snapshot for a server version: the configured snapshot, or the only one of several that has this
// version.
func snapshotOf(config generator.Config, series string) (file string, s *snapshot.Schema, err error) {
	if len(config.Schemas) == 0 {
		s, err = snapshot.ReadFile(config.Schema)
		return config.Schema, s, err
	}
	for _, name := range config.Schemas {
		one, err := snapshot.ReadFile(name)
		switch {
		case err != nil:
			return "", nil, err
		case one.Server.Series != series:
		case s != nil:
			return "", nil, fmt.Errorf("%w: %s and %s are of Odoo %s: name the one of this server, odoogen diff FILE live", errServers, file, name, series)
		default:
			file, s = name, one
		}
	}
	if s == nil {
		return "", nil, fmt.Errorf("%w: none of them is of Odoo %s, the version of this server", errServers, series)
	}
	return file, s, nil
}

// label names snapshots by their files if their versions are equal.
func label(sources []snapshot.Source, files []string) {
	count := map[string]int{}
	for _, s := range sources {
		count[s.Label]++
	}
	for i, s := range sources {
		if count[s.Label] > 1 || s.Label == "" {
			sources[i].Label = strings.TrimSuffix(filepath.Base(files[i]), ".json")
		}
	}
}

// sameFields returns the fields that have several names. For a field, the configuration overrides the snapshots.
func sameFields(sources []snapshot.Source, given map[string][]string) snapshot.Same {
	same := diff.Same(sources)
	said := map[string]bool{}
	for address, others := range given {
		model, field, _ := strings.Cut(address, "/")
		for _, name := range append([]string{field}, others...) {
			said[model+"/"+name] = true
		}
	}
	maps.DeleteFunc(same, func(address string, others []string) bool {
		model, _, _ := strings.Cut(address, "/")
		return said[address] || slices.ContainsFunc(others, func(name string) bool { return said[model+"/"+name] })
	})
	for address, others := range given {
		if len(others) > 0 {
			same[address] = others
		}
	}
	return same
}

// sourceNames lists the snapshots of a configuration, for messages.
func sourceNames(config generator.Config) string {
	if len(config.Schemas) == 0 {
		return config.Schema
	}
	return strings.Join(config.Schemas, ", ")
}

// reportSame lists the fields that have several names, for review.
func reportSame(out io.Writer, lines []string) {
	if len(lines) > 0 {
		fmt.Fprintf(out, "odoogen: %s with several names:\n  %s\n", spelling.Count(len(lines), "field"), strings.Join(lines, "\n  "))
	}
}

// errServers is the error of commands that work on the snapshot of one server.
var errServers = errors.New("schemas in " + generator.ConfigFile + " lists the snapshots of several servers")
