// Package livetest holds the tests of the runtime that need a server.
package livetest
