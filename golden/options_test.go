package golden_test

import (
	"strings"
	"testing"
)

// optionMakers make each option, with the verbs that take it. On every other verb it does not compile.
var optionMakers = map[string]string{
	`orm.Limit(2)`:                          "Find IDs All Count Group NameSearch",
	`orm.Offset(2)`:                         "Find First IDs All Group",
	`orm.Asc(so.Name)`:                      "Find First IDs All Group",
	`orm.Desc(so.Name)`:                     "Find First IDs All Group",
	`orm.AscColumn("name")`:                 "Group",
	`orm.DescColumn("name")`:                "Group",
	`orm.Include(so.Name)`:                  "Find First All Get Read Fill Defaults",
	`orm.Everything()`:                      "Find First All Get Read Defaults",
	`orm.PageSize(5)`:                       "All",
	`orm.Prefetch()`:                        "All",
	`orm.After(orderID)`:                    "All",
	`orm.Batch(5)`:                          "CreateMany Load",
	`orm.Idempotent()`:                      "CreateMany Load Create Copy Write Unlink Call Method NameCreate Upload",
	`orm.Lang("fr_FR")`:                     everyVerb,
	`orm.Context{"lang": "fr_FR"}`:          everyVerb,
	`[]orm.FindOption{orm.Limit(2)}...`:     "Find",
	`[]orm.ReadOption{orm.Everything()}...`: "Get Read Defaults",
	`[]orm.WriteOption{orm.Lang("fr")}...`:  "Create Copy Write Unlink Call Method NameCreate Upload",
}

const everyVerb = "Find First IDs All Count Group NameSearch Get Read Fill Defaults CreateMany Load Create Copy Write Unlink Call Method " +
	"NameCreate Upload Existing HasAccess Download"

// verbs are the calls of each verb that take an option in the place of OPT: the function, the untyped model and the client.
var verbs = map[string][]string{
	"Find":       {`orm.Find[row](ctx, c, all, OPT)`, `model.Find(ctx, &rows, orm.Expr(all), OPT)`, `orders.Find(ctx, all, OPT)`},
	"First":      {`orm.First[row](ctx, c, all, OPT)`, `model.First(ctx, &r, orm.Expr(all), OPT)`, `orders.First(ctx, all, OPT)`},
	"IDs":        {`orm.IDs(ctx, c, all, OPT)`, `model.Search(ctx, &ids, orm.Expr(all), OPT)`, `orders.IDs(ctx, all, OPT)`},
	"All":        {`orm.All[row](ctx, c, all, OPT)`, `model.Each(ctx, &r, orm.Expr(all), nil, OPT)`, `orders.All(ctx, all, OPT)`},
	"Count":      {`orm.Count(ctx, c, all, OPT)`, `model.Count(ctx, orm.Expr(all), OPT)`, `orders.Count(ctx, all, OPT)`},
	"Group":      {`orm.Group[row](ctx, c, all, OPT)`, `model.Group(ctx, &rows, orm.Expr(all), OPT)`},
	"NameSearch": {`orm.NameSearch(ctx, c, "S", all, "", OPT)`, `model.NameSearch(ctx, &refs, "S", orm.Expr(all), "", OPT)`},
	"Get":        {`orm.Get[odoo.SaleOrder](ctx, c, orderID, OPT)`, `model.Get(ctx, &r, 7, OPT)`, `orders.Get(ctx, orderID, OPT)`},
	"Read":       {`orm.Read[row](ctx, c, ids, OPT)`, `model.Read(ctx, &rows, ids, OPT)`, `orders.Read(ctx, ids, OPT)`},
	"Fill":       {`orm.Fill(ctx, c, rows, OPT)`, `model.Fill(ctx, rows, OPT)`},
	"Defaults":   {`orm.Defaults[odoo.SaleOrder](ctx, c, OPT)`, `model.DefaultGet(ctx, &r, OPT)`},
	"CreateMany": {`orm.CreateMany(ctx, c, []odoo.SaleOrderValues{}, OPT)`, `model.CreateMany(ctx, &ids, rows, OPT)`, `orders.CreateMany(ctx, nil, OPT)`},
	"Load":       {`load.Rows(ctx, c, []load.Row[odoo.SaleOrderValues]{}, OPT)`, `load.IntoModel(ctx, c, "m", []load.Row[row]{}, OPT)`},
	"Create":     {`orm.Create(ctx, c, odoo.SaleOrderValues{}, OPT)`, `model.Create(ctx, r, OPT)`, `orders.Create(ctx, odoo.SaleOrderValues{}, OPT)`},
	"Copy":       {`orm.Copy(ctx, c, orderID, odoo.SaleOrderValues{}, OPT)`, `model.Copy(ctx, 7, nil, OPT)`, `orders.Copy(ctx, orderID, odoo.SaleOrderValues{}, OPT)`},
	"Write":      {`orm.Write(ctx, c, ids, odoo.SaleOrderValues{}, OPT)`, `model.Write(ctx, ids, r, OPT)`, `orders.Write(ctx, ids, odoo.SaleOrderValues{}, OPT)`},
	"Unlink":     {`orm.Unlink(ctx, c, ids, OPT)`, `model.Unlink(ctx, ids, OPT)`, `orders.Unlink(ctx, ids, OPT)`},
	"Call":       {`model.Call(ctx, "m", ids, nil, nil, OPT)`, `orders.Call(ctx, "m", ids, nil, nil, OPT)`},
	"Method":     {`model.Do(ctx, nil, "m", ids, OPT)`, `model.Invoke(ctx, nil, ids, orm.Invocation{}, OPT)`},
	"NameCreate": {`orm.NameCreate[odoo.SaleOrder](ctx, c, "S", OPT)`, `model.NameCreate(ctx, &refs, "S", OPT)`},
	"Upload":     {`files.Upload(ctx, c, orderID, file, nil, 0, OPT)`, `files.UploadTo(ctx, c, "m", 7, "f", nil, 0, OPT)`},
	"Download":   {`files.Download(ctx, c, orderID, file, nil, OPT)`, `files.DownloadFrom(ctx, c, "m", 7, "f", nil, OPT)`},
	"Existing":   {`orm.Existing(ctx, c, ids, OPT)`, `model.Existing(ctx, &ids, ids, OPT)`},
	"HasAccess":  {`access.Has(ctx, c, ids, access.Read, OPT)`, `access.ToModel(ctx, c, "m", nil, access.Read, OPT)`},
}

// besideImports import the packages beside the runtime that the calls of verbs are of.
const besideImports = `
	"` + runtimePath + `/access"
	"` + runtimePath + `/files"
	"` + runtimePath + `/load"
)
`

const optionsConsumer = `
var (
	_     load.Row[row]
	_     access.Operation
	_     = files.UploadTo
	model orm.Model
	r     row
	rows  []row
	ids   []orm.ID[odoo.SaleOrder]
	refs  []orm.Ref[odoo.SaleOrder]
	file  orm.Field[odoo.SaleOrder, []byte]
	all   = orm.AllOf[odoo.SaleOrder]()
)
`

// An option compiles on the verbs that it has an effect on, and on no other.
func TestOptionsCompileWhereTheyHaveAnEffect(t *testing.T) {
	c := newChecker(t)
	for maker, takers := range optionMakers {
		for verb, calls := range verbs {
			takes := contains(takers, verb)
			for _, call := range calls {
				statement := strings.ReplaceAll(call, "OPT", maker)
				source := strings.Replace(consumer, "STATEMENT", statement, 1) + optionsConsumer
				source = strings.Replace(source, "\n)\n", besideImports, 1)
				problems := c.check(t, map[string]string{"consumer.go": source})
				switch {
				case takes && len(problems) > 0:
					t.Errorf("%s does not compile: %s", statement, strings.Join(problems, "\n"))
				case !takes && len(problems) == 0:
					t.Errorf("%s compiles, and the option has no effect", statement)
				case !takes && !strings.Contains(problems[0], "Option") && !strings.Contains(problems[0], "Context"):
					t.Errorf("%s does not compile for another reason: %s", statement, problems[0])
				}
			}
		}
	}
}

func contains(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}
