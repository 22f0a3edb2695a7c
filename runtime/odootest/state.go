package odootest

import "maps"

// State is what a server held at a moment: its records, and the models that were made on it.
type State struct{ store *store }

// Snapshot keeps what the server holds, for [Server.Restore]. It takes about as long as there are records.
func (s *Server) Snapshot() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return State{s.store.clone()}
}

// Restore brings back what the server held, the ids that come next included. Sessions, methods, faults and the log of calls
// are not of the state: see [Server.ExpireSessions], [Server.ClearFaults] and [Server.ForgetCalls]. A state can be restored
// any number of times, on the server that it is of.
//
//	state := server.Snapshot()
//	for _, test := range tests {
//		server.Restore(state)
//		…
//	}
func (s *Server) Restore(state State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store = state.store.clone()
}

// clone copies all records. Their values are never changed, and so are shared.
func (s *store) clone() *store {
	out := *s
	out.xmlids = &xmlids{byName: map[string]int64{}}
	out.tables = make(map[*model]*table, len(s.tables))
	for m, t := range s.tables {
		out.tables[m] = t.clone()
	}
	return &out
}

func (t *table) clone() *table {
	out := &table{records: make(map[int64]*record, len(t.records)), lastID: t.lastID}
	for id, r := range t.records {
		out.records[id] = &record{r.id, maps.Clone(r.values)}
	}
	return out
}
