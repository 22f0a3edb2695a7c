// Package finding writes what a check found, for people and for the tools of CI.
package finding

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/odoogen/odoogen/internal/printable"
)

// Finding is one thing that is wrong at one place.
type Finding struct {
	Rule    string // a key of Rules
	Level   Level
	File    string // "" if it has no place
	Line    int    // from 1
	Message string
}

// Level says how bad it is, in the words of SARIF.
type Level string

// The levels.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Note    Level = "note"
)

// Rules are what can be found, each with a description.
type Rules map[string]string

// Text writes a line for each finding: file:line: message.
func Text(out io.Writer, found []Finding) error {
	w := bufio.NewWriter(out)
	for _, f := range found {
		if f.File != "" {
			fmt.Fprintf(w, "%s:%d: ", printable.Line(f.File), f.Line)
		}
		fmt.Fprintln(w, printable.Line(f.Message))
	}
	return w.Flush()
}

// GitHub writes the workflow commands that GitHub shows beside the lines of a pull request.
func GitHub(out io.Writer, found []Finding) error {
	w := bufio.NewWriter(out)
	for _, f := range found {
		command := map[Level]string{Error: "error", Warning: "warning", Note: "notice"}[f.Level]
		place := ""
		if f.File != "" {
			place = fmt.Sprintf("file=%s,line=%d,", property(filepath.ToSlash(f.File)), f.Line)
		}
		fmt.Fprintf(w, "::%s %stitle=%s::%s\n", command, place, property("odoogen: "+f.Rule), data(f.Message))
	}
	return w.Flush()
}

// data escapes the message of a workflow command, and property one of its properties.
func data(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(printable.Text(text))
}

func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(text))
}

// The parts of SARIF 2.1.0 that are used.
type (
	sarifLog struct {
		Version string     `json:"version"`
		Schema  string     `json:"$schema"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifMessage `json:"shortDescription"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     Level           `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
)

// SARIF writes the findings for code scanning, with all the rules that were looked at.
func SARIF(out io.Writer, version string, rules Rules, found []Finding) error {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "odoogen", Version: version, InformationURI: "https://github.com/odoogen/odoogen"}
	var ids []string
	for id := range rules {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{id, sarifMessage{rules[id]}})
	}
	for _, f := range found {
		result := sarifResult{RuleID: f.Rule, RuleIndex: slices.Index(ids, f.Rule), Level: f.Level, Message: sarifMessage{f.Message}}
		if f.File != "" {
			result.Locations = []sarifLocation{{sarifPlace{sarifArtifact{uri(f.File), "%SRCROOT%"}, sarifRegion{max(1, f.Line)}}}}
		}
		run.Results = append(run.Results, result)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", " ")
	return e.Encode(sarifLog{Version: "2.1.0", Schema: "https://json.schemastore.org/sarif-2.1.0.json", Runs: []sarifRun{run}})
}
