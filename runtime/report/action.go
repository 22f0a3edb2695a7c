package report

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/xmlid"
)

// ActionXMLID is the external ID of the server action of [Install].
const ActionXMLID = "odoogen.action_report"

const serverActions = "ir.actions.server"

// Keys of the context that the server action reads.
const (
	keyName   = "odoogen_report"
	keyFormat = "odoogen_format"
	keyIDs    = "odoogen_ids"
)

// code is the Python of the server action. Odoo runs a part of Python only: calls with * are not part of it on 14.
func code(series string) string {
	report, first := "env['ir.actions.report'].search([('report_name', '=', name)], limit=1)", ""
	if odoofacts.ReportByName.InSeries(series) {
		report, first = "env['ir.actions.report']", "name, "
	}
	return strings.NewReplacer("REPORT", report, "FIRST, ", first).Replace(`name = env.context.get('` + keyName + `')
ids = list(env.context.get('` + keyIDs + `') or [])
kind = env.context.get('` + keyFormat + `')
report = REPORT
if kind == 'pdf':
    content = report._render_qweb_pdf(FIRST, ids)[0]
elif kind == 'html':
    content = report._render_qweb_html(FIRST, ids)[0]
else:
    content = report._render_qweb_text(FIRST, ids)[0]
if isinstance(content, str):
    content = content.encode()
action = {'type': 'ir.actions.act_window_close', 'odoogen_content': b64encode(content).decode()}
`)
}

// Install installs the server action that renders reports for clients with an API key. The user must be an administrator, and
// only administrators can run it. Installing again updates it.
func Install(ctx context.Context, c *orm.Client) error {
	values := orm.Args{"name": "odoogen: render a report", "state": "code", "code": code(c.Version().Series)}
	id, err := installed(ctx, c)
	if err != nil {
		return err
	}
	if id != 0 {
		return c.Model(serverActions).Write(ctx, []int64{id}, values)
	}
	model, err := xmlid.Reference(ctx, c, "base.model_ir_actions_report")
	if err != nil {
		return err
	}
	values["model_id"] = model.ID
	if id, err = c.Model(serverActions).Create(ctx, values); err != nil {
		return err
	}
	_, err = c.Model("ir.model.data").Create(ctx, orm.Args{"module": "odoogen", "name": "action_report", "model": serverActions, "res_id": id, "noupdate": true})
	if err != nil {
		return errors.Join(err, c.Model(serverActions).Unlink(context.WithoutCancel(ctx), []int64{id}))
	}
	return nil
}

// Uninstall removes what [Install] made, if it is there.
func Uninstall(ctx context.Context, c *orm.Client) error {
	id, err := installed(ctx, c)
	if err != nil || id == 0 {
		return err
	}
	return c.Model(serverActions).Unlink(ctx, []int64{id})
}

// installed is the ID of the server action, 0 if it is not there.
func installed(ctx context.Context, c *orm.Client) (int64, error) {
	found, err := xmlid.Reference(ctx, c, ActionXMLID)
	switch {
	case errors.Is(err, orm.ErrNoRecord):
		return 0, nil
	case err != nil:
		return 0, err
	case found.Model != serverActions:
		return 0, fmt.Errorf("report: %s is a record of %s", ActionXMLID, found.Model)
	}
	return found.ID, nil
}

// way is the ID of the server action to use, 0 for the web session.
func (j *job) way(ctx context.Context) (int64, error) {
	if j.c.Protocol() == orm.WebSession {
		return 0, nil
	}
	id, err := installed(ctx, j.c)
	if err == nil && id == 0 || errors.Is(err, orm.ErrAccess) {
		err = ErrNoWay
	}
	return id, err
}

// byAction has the server action render the report, which is in memory as a whole.
func (j *job) byAction(ctx context.Context, action int64) (Printed, error) {
	var answer struct {
		Content string `odoo:"odoogen_content"`
	}
	own := orm.Context{keyName: j.name, keyFormat: string(j.format), keyIDs: j.ids}
	if err := j.c.Model(serverActions).Call(ctx, "run", []int64{action}, nil, &answer, own); err != nil {
		return Printed{}, err
	}
	content, err := base64.StdEncoding.DecodeString(answer.Content)
	if err != nil || len(content) == 0 {
		return Printed{}, errors.New("the server action gave no report: install it again")
	}
	n, err := j.to.Write(content)
	return Printed{Way: ByAction, Size: int64(n)}, err
}
