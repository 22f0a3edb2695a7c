package differential

// webReads are the reads of Odoo's own web client, since 17.
const webReads = `
19|x_thing web_search_read [[],{"x_name":{}}] {"limit":3}
19|x_thing web_search_read [[["x_int",">",0]],{"x_name":{},"x_int":{}}] {"order":"x_int desc","offset":1}
19|x_thing web_search_read [[],{"x_name":{}}] {"count_limit":4,"limit":2}
19|x_thing web_search_read [[["x_name","=","nobody"]],{"x_name":{}}]
19|x_thing web_search_read [[],{}]
19|x_thing web_read [[@one],{"x_name":{},"x_int":{},"x_date":{},"x_moment":{},"x_bool":{}}]
19|x_thing web_read [[@one,@two],{"x_node_id":{}}]
19|x_thing web_read [[@one,@four],{"x_node_id":{"fields":{"display_name":{}}}}]
19|x_thing web_read [[@one,@four],{"x_node_id":{"fields":{"display_name":{},"x_rank":{},"x_parent_id":{"fields":{"x_name":{}}}}}}]
19|x_thing web_read [[@one],{"x_node_id":{"fields":{}}}]
19|x_thing web_read [[@one,@two],{"x_tag_ids":{}}]
19|x_thing web_read [[@one,@two],{"x_tag_ids":{"fields":{"x_name":{},"x_color":{}}}}]
19|x_thing web_read [[@one],{"x_tag_ids":{"fields":{"x_name":{}},"limit":1}}]
19|x_thing web_read [[@one],{"x_part_ids":{"fields":{"x_name":{},"x_qty":{}},"order":"x_qty desc"}}]
19|x_thing web_read [[@one],{"x_part_ids":{"fields":{"x_name":{}},"order":"x_name desc","limit":1}}]
19|x_thing web_read [[@one],{"x_part_ids":{"fields":{"x_node_id":{"fields":{"display_name":{}}},"x_thing_id":{}}}}]
19|x_thing web_read [[@one],{"x_child_ids":{"fields":{"x_name":{}}}}]
19|x_thing web_read [[@one],{"x_child_ids":{"fields":{"x_name":{}},"context":{"active_test":false}}}]
19|x_thing web_read [[@one],{"x_part_ids":{"fields":{}}}]
19|x_thing web_read [[@one,@two,@four],{"x_ref":{}}]
19|x_thing web_read [[@one,@two],{"x_ref":{"fields":{"display_name":{}}}}]
19|x_thing web_read [[@one],{"x_data":{}}]
19|x_thing web_read [[@one],{"nothing":{}}]
19|x_thing web_read [[99999],{"x_name":{}}]
19|x_thing web_read [[],{"x_name":{}}]
19|x_thing web_read [[@one],{"id":{},"display_name":{},"create_uid":{"fields":{"display_name":{}}}}]
19|x_part web_search_read [[["x_thing_id","=",@one]],{"x_thing_id":{"fields":{"x_tag_ids":{"fields":{"x_name":{}}}}}}]
19|x_node web_read [[@root],{"x_child_ids":{"fields":{"x_name":{},"x_child_ids":{"fields":{"x_name":{}}}},"limit":1}}]
`
