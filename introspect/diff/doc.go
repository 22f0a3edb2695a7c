// Package diff compares two snapshots: what changed between them, which of it breaks programs and why, and what was
// renamed.
//
// report.go is what comes out. compare.go is the job: which models there are, with models.go to recognise those that were
// renamed, merged or split; then, in pairs.go, the models that both have, with fields.go to recognise renamed fields.
// evidence.go weighs clues and assigns the likeliest first, words.go compares names, and known.go has the few renames that
// nothing in the metadata shows. properties.go, choices.go and methods.go say of each kind of change whom it breaks.
// sight.go keeps what is not visible apart from what is gone.
package diff
