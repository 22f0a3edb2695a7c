package generator

import "testing"

func TestWithoutRST(t *testing.T) {
	for text, want := range map[string]string{
		"Log the meeting :param record meeting: the meeting to log": "Log the meeting meeting: the meeting to log",
		":param id : the old id :param new_id : the new":            "id: the old id new_id: the new",
		":param list(tuple(str,str)) attachments : a list":          "attachments: a list",
		"Opens a view. :return dict: values":                        "Opens a view. It returns values",
		":raises UserError: if not":                                 "It raises UserError: if not",
		"See :class:`~odoo.Model` and :py:meth:`read`":              "See odoo.Model and read",
		"It returns ::":     "It returns:",
		".. note:: careful": "note: careful",
		"Use ``name`` or `name`, **never** *both*.": "Use name or name, never both.",
		"See `the page <https://x.y/z>`_.":          "See the page (https://x.y/z).",
		"a * b * c, **kwargs, a::b and 10:30:00, `": "a * b * c, **kwargs, a::b and 10:30:00, `",
	} {
		if got := withoutRST(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
