package protocol

import (
	"net/http"
	"testing"
)

func TestRetryAfterThatMeansNothing(t *testing.T) {
	for _, value := range []string{"", "soon", "-5", "1h", "1.5", "99999999999999999999", "Sat, 01 Jan 1990 00:01:00 GMT"} {
		if got := retryAfter(http.Header{"Retry-After": {value}}); got != 0 {
			t.Errorf("%q is %v", value, got)
		}
	}
}
