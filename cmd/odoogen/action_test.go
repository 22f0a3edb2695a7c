package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/testscript"
)

// action is what runs of action.yml.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			Run    string
			Shell  string
			Folder string `yaml:"working-directory"`
			Env    map[string]string
		}
	}
}

var expression = regexp.MustCompile(`\$\{\{ *([\w.-]+) *\}\}`)

// runAction is the command "action FOLDER EVENT [INPUT=VALUE...]": it runs the steps of action.yml in FOLDER, as GitHub does for the event in the file
// EVENT, and writes what they print to action.log. A step that fails does not end the others, because of their "if: !cancelled()".
func runAction(ts *testscript.TestScript, negative bool, args []string) {
	folder, root := ts.MkAbs(args[0]), ts.Getenv("ROOT")
	data, err := os.ReadFile(filepath.Join(root, "action.yml"))
	ts.Check(err)
	var a action
	ts.Check(yaml.Unmarshal(data, &a))
	var event map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &event))
	known := map[string]string{"github.token": "the-token-of-the-job"}
	flatten("github.event", event, known)
	for name, input := range a.Inputs {
		known["inputs."+name] = input.Default
	}
	for _, arg := range args[2:] {
		name, value, _ := strings.Cut(arg, "=")
		if _, ok := a.Inputs[name]; !ok {
			ts.Fatalf("action.yml has no input %s", name)
		}
		known["inputs."+name] = strings.ReplaceAll(value, `\n`, "\n")
	}
	evaluate := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(e string) string { return known[expression.FindStringSubmatch(e)[1]] })
	}
	failed, log := false, ""
	ts.Setenv("GITHUB_ACTION_PATH", root)
	for _, step := range a.Runs.Steps {
		for name, value := range step.Env {
			ts.Setenv(name, evaluate(value))
		}
		ts.Check(ts.Chdir(filepath.Join(folder, evaluate(step.Folder))))
		failed = ts.Exec(step.Shell, "-eo", "pipefail", "-c", step.Run) != nil || failed
		log += ts.ReadFile("stdout")
	}
	ts.Check(os.WriteFile(ts.MkAbs("action.log"), []byte(log), 0o600))
	if failed != negative {
		ts.Fatalf("the action failed: %t", failed)
	}
}

// flatten adds the values of an object by their paths: github.event.pull_request.number.
func flatten(path string, value any, known map[string]string) {
	object, ok := value.(map[string]any)
	if !ok {
		known[path] = fmt.Sprint(value)
		return
	}
	for name, v := range object {
		flatten(path+"."+name, v, known)
	}
}
