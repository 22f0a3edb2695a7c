package orm

// Labels are the choices of a selection field in Odoo's order: the value that is stored, and the text that Odoo shows
// for it, which in generated packages is the English one.
type Labels [][2]string

// Of returns the label of a value, or the value itself when it is none of the choices.
func (l Labels) Of(value string) string {
	for _, choice := range l {
		if choice[0] == value {
			return choice[1]
		}
	}
	return value
}
