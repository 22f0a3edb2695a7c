package translations_test

import (
	"context"
	"fmt"
	"log"

	"github.com/odoogen/odoogen/generated"
	"github.com/odoogen/odoogen/generated/odoo"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/odootest"
	"github.com/odoogen/odoogen/runtime/translations"
)

func Example() {
	schema, err := snapshot.Decode(generated.Snapshot)
	if err != nil {
		log.Fatal(err)
	}
	server, err := odootest.Start(schema)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	for _, lang := range []string{"en_US", "fr_FR"} {
		if _, err := server.Create("res.lang", map[string]any{"name": lang, "code": lang}); err != nil {
			log.Fatal(err)
		}
	}
	ctx := context.Background()
	c, err := server.Dial(ctx)
	if err != nil {
		log.Fatal(err)
	}
	id, err := orm.Create(ctx, c, odoo.ResCountryValues{Name: orm.Set("Germany"), Code: orm.Set("DE")})
	if err != nil {
		log.Fatal(err)
	}

	if err := translations.Set(ctx, c, id, odoo.ResCountryF.Name, map[string]string{"fr_FR": "Allemagne"}); err != nil {
		log.Fatal(err)
	}
	names, err := translations.Get(ctx, c, id, odoo.ResCountryF.Name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(names)
	err = translations.Set(ctx, c, id, odoo.ResCountryF.Name, map[string]string{"de_DE": "Deutschland"})
	fmt.Println(err)
	// Output:
	// map[en_US:Germany fr_FR:Allemagne]
	// translations: res.country 1: name: the language is not active: de_DE
}
