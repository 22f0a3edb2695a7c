package properties_test

import (
	"encoding/json"
	"fmt"
	"log"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/properties"
)

// Lead and its fields are what generated code would have.
type Lead struct {
	LeadProperties properties.List `odoo:"lead_properties"`
}

var LeadF = struct {
	LeadProperties orm.Field[Lead, properties.List]
}{"lead_properties"}

func Example() {
	var lead Lead
	err := json.Unmarshal([]byte(`[{"name": "size", "type": "selection", "string": "Size", "selection": [["m", "Medium"], ["l", "Large"]], "value": "m"}]`), &lead.LeadProperties)
	if err != nil {
		log.Fatal(err)
	}
	size, _, err := properties.Get[string](lead.LeadProperties, "size")
	if err != nil {
		log.Fatal(err)
	}
	changed, err := properties.Set(lead.LeadProperties, "size", "l") // to be written with orm.Write
	if err != nil {
		log.Fatal(err)
	}
	larger, _, err := properties.Get[string](changed, "size")
	if err != nil {
		log.Fatal(err)
	}
	where := orm.Eq(properties.Of[string](LeadF.LeadProperties, "size"), larger)
	fmt.Println(size, larger, orm.Expr(where))
	// Output:
	// m l [["lead_properties.size","=","l"]]
}
