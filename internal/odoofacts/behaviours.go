package odoofacts

import "fmt"

// Behaviour is something that some versions of Odoo do and others do not.
type Behaviour struct {
	Name        string
	First, Last Version // the zero Version: of all before, of all after
	Known       Knowledge
}

// Knowledge says how a fact is known.
type Knowledge string

const (
	// Measured facts were seen on real servers, on both sides of the limit.
	Measured Knowledge = "measured"
	// Read facts are taken from source code or documentation.
	Read Knowledge = "read"
)

// In reports whether the version has the behaviour.
func (b Behaviour) In(v Version) bool {
	return !v.Before(b.First) && (b.Last == Version{} || !b.Last.Before(v))
}

// InSeries is In for the series of a server or a snapshot. Readers of both refuse invalid versions; here a string that is
// not a version counts as [Newest].
func (b Behaviour) InSeries(series string) bool {
	v, err := Parse(series)
	if err != nil {
		v = Newest
	}
	return b.In(v)
}

// String is the behaviour with its range of versions: `operators "any" and "not any": 17.0 and later`.
func (b Behaviour) String() string {
	switch {
	case b.Last == Version{}:
		return fmt.Sprintf("%s: %s and later", b.Name, b.First)
	case b.First == Version{}:
		return fmt.Sprintf("%s: until %s", b.Name, b.Last)
	}
	return fmt.Sprintf("%s: %s to %s", b.Name, b.First, b.Last)
}

var all []Behaviour

// All lists the behaviours in the order of the table.
func All() []Behaviour { return all }

func since(major, minor int, known Knowledge, name string) Behaviour {
	return add(Behaviour{Name: name, First: Version{Major: major, Minor: minor}, Known: known})
}

// until gives the last version, with all that Odoo Online had before the next one. Such facts are measured, as those of
// [between] are.
func until(major int, name string) Behaviour {
	return add(Behaviour{Name: name, Last: lastOf(major), Known: Measured})
}

func between(first, last int, name string) Behaviour {
	return add(Behaviour{Name: name, First: Version{Major: first}, Last: lastOf(last), Known: Measured})
}

// lastOf is after each version of Odoo Online that follows a major one.
func lastOf(major int) Version { return Version{Major: major, Minor: 99} }

func add(b Behaviour) Behaviour {
	all = append(all, b)
	return b
}

// The table of what the project decides by version. Measured on 14.0, 15.0, 16.0, 17.0, 18.0 and 19.0; a limit between
// two of them is put at the later one, so that a version of Odoo Online in between is treated as the earlier one.
//
// Domains and searches.
var (
	AnyOperator = since(17, 0, Measured, `the operators "any" and "not any"`)
	// In a condition '' and an unset text are the same, and an unset number counts as 0.
	EmptyIsUnset      = since(18, 0, Measured, "'' and unset are the same in a condition")
	UnsearchableMatch = until(18, "a condition on an unsearchable field matches every record")
	SearchCountLimit  = since(16, 0, Measured, "search_count takes a limit")
)

// Reading.
var (
	// Specification: web_read, web_save and the specification of web_search_read; onchange with a specification.
	Specification = since(17, 0, Measured, "web_read and web_search_read with a specification")
	// Views and forms. In 16 modifiers are domains, in get_views too.
	GetViews = since(16, 0, Read, "get_views with the views of lines inside, in place of load_views with them beside")
	// GroupFieldsUnread: sel_groups_* and in_group_* of res.users. read gives them.
	GroupFieldsUnread = between(17, 18, "search_read leaves out the group fields of res.users")
)

// Groups.
var (
	FormattedReadGroup = since(18, 2, Read, "formatted_read_group")
	// GroupRange: until 14 there is no __range at all.
	GroupRange        = since(16, 0, Measured, "__range of read_group is keyed by field:granularity")
	NumberGranularity = since(18, 0, Measured, "granularities that are numbers, as month_number")
	// GroupPath: 17 and 18 may group by properties through read_group.
	GroupPath     = since(19, 0, Measured, "groups by a path, and by a property, which is not measured before")
	GroupHaving   = since(19, 0, Measured, "having of formatted_read_group")
	SumCurrency   = since(19, 0, Measured, "the aggregate sum_currency")
	LanguageWeeks = since(17, 0, Measured, "weeks begin on the day of the user's language")
)

// Writing.
var (
	// Messages: 14 and 19 are measured, the limits between them are read.
	PostGivesList      = since(19, 0, Measured, "message_post gives a list of one ID")
	MessageBodyEscaped = since(17, 0, Read, "message_post escapes a body without body_is_html")
)

// Files.
var (
	ContentRange = since(16, 0, Measured, "/web/content answers requests for a part of a file")
)

// Reports.
var (
	ReportByName = since(16, 0, Read, "_render_qweb_pdf takes the name of the report, in place of being called on it")
	// InvoiceDocument and SendWizard: 17 and 18 are read. 17 has another window, account.move.send.
	InvoiceDocument = since(17, 0, Read, "the official PDF of an invoice is invoice_pdf_report_id, in place of the attachment of its first print")
	SendWizard      = since(18, 0, Read, "account.move.send.wizard makes the PDF of an invoice")
)

// Rights and users.
var (
	HasAccess   = since(18, 0, Measured, "has_access in place of check_access_rights and check_access_rule")
	AllGroupIDs = since(19, 0, Measured, "all_group_ids of res.users, in place of groups_id")
)

// Automation rules.
var (
	// AutomationActions: until 16 the rule delegates to one action, which stays when the rule is deleted.
	AutomationActions = since(17, 0, Measured, "base.automation has action_server_ids, in place of being an action itself")
	// OutgoingWebhooks: server actions have the state "webhook". 14, 15 and 16 have none.
	OutgoingWebhooks = since(17, 0, Measured, "server actions send webhooks")
	// WebhookAfterCommit: 17 and 18 send within the transaction, and do not send the name of the action.
	WebhookAfterCommit = since(19, 0, Measured, "webhooks are sent after the transaction has committed")
)

// The bus.
var (
	BusTypes     = since(15, 0, Measured, "notifications of the bus have a type, and _sendone takes it in place of sendone")
	BusWebSocket = since(16, 0, Measured, "the bus is a websocket, in place of long polling")
	BusKeepsDay  = since(19, 0, Measured, "the bus keeps notifications for 24 hours, in place of 100 seconds")
	BusLooksBack = since(19, 0, Read, "the websocket sends notifications that commit up to 10 seconds late")
)

// Keys of the context: see [IgnoredKey]. The modules stock of 15 to 18 are not measured.
var (
	WarehouseKey   = since(19, 0, Measured, "quantities of products ignore the context key warehouse")
	WarehouseIDKey = until(14, "quantities of products ignore the context key warehouse_id")
	// ForceCompany went with Odoo 13.
	ForceCompany = since(14, 0, Measured, "the context key force_company does not change the company")
)

// API keys.
var (
	KeysExpire = since(18, 0, Read, "API keys have an expiration date")
	// PasswordInContext: 14 reads the password from the record of the check. In between both are given.
	PasswordInContext = since(19, 0, Measured, "the check of the identity takes the password from the context")
)

// Languages and custom fields.
var (
	FieldTranslations = since(16, 0, Measured, "get_field_translations and update_field_translations, in place of ir.translation")
	// ReportLanguage: 14 takes the language out of the context, on purpose.
	ReportLanguage     = since(19, 0, Measured, "a report is in the language of the context, in place of that of the user")
	UnknownLangRefused = since(18, 0, Measured, "a language in the context that is not installed is a UserError")
	TranslateChoice    = since(19, 0, Measured, "ir.model.fields.translate is a selection, in place of a boolean")
	SizedTranslation   = between(16, 16, "a custom field that is translated and has a size is created, and skipped by the server")
	// MirrorsStay: fields of res.users that mirror one of res.partner, or point to a custom model.
	MirrorsStay = until(15, "mirrors of a custom field stay in ir.model.fields when it is deleted")
	// BareAbstract: ir.model.fields and fields_get of such models; one without fields has no row in ir.model.fields.
	BareAbstract = between(15, 18, "abstract models lack id and display_name")
)

// Answers and errors that only the embedded Odoo imitates.
var (
	GroupToMany      = since(15, 0, Measured, "read_group takes a relation to many as a key, and answers __range")
	ImportFieldName  = since(15, 0, Measured, "messages of load have field_name, and a text that is no boolean is an error")
	ZeroInLists      = since(16, 0, Measured, "0 in a list of a condition is 0, and not unset")
	TranslatedUnset  = since(16, 0, Measured, "an unset translated text matches negated conditions")
	NamelessIsEmpty  = between(16, 16, "the name of a record without one is '', which was 'False' and is false later")
	NamelessIsUnset  = since(17, 0, Measured, "the name of a record without one is false")
	QualifiedNames   = since(16, 0, Measured, "errors of arguments name methods with their class, as Python 3.10 does")
	BrokenLinkLines  = between(16, 18, "errors of constraints name model and constraint on lines of their own")
	AnyTextIsNoID    = since(16, 0, Measured, "a text or 0 that is written to a many2one empties it")
	NullsOrder       = since(17, 0, Measured, "an order with nulls first or last")
	ReadGroupAnew    = since(17, 0, Measured, "read_group sums only what it is asked for, and puts the domain of the call first")
	MethodsOnModels  = between(17, 17, "an unknown method does not exist on the model")
	NegatedPaths     = since(17, 0, Measured, "! before a path matches records without a target")
	SetOfMissing     = since(17, 0, Measured, "a create with a one2many set to missing records is a MissingError")
	SyntaxIsValue    = since(17, 0, Measured, "an incomplete domain is a ValueError")
	TextLimits       = since(17, 0, Measured, "limit may be a text")
	AggregateDomains = since(18, 0, Measured, "the domain of a group without a target is not any")
	OrderAnew        = since(18, 0, Measured, "an order by a field that is not stored is an error, by the id of a target is not")
	CompleteNames    = since(17, 0, Measured, "partners are found by their complete name")
	ListViews        = since(18, 0, Measured, "views of records are lists, in place of trees")
	CreatePlain      = between(17, 18, "errors of arguments name create without its class")
	LoadColumnValue  = since(18, 0, Measured, "columns of load that are no field are a ValueError")
	RelativeUnits    = since(19, 0, Measured, "units of measure are a number of another unit, in place of having a category")
	ExistsIsPrivate  = since(19, 0, Measured, "exists, browse and search_fetch are private")
)

// Protocols and sessions.
var (
	JSON2              = since(19, 0, Measured, "the JSON-2 API")
	MethodDocs         = since(19, 0, Measured, "signatures of methods from the module api_doc")
	BareServiceErrors  = until(14, "errors outside of a database are a page without a reason")
	LostSessionJSON    = until(15, "a call whose session is gone gets 404 in JSON")
	NewHTTP            = since(16, 0, Read, "UTF-8 in JSON, cookies of 7 days only where they are new, id null in early errors, 415 and 400 for what is no JSON")
	BareSecondFactor   = since(16, 0, Read, "a login that waits for a second factor gets nothing but uid null")
	LongSessionIDs     = since(18, 0, Measured, "session ids of 84 characters, in place of 40")
	LostSessionPage    = between(16, 18, "a call whose session is gone gets a plain 404 page")
	UnknownModel404    = since(18, 0, Measured, "an unknown model is NotFound in the web session, in place of KeyError")
	NeutralizeDatabase = since(16, 0, Read, "databases can be neutralized")
	XMLWithoutControls = since(16, 0, Read, "XML-RPC removes control characters from texts, in place of sending XML that is none")
	XMLOwnEnvelope     = since(17, 0, Read, "XML-RPC answers have an empty line before their end, and dates of requests are checked")
)
