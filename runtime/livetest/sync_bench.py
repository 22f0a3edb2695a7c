# What BenchmarkLiveSync syncs, by hand: partners with a tag, a country and a parent, in creates of a thousand.
import json, os, sys, time, urllib.parse

import odoorpc

prefix, n = sys.argv[1], int(sys.argv[2])
url = urllib.parse.urlsplit(os.environ["ODOO_URL"])
protocol = "jsonrpc+ssl" if url.scheme == "https" else "jsonrpc"
odoo = odoorpc.ODOO(url.hostname, protocol=protocol, port=url.port or {"http": 80, "https": 443}[url.scheme], timeout=1200)
odoo.login(os.environ["ODOO_DB"], os.environ["ODOO_USER"], os.environ["ODOO_PASSWORD"])


def call(model, method, *args, **kwargs):
    return odoo.execute_kw(model, method, list(args), kwargs)


def sync():
    (country,) = call("res.country", "search", [["code", "=", "BE"]])
    (tag,) = call("res.partner.category", "search", [["name", "=", prefix + " tag"]])
    ids = {}
    for rows in [range(n // 10), range(n // 10, n)]:  # the parents first
        for start in range(rows.start, rows.stop, 1000):
            batch = range(start, min(start + 1000, rows.stop))
            refs = ["%s-%06d" % (prefix, i) for i in batch]
            fields = ["ref", "name", "color", "category_id", "country_id", "parent_id"]
            stored = {r["ref"]: r for r in call("res.partner", "search_read", [["ref", "in", refs]], fields=fields)}
            created = []
            for i, ref in zip(batch, refs):
                parent = ids["%s-%06d" % (prefix, i % (n // 10))] if i >= n // 10 else False
                values = {"ref": ref, "name": "Partner %d" % i, "color": i % 7, "country_id": country, "parent_id": parent}
                if ref not in stored:
                    created.append({**values, "category_id": [[6, 0, [tag]]]})
                    continue
                have = stored[ref]
                ids[ref] = have["id"]
                changes = {k: v for k, v in values.items() if v != (have[k][0] if isinstance(have[k], list) else have[k])}
                if have["category_id"] != [tag]:
                    changes["category_id"] = [[6, 0, [tag]]]
                if changes:
                    call("res.partner", "write", [have["id"]], changes)
            if created:
                ids.update(zip((v["ref"] for v in created), call("res.partner", "create", created)))


def seconds():
    start = time.perf_counter()
    sync()
    return time.perf_counter() - start


print(json.dumps({"first": seconds(), "again": seconds()}))
