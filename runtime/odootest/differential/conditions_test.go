package differential

// conditions beyond one operator and one field.
const conditions = `
x_thing search [[]]
x_thing search [[]] {"context":{"active_test":false}}
x_thing search [[["x_active","=",false]]]
x_thing search [[["x_active","in",[true,false]]]]
x_thing search [["|",["x_active","=",true],["x_name","=","five"]]]
x_thing search [["!",["x_active","=",true]]]
x_thing search [[["x_parent_id.x_active","=",true]]]
x_thing search [[["x_parent_id.x_name","=","one"]]]
x_thing search [[["x_child_ids.x_name","=","five"]]]
x_thing search [[["x_child_ids.x_name","=","five"]]] {"context":{"active_test":false}}
x_thing search [[["x_child_ids","=",false]]]
x_thing search [[["x_child_ids","!=",false]]]
x_thing search [[["x_child_ids","in",[@five]]]]
x_thing search [[["x_child_ids","not in",[@five]]]]
x_thing search [[["x_node_id.x_parent_id","=",@root]]]
x_thing search [[["x_node_id.x_parent_id.x_name","=","root"]]]
x_thing search [[["x_node_id.x_parent_id.x_name","!=","root"]]]
x_thing search [["!",["x_node_id.x_parent_id.x_name","=","root"]]]
x_thing search [[["x_node_id.x_name","!=","left"]]]
x_thing search [[["x_node_id.x_name","=",false]]]
x_thing search [[["x_node_id.x_parent_id","=",false]]]
x_thing search [[["x_node_id.x_rank",">",1]]]
x_thing search [[["x_node_id.x_tag_ids.x_name","=","red"]]]
x_thing search [[["x_node_id.x_tag_ids","=",@red]]]
x_thing search [[["x_node_id.x_parent_id.x_tag_ids.x_color","<",2]]]
x_thing search [[["x_tag_ids.x_name","=","red"]]]
x_thing search [[["x_tag_ids.x_name","!=","red"]]]
x_thing search [[["x_tag_ids.x_name","like","re"]]]
x_thing search [[["x_tag_ids.x_color",">=",3]]]
x_thing search [[["x_part_ids.x_qty",">",3]]]
x_thing search [[["x_part_ids.x_node_id.x_name","=","leaf"]]]
x_thing search [[["x_part_ids.x_node_id.x_parent_id","=",@left]]]
x_thing search [[["x_part_ids.x_qty","=",0]]]
x_thing search [[["x_part_ids.x_name","not like","bolt"]]]
x_part search [[["x_thing_id.x_tag_ids.x_name","=","green"]]]
x_part search [[["x_thing_id.x_active","=",false]]]
x_part search [[["x_thing_id","=","one"]]]
x_part search [[["x_thing_id","=","five"]]]
x_part search [[["x_thing_id","!=","one"]]]
x_part search [[["x_thing_id.x_node_id.x_parent_id.x_name","ilike","ROOT"]]]
x_tag search [[["x_thing_ids","=",@one]]]
x_tag search [[["x_thing_ids","=",@five]]]
x_tag search [[["x_thing_ids.x_name","in",["two","three"]]]]
x_tag search [[["x_thing_ids","=",false]]]
x_node search [[["x_thing_ids","!=",false]]]
x_node search [[["x_thing_ids.x_int","=",3]]]
x_node search [[["x_child_ids.x_child_ids.x_name","=","leaf"]]]
x_node search [[["id","child_of",@left]]]
x_node search [[["id","child_of",[@left,@right]]]]
x_node search [[["id","child_of","left"]]]
x_node search [[["id","child_of",[]]]]
x_node search [[["id","child_of",false]]]
x_node search [[["id","parent_of",@leaf]]]
x_node search [[["id","parent_of",[@right]]]]
x_node search [[["id","parent_of",[]]]]
x_node search [[["x_parent_id","child_of",@root]]]
x_node search [[["x_parent_id","child_of",[@left]]]]
x_node search [[["x_parent_id","parent_of",@leaf]]]
x_thing search [[["x_node_id","child_of",@left]]]
x_thing search [[["x_node_id","child_of","root"]]]
x_thing search [[["x_node_id","parent_of",@leaf]]]
x_thing search [[["x_parent_id","child_of",@one]]]
x_thing search [[["x_parent_id","child_of",@one]]] {"context":{"active_test":false}}
x_thing search [[["x_parent_id","parent_of",@three]]]
x_thing search [[["x_node_id.x_parent_id","child_of",@root]]]
x_thing search [["|",["x_int","=",3],["x_int","=",-3]]]
x_thing search [["&",["x_int","=",3],["x_bool","=",true]]]
x_thing search [["|","|",["x_int","=",3],["x_int","=",-3],["x_name","=","four"]]]
x_thing search [["!",["x_int","=",3]]]
x_thing search [["!",["x_int","<",3]]]
x_thing search [["!",["x_float",">=",2.5]]]
x_thing search [["!",["x_date","<","2024-02-15"]]]
x_thing search [["!",["x_date",">","2024-02-15"]]]
x_thing search [["!",["x_char","ilike","alpha"]]]
x_thing search [["!",["x_char","=like","Al%"]]]
x_thing search [["!",["x_choice","=","a"]]]
x_thing search [["!",["x_choice",">","a"]]]
x_thing search [["!",["x_choice","in",["a","b"]]]]
x_thing search [["!",["x_tag_ids","in",[@red]]]]
x_thing search [["!",["x_tag_ids.x_name","=","red"]]]
x_thing search [["!",["x_node_id","child_of",@left]]]
x_thing search [["!",["x_node_id",">",@left]]]
x_thing search [["!","|",["x_int","=",3],["x_char","=","alpha"]]]
x_thing search [["!","&",["x_int","=",3],["x_char","=","Alpha"]]]
x_thing search [["!","!",["x_int","=",3]]]
x_thing search [["!","|","&",["x_int",">",0],["x_bool","=",true],["x_choice","=","b"]]]
x_thing search [["|","!",["x_int","=",3],["x_char","=","Alpha"]]]
x_thing search [[["x_int","=",3],"|",["x_bool","=",false],["x_choice","=","a"]]]
x_thing search [[[1,"=",1]]]
x_thing search [[[0,"=",1]]]
x_thing search [["|",[0,"=",1],["x_int","=",3]]]
x_thing search [["!",[1,"=",1]]]
x_thing search [[["x_char","<>","Alpha"]]]
x_thing search [[["x_char","in","Alpha"]]]
x_thing search [[["x_char","not in","Alpha"]]]
x_thing search [[["x_char","in",false]]]
x_thing search [[["x_char","in",true]]]
x_thing search [[["x_char","not in",false]]]
x_thing search [[["x_char","not in",true]]]
x_thing search [[["x_char","=",true]]]
x_thing search [[["x_char","=",null]]]
x_thing search [[["x_char","!=",null]]]
x_thing search [[["x_char","=",5]]]
x_thing search [[["x_char","like","100%"]]] {"context":{"active_test":false}}
x_thing search [[["x_char","like","0\\%_"]]] {"context":{"active_test":false}}
x_thing search [[["x_char","like","_lpha"]]]
x_thing search [[["x_char","like","\\"]]] {"context":{"active_test":false}}
x_thing search [[["x_char","like","\\\\"]]] {"context":{"active_test":false}}
x_thing search [[["x_char","=like","%a"]]]
x_thing search [[["x_char","=ilike","ALPHA"]]]
x_thing search [[["x_char","ilike","éléphant"]]]
x_thing search [[["x_char","ilike","ÉLÉPHANT"]]]
x_thing search [[["x_char","ilike","elephant"]]]
x_thing search [[["x_char","ilike",""]]]
x_thing search [[["x_text","like","in\nlines"]]]
x_thing search [[["x_text","like","text%lines"]]]
x_thing search [[["x_int","=","abc"]]]
x_thing search [[["x_int","=",true]]]
x_thing search [[["x_int","in",["3",7]]]] {"context":{"active_test":false}}
x_thing search [[["x_int","like","1"]]]
x_thing search [[["x_int","like",3]]]
x_thing search [[["x_int","=",[3]]]]
x_thing search [[["x_int",">",[3]]]]
x_thing search [[["x_int","=",99999999999]]]
x_thing search [[["x_float","=",0.1]]]
x_thing search [[["x_float","=","abc"]]]
x_thing search [[["x_float","like",".5"]]]
x_thing search [[["x_bool","=","true"]]]
x_thing search [[["x_bool","=","x"]]]
x_thing search [[["x_bool","=",0]]]
x_thing search [[["x_bool","in",[0,1]]]]
x_thing search [[["x_bool","in",["true"]]]]
x_thing search [[["x_date","=","2024-01-31 10:00:00"]]]
x_thing search [[["x_date",">","2024-01-31"]]]
x_thing search [[["x_date","=","foo"]]]
x_thing search [[["x_date","=","2024-02-30"]]]
x_thing search [[["x_date","=",5]]]
x_thing search [[["x_date","in",["2024-01-31","2024-02-29"]]]]
x_thing search [[["x_date","not in",["2024-01-31"]]]]
x_thing search [[["x_date","like","2024-02"]]]
x_thing search [[["x_moment","like","2024-02"]]]
x_thing search [[["x_moment",">","2024-01-31"]]]
x_thing search [[["x_moment","<=","2024-01-31"]]]
x_thing search [[["x_moment",">=","2024-02-29 00:00:00"]]]
x_thing search [[["x_moment","<","2024-02-29 00:00:01"]]]
x_thing search [[["x_moment","=","foo"]]]
x_thing search [[["x_moment","in",["2024-01-31 23:30:00",false]]]]
x_thing search [[["x_moment","not in",["2024-01-31 23:30:00"]]]]
x_thing search [[["x_moment",">","2024-01-31"]]] {"context":{"tz":"America/New_York"}}
x_thing search [[["x_moment",">=","2024-02-01"]]] {"context":{"tz":"Asia/Tokyo"}}
x_thing search [[["x_choice","like","a"]]]
x_thing search [[["x_choice","=","Apple"]]]
x_thing search [[["x_choice","ilike","A"]]]
x_thing search [[["x_ref","=","x_node,@root"]]]
x_thing search [[["x_ref","like","x_node,%"]]]
x_thing search [[["x_ref","!=",false]]]
x_thing search [[["x_data","!=",false]]]
x_thing search [[["x_data","=",false]]]
x_thing search [[["x_data","=","aGVsbG8="]]]
x_thing search [[["x_node_id","=",true]]]
x_thing search [[["x_node_id","=","nobody"]]]
x_thing search [[["x_node_id","=",""]]]
x_thing search [[["x_node_id","ilike",""]]]
x_thing search [[["x_node_id","ilike","LEFT"]]]
x_thing search [[["x_node_id","not ilike","le"]]]
x_thing search [[["x_node_id","=like","le%"]]]
x_thing search [[["x_node_id","=ilike","R%"]]]
x_thing search [[["x_node_id","in",["left","right"]]]]
x_thing search [[["x_node_id","not in",["left"]]]]
x_thing search [[["x_node_id","in",[@left,"root"]]]]
x_thing search [[["x_node_id","in","left"]]]
x_thing search [[["x_node_id","in",@left]]]
x_thing search [[["x_node_id","=",2.5]]]
x_thing search [[["x_node_id","=",null]]]
x_thing search [[["x_node_id",">",@left]]]
x_thing search [[["x_parent_id","ilike","ON"]]]
x_thing search [[["x_parent_id","ilike","fiv"]]]
x_thing search [[["x_tag_ids","ilike","RE"]]]
x_thing search [[["x_tag_ids","not ilike","red"]]]
x_thing search [[["x_tag_ids","=",true]]]
x_thing search [[["x_tag_ids","=",[@red,@green]]]]
x_thing search [[["x_tag_ids","in",["red","blue"]]]]
x_thing search [[["x_tag_ids","not in",["red"]]]]
x_thing search [[["x_tag_ids","in",@red]]]
x_thing search [[["x_tag_ids","child_of",@red]]]
x_thing search [[["x_child_ids","child_of",@two]]]
x_thing search [[["x_part_ids","=","bolt"]]]
x_thing search [[["x_part_ids","ilike","N"]]]
x_thing search [[["x_part_ids","not ilike","nut"]]]
x_thing search [[["display_name","=","one"]]]
x_thing search [[["display_name","ilike","o"]]]
x_thing search [[["create_uid","=",2]]]
x_thing search [[["create_uid.login","=","admin"]]]
x_thing search [[["create_uid","ilike","mitchell"]]]
x_thing search [[["write_date",">","2020-01-01"]]]
x_thing search [[["x_name","in",["one","two"]],["x_tag_ids","in",[@red]]]]
x_thing search_count [[]]
x_thing search_count [[["x_int",">",0]]]
x_thing search_count [[["x_active","=",false]]]
19|x_thing search_count [[]] {"limit":3}
14|x_thing search [[]] {"count":true}
19|x_thing search [[["x_node_id","any",[["x_name","=","left"]]]]]
19|x_thing search [[["x_node_id","not any",[["x_name","=","left"]]]]]
19|x_thing search [[["x_node_id","any",[]]]]
19|x_thing search [[["x_node_id","not any",[]]]]
19|x_thing search [[["x_tag_ids","any",[["x_color",">",1],["x_name","!=","blue"]]]]]
19|x_thing search [[["x_tag_ids","any",[]]]]
19|x_thing search [[["x_tag_ids","not any",[["x_color","=",1]]]]]
19|x_thing search [[["x_part_ids","any",["|",["x_qty",">",4],["x_node_id","any",[["x_name","=","root"]]]]]]]
19|x_thing search [[["x_part_ids","not any",[["x_name","=","bolt"]]]]]
19|x_thing search [[["x_child_ids","any",[["x_name","=","five"]]]]]
19|x_thing search [[["x_child_ids","any",[["x_active","=",false]]]]]
19|x_thing search [[["x_node_id.x_parent_id","any",[["x_name","=","root"]]]]]
19|x_thing search [["!",["x_node_id","any",[["x_name","=","left"]]]]]
19|x_thing search [[["id","any",[["x_name","=","one"]]]]]
19|x_thing search [[["x_date","=","today"]]]
19|x_thing search [[["x_date","<","today"]]]
19|x_thing search [[["x_date",">","today -3d"]]]
19|x_thing search [[["x_moment","<","now"]]]
19|x_thing search [[["x_date.month_number","=",2]]]
19|x_thing search [[["x_date.year_number","=",2024]]]
19|x_thing search [[["x_date.day_of_month",">",28]]]
19|x_thing search [[["x_moment.hour_number","=",0]]]
19|x_thing search [[["x_date.quarter_number","in",[1,4]]]]
19|x_thing search [[["x_date.iso_week_number","=",5]]]
19|x_thing search [[["x_date.day_of_week","=",3]]]
`

const orders = `
x_thing search [[]] {"order":"x_name, id"}
x_thing search [[]] {"order":"x_name desc, id"}
x_thing search [[]] {"order":"x_char, id"}
x_thing search [[]] {"order":"x_char desc, id"}
x_thing search [[]] {"order":"x_int, id"}
x_thing search [[]] {"order":"x_int desc, id"}
x_thing search [[]] {"order":"x_int desc, x_name, id"}
x_thing search [[]] {"order":"x_int, x_name desc, id"}
x_thing search [[]] {"order":"x_float desc,id desc"}
x_thing search [[]] {"order":"x_amount, id"}
x_thing search [[]] {"order":"x_amount desc, id"}
x_thing search [[]] {"order":"x_bool, id"}
x_thing search [[]] {"order":"x_bool desc, id"}
x_thing search [[]] {"order":"x_bool desc, id desc"}
x_thing search [[]] {"order":"x_date, id"}
x_thing search [[]] {"order":"x_date desc, id"}
x_thing search [[]] {"order":"x_moment desc, id"}
x_thing search [[]] {"order":"x_choice, id"}
x_thing search [[]] {"order":"x_choice desc, id desc"}
x_thing search [[]] {"order":"x_text, id"}
x_thing search [[]] {"order":"x_ref, id"}
x_thing search [[]] {"order":"x_title, id desc"}
x_thing search [[]] {"order":"x_node_id, id"}
x_thing search [[]] {"order":"x_node_id desc, id"}
x_thing search [[]] {"order":"x_node_id, id desc"}
x_thing search [[]] {"order":"x_node_id desc, id desc"}
x_thing search [[]] {"order":"x_strict_id, id"}
x_thing search [[]] {"order":"x_strict_id desc, x_name, id"}
x_thing search [[]] {"order":"x_parent_id, id"}
x_thing search [[]] {"order":"x_parent_id desc, id"}
x_part search [[]] {"order":"x_thing_id, x_name, id"}
x_part search [[]] {"order":"x_thing_id desc, id"}
x_part search [[]]
x_part search [[]] {"order":"x_sequence desc, id"}
x_part search [[]] {"order":"x_node_id, id"}
x_tag search [[]]
x_tag search [[]] {"order":"x_name, id"}
x_node search [[]]
x_node search [[]] {"order":"x_parent_id, x_name, id"}
x_node search [[]] {"order":"x_parent_id desc, id"}
x_node search [[]] {"order":"x_rank desc, id"}
x_thing search [[]] {"order":"create_uid, id desc"}
x_thing search [[]] {"order":"write_uid desc, id"}
x_thing search [[]] {"order":"id desc"}
x_thing search [[]] {"order":" X_NAME  ASC , id"}
x_thing search [[]] {"order":"x_name DESC , id"}
x_thing search [[]] {"order":"x_name asc nulls first, id"}
x_thing search [[]] {"order":"x_char nulls first, id"}
x_thing search [[]] {"order":"x_char desc nulls last, id"}
x_thing search [[]] {"order":"x_node_id nulls first, id"}
x_thing search [[]] {"order":"x_node_id desc nulls last, id desc"}
x_thing search [[]] {"order":"x_int desc nulls last, id"}
x_thing search [[]] {"order":"x_node_id.x_name, id"}
x_thing search [[]] {"order":"x_node_id.id"}
x_thing search [[]] {"order":"x_tag_ids, id"}
x_thing search [[]] {"order":"x_part_ids, id desc"}
x_thing search [[]] {"order":"x_node_name, id"}
x_thing search [[]] {"order":"x_node_name desc, id"}
x_thing search [[]] {"order":"x_data, id"}
x_thing search [[]] {"order":"display_name, id"}
x_thing search [[]] {"order":"nothing"}
x_thing search [[]] {"order":"x_name foo"}
x_thing search [[]] {"order":"x_name; drop table"}
x_thing search [[]] {"order":"x_name,,id"}
x_thing search [[]] {"order":","}
x_thing search [[]] {"order":""}
x_thing search [[]] {"order":false}
x_thing search [[]] {"limit":2}
x_thing search [[]] {"limit":2,"offset":3}
x_thing search [[]] {"offset":5}
x_thing search [[]] {"limit":0}
x_thing search [[]] {"limit":false,"offset":4}
x_thing search [[]] {"limit":null}
x_thing search [[]] {"limit":100,"offset":100}
x_thing search [[]] {"limit":-1}
x_thing search [[]] {"offset":-1}
x_thing search [[]] {"limit":"2"}
x_thing search [[["x_int",">",0]],1,2,"x_int desc, id"]
`
