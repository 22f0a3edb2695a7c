package generator

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// conflict is a name with several claims. The first claim keeps the name.
type conflict struct {
	scope, name string
	claims      []claim
}

// conflicts returns the names with several claims: names of models first, then of fields, then of choices.
func (n *names) conflicts() []conflict {
	var found []conflict
	for scope, taken := range n.scopes {
		for name, claims := range taken {
			if len(claims) > 1 {
				slices.SortFunc(claims, compareClaims)
				found = append(found, conflict{scope, name, claims})
			}
		}
	}
	slices.SortFunc(found, func(a, b conflict) int {
		return cmp.Or(
			cmp.Compare(a.claims[1].level, b.claims[1].level),
			compareBool(a.claims[1].derived, b.claims[1].derived),
			strings.Compare(a.scope, b.scope),
			strings.Compare(a.name, b.name))
	})
	return found
}

// fixed returns an error that lists the conflicts between names that odoogen cannot change.
func (n *names) fixed() error {
	var list []string
	for _, taken := range n.scopes {
		for name, claims := range taken {
			var who []string
			for _, c := range claims {
				if c.address == "" {
					who = append(who, c.what)
				}
			}
			if len(who) > 1 {
				list = append(list, fmt.Sprintf("%s: %s", name, strings.Join(who, " and ")))
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	slices.Sort(list)
	return fmt.Errorf("%s: name conflict, give one of them another name: %s", ConfigFile, strings.Join(list, "; "))
}

// compareClaims puts the claim that keeps the name first: a fixed name, then by level. Between two models, the model that
// claims a derived name goes first: a new name for it would change all names derived from it.
func compareClaims(a, b claim) int {
	return cmp.Or(compareBool(a.address != "", b.address != ""), cmp.Compare(a.level, b.level), compareBool(b.derived, a.derived), strings.Compare(a.address, b.address))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// attempts bounds the rounds of settle: a suggested name can itself be in conflict.
const attempts = 100

// settle finds renames that resolve all conflicts. It plans with the renames by calling again, and adds renames for the
// remaining conflicts until there are none. Models are renamed first, because a model's new name resolves all conflicts of
// names derived from it, and then fields. settle returns the original conflicts and the renames.
func settle(n *names, again func(renames map[string]string) *names) (conflicts []conflict, fresh map[string]string) {
	renames := maps.Clone(n.renames)
	if renames == nil {
		renames = map[string]string{}
	}
	fresh = map[string]string{}
	found := n.conflicts()
	original := map[[2]string]bool{}
	for _, c := range found {
		original[[2]string{c.scope, c.name}] = true
	}
	for range attempts {
		if len(found) == 0 {
			break
		}
		for _, c := range n.renameSome(found, fresh) {
			if original[[2]string{c.scope, c.name}] {
				conflicts = append(conflicts, c)
			}
		}
		maps.Copy(renames, fresh)
		n = again(renames)
		found = n.conflicts()
	}
	return conflicts, fresh
}

// renameSome adds fresh names for the things of the first conflict's level, and returns the conflicts that they resolve.
func (n *names) renameSome(found []conflict, fresh map[string]string) (settled []conflict) {
	level := found[0].claims[1].level
	done := map[string]bool{}
	for _, c := range found {
		acted := false
		for _, who := range c.claims[1:] {
			if who.level != level || done[who.address] {
				continue
			}
			fresh[who.address] = n.freshName(c, who)
			done[who.address], acted = true, true
		}
		if acted {
			settled = append(settled, c)
		}
	}
	return settled
}

// freshName appends a number to the name of the claimant, such that all names that follow from it are free.
func (n *names) freshName(c conflict, who claim) string {
	own := who.own
	if unicode.IsDigit(rune(own[len(own)-1])) {
		own += "No"
	}
	for number := 2; ; number++ {
		name := fmt.Sprintf("%s%d", own, number)
		if n.free(who, name) {
			n.claim(c.scope, replaceLast(c.name, who.own, name), claim{})
			return name
		}
	}
}

// free reports whether all names that the claimant would claim with a new name are free.
func (n *names) free(who claim, name string) bool {
	mine := func(c claim) bool { return c.address == who.address }
	for _, taken := range n.scopes {
		for claimed, claims := range taken {
			if slices.ContainsFunc(claims, mine) && taken[replaceLast(claimed, who.own, name)] != nil {
				return false
			}
		}
	}
	return true
}

// replaceLast replaces the own name of a claimant in a name derived from it. The name of a file is replaced as a whole.
func replaceLast(name, own, fresh string) string {
	i := strings.LastIndex(name, own)
	if i < 0 {
		return fresh
	}
	return name[:i] + fresh + name[i+len(own):]
}

// report returns an error that lists the conflicts, and the renames in the form of the configuration.
func report(found []conflict, fresh map[string]string) error {
	var list strings.Builder
	for _, c := range found {
		fmt.Fprintf(&list, "  %s\n", c.name)
		for _, who := range c.claims {
			fmt.Fprintf(&list, "    %s\n", who)
		}
	}
	return fmt.Errorf("conflicting Go names:\n%sRename in %s, for example as follows (--auto-rename does this):\n%s",
		list.String(), ConfigFile, renameLines(fresh))
}

// renameLines formats renames for the configuration.
func renameLines(renames map[string]string) string {
	var b strings.Builder
	b.WriteString("rename:")
	for _, address := range slices.Sorted(maps.Keys(renames)) {
		fmt.Fprintf(&b, "\n  %s: %s", yamlText(address), yamlText(renames[address]))
	}
	return b.String()
}

// String describes the claimant. An address with unprintable characters is quoted.
func (c claim) String() string {
	shown := c.address
	if clean(shown, lineLength) != shown {
		shown = clean(strconv.Quote(shown), lineLength)
	}
	return strings.TrimSpace(c.what + " " + shown)
}

// yamlText writes a string in YAML: plain, or quoted if YAML could read something else.
func yamlText(s string) string {
	first := func(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || r == '_') }
	odd := func(r rune) bool { return !first(r) && !strings.ContainsRune("0123456789./=+-", r) }
	isWord := !strings.ContainsAny(s, "0123456789._/=") // null, true, yes, ...
	if s == "" || strings.IndexFunc(s[:1], first) != 0 || isWord || strings.ContainsFunc(s, odd) {
		return strconv.Quote(s) // Go's escapes are YAML's
	}
	return s
}
