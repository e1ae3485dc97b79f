# Multiplies two square matrices with NumPy.
import json
import os
import sys
import time

import numpy

DEFAULTS = {"DTYPE": "float32", "SIZE": "512", "LOOPS": "4"}
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


size, loops = int(parameters["SIZE"]), int(parameters["LOOPS"])
state = numpy.random.RandomState(0)
left, right = (state.rand(size, size).astype(parameters["DTYPE"]) for _ in range(2))
times = measure(lambda: numpy.dot(left, right), loops)
rates = [2.0 * size**3 / one / 1e6 for one in times]
results = {
    "elapsed": times,
    "rate": rates,
    # Operands as programs have them: one turned, and one whose columns are taken from the last to the first.
    "transposed": measure(lambda: numpy.dot(left.T, right.T), loops),
    "reversed": measure(lambda: left @ right[:, ::-1]),
}
tell("matmul-numpy", "numpy", numpy.__version__, results)
