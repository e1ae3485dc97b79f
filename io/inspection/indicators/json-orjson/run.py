# JSON with orjson.
import json
import os
import sys
import time

import orjson

DEFAULTS = {"ENTRIES": "2000"}
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


entries = int(parameters["ENTRIES"])
document = [
    {"id": at, "name": "entry %d" % at, "ratio": at / 7.0, "tags": ["a", "b\u00e9", None, True], "nested": {"x": [at] * 5}}
    for at in range(entries)
]
text = orjson.dumps(document)
results = {"dumps": measure(lambda: orjson.dumps(document), 5), "loads": measure(lambda: orjson.loads(text), 5)}
tell("json-orjson", "orjson", getattr(orjson, "__version__", None), results)
