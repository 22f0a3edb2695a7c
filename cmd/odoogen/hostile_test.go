package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// What a server says moves no cursor, reorders no text and gives the CI no commands.
func TestHostileServer(t *testing.T) {
	const evil = `\u001b[31mred\u202e\r\n::error::one\n ::add-mask::two\n##[group]three`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":null,"error":{"code":200,"message":"%s","data":{"name":"%[1]s","message":"%[1]s","debug":"%[1]s"}}}`, evil)
	}))
	defer server.Close()
	folder := t.TempDir()
	schema := filepath.Join(folder, "odoogen.schema.json")
	field := `{"name":"f` + evil + `","type":"char","label":"` + evil + `"}`
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	snapshot := `{"format":1,"server":{"series":"19.0"},"models":[{"name":"::error::m","label":"` + evil + `","fields":[%s]}]}`
	write("odoogen.schema.json", fmt.Sprintf(snapshot, field))
	without := write("new.json", fmt.Sprintf(snapshot, ""))
	for _, args := range [][]string{
		{"pull"}, {"check", "--live", "--format", "github"}, {"check", "--live"}, {"init"},
		{"diff", schema, without}, {"diff", schema, without, "--format", "markdown"}, {"diff", "live", without}, {"check"},
	} {
		cmd := exec.Command("odoogen", args...)
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "ODOO_URL="+server.URL, "ODOO_DB=d", "ODOO_USER=u", "ODOO_PASSWORD=p")
		out, _ := cmd.CombinedOutput() // how each of them ends is another test's
		if len(out) == 0 {
			t.Errorf("%q says nothing", args)
		}
		for line := range strings.Lines(string(out)) {
			line = strings.TrimSuffix(line, "\n")
			command := strings.HasPrefix(strings.TrimSpace(line), "::") && !strings.Contains(line, "title=odoogen")
			if command || strings.Contains(line, "##[") || strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || r == 0x202e }) {
				t.Errorf("%q printed the line %q", args, line)
			}
		}
	}
}
