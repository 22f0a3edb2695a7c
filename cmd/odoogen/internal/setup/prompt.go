// Package setup asks what a new integration needs, and writes its files.
package setup

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/odoogen/odoogen/internal/printable"
)

// Prompt asks a person on a terminal, line by line.
type Prompt struct {
	in  *bufio.Reader
	out io.Writer
}

// NewPrompt makes a prompt that reads answers and writes questions.
func NewPrompt(in io.Reader, out io.Writer) *Prompt { return &Prompt{bufio.NewReader(in), out} }

// Say shows a line.
func (p *Prompt) Say(text string) { fmt.Fprintln(p.out, text) }

// Ask asks for one line; an empty one is the default. The end of the input is an error, and so is that of ctx.
func (p *Prompt) Ask(ctx context.Context, question, byDefault string) (string, error) {
	if byDefault != "" {
		question += " [" + byDefault + "]"
	}
	fmt.Fprint(p.out, question+": ")
	line, err := Interruptible(ctx, func() (string, error) { return p.in.ReadString('\n') })
	if err != nil && (!errors.Is(err, io.EOF) || line == "") {
		return "", fmt.Errorf("no answer to %q: %w", question, err)
	}
	if line = strings.TrimSpace(line); line == "" {
		return byDefault, nil
	}
	return line, nil
}

// One asks for one of a few, by name or number.
func (p *Prompt) One(ctx context.Context, question string, options []string) (string, error) {
	for i, o := range options {
		fmt.Fprintf(p.out, "  %2d  %s\n", i+1, printable.Line(o))
	}
	for {
		answer, err := p.Ask(ctx, question, options[0])
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

// Interruptible reads from a terminal, which knows no context, and waits no longer than until ctx ends.
func Interruptible[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := read()
		done <- outcome{value, err}
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return outcome{}.value, ctx.Err()
	}
}
