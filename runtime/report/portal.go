package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

const portalURL = "get_portal_url"

// Portal writes the document that the customer portal gives for a record, such as an order or an invoice, as PDF or HTML. Odoo
// decides which report that is. It needs no web session: the address has an access token, which Odoo stores in the record.
//
// A model without a page on the portal is [ErrNoWay], and so is a server that refuses the token: Debian's Odoo 14 accepts only web
// sessions, of which Odoo 14 gives the document.
func Portal[M any](ctx context.Context, c *orm.Client, id orm.ID[M], format Format, w io.Writer) (Printed, error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return Printed{}, fmt.Errorf("report: %w", err)
	}
	j := &job{c: c, model: model, name: "of the portal", format: format, ids: []int64{int64(id)}, to: w}
	printed, err := j.byPortal(ctx)
	return printed, j.failed(j.explained(ctx, err))
}

func (j *job) byPortal(ctx context.Context) (Printed, error) {
	if j.format != PDF && j.format != HTML {
		return Printed{}, fmt.Errorf("the portal has no format %q", j.format)
	}
	if err := records.MustExist(ctx, j.model, j.ids...); err != nil {
		return Printed{}, err
	}
	page, err := j.portalPage(ctx)
	if err != nil {
		return Printed{}, err
	}
	if j.format == PDF {
		page.To = j.to
		err = door.Fetch(ctx, j.c, page)
		return printed(ByPortal, page), refusedByPortal(err)
	}
	var document bytes.Buffer
	page.To = &document
	if err := door.Fetch(ctx, j.c, page); err != nil {
		return Printed{}, refusedByPortal(err)
	}
	// The pages of the portal name their character set, the documents do not.
	if strings.Contains(page.Header.Get("Content-Type"), "charset") {
		return Printed{}, fmt.Errorf("%w: the portal gives a page in place of the document", ErrNoWay)
	}
	n, err := document.WriteTo(j.to)
	return Printed{Way: ByPortal, Size: n}, err
}

// portalPage is the page of the document, with its access token.
func (j *job) portalPage(ctx context.Context) (*door.Page, error) {
	var address string
	arguments := orm.Args{"report_type": string(j.format), "download": true}
	err := j.model.Call(ctx, portalURL, j.ids, arguments, &address)
	if errors.Is(err, orm.ErrNotFound) {
		return nil, fmt.Errorf("%w: the portal has no page for %s", ErrNoWay, j.model.Name())
	}
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(address)
	if err != nil || to.Host != "" || !strings.HasPrefix(to.Path, "/") {
		return nil, fmt.Errorf("%w: %s has the address %q on the portal", ErrNoWay, j.model.Name(), address)
	}
	return &door.Page{
		Model: j.model.Name(), Method: portalURL, Path: to.Path[1:], Query: to.Query(), Type: mediaTypes[j.format], Public: true,
	}, nil
}

// refusedByPortal is [ErrNoWay] if the portal redirects, refuses, or has no such page.
func refusedByPortal(err error) error {
	e, ok := errors.AsType[*orm.Error](err)
	if !ok || !errors.Is(err, orm.ErrMalformed) {
		return err
	}
	switch e.Status {
	case http.StatusFound, http.StatusSeeOther, http.StatusForbidden, http.StatusNotFound, http.StatusOK:
		return fmt.Errorf("%w: the portal refuses the document: %w", ErrNoWay, err)
	}
	return err
}
