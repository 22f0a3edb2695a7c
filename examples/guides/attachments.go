package guides

import (
	"context"
	"io"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/mail"

	"github.com/odoogen/odoogen/examples/guides/odoo"
)

// AttachAndReadBack attaches a file to a partner, and writes its content to out again. Neither holds the file in memory.
func AttachAndReadBack(ctx context.Context, c *orm.Client, partner orm.ID[odoo.ResPartner], name string, in io.Reader, out io.Writer) error {
	file, err := mail.Attach(ctx, c, partner, name, in)
	if err != nil {
		return err
	}
	_, err = files.Download(ctx, c, orm.ID[odoo.IrAttachment](file), odoo.IrAttachmentF.Datas, out)
	return err
}

// Attachments lists the names of the files of a partner.
func Attachments(ctx context.Context, c *orm.Client, partner orm.ID[odoo.ResPartner]) (names []string, err error) {
	a := odoo.IrAttachmentF
	of := orm.And(orm.Eq(a.ResModel, new(odoo.ResPartner).OdooModel()), orm.Where[odoo.IrAttachment]("res_id", "=", partner))
	for file, err := range orm.All[odoo.IrAttachment](ctx, c, of) {
		if err != nil {
			return nil, err
		}
		names = append(names, file.Name)
	}
	return names, nil
}
