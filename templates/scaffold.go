package templates

import (
	"bytes"
	"embed"
	"encoding/json"
	"path/filepath"
	"text/template"
)

// Scaffold holds the data for the files of a new integration.
type Scaffold struct {
	URL, Database, User string

	CAFile, ClientCert, ClientKey string // files, for a gateway

	Package, Out string
	RootPackage  string // the Go package in the folder of the configuration
	Models       []string
	CI           string // "github", "gitlab" or "none"
}

//go:embed scaffold
var scaffolds embed.FS

var scaffoldTemplates = template.Must(template.New("").Funcs(template.FuncMap{"quote": quote}).ParseFS(scaffolds, "scaffold/*"))

// quote writes a string as JSON. Any JSON string is the same string in YAML.
func quote(text string) (string, error) {
	b, err := json.Marshal(text)
	return string(b), err
}

// Files returns the files of a new integration, by path.
func (s Scaffold) Files() (map[string][]byte, error) {
	names := map[string]string{"odoogen.yaml": "odoogen.yaml.tmpl", "generate.go": "generate.go.tmpl"}
	switch s.CI {
	case "github":
		names[filepath.Join(".github", "workflows", "odoogen.yml")] = "workflow.yml.tmpl"
	case "gitlab":
		names[".gitlab-ci.yml"] = "gitlab.yml.tmpl"
	}
	files := map[string][]byte{}
	for path, name := range names {
		var b bytes.Buffer
		if err := scaffoldTemplates.ExecuteTemplate(&b, name, s); err != nil {
			return nil, err
		}
		files[path] = b.Bytes()
	}
	return files, nil
}
