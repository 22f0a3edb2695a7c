package setup

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/internal/printable"
	"github.com/odoogen/odoogen/introspect/snapshot"
)

// shownAtOnce is the number of models that a search shows.
const shownAtOnce = 15

const modelsHelp = `Which models? Type
  words              to search names and labels
  3 5                to choose from the list, again to drop
  sale.* module:mrp  to choose by pattern
  an empty line      when that is all
`

// chooser lets a person pick models.
type chooser struct {
	prompt *Prompt
	known  []snapshot.Model
	shown  []snapshot.Model // the list that numbers mean
	chosen []string         // names and patterns
}

// Models asks which models to work with: names and patterns. None is all of them.
func (p *Prompt) Models(ctx context.Context, known []snapshot.Model) ([]string, error) {
	fmt.Fprintf(p.out, "%d models. %s", len(known), modelsHelp)
	c := &chooser{prompt: p, known: known}
	for {
		line, err := p.Ask(ctx, "models", "")
		if err != nil {
			return nil, err
		}
		if line == "" {
			return c.chosen, nil
		}
		c.take(line)
	}
}

// take does what a line says.
func (c *chooser) take(line string) {
	words := strings.Fields(strings.ReplaceAll(line, ",", " "))
	switch {
	case c.areNumbers(words):
		for _, w := range words {
			n, _ := strconv.Atoi(w)
			c.toggle(c.shown[n-1].Name)
		}
	case slices.ContainsFunc(words, c.isChoice):
		for _, w := range words {
			c.add(w)
		}
	default:
		c.search(words)
		return
	}
	fmt.Fprintf(c.prompt.out, "chosen: %s\n", c.summary())
}

func (c *chooser) summary() string {
	if len(c.chosen) == 0 {
		return "nothing, which is all models"
	}
	return strings.Join(c.chosen, ", ")
}

func (c *chooser) areNumbers(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool {
		n, err := strconv.Atoi(w)
		return err != nil || n < 1 || n > len(c.shown)
	})
}

// isChoice reports whether a text is a pattern or the name of a model, and not a word to search for.
func (c *chooser) isChoice(word string) bool {
	return strings.ContainsAny(word, "*?[!:") || slices.ContainsFunc(c.known, func(m snapshot.Model) bool { return m.Name == word })
}

func (c *chooser) add(pattern string) {
	_, unmatched, err := snapshot.Match(c.known, []string{pattern})
	switch {
	case err != nil:
		fmt.Fprintln(c.prompt.out, err)
	case len(unmatched) > 0:
		fmt.Fprintf(c.prompt.out, "no model matches %s\n", pattern)
	default:
		c.toggle(pattern)
	}
}

// toggle adds what is not chosen yet, and drops what is.
func (c *chooser) toggle(pattern string) {
	if i := slices.Index(c.chosen, pattern); i >= 0 {
		c.chosen = slices.Delete(c.chosen, i, i+1)
		return
	}
	c.chosen = append(c.chosen, pattern)
}

// search lists the models that have all the words in their name or label, those with a word at their beginning first.
func (c *chooser) search(words []string) {
	c.shown = nil
	for _, m := range c.known {
		text := strings.ToLower(m.Name + " " + m.Label)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, strings.ToLower(w)) }) {
			c.shown = append(c.shown, m)
		}
	}
	slices.SortStableFunc(c.shown, func(a, b snapshot.Model) int { return len(a.Name) - len(b.Name) })
	if len(c.shown) == 0 {
		fmt.Fprintln(c.prompt.out, "no model has these words")
	}
	for i, m := range c.shown {
		if i == shownAtOnce {
			fmt.Fprintf(c.prompt.out, "      … and %d more: another word narrows it\n", len(c.shown)-shownAtOnce)
			break
		}
		mark := " "
		if slices.Contains(c.chosen, m.Name) {
			mark = "*"
		}
		fmt.Fprintf(c.prompt.out, "  %2d %s%-32s %s\n", i+1, mark, printable.Line(m.Name), printable.Line(m.Label))
	}
	c.shown = c.shown[:min(len(c.shown), shownAtOnce)]
}
