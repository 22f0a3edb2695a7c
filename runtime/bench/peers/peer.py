import json, os, sys, time, urllib.parse

import odoorpc

url = urllib.parse.urlsplit(os.environ["ODOO_URL"])
protocol = "jsonrpc+ssl" if url.scheme == "https" else "jsonrpc"
odoo = odoorpc.ODOO(url.hostname, protocol=protocol, port=url.port or {"http": 80, "https": 443}[url.scheme])
odoo.login(os.environ["ODOO_DB"], os.environ["ODOO_USER"], os.environ["ODOO_PASSWORD"])
fields = ["id", "name", "email", "phone", "street", "city", "zip", "country_id", "color", "write_date"]
wall, cpu = time.perf_counter(), time.process_time()
rows = odoo.execute_kw("res.partner", "search_read", [[["ref", "=", sys.argv[1]]]], {"fields": fields})
print(json.dumps({"records": len(rows), "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}))
