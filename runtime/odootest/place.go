package odootest

// Place puts records in unchanged, with the ids that they bring, in the place of those that have these ids: no
// defaults, no checks, no other fields. It is for records that a database has from its start, such as currencies.
func (s *Server) Place(model string, records ...map[string]any) error {
	_, err := s.transact(s.users[0], func(t *tx) (any, error) {
		for _, values := range records {
			if err := t.place(model, values); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	return err
}

func (t *tx) place(name string, values map[string]any) error {
	m := t.models[name]
	if m == nil {
		return fail(classKey, "%s", name)
	}
	given, err := plainValues(values)
	if err != nil {
		return err
	}
	id, _ := number(given["id"])
	r := t.insert(m, int64(id), map[string]any{})
	if m.active != nil {
		r.values[m.active.Name] = true
	}
	for key, v := range given {
		if pair, ok := v.([]any); ok && len(pair) > 0 && m.fields[key] != nil && m.fields[key].Type == "many2one" {
			v = pair[0]
		}
		f := m.fields[key]
		if f == nil {
			return t.noFieldToCreate(name, key)
		}
		if key == "id" {
			continue
		}
		if r.values[key], err = t.convert(m, f, v); err != nil {
			return err
		}
	}
	return nil
}

// SetNextID makes the next record of a model get an id, which no record may have yet.
func (s *Server) SetNextID(model string, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.store.models[model]; m != nil {
		s.store.tables[m].lastID = id - 1
	}
}
