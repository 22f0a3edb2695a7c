package odoofacts

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version is a version of Odoo: 19.0, or saas~18.2 of Odoo Online.
type Version struct {
	Major, Minor int
	SaaS         bool
}

var (
	// Oldest is the oldest version that the project supports.
	Oldest = Version{Major: 14}
	// Newest is the newest version that the project was run against. See [Version.IsUntested].
	Newest = Version{Major: 19}
)

// series matches 19, 19.0, saas~18.2 and saas-18.2, the name of that branch.
var series = regexp.MustCompile(`^(saas[~-])?([0-9]{1,2})(?:\.([0-9]{1,2}))?$`)

// Parse parses a series: "19.0", "saas~18.2", or only "19". It refuses everything else, and versions before [Oldest].
func Parse(text string) (Version, error) {
	parts := series.FindStringSubmatch(text)
	if parts == nil {
		return Version{}, fmt.Errorf("%.40q is not a version of Odoo, such as 19.0 or saas~18.2", text)
	}
	major, _ := strconv.Atoi(parts[2]) // of at most two digits
	minor, _ := strconv.Atoi(parts[3]) // or none
	v := Version{major, minor, parts[1] != ""}
	if v.Before(Oldest) {
		return Version{}, fmt.Errorf("version %s of Odoo is not supported: %d is the oldest one that is", v, Oldest.Major)
	}
	return v, nil
}

// ParseInfo parses the server_version_info of a server: [19, 0, 0, "final", 0, ""], ["saas~18", 2, …].
func ParseInfo(info []any) (Version, error) {
	parts := make([]string, min(len(info), 2))
	for i := range parts {
		parts[i] = fmt.Sprint(info[i])
	}
	return Parse(strings.Join(parts, "."))
}

// String is the series: "19.0", "saas~18.2".
func (v Version) String() string {
	prefix := ""
	if v.SaaS {
		prefix = "saas~"
	}
	return fmt.Sprintf("%s%d.%d", prefix, v.Major, v.Minor)
}

// Compare orders versions by their numbers: 18.0, saas~18.2, 19.0.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor))
}

// Before reports whether v is older than w.
func (v Version) Before(w Version) bool { return v.Compare(w) < 0 }

// IsUntested reports whether v is newer than every version that the project was run against. Such a version is treated as
// [Newest], but for behaviours whose first version the table knows to be a later one.
func (v Version) IsUntested() bool { return Newest.Before(v) }
