package files_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/odootest"
)

// An image that the user cannot read is an access error, in place of the placeholder.
func TestImageWithoutAccess(t *testing.T) {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		t.Fatal(err)
	}
	server := odootest.New(t, schema, odootest.User("eve", "secret", odootest.Rights("res.users", "read")))
	id, err := server.Create("res.partner", map[string]any{"name": "Ann", "image_1920": "iVBORw0KGgo="})
	if err != nil {
		t.Fatal(err)
	}
	c, err := orm.Dial(t.Context(), server.URL, orm.Password("eve", "secret"), orm.Using(orm.WebSession))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_, err = files.Image(t.Context(), c, orm.ID[odoo.ResPartner](id), odoo.ResPartnerF.Image1920, 64, 64, &out)
	if !errors.Is(err, orm.ErrAccess) || out.Len() > 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}
