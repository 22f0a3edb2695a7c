// Package sqltest tests the SQL store of runtime/feed on real databases. It is a module of its own, which keeps their drivers out
// of the other one.
package sqltest
