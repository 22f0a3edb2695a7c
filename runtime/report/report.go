// Package report prints records: it writes the PDF, HTML or text of a report, a record of ir.actions.report, as it arrives.
//
//	var pdf bytes.Buffer
//	printed, err := report.Write(ctx, c, odoo.SaleOrderReportSaleorder, report.PDF, orm.On(id), &pdf)
//
// Odoo gives reports to web sessions: dial with [orm.Password] and [orm.Using] of [orm.WebSession], the default with a password.
// API keys are refused. For administrators with a key there is a server action, see [Install]; documents of the customer portal, and
// invoices that are stored, need only a key: see [Portal] and [Invoice].
package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"github.com/odoogen/odoogen/internal/odoofacts"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// Name is the report_name of a report of the model M. Generated packages have those that the snapshot knows as constants.
type Name[M any] string

// Format is what a report is rendered to.
type Format string

// The formats of reports. Every report of Odoo's own has all three; labels for printers are text.
const (
	PDF  Format = "pdf"
	HTML Format = "html"
	Text Format = "text"
)

var mediaTypes = map[Format]string{PDF: "application/pdf", HTML: "text/html", Text: "text/plain"}

// Way is how a report was asked for.
type Way string

// The ways to a report.
const (
	BySession Way = "web session"
	ByAction  Way = "server action"   // see [Install]
	ByPortal  Way = "portal"          // see [Portal]
	ByStored  Way = "stored document" // see [Invoice]
	BySending Way = "send and print"  // see [Invoice]
)

// Printed describes a report that was written.
type Printed struct {
	Way  Way
	Size int64  // bytes, also with an error
	Name string // the name of the file that Odoo proposes; "" for HTML and for a server action
}

var (
	// ErrUnknown means that the database has no report of this name.
	ErrUnknown = errors.New("the database has no such report")
	// ErrNoWkhtmltopdf means that the program wkhtmltopdf is missing on the server, or broken: it cannot make PDF files.
	ErrNoWkhtmltopdf = errors.New("the server has no wkhtmltopdf that works, and cannot make PDF files")
	// ErrNoWay means that the client has no web session, and that the server action of [Install] is not installed; or that the
	// portal does not give the document, see [Portal].
	ErrNoWay = errors.New("reports need a web session, or the server action of report.Install")
)

// Write renders a report of records, and writes it to w. name is a constant of the generated package, or
// the report_name of a record of ir.actions.report, as in "account.report_invoice". A record that does not exist is [orm.ErrNoRecord], and nothing is rendered.
//
// A report that does not exist is [ErrUnknown], and the error of Odoo for users who cannot read ir.actions.report. Before Odoo 19
// a language in the client's context is an error: Odoo renders in the language of the user, and many reports in that of the
// partner.
func Write[M any](ctx context.Context, c *orm.Client, name Name[M], format Format, ids []orm.ID[M], w io.Writer) (Printed, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return Printed{}, fmt.Errorf("report: %w", err)
	}
	j := &job{c: c, model: model, name: string(name), format: format, to: w}
	for _, id := range ids {
		j.ids = append(j.ids, int64(id))
	}
	printed, err := j.run(ctx)
	return printed, j.failed(err)
}

// job is a report to be rendered.
type job struct {
	c      *orm.Client
	model  orm.Model
	name   string
	format Format
	ids    []int64
	to     io.Writer
}

const actions = "ir.actions.report"

func (j *job) run(ctx context.Context) (Printed, error) {
	if err := j.check(); err != nil {
		return Printed{}, err
	}
	action, err := j.way(ctx)
	if err != nil {
		return Printed{}, err
	}
	if err := j.checkReport(ctx); err != nil {
		return Printed{}, err
	}
	if err := records.MustExist(ctx, j.model, j.ids...); err != nil {
		return Printed{}, err
	}
	var printed Printed
	if action == 0 {
		printed, err = j.bySession(ctx)
	} else {
		printed, err = j.byAction(ctx, action)
	}
	return printed, j.explained(ctx, err)
}

// failed names the report in errors that are not Odoo's.
func (j *job) failed(err error) error {
	if _, odoos := errors.AsType[*orm.Error](err); err == nil || odoos && !errors.Is(err, ErrNoWkhtmltopdf) {
		return err
	}
	return fmt.Errorf("report %s: %w", j.name, err)
}

// check refuses what Odoo would render in part, or not at all.
func (j *job) check() error {
	lang, _ := door.Context(j.c)["lang"].(string)
	switch {
	case mediaTypes[j.format] == "":
		return fmt.Errorf("no such format: %q", j.format)
	case strings.Trim(j.name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") != "" || j.name == "":
		return fmt.Errorf("not the name of a report: %q", j.name)
	case len(j.ids) == 0:
		return errors.New("there are no records to print")
	case lang != "" && !odoofacts.ReportLanguage.InSeries(j.c.Version().Series):
		return fmt.Errorf("the language %s has no effect: Odoo %s ignores the language of the context, and renders in that of the user", lang, j.c.Version().Series)
	}
	return nil
}

// checkReport looks the report up, if the user is allowed to.
func (j *job) checkReport(ctx context.Context) error {
	var found []struct {
		Model string `odoo:"model"`
	}
	err := j.c.Model(actions).Find(ctx, &found, orm.Expr(orm.Where[any]("report_name", "=", j.name)))
	switch {
	case errors.Is(err, orm.ErrAccess):
		return nil
	case err != nil:
		return err
	case len(found) == 0:
		return ErrUnknown
	case found[0].Model != j.model.Name():
		return fmt.Errorf("it prints records of %s, not of %s", found[0].Model, j.model.Name())
	}
	return nil
}

// bySession gets the report as Odoo's own pages do. The page for downloads reports errors with their class and message; it has
// no HTML.
func (j *job) bySession(ctx context.Context) (Printed, error) {
	page, err := j.page(j.format, j.to)
	if err != nil {
		return Printed{}, err
	}
	err = door.Fetch(ctx, j.c, page)
	if j.format == HTML && errors.Is(err, orm.ErrMalformed) && page.Size == 0 {
		err = j.reason(ctx, err)
	}
	return printed(BySession, page), err
}

// printed describes a page that was written.
func printed(way Way, page *door.Page) Printed {
	_, parameters, _ := mime.ParseMediaType(page.Header.Get("Content-Disposition"))
	return Printed{Way: way, Size: page.Size, Name: parameters["filename"]}
}

func (j *job) page(format Format, to io.Writer) (*door.Page, error) {
	texts := make([]string, len(j.ids))
	for i, id := range j.ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	path := fmt.Sprintf("report/%s/%s/%s", format, j.name, strings.Join(texts, ","))
	query := url.Values{}
	if own := door.Context(j.c); len(own) > 0 {
		encoded, err := json.Marshal(own)
		if err != nil {
			return nil, err
		}
		query.Set("context", string(encoded))
	}
	p := &door.Page{Model: actions, Method: "render", Path: path, Query: query, Type: mediaTypes[format], To: to}
	if format != HTML {
		what, err := json.Marshal([]string{"/" + path, "qweb-" + string(format)})
		if err != nil {
			return nil, err
		}
		p.Path = "report/download"
		query.Set("data", string(what))
		query.Set("token", "odoogen") // Odoo 14 does not answer without one
	}
	return p, nil
}

// reason finds out why HTML failed, for which Odoo sends a page for people: the same report fails as text for the same reason.
func (j *job) reason(ctx context.Context, err error) error {
	page, failed := j.page(Text, io.Discard)
	if failed == nil {
		failed = door.Fetch(ctx, j.c, page)
	}
	if e, ok := errors.AsType[*orm.Error](failed); ok && e.Class != "" {
		return failed
	}
	return err
}

// explained adds that the server cannot make PDF files to an error.
func (j *job) explained(ctx context.Context, err error) error {
	if _, odoos := errors.AsType[*orm.Error](err); !odoos || j.format != PDF {
		return err
	}
	var state string
	if failed := j.c.Model(actions).Call(ctx, "get_wkhtmltopdf_state", nil, nil, &state); failed != nil {
		return err
	}
	if state == "install" || state == "broken" {
		return fmt.Errorf("%w: %w", ErrNoWkhtmltopdf, err)
	}
	return err
}
