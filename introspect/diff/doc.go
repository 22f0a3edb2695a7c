// Package diff compares two snapshots: what changed between them, which of it breaks programs and why, and what was
// renamed.
//
// report.go is what comes out. compare.go walks through both snapshots; classes.go says of each kind of change whom it
// breaks; rename.go recognises what goes by another name.
package diff
