# Calculates with arrays of NumPy, sums them up, sorts them, chooses from them, and copies them in another order.
import json
import os
import sys
import time

import numpy

DEFAULTS = {"SIZE": "100000"}
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
values, others = state.rand(size), state.rand(size) + 1.0
places = state.randint(0, size, size)
table = values[: size // 100 * 100].reshape(-1, 100)
vector = numpy.array([0.3, 0.4, 0.5])


def small():
    """As a loop over points does: what each call costs, and not each number."""
    total = 0.0
    for _ in range(500):
        total += float(numpy.dot(vector, vector) + (vector * 2.0 - vector).sum())
    return total


results = {
    "arithmetic": measure(lambda: values * others + values / others - 0.5, 20),
    "functions": measure(lambda: numpy.exp(values) + numpy.log(others) * numpy.sin(values), 5),
    "sums": measure(lambda: (table.sum(axis=0), table.mean(axis=1), values.std(), numpy.cumsum(values)), 20),
    "sort": measure(lambda: (numpy.sort(values), numpy.argsort(values)), 2),
    "choose": measure(lambda: (values[places], values[values > 0.5], numpy.where(values > 0.5, values, others)), 10),
    "copy": measure(lambda: (table.T.copy(), table[:, ::-1] + 1.0, numpy.roll(table, 1, 1)), 20),
    "small": measure(small, 2),
    "random": measure(lambda: (state.standard_normal(size), state.rand(size)), 5),
}
tell("arrays-numpy", "numpy", numpy.__version__, results)
