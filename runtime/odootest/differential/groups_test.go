package differential

const groups = `
x_thing read_group [[],["x_int:sum"],["x_choice"]]
x_thing read_group [[],["x_int"],["x_choice"]]
x_thing read_group [[],["x_int:avg","x_float:max","x_float:min"],["x_choice"]]
x_thing read_group [[],["n:count(id)","d:count_distinct(x_int)"],["x_choice"]]
x_thing read_group [[],["x_int:array_agg"],["x_bool"]]
x_thing read_group [[],["x_bool:bool_or","b:bool_and(x_bool)"],["x_choice"]]
x_thing read_group [[],[],["x_bool"]]
x_thing read_group [[],["x_name"],["x_int"]]
x_thing read_group [[],[],["x_char"]]
x_thing read_group [[],["x_amount"],["x_node_id"]]
x_thing read_group [[],["x_float"],["x_node_id"]] {"orderby":"x_float desc, x_node_id"}
x_thing read_group [[],["x_float"],["x_node_id"]] {"orderby":"x_node_id desc"}
x_thing read_group [[],["x_float"],["x_node_id"]] {"limit":2,"offset":1}
x_thing read_group [[],["x_int"],["x_tag_ids"]]
x_thing read_group [[],["x_int"],["x_strict_id"]]
x_thing read_group [[],["x_int"],["x_date"]]
x_thing read_group [[],["x_int"],["x_date:day"]]
x_thing read_group [[],["x_int"],["x_date:week"]]
x_thing read_group [[],["x_int"],["x_date:month"]]
x_thing read_group [[],["x_int"],["x_date:quarter"]]
x_thing read_group [[],["x_int"],["x_date:year"]]
x_thing read_group [[],["x_int"],["x_moment:day"]]
x_thing read_group [[],["x_int"],["x_moment:week"]]
x_thing read_group [[],["x_int"],["x_moment:month"]]
x_thing read_group [[],["x_int"],["x_moment:month"]] {"context":{"tz":"Asia/Tokyo"}}
x_thing read_group [[],["x_int"],["x_moment:hour"]]
x_thing read_group [[],["x_int"],["x_date:month"]] {"orderby":"x_date:month desc"}
x_thing read_group [[],["x_int"],["x_choice","x_bool"]]
x_thing read_group [[],["x_int"],["x_choice","x_bool"]] {"lazy":false}
x_thing read_group [[],["x_int"],["x_node_id","x_date:month"]] {"lazy":false}
x_thing read_group [[],["x_int"],["x_date:year","x_choice"]] {"lazy":false,"orderby":"x_choice desc"}
x_thing read_group [[],["x_int","x_float"],[]]
x_thing read_group [[["x_int","=",999]],["x_int","x_float"],[]]
x_thing read_group [[["x_int","=",999]],["x_int"],["x_choice"]]
x_thing read_group [[["x_int",">",0]],["x_int"],["x_choice"]]
x_thing read_group [[],["x_int"],["x_choice"]] {"context":{"active_test":false}}
x_part read_group [[],["x_qty"],["x_thing_id"]]
x_part read_group [[],["x_qty","x_sequence:max"],["x_thing_id","x_node_id"]] {"lazy":false}
x_node read_group [[],["x_rank"],["x_parent_id"]]
x_tag read_group [[],[],["x_color"]]
x_thing read_group [[],["x_int:nothing"],["x_choice"]]
x_thing read_group [[],["x_int"],["x_date:nothing"]]
x_thing read_group [[],["x_int"],["x_choice"]] {"orderby":"nothing"}
19|x_thing formatted_read_group [[],["x_choice"],["__count"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_int:sum","x_int:avg","x_float:min","x_float:max"]]
19|x_thing formatted_read_group [[],["x_choice"],["id:count","x_int:count","x_int:count_distinct","x_node_id:count_distinct"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_name:array_agg","id:recordset"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_bool:bool_or","x_bool:bool_and"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_date:max","x_moment:min","x_name:max"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_amount:sum"]]
19|x_thing formatted_read_group [[],["x_bool"],["__count"]]
19|x_thing formatted_read_group [[],["x_int"],["__count"]]
19|x_thing formatted_read_group [[],["x_float"],["__count"]]
19|x_thing formatted_read_group [[],["x_amount"],["__count"]]
19|x_thing formatted_read_group [[],["x_char"],["__count"]]
19|x_thing formatted_read_group [[],["x_node_id"],["__count","x_int:sum"]]
19|x_thing formatted_read_group [[],["x_strict_id"],["__count"]]
19|x_thing formatted_read_group [[],["x_tag_ids"],["__count","x_int:sum"]]
19|x_thing formatted_read_group [[],["x_date"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:day"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:week"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:month"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:quarter"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:year"],["__count"]]
19|x_thing formatted_read_group [[],["x_moment:day"],["__count"]]
19|x_thing formatted_read_group [[],["x_moment:week"],["__count"]]
19|x_thing formatted_read_group [[],["x_moment:month"],["__count"]]
19|x_thing formatted_read_group [[],["x_moment:month"],["__count"]] {"context":{"tz":"Asia/Tokyo"}}
19|x_thing formatted_read_group [[],["x_moment:hour"],["__count"]]
19|x_thing formatted_read_group [[],["x_moment:quarter"],["__count"]]
19|x_thing formatted_read_group [[],["x_moment:year"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:month_number"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:day_of_week"],["__count"]]
19|x_thing formatted_read_group [[],["x_date:year_number","x_date:quarter_number"],["__count"]]
19|x_thing formatted_read_group [[],["x_moment:hour_number"],["__count"]]
19|x_thing formatted_read_group [[],["x_choice","x_bool"],["__count"]]
19|x_thing formatted_read_group [[],["x_node_id","x_date:year"],["x_int:sum"]]
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"order":"__count desc, x_choice"}
19|x_thing formatted_read_group [[],["x_choice"],["x_int:sum"]] {"order":"x_int:sum desc, x_choice"}
19|x_thing formatted_read_group [[],["x_choice"],["x_int:sum"]] {"order":"x_choice desc"}
19|x_thing formatted_read_group [[],["x_node_id"],["__count"]] {"order":"x_node_id desc"}
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"limit":2}
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"limit":2,"offset":1}
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"having":[["__count",">",1]]}
19|x_thing formatted_read_group [[],["x_choice"],["x_int:sum"]] {"having":[["x_int:sum",">",5]]}
19|x_thing formatted_read_group [[],[],["__count","x_int:sum","x_float:avg"]]
19|x_thing formatted_read_group [[["x_int","=",999]],[],["__count","x_int:sum"]]
19|x_thing formatted_read_group [[["x_int","=",999]],["x_choice"],["__count"]]
19|x_thing formatted_read_group [[["x_int",">",0]],["x_choice"],["__count"]]
19|x_thing formatted_read_group [[],["x_node_id.x_parent_id"],["__count"]]
19|x_part formatted_read_group [[],["x_thing_id"],["x_qty:sum","__count"]]
19|x_part formatted_read_group [[],["x_thing_id.x_choice"],["x_qty:sum"]]
19|x_thing formatted_read_group [[],["nothing"],["__count"]]
19|x_thing formatted_read_group [[],["x_choice"],["nothing:sum"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_int:nothing"]]
19|x_thing formatted_read_group [[],["x_date:nothing"],["__count"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_int"]]
19|x_thing formatted_read_group [[],["x_choice:month"],["__count"]]
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"order":"nothing"}
19|x_thing formatted_read_group [[],["x_choice"],["__count"]] {"having":["|",["__count",">",1],["x_int:sum","<",1]]}
19|x_thing formatted_read_group [[],["x_choice"],["x_int:sum"]] {"having":["!",["__count","=",1]]}
19|x_thing formatted_read_group [[],["x_choice"],[]] {"having":[["x_int:sum",">",5],["x_date:max",">=","2024-01-01"]]}
19|x_thing formatted_read_group [[],["x_choice"],[]] {"having":[["x_choice","=","a"]]}
19|x_thing formatted_read_group [[],["x_choice"],[]] {"having":[["__count","like",1]]}
19|x_thing formatted_read_group [[],["x_choice"],["x_amount:sum_currency","x_amount:sum"]]
19|x_thing formatted_read_group [[],["x_choice"],["x_int:sum_currency"]]
19|x_thing read_group [[],["n:sum_currency(x_amount)"],["x_choice"]]
19|x_part formatted_read_group [[],["x_thing_id.x_date:month"],["__count"]]
19|x_part formatted_read_group [[],["x_thing_id.x_node_id.x_name"],["__count"]] {"order":"x_thing_id.x_node_id.x_name desc"}
19|x_part formatted_read_group [[],["x_thing_id.x_date:month_number"],["__count"]]
`
