package orm

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// A server that is newer than what was tested is named once in the log, however many clients share the interceptor.
func TestLogCallsWarnsOfAnUntestedVersion(t *testing.T) {
	for major, want := range map[int]int{19: 0, 20: 1} {
		var log bytes.Buffer
		calls := LogCalls(slog.New(slog.NewTextHandler(&log, nil)))
		for range 2 {
			c := dialFake(t, &fakeOdoo{Major: major, Object: answerAll(resultOf("3"))}, Intercept(calls))
			for range 2 {
				if _, err := Count(t.Context(), c, AllOf[sale]()); err != nil {
					t.Fatal(err)
				}
			}
			if c.Version().IsUntested() != (want == 1) {
				t.Errorf("Odoo %d: IsUntested is %v", major, c.Version().IsUntested())
			}
		}
		if n := strings.Count(log.String(), "newer than every version that was tested"); n != want {
			t.Errorf("Odoo %d: %d warnings, want %d:\n%s", major, n, want, &log)
		}
	}
}
