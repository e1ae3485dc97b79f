# Linear algebra with NumPy.
import json
import os
import sys
import time

import numpy

DEFAULTS = {"SIZE": "192"}
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


size = int(parameters["SIZE"])
state = numpy.random.RandomState(0)
matrix, side = state.rand(size, size) + size * numpy.eye(size), state.rand(size)
results = {
    "solve": measure(lambda: numpy.linalg.solve(matrix, side), 10),
    "svd": measure(lambda: numpy.linalg.svd(matrix)),
    "eig": measure(lambda: numpy.linalg.eig(matrix)),
}
tell("linalg-numpy", "numpy", numpy.__version__, results)
