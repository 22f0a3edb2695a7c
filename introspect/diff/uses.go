package diff

import (
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/internal/spelling"
)

// This file lists the places in the code that notice a change.

// Place is the place as compilers write it.
func (u Use) Place() string { return fmt.Sprintf("%s:%d:%d", u.File, u.Line, u.Column) }

// told says what is there and what happens to it.
func (u Use) told() string {
	text := strings.TrimSpace(u.How + " " + u.Code)
	if u.Instead != "" {
		text += " → " + u.Instead
	}
	if u.Error != "" {
		text += ": does not compile: " + u.Error
	}
	return strings.TrimPrefix(text, ": ")
}

// summary says what the changes come to for the code.
func (u *Usage) summary() string {
	text := fmt.Sprintf("Uses of Odoo in the code: %d; stop compiling: %d; fail when they run: %d; change their meaning: %d; can be rewritten by --fix: %d.",
		u.Uses, u.Compile, u.Fail, u.Behave, u.Fixable)
	if u.Unused > 0 {
		text += fmt.Sprintf(" Nothing in the code notices %s that may break others.", spelling.Count(u.Unused, "more change"))
	}
	return text
}
