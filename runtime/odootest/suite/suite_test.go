package suite

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// exception is a test that the embedded Odoo can't pass.
type exception struct {
	test    string
	version string // the only one that it is for; "" for all
	reason  string
}

// What the embedded Odoo can't do, and why.
var exceptions = []exception{
	{"TestLiveBinaryPicture", "", "pictures are not scaled"},
	{"TestLiveBinaryThatIsNoFile", "", "the binary that is a dictionary is computed by code"},
	{"TestLiveContextArrives", "", "a server action is Python"},
	{"TestLiveCustomModel", "", "one of the fields is computed by Python"},
	{"TestLivePagesOfModelsThatHide", "", "the menus that a user sees are code of their model"},
	{"TestLiveNestedReads", "19", "web_search_read is missing"},
	{"TestLiveNestedReadsOfForbiddenTargets", "", "record rules are options of the server, not records"},
	{"TestLivePagesNeedNumbers", "19", "a model with ids that are texts is a view of the database"},
	{"TestLiveServerChangeAdminPassword", "", noDatabases},
	{"TestLiveServerCreate", "", noDatabases},
	{"TestLiveServerDatabasesAreListed", "", noDatabases},
	{"TestLiveServerLifecycle", "", noDatabases},
	{"TestLiveServerNamesAreChecked", "", noDatabases},
	{"TestLiveServerRestoreOfRubbish", "", noDatabases},
	{"TestLiveServerWrongMasterPassword", "", noDatabases},
	{"TestLiveTextIDs", "19", "a model with ids that are texts is a view of the database"},
	{"TestLiveTextIDsOfAccounts", "19", "the groups of accounts are computed by code"},
	{"TestLiveWriteBackIsLossFree", "", "it reads the demo data of the sales application"},
	{"TestLiveWriteEverything", "", "HTML is not sanitized"},
	{"TestLiveWriteForEachCompany", "", "fields have one value for all companies"},
	{"TestLiveWriteInTwoLanguages", "", "texts have one value for all languages"},
	{"TestLiveWriteMonetary", "", "an amount is not rounded to its currency"},
	{"TestLiveWriteEveryCustomField", "", "an amount is not rounded to its currency"},
	{"TestLiveWriteProperties", "19", "properties are kept as they are written"},
	{"TestLiveCommandsOfAMany2many", "", "a many2many is kept on the record that it was written on"},
	{"TestLiveCommandsOfAOne2many", "", "a many2many is kept on the record that it was written on"},
	{"TestLiveGroupByFields", "14", "read_group is missing"},
	{"TestLiveGroupByPeriods", "", "groups know days, months and years, in UTC"},
	{"TestLiveGroupDomainOfAPeriod", "14", "read_group is missing"},
	{"TestLiveGroupGranularities", "", "groups know days, months and years"},
	{"TestLiveLoad", "", "a row without a required field is taken"},
	{"TestLiveLoadOfOwnStructs", "", "its messages are others"},
	{"TestLiveMethodsCopy", "", "the name of a copy is that of the original"},
	{"TestLiveMethodsDefaults", "", "defaults of the context are not taken"},
	{"TestLiveMethodsHasAccess", "14", "check_access_rule is missing"},
	{"TestLiveMethodsNames", "14", "name_search takes other operators"},
}

const noDatabases = "there is one database, which can't be managed"

// TestRuntimeOn14 and TestRuntimeOn19 run the tests that the runtime has for real servers, with this version of the embedded one in
// their place.
func TestRuntimeOn14(t *testing.T) { onEmbedded(t, "14") }
func TestRuntimeOn19(t *testing.T) { onEmbedded(t, "19") }

func onEmbedded(t *testing.T, version string) {
	t.Parallel()
	server := start(t, version)
	excepted := map[string]string{}
	for _, e := range exceptions {
		if e.version == "" || e.version == version {
			excepted[e.test] = e.reason
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-tags", "live", "-count=1", "-v", "-run", "^TestLive", "-skip", slow, ".")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "ODOO_VERSION="+version, "ODOO_URL="+server.URL, "ODOO_DB=demo", "ODOO_FULL_DB=demo",
		"ODOO_USER=admin", "ODOO_PASSWORD=admin", "ODOO_MASTER_PASSWORD=admin", "ODOO_API_KEY=admin-key", "ODOO_FULL_API_KEY=admin-key")
	out, _ := cmd.CombinedOutput() // what failed stands in it
	passed, failed := outcomes(string(out))
	if len(passed) == 0 {
		t.Fatalf("nothing passed:\n%s", out)
	}
	for _, test := range failed {
		if excepted[test] == "" {
			t.Errorf("%s fails:\n%s", test, excerpt(string(out), test))
		}
	}
	for _, test := range passed {
		if excepted[test] != "" {
			t.Logf("%s passes: it is no exception any more", test)
		}
	}
	t.Logf("%d passed, %d are excepted", len(passed), len(excepted))
}

// slow are tests of the client alone, which move a hundred megabytes.
const slow = "^(TestLiveBinaryLarge|TestLiveBinaryTooLarge)$"

var outcome = regexp.MustCompile(`(?m)^--- (PASS|FAIL): (\w+) `)

// outcomes are the names of the tests that passed and failed.
func outcomes(out string) (passed, failed []string) {
	for _, found := range outcome.FindAllStringSubmatch(out, -1) {
		if found[1] == "PASS" {
			passed = append(passed, found[2])
		} else {
			failed = append(failed, found[2])
		}
	}
	return passed, failed
}

// excerpt is what a test has to say, less what passed.
func excerpt(out, test string) string {
	_, text, _ := strings.Cut(out, "=== RUN   "+test+"\n")
	text, _, _ = strings.Cut(text, "--- FAIL: "+test+" ")
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.Contains(line, "=== ") || strings.Contains(line, "--- ")
	})
	return strings.Join(lines[:min(len(lines), 20)], "\n")
}

// start starts an Odoo with the records that a database of the real servers has from its start.
func start(t *testing.T, version string) *odootest.Server {
	t.Helper()
	data, err := os.ReadFile(snapshot(version))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := introspect.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	server := odootest.New(t, schema,
		odootest.User("admin", "admin", odootest.Key("admin-key"), odootest.Name("Mitchell Admin")),
		odootest.User("demo", "demo", odootest.Name("Marc Demo"), odootest.Rights("*", "read"), odootest.Rights("ir.config_parameter"),
			odootest.Rights("ir.model.data"), odootest.Rights("res.partner", "read", "write", "create")))
	if err := server.SeedFile(filepath.Join("testdata", "base.json")); err != nil {
		t.Fatal(err)
	}
	return server
}

func snapshot(version string) string {
	return filepath.Join("testdata", fmt.Sprintf("%s.schema.json", version))
}
