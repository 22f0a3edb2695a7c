package differential

// languages: what a translated text and others are in another one.
const languages = `
l1 = x_thing create [{"x_name":"l1","x_active":true,"x_title":"House"}]
x_thing write [[@l1],{"x_title":"Maison"}] {"context":{"lang":"fr_FR"}}
x_thing read [[@l1],["x_title"]]
x_thing read [[@l1],["x_title"]] {"context":{"lang":"fr_FR"}}
x_thing read [[@l1],["x_title"]] {"context":{"lang":"en_US"}}
x_thing read [[@l1],["x_title"]] {"context":{"lang":"de_DE"}}
x_thing search [[["x_title","=","Maison"]]]
x_thing search [[["x_title","=","Maison"]]] {"context":{"lang":"fr_FR"}}
x_thing search [[["x_title","=","House"]]] {"context":{"lang":"fr_FR"}}
x_thing search [[["x_title","ilike","mais"]]] {"context":{"lang":"fr_FR"}}
x_thing search [[["x_title","!=",false]]] {"context":{"lang":"fr_FR"}}
x_thing write [[@l1],{"x_title":"Home"}]
x_thing read [[@l1],["x_title"]] {"context":{"lang":"fr_FR"}}
x_thing read [[@l1],["x_title"]]
l2 = x_thing create [{"x_name":"l2","x_active":true,"x_title":"Livre"}] {"context":{"lang":"fr_FR"}}
x_thing read [[@l2],["x_title"]]
x_thing read [[@l2],["x_title"]] {"context":{"lang":"fr_FR"}}
x_thing write [[@l2],{"x_title":"Book"}] {"context":{"lang":"en_US"}}
x_thing read [[@l2],["x_title"]] {"context":{"lang":"fr_FR"}}
x_thing write [[@l2],{"x_title":false}] {"context":{"lang":"fr_FR"}}
x_thing read [[@l2],["x_title"]]
x_thing read [[@l2],["x_title"]] {"context":{"lang":"fr_FR"}}
x_thing write [[@l1],{"x_char":"same"}] {"context":{"lang":"fr_FR"}}
x_thing read [[@l1],["x_char"]]
l3 = x_thing copy [@l1]
x_thing read [[@l3],["x_title"]] {"context":{"lang":"fr_FR"}}
x_thing search [[["id","in",[@l1,@one]]]] {"order":"x_title","context":{"lang":"fr_FR"}}
19|x_thing get_field_translations [[@l1],"x_title"]
19|x_thing update_field_translations [[@l1],"x_title",{"fr_FR":"Foyer"}]
x_thing read [[@l1],["x_title"]] {"context":{"lang":"fr_FR"}}
`

// loads are bulk imports.
const loads = `
x_tag load [["id","x_name","x_color"],[["imp.a","load a","1"],["imp.b","load b","2"]]]
x_tag search_read [[["x_name","like","load"]],["x_name","x_color"]]
x_tag load [["id","x_name"],[["imp.a","load a2"]]]
x_tag search_read [[["x_name","like","load"]],["x_name","x_color"]]
x_tag load [["x_name","x_color"],[["load c","abc"]]]
x_tag load [["x_name","x_color"],[["","1"]]]
x_tag load [["x_name","nothing"],[["load d","1"]]]
x_thing load [["x_name","x_active","x_int","x_float","x_date","x_moment","x_choice","x_bool"],[["load e","1","5","2.5","2024-01-01","2024-01-01 10:00:00","Apple","true"]]]
x_thing search_read [[["x_name","=","load e"]],["x_int","x_float","x_date","x_moment","x_choice","x_bool","x_active"]]
x_thing load [["x_name","x_node_id","x_tag_ids"],[["load f","left","red,green"]]]
x_thing search_read [[["x_name","=","load f"]],["x_node_id","x_tag_ids"]] {"context":{"active_test":false}}
x_thing load [["x_name","x_strict_id/id","x_node_id/.id"],[["load g","imp.a","@left"]]]
x_thing search_read [[["x_name","=","load g"]],["x_node_id","x_strict_id"]] {"context":{"active_test":false}}
x_thing load [["x_name","x_node_id"],[["load h","nobody"]]]
x_thing load [["x_name","x_strict_id/id"],[["load i","imp.nothing"]]]
x_thing load [["x_name","x_choice"],[["load j","zz"]]]
x_thing load [["x_name","x_date"],[["load k","foo"]]]
x_thing load [["x_name","x_bool"],[["load l","perhaps"]]]
x_thing load [["x_name","x_part_ids/x_name","x_part_ids/x_qty"],[["load m","lp1","1"],["","lp2","2"]]]
x_part search_read [[["x_name","like","lp"]],["x_name","x_qty"]]
x_thing load [["x_name","x_tag_ids/id"],[["load n","imp.a,imp.b"]]]
x_thing search_read [[["x_name","=","load n"]],["x_tag_ids"]] {"context":{"active_test":false}}
x_thing load [["x_name"],[]]
`

// companies: what a field is in another company. Where it begins is company 1.
const companies = `
other = res.company search [[["name","=","Other Ltd"]]]
k1 = {test}.company create [{"foo":"one","date":"2024-01-01"}]
{test}.company read [[@k1],["foo","date"]]
{test}.company read [[@k1],["foo","date"]] {"context":{"allowed_company_ids":[@other]}}
{test}.company write [[@k1],{"foo":"two"}] {"context":{"allowed_company_ids":[@other]}}
{test}.company read [[@k1],["foo"]]
{test}.company read [[@k1],["foo"]] {"context":{"allowed_company_ids":[@other]}}
{test}.company read [[@k1],["foo"]] {"context":{"allowed_company_ids":[1,@other]}}
{test}.company search [[["foo","=","one"]]]
{test}.company search [[["foo","=","one"]]] {"context":{"allowed_company_ids":[@other]}}
{test}.company search [[["foo","=","two"]]] {"context":{"allowed_company_ids":[@other]}}
{test}.company search [[["foo","=",false]]]
19|{test}.company search [[["count",">",1]]] {"context":{"allowed_company_ids":[@other]}}
19|{test}.company search [[["count",">",1]]]
{test}.company write [[@k1],{"foo":false}]
{test}.company read [[@k1],["foo"]]
{test}.company read [[@k1],["foo"]] {"context":{"allowed_company_ids":[@other]}}
`
