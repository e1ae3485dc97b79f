# Tables with pandas.
import json
import os
import sys
import time

import io

import numpy
import pandas

DEFAULTS = {"ROWS": "50000", "GROUPS": "500"}
parameters = {name: os.environ.get(name, default) for name, default in DEFAULTS.items()}


def measure(work, loops=1):
    """Milliseconds that one call takes, of each repetition; those that warm up are left out."""
    # Time of the processor is not spent while others have it.
    clock = time.process_time if os.environ.get("THOTH_CLOCK") == "processor" else time.perf_counter
    warmup, repetitions = int(os.environ.get("THOTH_WARMUP", 2)), int(os.environ.get("THOTH_REPETITIONS", 7))
    times = []
    for turn in range(warmup + repetitions):
        started = clock()
        for _ in range(loops):
            work()
        if turn >= warmup:
            times.append((clock() - started) * 1000 / loops)
    return times


def tell(name, component, version, results, **more):
    answer = {"name": name, "component": component, "version": version, "parameters": parameters, "results": results}
    answer.update(more)
    json.dump(answer, sys.stdout)


rows, groups = int(parameters["ROWS"]), int(parameters["GROUPS"])
state = numpy.random.RandomState(0)
keys = state.randint(0, groups, rows)
table = pandas.DataFrame({"key": keys, "value": state.rand(rows), "name": ["name %d" % (key % 50) for key in keys]})
other = pandas.DataFrame({"key": numpy.arange(groups), "weight": state.rand(groups)})
part = table.head(rows // 5)
text = part.to_csv(index=False)
results = {
    "groupby": measure(lambda: table.groupby("key")["value"].agg(["mean", "max", "count"])),
    "join": measure(lambda: table.merge(other, on="key")),
    "sort": measure(lambda: table.sort_values(["name", "value"])),
    "csv-write": measure(lambda: part.to_csv(index=False)),
    "csv-read": measure(lambda: pandas.read_csv(io.StringIO(text))),
}
tell("pandas-tables", "pandas", pandas.__version__, results)
