package differential

import "strings"

// seeds are the records that most operations are about.
func seeds() []string { return strings.Split(seedLines, "\n") }

const seedLines = `
red = x_tag create [{"x_name":"red","x_color":1}]
green = x_tag create [{"x_name":"green","x_color":3}]
blue = x_tag create [{"x_name":"blue","x_color":3}]
none = x_tag create [{"x_name":"none"}]
root = x_node create [{"x_name":"root","x_rank":9,"x_tag_ids":[[6,0,[@red]]]}]
left = x_node create [{"x_name":"left","x_rank":1,"x_parent_id":@root,"x_tag_ids":[[6,0,[@red,@green]]]}]
right = x_node create [{"x_name":"Right","x_rank":2,"x_parent_id":@root}]
leaf = x_node create [{"x_name":"leaf","x_parent_id":@left}]
nameless = x_node create [{"x_rank":5}]
one = x_thing create [{"x_name":"one","x_active":true,"x_char":"Alpha","x_short":"ab","x_text":"Some text\nin lines","x_html":"<p>Hello</p>","x_int":3,"x_float":2.5,"x_currency_id":1,"x_amount":10.25,"x_bool":true,"x_date":"2024-01-31","x_moment":"2024-01-31 23:30:00","x_choice":"a","x_node_id":@left,"x_strict_id":@red,"x_tag_ids":[[6,0,[@red,@green]]],"x_ref":"x_node,@root","x_data":"aGVsbG8=","x_title":"Title"}]
two = x_thing create [{"x_name":"two","x_active":true,"x_char":"alpha","x_short":"abcde","x_text":"","x_html":"<p>Bold text</p>","x_int":-3,"x_float":-0.5,"x_currency_id":1,"x_amount":-1.5,"x_bool":false,"x_date":"2024-02-29","x_moment":"2024-02-29 00:00:00","x_choice":"b","x_node_id":@right,"x_strict_id":@green,"x_parent_id":@one,"x_tag_ids":[[6,0,[@green]]],"x_ref":"x_tag,@red"}]
three = x_thing create [{"x_name":"three","x_active":true,"x_char":"","x_int":0,"x_float":0.0,"x_node_id":@leaf,"x_parent_id":@two,"x_tag_ids":[[6,0,[@blue]]]}]
four = x_thing create [{"x_name":"four","x_active":true}]
five = x_thing create [{"x_name":"five","x_active":false,"x_char":"100%_a\\b","x_int":7,"x_float":1000000.125,"x_date":"2023-12-31","x_moment":"2023-12-31 12:00:00","x_choice":"c","x_node_id":@root,"x_parent_id":@one,"x_tag_ids":[[6,0,[@red,@blue]]]}]
six = x_thing create [{"x_name":"six","x_active":true,"x_char":"Éléphant","x_text":"été","x_int":3,"x_float":2.5,"x_amount":10.25,"x_bool":true,"x_date":"2025-07-01","x_moment":"2025-07-01 08:15:30","x_choice":"a","x_node_id":@nameless}]
seven = x_thing create [{"x_name":"Seven","x_active":true,"x_char":"beta","x_int":12,"x_float":0.1,"x_date":"2024-02-01","x_moment":"2024-02-01 00:00:00","x_choice":"c","x_node_id":@left}]
x_part create [[{"x_name":"bolt","x_sequence":2,"x_qty":4,"x_thing_id":@one,"x_node_id":@leaf},{"x_name":"nut","x_sequence":1,"x_qty":8.5,"x_thing_id":@one},{"x_name":"cap","x_qty":1,"x_thing_id":@two,"x_node_id":@root},{"x_name":"pin","x_thing_id":@five},{"x_name":"loose","x_sequence":7,"x_qty":2}]]
`
