package orm

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// checkTimeZone refuses groups in a time zone that the server does not know: the server would use UTC (measured on 14 and
// 19). The known zones are the choices of res.users.tz, which the client reads once for each zone.
func (c *Client) checkTimeZone(ctx context.Context) error {
	zone, _ := c.context["tz"].(string)
	if _, known := c.zones.Load(zone); known || zone == "" || zone == "UTC" {
		return nil
	}
	fields, err := c.Model("res.users").FieldsGet(ctx, []string{"tz"})
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrAccess) {
		return nil // an embedded Odoo of a snapshot without users
	}
	if err != nil {
		return err
	}
	zones := fields["tz"].Selection
	if len(zones) > 0 && !slices.ContainsFunc(zones, func(choice [2]string) bool { return choice[0] == zone }) {
		return fmt.Errorf("orm: Odoo %s does not know the time zone %q, and would use UTC", c.version.Series, zone)
	}
	c.zones.Store(zone, true)
	return nil
}
