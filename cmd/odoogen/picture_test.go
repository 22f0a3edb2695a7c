package main

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the picture of the demo")

// checkPicture is the command "picture FILE": the file of the repository is the picture of what the last command printed.
func checkPicture(ts *testscript.TestScript, root, file string) {
	file = filepath.Join(root, file)
	want := drawTerminal("odoogen demo", demoInShort(ts.ReadFile("stdout")))
	if *update {
		ts.Check(os.WriteFile(file, want, 0o644)) //nolint:gosec // a file of the repository
		return
	}
	got, err := os.ReadFile(file)
	ts.Check(err)
	if !bytes.Equal(got, want) {
		ts.Fatalf("%s is not a picture of this output: go test ./cmd/odoogen -run 'TestScripts$/^demo$' -update draws it", file)
	}
}

var (
	demoPort = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	demoTime = regexp.MustCompile(`\(\d+(\.\d+)?m?s\)`)
	// The picture has the last paragraph of the program, and nothing after the mistakes.
	demoProgram  = regexp.MustCompile(`(?s)( {7}// Who buys.*?\n\n)( {7}// Find it back)`)
	demoFarewell = regexp.MustCompile(`(?s)\nNow with your own Odoo.*`)
)

// demoInShort is the output of the demo for a picture, without what differs from run to run.
func demoInShort(output string) string {
	output = demoPort.ReplaceAllString(output, "127.0.0.1:41337")
	output = demoTime.ReplaceAllString(output, "(0.2s)")
	output = demoProgram.ReplaceAllString(output, "       …\n\n$2")
	return strings.TrimSpace(demoFarewell.ReplaceAllString(output, ""))
}

const (
	terminalColumns = 108
	terminalLine    = 17 // pixels
	terminalTop     = 48
)

// drawTerminal draws a command and its output as an SVG. Longer lines are cut.
func drawTerminal(command, output string) []byte {
	lines := append([]string{"$ " + command, ""}, strings.Split(output, "\n")...)
	height := terminalTop + terminalLine*len(lines)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="880" viewBox="0 0 880 %d" role="img" aria-label="%s in a terminal">`, height, command)
	b.WriteString(`
<style>text{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#d6deeb;white-space:pre}.c{fill:#7fdbca}.h{fill:#ffcb6b}.o{fill:#c3e88d}.e{fill:#ff8b80}</style>
<rect width="100%" height="100%" rx="8" fill="#0f1a2b"/>
<circle cx="18" cy="18" r="6" fill="#ff5f57"/><circle cx="38" cy="18" r="6" fill="#febc2e"/><circle cx="58" cy="18" r="6" fill="#28c840"/>
`)
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			fmt.Fprintf(&b, "<text x=\"16\" y=\"%d\"%s>%s</text>\n", terminalTop+terminalLine*i, lineClass(line), escapeXML(cutLine(line)))
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// lineClass is the colour of a line: commands and headings, output of the program, errors of the compiler.
func lineClass(line string) string {
	switch {
	case strings.HasPrefix(line, "$ "), strings.HasPrefix(line, "   go run"):
		return ` class="c"`
	case len(line) > 1 && line[0] >= '1' && line[0] <= '9':
		return ` class="h"`
	case strings.HasPrefix(line, "   |"):
		return ` class="o"`
	case strings.HasPrefix(line, "      in call"), strings.HasPrefix(line, "      cannot"):
		return ` class="e"`
	}
	return ""
}

func cutLine(line string) string {
	if runes := []rune(line); len(runes) > terminalColumns {
		return string(runes[:terminalColumns-1]) + "…"
	}
	return line
}

func escapeXML(text string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}
