package differential

// gone are writes and deletions of ids that no record has: only a model with record rules, or with code that reads the
// records, notices.
const gone = `
x_thing unlink [[99999]]
x_thing write [[99999],{"x_name":"x"}]
x_thing write [[99999],{}]
x_tag unlink [[99999]]
res.partner unlink [[999999]]
res.partner write [[999999],{"name":"x"}]
res.partner write [[999999],{}]
res.partner.category unlink [[999999]]
res.partner.category write [[999999],{"color":3}]
res.partner.category write [[999999],{}]
res.currency write [[999999],{}]
res.country write [[999999],{}]
res.country unlink [[999999]]
res.country.state unlink [[999999]]
res.country.state write [[999999],{"code":"x"}]
res.users write [[999999],{}]
res.users unlink [[999999]]
res.lang write [[999999],{}]
res.company unlink [[999999]]
res.company write [[999999],{}]
`

// archived are archived targets in the values of relations: search_read forgets that it was asked for them.
const archived = `
x_thing search_read [[["id","=",@one]],["x_child_ids"]]
x_thing search_read [[["id","=",@one]],["x_child_ids"]] {"context":{"active_test":false}}
x_thing read [[@one],["x_child_ids"]] {"context":{"active_test":false}}
x_thing search_read [[["x_name","=","five"]],["x_name","x_child_ids"]] {"context":{"active_test":false}}
x_node search_read [[["id","=",@root]],["x_thing_ids"]] {"context":{"active_test":false}}
x_node read [[@root],["x_thing_ids"]] {"context":{"active_test":false}}
x_tag search_read [[["id","=",@red]],["x_thing_ids"]] {"context":{"active_test":false}}
x_tag read [[@red],["x_thing_ids"]] {"context":{"active_test":false}}
`

// bounds are offsets and limits below zero.
const bounds = `
x_thing search [[]] {"offset":-1}
x_thing search [[]] {"limit":-1}
x_thing search_read [[],["x_name"]] {"offset":-1,"limit":1}
x_thing search_count [[]] {"limit":-1}
x_thing read_group [[],["x_int:sum"],["x_choice"]] {"offset":-1}
x_thing read_group [[],["x_int:sum"],["x_choice"]] {"offset":-1,"limit":2}
x_thing read_group [[],["x_int:sum"],["x_choice"]] {"limit":-1}
x_thing read_group [[],["x_int:sum"],["x_choice"]] {"offset":1}
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"offset":-1}
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"limit":-1}
19|x_thing web_search_read [[],{"x_name":{}}] {"offset":-1}
19|x_thing web_search_read [[],{"x_name":{}}] {"limit":-1}
19|x_thing web_search_read [[],{"x_name":{}}] {"offset":-1,"limit":2}
19|x_thing web_search_read [[],{"x_name":{}}] {"count_limit":-1}
19|x_thing web_read [[@one],{"x_tag_ids":{"fields":{"x_name":{}},"limit":-1}}]
19|x_thing web_read [[@one],{"x_tag_ids":{"fields":{"x_name":{}},"limit":0}}]
19|x_thing web_read [[@one],{"x_tag_ids":{"fields":{"x_name":{}},"offset":-1}}]
`
