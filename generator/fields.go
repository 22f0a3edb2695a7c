package generator

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// narrow leaves to the chosen models the fields that the configuration lists for them, and the id in any case; to those
// without a list, the fields of its profile. A list for a model that the snapshot does not know, or a pattern that
// matches no field, is an error; known are all models.
func narrow(chosen, known []snapshot.Model, c Config) ([]snapshot.Model, error) {
	if c.Profile != "" && c.Profile != ProfileAll && c.Profile != ProfileStored {
		return nil, fmt.Errorf("%s: profile: %q is neither %s nor %s", ConfigFile, c.Profile, ProfileAll, ProfileStored)
	}
	lists := c.Fields
	kept := map[string]map[string]bool{} // model → fields; no entry for models without a list
	var wrong []string
	for _, glob := range slices.Sorted(maps.Keys(lists)) {
		models, unmatched, err := snapshot.Match(chosen, []string{glob})
		if err == nil && len(unmatched) > 0 {
			if _, unmatched, _ = snapshot.Match(known, unmatched); len(unmatched) > 0 {
				err = fmt.Errorf("the snapshot has no model %s", glob)
			}
		}
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		for _, m := range models {
			if kept[m.Name] == nil {
				kept[m.Name] = setOf("id")
			}
		}
		for _, pattern := range lists[glob] {
			if err := keep(kept, models, pattern); err != nil {
				wrong = append(wrong, glob+": "+err.Error())
			}
		}
	}
	if len(wrong) > 0 {
		return nil, errors.New(ConfigFile + ": fields: " + strings.Join(wrong, "; "))
	}
	return withFields(chosen, kept, c.Profile), nil
}

// keep notes the fields of the models that match the pattern, or unnotes them if it starts with "!".
func keep(kept map[string]map[string]bool, models []snapshot.Model, pattern string) error {
	pattern, exclusive := strings.CutPrefix(pattern, "!")
	if _, err := path.Match(pattern, ""); err != nil {
		return fmt.Errorf("%q is not a pattern", pattern)
	}
	found := len(models) == 0 // then nothing can be said about the pattern
	for _, m := range models {
		for _, f := range m.Fields {
			if ok, _ := path.Match(pattern, f.Name); ok {
				kept[m.Name][f.Name], found = !exclusive || f.Name == "id", true
			}
		}
	}
	if !found {
		return fmt.Errorf("no field %s%s", pattern, misspelled(pattern, models))
	}
	return nil
}

// misspelled names the field of the models that a name may have been meant for.
func misspelled(name string, models []snapshot.Model) string {
	var names []string
	for _, m := range models {
		for _, f := range m.Fields {
			names = append(names, clean(f.Name, labelLength))
		}
	}
	return spelling.Hint(name, slices.Values(names))
}

func withFields(models []snapshot.Model, kept map[string]map[string]bool, profile string) []snapshot.Model {
	out := slices.Clone(models)
	for i, m := range out {
		fields, listed := kept[m.Name]
		out[i].Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(f snapshot.Field) bool {
			if listed {
				return !fields[f.Name]
			}
			return profile == ProfileStored && f.Computed && f.Name != "display_name"
		})
	}
	return out
}
