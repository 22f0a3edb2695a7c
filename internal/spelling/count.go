package spelling

import "strconv"

// Count formats a number of things: "1 change", "2 changes". The plural must end in s.
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
