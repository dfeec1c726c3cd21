package geo

import (
	"net/netip"
	"sync"

	"sentinel/internal/geo/builtin"
)

// Builtin is the database of countries inside the program. The first call decodes it; all share it.
func Builtin() *Database { return loadBuiltin() }

// loadBuiltin panics where the embedded table is damaged: then the program itself is.
var loadBuiltin = sync.OnceValue(func() *Database {
	table, err := builtin.Load()
	if err != nil {
		panic(err)
	}
	return &Database{
		info: Info{
			Kind:    KindBuiltin,
			Edition: table.Source.Package + " " + table.Source.Version,
			Built:   table.Source.Built,
			Licence: table.Source.Licence,
		},
		countries: true,
		source:    tableSource{table},
	}
})

type tableSource struct{ table *builtin.Table }

func (s tableSource) country(a netip.Addr) string { return s.table.Country(a) }

func (tableSource) owner(netip.Addr) Owner { return Owner{} }
