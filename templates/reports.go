package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// reports writes the constants with the names of a model's reports.
func reports(f *jen.File, m *ir.Model) {
	if len(m.Reports) == 0 {
		return
	}
	f.Commentf("// The reports of %s, for package report.", m.Title)
	f.Const().DefsFunc(func(g *jen.Group) {
		for _, r := range m.Reports {
			g.Add(above(r.Doc))
			g.Id(r.Const).Qual(ir.ReportPath, ir.ReportType).Types(jen.Id(m.Record)).Op("=").Lit(r.Value)
		}
	})
}
