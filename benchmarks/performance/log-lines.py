# Needs: orjson
# A log in JSON lines: read, counted, and written again in order.
import collections

import orjson

lines = [
    orjson.dumps(
        {"at": 1_700_000_000 + number, "level": ["info", "warning", "error"][number % 3], "user": f"user {number % 997}",
         "took": number * 0.37, "tags": ["a", "b", str(number % 7)], "place": {"host": f"host{number % 13}", "ok": number % 2 == 0}}
    )
    for number in range(120_000)
]
counts = collections.Counter()
records = []
for line in lines:
    record = orjson.loads(line)
    counts[record["level"], record["place"]["host"]] += 1
    records.append(record)
records.sort(key=lambda record: record["took"], reverse=True)
written = b"\n".join(orjson.dumps(record, option=orjson.OPT_SORT_KEYS) for record in records)
print(len(counts), len(written) > 0)
