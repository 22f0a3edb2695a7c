// Package generator turns a schema snapshot into a Go package.
//
// The steps are one file each: config.go reads odoogen.yaml; resolve.go finds out what it
// selects of the snapshot; names.go decides every Go name, in one pass; types.go
// has a row for each field type of Odoo; plan.go makes of the snapshot the model in package ir, which package templates
// writes out as Go code; write.go puts the files in their folder, all or none.
package generator
