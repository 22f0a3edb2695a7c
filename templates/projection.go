package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/odoogen/odoogen/internal/ir"
)

// projections writes the file of the structs that the configuration defines.
func projections(pkg *ir.Package) *jen.File {
	f := newFile(pkg.Name)
	for _, p := range pkg.Projections {
		f.Add(comment(p.Doc))
		f.Type().Id(p.Type).StructFunc(func(g *jen.Group) {
			for _, c := range p.Columns {
				g.Add(comment(c.Doc))
				g.Id(c.Go).Add(goType(c.Type)).Tag(map[string]string{ir.TagKey: c.Odoo + c.Options})
			}
		})
	}
	return f
}
