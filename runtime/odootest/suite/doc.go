// Package suite runs the runtime's own tests of real servers against the embedded one.
package suite
