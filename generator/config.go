package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"

	"github.com/goccy/go-yaml"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// ConfigFile is the default file of the configuration.
const ConfigFile = "odoogen.yaml"

// The profiles of fields.
const (
	ProfileAll    = "all"
	ProfileStored = "stored"
)

// Config is odoogen.yaml. Every key is optional. It never holds a secret.
type Config struct {
	URL      string `yaml:"url"`      // for pull; ODOO_URL overrides it
	Database string `yaml:"database"` // for pull; ODOO_DB overrides it
	User     string `yaml:"user"`     // for pull; ODOO_USER overrides it

	// Files for a gateway in front of the server: CAs to trust in addition to those of the system, the client certificate
	// and its key. For pull; ODOO_CA_FILE, ODOO_CLIENT_CERT and ODOO_CLIENT_KEY override them.
	CAFile     string `yaml:"ca_file"`
	ClientCert string `yaml:"client_cert"`
	ClientKey  string `yaml:"client_key"`

	Schema string `yaml:"schema"` // the snapshot
	// Schemas are the snapshots of several servers, instead of Schema: the package works with all of them.
	Schemas []string `yaml:"schemas"`
	// Same has the other names of fields that were renamed between the servers of Schemas, by the address of the field:
	// "sale.order.line/tax_ids": [tax_id]. An empty list declares that the field was not renamed.
	Same map[string][]string `yaml:"same"`

	Package string `yaml:"package"` // the name of the Go package
	Out     string `yaml:"out"`     // the folder that it is written to
	Clients bool   `yaml:"clients"` // whether each model gets a client; the generic functions work without clients

	// Models are the names or globs of the models to pull and to generate; an empty list means all.
	Models []string `yaml:"models"`
	// Fields limits models, by name or glob, to the fields that match a name or glob. The id is always included.
	Fields map[string][]string `yaml:"fields"`
	// Profile is "all", or "stored" to leave out the fields that the server computes on each read. It does not apply to the
	// models in Fields.
	Profile string `yaml:"profile"`
	// Methods are, by name or glob of models, signatures of methods that Odoo does not report, as Python declares them
	// ("message_post(*, body: str = '', **kwargs) -> int"), and names or globs of the methods to generate ("action_*") or to
	// leave out ("!action_view_*"). An empty list means all.
	Methods map[string][]string `yaml:"methods"`
	// Projections are structs to generate with selected fields, including fields of relations: see [Projection].
	Projections Projections `yaml:"projections"`
	// Types are Go types of the application for fields, by an Odoo field type ("monetary") or a field ("sale.order/state"):
	// an import path and a name, "github.com/shopspring/decimal.Decimal". Such a type implements its encoding for JSON, for
	// text or for package sql.
	Types map[string]string `yaml:"types"`
	// Rename gives Go names to a model ("sale.order"), a field ("sale.order/state") or a choice
	// ("sale.order/state=draft", the constant without the prefix of its type), a method ("sale.order/action_confirm()") or
	// one of its arguments ("sale.order/message_post()body").
	Rename map[string]string `yaml:"rename"`
	// AutoRename resolves name conflicts automatically. The same snapshot gives the same names, but a new model or field
	// with the same name can change them: entries in Rename keep them.
	AutoRename bool `yaml:"auto_rename"`
}

// DefaultConfig returns the defaults for keys that odoogen.yaml does not set.
func DefaultConfig() Config {
	return Config{Schema: snapshot.DefaultFile, Package: "odoo", Out: "odoo", Clients: true, Profile: ProfileAll}
}

// ReadConfig reads a configuration. For "" it reads odoogen.yaml, or returns the default configuration if that does not
// exist.
func ReadConfig(file string) (Config, error) {
	c := DefaultConfig()
	named := file != ""
	if !named {
		file = ConfigFile
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := decodeYAML(data, &c); err != nil {
		return c, fmt.Errorf("%s: %w", file, err)
	}
	for i := range c.Projections {
		c.Projections[i].File = file
	}
	if reflect.ValueOf(c).IsZero() {
		return DefaultConfig(), nil // package yaml would set everything to zero for an empty file, or one with only comments
	}
	return c, nil
}

// decodeYAML refuses unknown keys. The decoder of goccy/go-yaml 1.19.2 panics on a few inputs, such as "models: !!binary x"
// for a list (a nil pointer in its decodeValue); decodeYAML turns the panic into an error.
func decodeYAML(data []byte, c *Config) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML cannot be read: %v", r)
		}
	}()
	if err := yaml.UnmarshalWithOptions(data, c, yaml.Strict()); err != nil {
		return errors.New(yaml.FormatError(err, false, true))
	}
	return nil
}
