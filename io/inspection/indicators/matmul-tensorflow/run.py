# Multiplies two square matrices with TensorFlow 1 or 2.
import json
import os
import sys
import time

import numpy
import tensorflow

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


def worker(make):
    """A call that computes what `make` describes: at once, or in the session of TensorFlow 1."""
    if int(tensorflow.__version__.split(".")[0]) >= 2:
        given = make()
        return lambda: given().numpy()
    graph = make()()
    session = tensorflow.Session()
    return lambda: session.run(graph.op)


def matrices():
    state = numpy.random.RandomState(0)
    left, right = (tensorflow.constant(state.rand(size, size).astype(parameters["DTYPE"])) for _ in range(2))
    return lambda: tensorflow.matmul(left, right)


size, loops = int(parameters["SIZE"]), int(parameters["LOOPS"])
times = measure(worker(matrices), loops)
rates = [2.0 * size**3 / one / 1e6 for one in times]
tell("matmul-tensorflow", "tensorflow", tensorflow.__version__, {"elapsed": times, "rate": rates})
