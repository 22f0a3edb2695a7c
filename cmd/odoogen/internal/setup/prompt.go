// Package setup asks what a new integration needs, and writes its files.
package setup

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Prompt asks a person on a terminal, line by line.
type Prompt struct {
	in  *bufio.Reader
	out io.Writer
}

// NewPrompt makes a prompt that reads answers and writes questions.
func NewPrompt(in io.Reader, out io.Writer) *Prompt { return &Prompt{bufio.NewReader(in), out} }

// Ask asks for one line; an empty one is the default. The end of the input is an error.
func (p *Prompt) Ask(question, byDefault string) (string, error) {
	if byDefault != "" {
		question += " [" + byDefault + "]"
	}
	fmt.Fprint(p.out, question+": ")
	line, err := p.in.ReadString('\n')
	if err != nil && (err != io.EOF || line == "") {
		return "", fmt.Errorf("no answer to %q: %w", question, err)
	}
	if line = strings.TrimSpace(line); line == "" {
		return byDefault, nil
	}
	return line, nil
}

// One asks for one of a few, by name or number.
func (p *Prompt) One(question string, options []string) (string, error) {
	for i, o := range options {
		fmt.Fprintf(p.out, "  %2d  %s\n", i+1, o)
	}
	for {
		answer, err := p.Ask(question, options[0])
		if err != nil {
			return "", err
		}
		for i, o := range options {
			if answer == o || answer == fmt.Sprint(i+1) {
				return o, nil
			}
		}
		fmt.Fprintln(p.out, "That is none of them.")
	}
}
