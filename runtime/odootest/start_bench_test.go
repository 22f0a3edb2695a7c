package odootest_test

import (
	"testing"

	"github.com/odoogen/odoogen/runtime/odootest"
)

// The time from a snapshot, decoded before, of 40 models to a server that listens.
func BenchmarkStart(b *testing.B) {
	schema := stock(b)
	for b.Loop() {
		s, err := odootest.Start(schema)
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}
