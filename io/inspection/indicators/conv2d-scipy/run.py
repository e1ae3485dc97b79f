# Convolves an image with a filter with SciPy.
import json
import os
import sys
import time

import numpy
import scipy
import scipy.ndimage
import scipy.signal

DEFAULTS = {"HEIGHT": "256", "WIDTH": "256", "KERNEL": "7"}
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


height, width, kernel = (int(parameters[name]) for name in ("HEIGHT", "WIDTH", "KERNEL"))
state = numpy.random.RandomState(0)
image, weights = state.rand(height, width), state.rand(kernel, kernel)
results = {
    "direct": measure(lambda: scipy.signal.convolve2d(image, weights, mode="valid")),
    "fourier": measure(lambda: scipy.signal.fftconvolve(image, weights, mode="valid"), 4),
    "filter": measure(lambda: scipy.ndimage.convolve(image, weights)),
}
tell("conv2d-scipy", "scipy", scipy.__version__, results)
