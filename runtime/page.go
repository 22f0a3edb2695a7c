package orm

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/odoogen/odoogen/runtime/internal/door"
	"github.com/odoogen/odoogen/runtime/internal/protocol"
	"github.com/odoogen/odoogen/runtime/internal/transport"
)

// fetch writes a page of the server to the writer of the page as it arrives. A page that is not public needs a web session.
func (c *Client) fetch(ctx context.Context, p *door.Page) error {
	s := c.session
	if c.kind != WebSession && !p.Public {
		return fmt.Errorf("orm: the page %s needs a web session, and the client uses %s", p.Path, c.kind)
	}
	if p.Public {
		var err error
		if s, err = c.visiting(ctx); err != nil {
			return published(err, p.Model, p.Method)
		}
	}
	if err := c.checkLanguage(ctx, &call{model: p.Model, method: p.Method, context: c.context}); err != nil {
		return err
	}
	d := &pageDelivery{FileWriter: transport.FileWriter{To: p.To}, page: p}
	raw, err := s.run(ctx, &Request{Protocol: s.kind, Model: p.Model, Method: p.Method, ReadOnly: true}, &trip{
		encode: func(session protocol.Protocol) (*protocol.Exchange, error) {
			return session.(*protocol.WebSession).Page(p.Path, p.Query, p.Ask), nil
		},
		delivery: d, repeatable: true,
	})
	if p.Size = d.Size; err == nil && raw == nil {
		return fmt.Errorf("orm: %s.%s: an interceptor returned neither an error nor a result", p.Model, p.Method)
	}
	return err
}

// pageDelivery writes a page while it arrives from the server.
type pageDelivery struct {
	transport.FileWriter
	page *door.Page
}

func (d *pageDelivery) Spent() bool { return d.Begun }

func (d *pageDelivery) Prepare(r *transport.Request, _ []string) (transport.Sink, error) {
	r.Patient = true
	return func(a *transport.Answer, body io.Reader) (err error) {
		if d.page.Takes == nil && a.Status == http.StatusOK && a.ContentType() == d.page.Type || d.page.Takes != nil && d.page.Takes(a.Status, a.Header) {
			d.page.Status, d.page.Header = a.Status, a.Header
			_, err = io.Copy(d, body)
			return err
		}
		a.Body, err = io.ReadAll(io.LimitReader(body, maxErrorPage))
		return err
	}, nil
}

// maxErrorPage is how many bytes of an error page are read.
const maxErrorPage = 1 << 20
