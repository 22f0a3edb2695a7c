package odootest

import (
	"math"
	"testing"
)

// The texts are those of Python's repr.
func TestFloatsAreWrittenAsPythonDoes(t *testing.T) {
	for want, f := range map[string]float64{
		"12345678.9": 12345678.9, "1000000000000000.0": 1e15, "1e+16": 1e16, "123456789012345.6": 123456789012345.6, "0.0001": 0.0001,
		"1e-05": 0.00001, "-2500000.0": -2500000, "0.30000000000000004": 0.30000000000000004, "1e+22": 1e22, "1.5e+300": 1.5e300, "-0.0": math.Copysign(0, -1),
	} {
		if got := reprFloat(f); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
