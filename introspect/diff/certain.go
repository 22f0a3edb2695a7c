package diff

// Certain is the confidence from which on a rename is treated as one without a look at it.
const Certain = 0.85

// CertainRenames are the renames that are certain: the new address by the old one. A field whose type changed too is another
// field.
func (r *Report) CertainRenames() map[string]string {
	renamed := map[string]string{}
	for _, c := range r.Changes {
		if c.Action == Renamed && c.Match != nil && c.Match.Confidence >= Certain {
			renamed[c.address(c.Model.Old, c.Field.Old, c.Choice.Old, c.Method.Old)] = c.address(c.Model.New, c.Field.New, c.Choice.New, c.Method.New)
		}
	}
	for _, c := range r.Changes {
		if c.Action == Changed && (c.Property == Type || c.Property == Relation) && c.Field.Renamed() && c.Class.Breaking() {
			delete(renamed, c.Model.Old+"/"+c.Field.Old)
		}
	}
	return renamed
}

// address is how settings name what a change is about.
func (c Change) address(model, field, choice, method string) string {
	switch c.Subject {
	case Field:
		return model + "/" + field
	case Choice:
		return model + "/" + field + "=" + choice
	case Method:
		return model + "." + method + "()"
	}
	return model
}
