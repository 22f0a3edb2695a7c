package outbox

import "regexp"

// SignalMark begins the code of the rules that signal the changes of a model on the bus.
func SignalMark(model string) string { return "# odoogen signal of " + model + "\n" }

// SignalType is the type of the notifications.
const SignalType = "odoogen/changed"

// SignalCode is the Python that puts a notification on the bus. Typed is for the versions where notifications have a type.
func SignalCode(typed bool, model, channel string) string {
	const payload = "{'model': records._name, 'ids': records.ids}"
	call := "sendone('" + channel + "', " + payload + ")"
	if typed {
		call = "_sendone('" + channel + "', '" + SignalType + "', " + payload + ")"
	}
	return SignalMark(model) + "env['bus.bus']." + call + "\n"
}

var signalChannel = regexp.MustCompile(`^# odoogen signal of .*\nenv\['bus\.bus'\]\._?sendone\('([\w-]+)', `)

// SignalChannel is the channel of code that SignalCode has made.
func SignalChannel(code string) (channel string, ok bool) {
	m := signalChannel.FindStringSubmatch(code)
	if m == nil {
		return "", false
	}
	return m[1], true
}
