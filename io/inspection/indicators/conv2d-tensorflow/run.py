# Convolves images with filters with TensorFlow 1 or 2.
import json
import os
import sys
import time

import numpy
import tensorflow

DEFAULTS = {"DTYPE": "float32", "BATCH": "4", "HEIGHT": "224", "WIDTH": "224", "CHANNELS": "3", "FILTERS": "32", "KERNEL": "5", "STRIDE": "2"}
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


def convolution():
    state = numpy.random.RandomState(0)
    images = tensorflow.constant(state.rand(batch, height, width, channels).astype(parameters["DTYPE"]))
    weights = tensorflow.constant(state.rand(kernel, kernel, channels, filters).astype(parameters["DTYPE"]))
    return lambda: tensorflow.nn.conv2d(images, weights, strides=[1, stride, stride, 1], padding="VALID")


names = ("BATCH", "HEIGHT", "WIDTH", "CHANNELS", "FILTERS", "KERNEL", "STRIDE")
batch, height, width, channels, filters, kernel, stride = (int(parameters[name]) for name in names)
# Multiplications and additions of every place of the output.
places = (height - kernel + stride) // stride * ((width - kernel + stride) // stride)
work = 2.0 * batch * filters * channels * kernel**2 * places
times = measure(worker(convolution))
rates = [work / one / 1e6 for one in times]
tell("conv2d-tensorflow", "tensorflow", tensorflow.__version__, {"elapsed": times, "rate": rates})
