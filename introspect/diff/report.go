package diff

// Report is what changed from one snapshot to another, sorted by model (its new name, or the old one if it is gone),
// then with the most serious first.
type Report struct {
	Old Side `json:"old"`
	New Side `json:"new"`
	// Unknown is what cannot be compared, because the user of a snapshot could not see it: whole sentences.
	Unknown []string `json:"unknown,omitempty"`
	Changes []Change `json:"changes"`

	Labels map[string]string `json:"-"` // of models, by their old and new names
}

// Side is one of the two snapshots.
type Side struct {
	Name    string `json:"name"` // as the caller names it: a file, a revision, "live"
	Series  string `json:"series"`
	Version string `json:"version"`
	Models  int    `json:"models"`
	Fields  int    `json:"fields"`
}

// Change is one difference. If a subject was renamed, its other changes are listed too, each with both names.
type Change struct {
	Subject Subject `json:"subject"`
	Action  Action  `json:"action"`

	Model  Names `json:"model,omitzero"`  // of every subject but a Module
	Field  Names `json:"field,omitzero"`  // of a Field or a Choice
	Choice Names `json:"choice,omitzero"` // the value of a selection; "" is a value, too: see Action
	Method Names `json:"method,omitzero"`
	Report Names `json:"report,omitzero"` // the report_name
	Module Names `json:"module,omitzero"`

	Label    string   `json:"label,omitempty"`    // what people call the thing that it is about
	Property Property `json:"property,omitempty"` // what of it is Changed
	Was      string   `json:"was,omitempty"`      // the property's value; "" is none
	Is       string   `json:"is,omitempty"`

	Class   Class  `json:"class"`
	Reason  string `json:"reason"`            // why it is of this class, in a sentence
	Instead string `json:"instead,omitempty"` // what to write now, if known
	Match   *Match `json:"match,omitempty"`   // why old and new are treated as the same: of Renamed, Merged and Split
}

// Names are what something is called in the old and in the new snapshot: the same unless it was renamed. Old is "" of
// what was added, and New of what was removed. What is not visible has both.
type Names struct {
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
}

// Renamed reports whether both are there and differ.
func (n Names) Renamed() bool { return n.Old != "" && n.New != "" && n.Old != n.New }

// Any is the new name, or the old one of what is gone.
func (n Names) Any() string {
	if n.New != "" {
		return n.New
	}
	return n.Old
}

// Subject is the kind of thing that changed.
type Subject string

// The subjects.
const (
	Model  Subject = "model"
	Field  Subject = "field"
	Choice Subject = "choice" // one value of a selection field
	Method Subject = "method"
	Print  Subject = "report" // a report of a model, of ir.actions.report
	Module Subject = "module" // an installed module of the database
)

// Action is what happened to the subject.
type Action string

// The actions.
const (
	Added    Action = "added"
	Removed  Action = "removed"
	Renamed  Action = "renamed"
	Changed  Action = "changed"  // a Property of it
	Merged   Action = "merged"   // a model whose fields went into another one, that was there before
	Split    Action = "split"    // a model a part of whose fields went to a new one; the rest stays
	Hidden   Action = "hidden"   // it may still exist: it is not visible to the user of the new snapshot
	Revealed Action = "revealed" // it may have existed: the old snapshot's user could not see it
)

// Property is what changed of a model, a field, a choice, a method or a module.
type Property string

// The properties.
const (
	KindProperty     Property = "kind"     // of a model: stored, transient, view, abstract
	Label            Property = "label"    //
	Help             Property = "help"     //
	Modules          Property = "modules"  // of a model: those that define or extend it
	Custom           Property = "custom"   // made by hand or by a module
	Type             Property = "type"     // Odoo's: char, many2one, ...
	Relation         Property = "relation" // the model that a field points to
	Inverse          Property = "inverse"
	Required         Property = "required"
	Default          Property = "default" // of a required field: whether it has one
	Readonly         Property = "readonly"
	Computed         Property = "computed"   // not stored: computed on each read
	Searchable       Property = "searchable" // whether conditions can be about it
	Sortable         Property = "sortable"   // whether an order can be by it
	Groupable        Property = "groupable"
	CompanyDependent Property = "company-dependent"
	Translated       Property = "translated"
	Size             Property = "size"
	Digits           Property = "digits"
	Currency         Property = "currency" // the field that holds it
	ModelField       Property = "model field"
	Definition       Property = "definition" // where the definition of a properties field lives
	Related          Property = "related"
	OnDelete         Property = "on delete"  // what becomes of a many2one when its target is deleted
	Table            Property = "table"      // of a many2many, with its column
	NoCopy           Property = "no copy"    // left out of the copy of a record
	Order            Property = "order"      // of the choices of a selection, or of the records of a model
	Parameters       Property = "parameters" // of a method
	Version          Property = "version"    // of a module
)

// Class is the set of programs that a change breaks, as flags. The zero Class is a safe change.
type Class struct {
	Readers     bool `json:"breaks_readers"` // code that reads it, searches or sorts by it fails, or no longer compiles
	Writers     bool `json:"breaks_writers"` // code that creates, writes or calls it fails, or no longer compiles
	Behavioural bool `json:"behavioural"`    // the same code runs, but its results may differ
}

// Breaking reports whether code fails.
func (c Class) Breaking() bool { return c.Readers || c.Writers }

// Safe reports whether code neither fails nor has other results.
func (c Class) Safe() bool { return !c.Breaking() && !c.Behavioural }

// String says whom a change breaks, in a few words.
func (c Class) String() string {
	switch {
	case c.Readers && c.Writers:
		return "breaks readers and writers"
	case c.Readers:
		return "breaks readers"
	case c.Writers:
		return "breaks writers"
	case c.Behavioural:
		return "may behave otherwise"
	}
	return "safe"
}

// Match says how sure it is that two things are the same.
type Match struct {
	Confidence float64  `json:"confidence"` // over 0, up to 1
	Evidence   []string `json:"evidence"`   // what speaks for it, the strongest first
}
