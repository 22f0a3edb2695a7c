package finding

import (
	"net/url"
	"path/filepath"
)

// uri is a file as a URI that is relative to the root of the repository.
func uri(file string) string { return (&url.URL{Path: filepath.ToSlash(file)}).EscapedPath() }
