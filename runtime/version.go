package orm

import "github.com/odoogen/odoogen/internal/odoo"

// Version is the version of a server.
type Version struct {
	Series string // "19.0"; "saas~18.2" on odoo.com
	Full   string // "19.0-20260101", or as Series
	Major  int    // 19
}

// odoo returns the version as the facts about versions know it.
func (v Version) odoo() odoo.Version {
	if parsed, err := odoo.Parse(v.Series); err == nil {
		return parsed
	}
	return odoo.Version{Major: v.Major}
}
