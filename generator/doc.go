// Package generator turns a schema snapshot into a Go package.
//
// Each step has its own file: config.go reads odoogen.yaml; resolve.go selects models, fields and methods of the snapshot;
// names.go decides every Go name, in one pass; types.go has a row for each field type of Odoo; plan.go turns the selection
// into the package model of package ir, which package templates writes as Go code; write.go writes the files to their
// folder, all or none.
package generator
