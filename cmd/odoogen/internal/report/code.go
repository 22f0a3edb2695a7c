package report

import (
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/internal/upgrade"
)

// This file describes the places in the code that a change affects.

// effect is what is in a place and what happens to it.
func effect(u upgrade.Place) string {
	text := strings.TrimSpace(u.How + " " + u.Code)
	if u.Instead != "" {
		text += " → " + u.Instead
	}
	if u.Error != "" {
		text += ": does not compile: " + u.Error
	}
	return strings.TrimPrefix(text, ": ")
}

// summary is the effect of all changes on the code.
func summary(u *upgrade.Summary) string {
	text := fmt.Sprintf("Uses of Odoo in the code: %d; stop compiling: %d; fail when they run: %d; change their meaning: %d; can be rewritten by --fix: %d.",
		u.Uses, u.Compile, u.Fail, u.Behave, u.Fixable)
	if u.Unused > 0 {
		text += fmt.Sprintf(" Nothing in the code notices %s that may break others.", spelling.Count(u.Unused, "more change"))
	}
	return text
}
