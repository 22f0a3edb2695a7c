package odoofacts

// IgnoredKey finds a key of a context that the version ignores, and the key to give in its place: "" if there is none. A
// context that has both is right on every version, and so is one for a custom module that reads the former.
func IgnoredKey(v Version, context map[string]any) (key, instead string) {
	hasOnly := func(key, instead string) bool {
		_, has := context[key]
		_, hasOther := context[instead]
		return has && !hasOther
	}
	const warehouse, warehouseID, forceCompany, companies = "warehouse", "warehouse_id", "force_company", "allowed_company_ids"
	switch {
	case WarehouseKey.In(v) && hasOnly(warehouse, warehouseID):
		return warehouse, warehouseID
	case WarehouseIDKey.In(v) && hasOnly(warehouseID, warehouse):
		return warehouseID, warehouse
	case ForceCompany.In(v) && hasOnly(forceCompany, companies):
		return forceCompany, companies
	}
	return "", ""
}
