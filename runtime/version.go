package orm

// Version is the version of a server.
type Version struct {
	Series string // "19.0"; "saas~18.2" on odoo.com
	Full   string // "19.0-20260101", or as Series
	Major  int    // 19
}
