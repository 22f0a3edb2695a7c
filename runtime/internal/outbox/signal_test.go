package outbox

import "testing"

func TestSignalCodeIsRecognized(t *testing.T) {
	for _, typed := range []bool{false, true} {
		code := SignalCode(typed, "sale.order", "odoogen-ABC")
		if channel, ok := SignalChannel(code); !ok || channel != "odoogen-ABC" {
			t.Errorf("typed %v: %q in %s", typed, channel, code)
		}
	}
	if channel, ok := SignalChannel("env['bus.bus']._sendone('other', 't', {})"); ok {
		t.Errorf("found %q in code of another", channel)
	}
}
