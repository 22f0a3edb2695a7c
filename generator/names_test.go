package generator

import (
	"go/build"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestGoName(t *testing.T) {
	for odoo, want := range map[string]string{
		"sale.order": "SaleOrder", "partner_id": "PartnerID", "partner_ids": "PartnerIDs", "website_url": "WebsiteURL",
		"_barcode_scanned": "BarcodeScanned", "__last_update": "LastUpdate", "2nd": "X2Nd", "pArTneR_321_id": "PArTneR321ID",
		"type": "Type", "many2one": "Many2One", "größe": "Größe", "aé": "Aé", "été": "Été", "数量": "X数量", "a数": "A数",
		"_unknown": "Unknown", "x.test": "XTest", "": "X", "...": "X", "ıd": "Id",
	} {
		if got := goName(odoo); got != want {
			t.Errorf("%q is %s, want %s", odoo, got, want)
		}
	}
}

func TestChoiceName(t *testing.T) {
	for key, want := range map[string]string{
		"draft": "Draft", "sale order": "SaleOrder", "": "Empty", " ": "Space", "1": "1", "+1": "Plus1", "-1": "Minus1", "-": "Minus",
		"1.5": "1Point5", "15": "15", "Etc/GMT+1": "EtcGmtPlus1", "Etc/GMT-1": "EtcGmtMinus1", "Europe/Brussels": "EuropeBrussels",
		"<=": "LessEqual", "%d/%m/%Y": "DMY", "😀": "U1F600", "größe": "Größe", "\n": "U000A", "a-b": "AB", "en_US": "EnUs",
	} {
		if got := choiceName(key); got != want {
			t.Errorf("%q is %s, want %s", key, got, want)
		}
	}
}

// Whatever the server sends makes a name that Go takes.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"", "sale.order", "größe", "\xff", "\u0301", "٣", "ǆ", "a\x00b", "ß", "-", "1.5", "ª", "ⅷ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, odoo string) {
		if name := goName(odoo); !token.IsIdentifier(name) || !token.IsExported(name) {
			t.Errorf("%q: %q is not an exported name", odoo, name)
		}
		if name := choiceName(odoo); name == "" || !token.IsIdentifier("X"+name) {
			t.Errorf("%q: %q is not a part of a name", odoo, name)
		}
		if name := fileName(odoo); strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") != "" || strings.Count(name, ".") != 1 || name[0] == '_' {
			t.Errorf("%q: %q is not a name for a file", odoo, name)
		}
	})
}

// Windows has devices of these names, with any extension.
func TestFileNamesOfDevices(t *testing.T) {
	for model, want := range map[string]string{
		"con": "con_model.go", "NUL": "nul_model.go", "aux": "aux_model.go", "com1": "com1_model.go", "lpt9": "lpt9_model.go",
		"con.x": "con_x.go", "console": "console.go", "com10": "com10.go",
	} {
		if got := fileName(model); got != want {
			t.Errorf("%s: got %s, want %s", model, got, want)
		}
	}
}

// A file's name must not take it out of the build on any system.
func TestFileNamesAreBuilt(t *testing.T) {
	folder := t.TempDir()
	models := []string{"sale.order", "_unknown", "__x", "x.test", "test", "a.test.test", "linux", "doc.linux.amd64", ".hidden", "größe"}
	for suffix := range buildSuffixes {
		models = append(models, "x."+suffix, suffix, "a_"+suffix, "x.linux."+suffix)
	}
	for _, model := range models {
		name := fileName(model)
		if err := os.WriteFile(filepath.Join(folder, name), []byte("package x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, system := range []string{"linux", "plan9"} {
			on := build.Default
			on.GOOS, on.GOARCH = system, "386"
			if ok, err := on.MatchFile(folder, name); !ok || err != nil || strings.HasSuffix(name, "_test.go") {
				t.Errorf("%s: %s is left out of the build on %s: %v", model, name, system, err)
			}
		}
	}
}

// The toolchain may learn new systems: each it knows is one that file names avoid.
func TestBuildSuffixesAreAll(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(build.Default.GOROOT, "src", "internal", "syslist", "syslist.go"))
	if err != nil {
		t.Fatal(err)
	}
	known := 0
	for line := range strings.Lines(string(data)) {
		if name, rest, ok := strings.Cut(strings.TrimPrefix(line, "\t\""), `":`); ok && strings.HasPrefix(line, "\t\"") && strings.Contains(rest, "true") {
			known++
			if !buildSuffixes[name] {
				t.Errorf("%s is not among them", name)
			}
		}
	}
	if known < 30 {
		t.Errorf("only %d systems in Go's own list", known)
	}
}
