//go:build live

package sqltest

import (
	"database/sql"
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL
)

// TestLivePostgreSQL needs a database of its own, named by POSTGRES_URL.
func TestLivePostgreSQL(t *testing.T) {
	source := os.Getenv("POSTGRES_URL")
	if source == "" {
		t.Fatal("POSTGRES_URL is not set")
	}
	test(t, func(t *testing.T) *sql.DB { return open(t, "pgx", source) })
}
