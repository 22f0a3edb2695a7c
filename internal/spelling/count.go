package spelling

import "strconv"

// Count is a number of things: "1 change", "2 changes". The plural of the thing ends in s.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
