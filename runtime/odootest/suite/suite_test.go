package suite

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/odoogen/odoogen/introspect/snapshot"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// adminKey has the form of the keys that Odoo makes.
const adminKey = "0123456789abcdef0123456789abcdef01234567"

// exception is a test that the embedded Odoo can't pass.
type exception struct {
	test    string
	version string // those that it is for, separated by spaces; "" for all
	reason  string
}

// What the embedded Odoo can't do, and why. The flag -exceptions reports which of them it can by now.
var exceptions = []exception{
	{"TestLiveWebhookOfAFieldForGroups", "17 18 19", "fields are for all groups"},
	{"TestLiveIncomingWebhook", "17 18 19", "the action of an incoming webhook is Python"},
	{"TestLiveBinaryPicture", "", "pictures are not scaled"},
	{"TestLiveBinaryThatIsNoFile", "", "the binary that is a dictionary is computed by code"},
	{"TestLiveContextArrives", "", "a server action is Python"},
	{"TestLiveSyncOfArchivedLines", "", "the snapshots have no model of bank accounts"},
	{"TestLiveContextKeysOfWarehouses", "", "quantities of products are computed by code"},
	{"TestLiveWithoutTracking", "", "records have no followers and tracked changes"},
	{"TestLiveCustomModel", "", "one of the fields is computed by Python"},
	{"TestLivePagesOfModelsThatHide", "", "the menus that a user sees are code of their model"},
	{"TestLiveNestedReadsOfForbiddenTargets", "", "record rules are options of the server, not records"},
	{"TestLivePagesNeedNumbers", "19", "a model with ids that are texts is a view of the database"},
	{"TestLiveReportByAction", "", "a server action is Python"},
	{"TestLiveServerChangeAdminPassword", "", noDatabases},
	{"TestLiveServerCreate", "", noDatabases},
	{"TestLiveServerDatabasesAreListed", "", noDatabases},
	{"TestLiveServerLifecycle", "", noDatabases},
	{"TestLiveServerNamesAreChecked", "", noDatabases},
	{"TestLiveServerRestoreOfRubbish", "", noDatabases},
	{"TestLiveServerWrongMasterPassword", "", noDatabases},
	{"TestLiveInvoice", "", itSells},
	{"TestLiveInvoiceRefuses", "", itSells},
	{"TestLivePortal", "", itSells},
	{"TestLiveServersChoices", "", itSells},
	{"TestLiveProperties", "16", "the test models of Odoo 16 have no properties"},
	{"TestLiveServersProgram", "", "it sells: golden/servers runs it on snapshots that have the applications"},
	{"TestLiveServersSync", "", "the snapshots have no groups: runtime/odoosync syncs them on snapshots that have"},
	{"TestLiveTextIDs", "19", "a model with ids that are texts is a view of the database"},
	{"TestLiveTextIDsOfAccounts", "18 19", "the groups of accounts are computed by code"},
	{"TestLiveUnsearchableConditionsMatchNothing", "", "it reads the demo data of the sales application"},
	{"TestLiveVerifySchema", "", "it pulls the models of the applications"},
	{"TestLiveVerifySchemaOfAnotherServer", "", "no field is hidden from some users"},
	{"TestLiveWriteBackIsLossFree", "", "it reads the demo data of the sales application"},
	{"TestLiveWriteEverything", "", "HTML is not sanitized"},
	{"TestLiveParentPath", "", "the snapshots lack the field parent_path"},
	{"TestLiveWriteForEachCompany", "", "the snapshot lacks fields of the test's models"},
	{"TestLiveWriteMonetary", "", "amounts are rounded to two decimals, whatever their currency"},
	{"TestLiveWriteEveryCustomField", "", "amounts are rounded to two decimals, whatever their currency"},
	{"TestLiveWriteProperties", "16 17 18 19", "properties have no defaults"},
	{"TestLiveEverythingLeavesOutWhatFails", "", "it reads the demo data of the accounting application"},
	{"TestLiveFormEqualsWebClient", "", itSells},
	{"TestLiveFormKeepsWhatIsSet", "", itSells},
	{"TestLiveFormOfExistingOrder", "", itSells},
	{"TestLiveFormRefuses", "", itSells},
	{"TestLiveFormsOfOtherApplications", "", itSells},
	{"TestLiveGroupByProperties", "19", "records are not grouped by properties"},
	{"TestLiveGroupGranularities", "14", "numbers of weekdays and the like are those of later versions"},
	{"TestLiveManyXMLIDs", "", "it reads 4,000 external ids of the applications"},
	{"TestLiveGroupFieldsOfUsers", "14 15 16 17 18", "the snapshots have no fields of groups: their names are ids of a database"},
	{"TestLiveLoad", "", "that a partner needs a name is code of its model"},
	{"TestLiveMethodsCopy", "", "the name of a copy is that of the original"},
}

const itSells = "it makes orders and invoices, of which the snapshots have no model"

const noDatabases = "there is one database, which can't be managed"

var only = flag.String("only", "", "run only the tests that match: go test ./runtime/odootest/suite -only '^TestLiveFeed'")

var tryExceptions = flag.Bool("exceptions", false, "run the tests that are excepted, and report which of them pass")

// The tests of runtime/livetest run on each version of the embedded Odoo, as on a real server.
func TestRuntimeOn14(t *testing.T) { onEmbedded(t, "14") }
func TestRuntimeOn15(t *testing.T) { onEmbedded(t, "15") }
func TestRuntimeOn16(t *testing.T) { onEmbedded(t, "16") }
func TestRuntimeOn17(t *testing.T) { onEmbedded(t, "17") }
func TestRuntimeOn18(t *testing.T) { onEmbedded(t, "18") }
func TestRuntimeOn19(t *testing.T) { onEmbedded(t, "19") }

func onEmbedded(t *testing.T, version string) {
	t.Parallel()
	server := start(t, version)
	var excepted []string
	for _, e := range exceptions {
		if e.version == "" || slices.Contains(strings.Fields(e.version), version) {
			excepted = append(excepted, e.test)
		}
	}
	if *tryExceptions {
		for _, test := range excepted {
			if out, err := runtimeTests(t, server.URL, "-run", exactly(test)); err == nil {
				t.Errorf("%s passes:\n%s", test, out)
			}
		}
		return
	}
	out, err := runtimeTests(t, server.URL, "-v", "-run", cmp.Or(*only, "^TestLive"), "-skip", exactly(append(excepted, slow...)...))
	if err != nil {
		t.Fatalf("%v\n%s", err, lessPasses(out))
	}
	if *only != "" {
		t.Log(out)
		return
	}
	for _, test := range liveTests(t) {
		if !slices.Contains(excepted, test) && !slices.Contains(slow, test) && !strings.Contains("\n"+out, "\n--- PASS: "+test+" ") {
			t.Errorf("%s did not run", test)
		}
	}
}

// liveTests lists the tests that the sources of runtime/livetest declare.
func liveTests(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "livetest", "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^func (TestLive\w+)\(`)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range declared.FindAllSubmatch(source, -1) {
			names = append(names, string(match[1]))
		}
	}
	return names
}

func TestExceptionsAreTests(t *testing.T) {
	declared := liveTests(t)
	if len(declared) < 100 {
		t.Fatalf("found %d live tests", len(declared))
	}
	for _, e := range exceptions {
		if !slices.Contains(declared, e.test) {
			t.Errorf("%s: there is no such test", e.test)
		}
	}
}

func exactly(tests ...string) string { return "^(" + strings.Join(tests, "|") + ")$" }

func runtimeTests(t *testing.T, address string, which ...string) (string, error) {
	t.Helper()
	args := append([]string{"test", "-vet=off", "-tags", "live", "-count=1"}, which...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, ".")...)
	cmd.Dir = filepath.Join("..", "..", "livetest")
	cmd.Env = append(os.Environ(), "ODOO_URL="+address, "ODOO_DB=demo", "ODOO_FULL_DB=demo",
		"ODOO_USER=admin", "ODOO_PASSWORD=admin", "ODOO_MASTER_PASSWORD=admin", "ODOO_API_KEY="+adminKey, "ODOO_FULL_API_KEY="+adminKey)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// slow are tests of the client alone, which move a hundred megabytes.
var slow = []string{"TestLiveBinaryLarge", "TestLiveBinaryTooLarge"}

// lessPasses is an output without what passed.
func lessPasses(out string) string {
	lines := slices.DeleteFunc(strings.Split(out, "\n"), func(line string) bool {
		return strings.Contains(line, "=== ") || strings.Contains(line, "--- PASS")
	})
	return strings.Join(lines, "\n")
}

// start starts an Odoo with the records that a database of the real servers has from its start.
func start(t *testing.T, version string) *odootest.Server {
	t.Helper()
	data, err := os.ReadFile(snapshotFile(version))
	if err != nil {
		t.Fatal(err)
	}
	schema, err := snapshot.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	schema.Modules = append(schema.Modules, snapshot.Module{Name: "base_automation"}) // which the full databases have
	server := odootest.New(t, schema,
		odootest.User("admin", "admin", odootest.Key(adminKey), odootest.Name("Mitchell Admin")),
		odootest.User("demo", "demo", odootest.Name("Marc Demo"), odootest.Rights("*", "read"), odootest.Rights("ir.config_parameter"),
			odootest.Rights("ir.model.data"), odootest.Rights("res.partner", "read", "write", "create")))
	if err := server.SeedFile(filepath.Join("testdata", "base.json")); err != nil {
		t.Fatal(err)
	}
	return server
}

func snapshotFile(version string) string {
	return filepath.Join("testdata", fmt.Sprintf("%s.schema.json", version))
}
