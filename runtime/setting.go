package orm

// Setting is an option that can hold for every call of a client: a [Context], or [Idempotent].
type Setting interface {
	WriteOption
	set(*clientSettings)
}

// clientSettings are what the clients of one connection differ in.
type clientSettings struct {
	context    Context
	idempotent bool
}

// Idempotent says that a call, or every call of a client, may be repeated without harm when it is not known whether it
// had its effect: a write that sets values, for example, but not one that creates.
func Idempotent() Setting { return idempotence{} }

type idempotence struct{}

func (idempotence) forWrite()             {}
func (idempotence) forBatch()             {}
func (idempotence) apply(o *callOptions)  { o.idempotent = true }
func (idempotence) set(s *clientSettings) { s.idempotent = true }

func (c Context) set(s *clientSettings) { s.context = s.context.with(c) }
