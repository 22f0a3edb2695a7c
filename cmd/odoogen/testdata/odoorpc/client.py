"""What a program does with OdooRPC, the OCA's client: it says what it sees, the same on a real server and on odoogen serve.

Usage: client.py HOST PORT DATABASE LOGIN PASSWORD
"""

import sys

import odoorpc

host, port, database, login, password = sys.argv[1:]
odoo = odoorpc.ODOO(host, port=int(port))
print("version", odoo.version)
print("listed", database in odoo.db.list())

odoo.login(database, login, password)
try:
    odoo.login(database, login, "wrong")
except odoorpc.error.RPCError as e:
    print("wrong password:", e)
odoo.login(database, login, password)
print("user", odoo.env.uid, odoo.env.user.login)

Partner, Tag = odoo.env["res.partner"], odoo.env["res.partner.category"]
red = Tag.create({"name": "odoorpc red"})
boss = Partner.create({"name": "odoorpc boss", "email": "boss@example.com", "color": 0, "category_id": [(6, 0, [red])]})
clerks = [Partner.create({"name": "odoorpc clerk %d" % n, "parent_id": boss, "color": n}) for n in range(3)]
mine = [("name", "like", "odoorpc")]

print("found", len(Partner.search(mine)), Partner.search(mine, order="color desc, name") == clerks[:0:-1] + [boss, clerks[0]])
print("counted", Partner.search_count(mine))
print("paged", Partner.search(mine, order="id", offset=1, limit=2) == clerks[:2])
print("read", [row["name"] for row in Partner.read(clerks, ["name"])])
print("joined", [row["parent_id"][0] == boss for row in Partner.search_read([("parent_id", "=", boss)], ["parent_id"])])

record = Partner.browse(boss)
print("browsed", record.name, record.email, record.category_id.ids == [red], sorted(c.name for c in record.child_ids))
print("followed", Partner.browse(clerks[0]).parent_id.category_id.name)
record.name = "odoorpc chief"
record.category_id -= Tag.browse(red)
print("changed", Partner.read([boss], ["name"])[0]["name"], record.category_id.ids)
Partner.write(clerks, {"ref": "clerk"})
print("written", [p.ref for p in Partner.browse(clerks)])
print("archived", Partner.write(clerks[2:], {"active": False}), Partner.search_count(mine),
      Partner.with_context(active_test=False).search_count(mine))
print("reference", odoo.env.ref("base.user_admin").login)
print("model", "res.partner" in odoo.env, "no.such.model" in odoo.env)

for attempt in (
    lambda: Partner.write([boss], {"no_such_field": 1}),
    lambda: Partner.search([("no_such_field", "=", 1)]),
    lambda: Partner.no_such_method([boss]),
    lambda: Tag.create({}),
    lambda: odoo.execute("no.such.model", "search", []),
):
    try:
        attempt()
        print("no error")
    except odoorpc.error.RPCError as e:
        print("error:", e.info["data"]["name"], "|", str(e).strip())

Partner.browse(clerks).unlink()
Partner.unlink([boss])
Tag.unlink([red])
print("left", Partner.with_context(active_test=False).search_count(mine))
print("logged out", odoo.logout())
