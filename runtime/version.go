package orm

import "github.com/odoogen/odoogen/internal/odoofacts"

// Version is the version of a server.
type Version struct {
	Series string // "19.0"; "saas~18.2" on odoo.com
	Full   string // "19.0-20260101", or the same as Series
	Major  int    // 19
}

// IsUntested reports whether the version is newer than every version that this package was tested with. Such a server is
// treated as the newest tested version. [LogCalls] warns about it.
func (v Version) IsUntested() bool { return v.odoo().IsUntested() }

// odoo converts the version for package odoofacts.
func (v Version) odoo() odoofacts.Version {
	if parsed, err := odoofacts.Parse(v.Series); err == nil {
		return parsed
	}
	return odoofacts.Version{Major: v.Major}
}
