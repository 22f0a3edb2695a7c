package outbox

import "testing"

func TestParse(t *testing.T) {
	for _, s := range []Source{
		{"x_odoogen_outbox_shop", "sale.order", "sale.order", "", KindWrite},
		{"x_odoogen_outbox_shop", "sale.order.line", "sale.order", "order_id", KindUnlink},
	} {
		if got, ok := Parse(s.Model, s.Code()); !ok || got != s {
			t.Errorf("got %+v, %v of\n%s", got, ok, s.Code())
		}
		for _, other := range []string{"", "log('x')", s.Code() + "x = 1\n", "x = 1\n" + s.Code()} {
			if got, ok := Parse(s.Model, other); ok {
				t.Errorf("got %+v of\n%s", got, other)
			}
		}
	}
}

func TestModel(t *testing.T) {
	if got, err := Model("shop2"); got != "x_odoogen_outbox_shop2" || err != nil {
		t.Error(got, err)
	}
	for _, name := range []string{"", "Shop", "shop_a", "2shop", "a'b", "abcdefghijklmnopqrstuvwxyz0123456789"} {
		if got, err := Model(name); err == nil {
			t.Errorf("%q is %s", name, got)
		}
	}
}
