package orm

// Labels are the choices of a selection field in Odoo's order, as pairs of the stored value and its label. Generated
// packages have the English labels.
type Labels [][2]string

// Of returns the label of a value, or the value itself if it is not one of the choices.
func (l Labels) Of(value string) string {
	for _, choice := range l {
		if choice[0] == value {
			return choice[1]
		}
	}
	return value
}
