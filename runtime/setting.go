package orm

// Setting is an option that can apply to every call of a client: a [Context], or [Idempotent].
type Setting interface {
	WriteOption
	set(*clientSettings)
}

// clientSettings are the settings in which clients of one connection can differ.
type clientSettings struct {
	context    Context
	idempotent bool
}

// Idempotent declares that a call, or every call of a client, can be repeated safely when it is unknown whether it had its
// effect: for example a write that sets values, but not one that creates records.
func Idempotent() Setting { return idempotence{} }

type idempotence struct{}

func (idempotence) forWrite()             {}
func (idempotence) forBatch()             {}
func (idempotence) apply(o *callOptions)  { o.idempotent = true }
func (idempotence) set(s *clientSettings) { s.idempotent = true }

func (c Context) set(s *clientSettings) { s.context = s.context.with(c) }
