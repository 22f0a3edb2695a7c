package orm

// LevelByLevel makes nested reads go as before 17, so that a test can hold both ways against each other on one server.
func LevelByLevel() ReadOption { return optionFunc(func(o *callOptions) { o.levels = true }) }
