# Multiplies two square matrices with ONNX Runtime.
import json
import os
import sys
import time

import numpy
import onnxruntime

DEFAULTS = {"SIZE": "512", "LOOPS": "4", "THREADS": "1"}
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


def number(value):
    """As a varint of Protocol Buffers."""
    text = b""
    while value > 127:
        text += bytes([value & 127 | 128])
        value >>= 7
    return text + bytes([value])


def field(at, value):
    if isinstance(value, int):
        return number(at << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(at << 3 | 2) + number(len(data)) + data


def tensor(name):
    """A ValueInfoProto of a matrix of floats."""
    shape = field(1, field(1, size)) * 2
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, shape)))


def model():
    """The least ModelProto with one product: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto"""
    node = field(1, "A") + field(1, "B") + field(2, "C") + field(4, "MatMul")
    graph = field(1, node) + field(2, "product") + field(11, tensor("A")) + field(11, tensor("B")) + field(12, tensor("C"))
    return field(1, 3) + field(8, field(1, "") + field(2, 7)) + field(7, graph)


size, loops = int(parameters["SIZE"]), int(parameters["LOOPS"])
state = numpy.random.RandomState(0)
given = {name: state.rand(size, size).astype("float32") for name in "AB"}
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(parameters["THREADS"])
try:
    session = onnxruntime.InferenceSession(model(), options, providers=["CPUExecutionProvider"])
except TypeError:
    # Releases before 1.3 take no providers.
    session = onnxruntime.InferenceSession(model(), options)
times = measure(lambda: session.run(None, given), loops)
rates = [2.0 * size**3 / one / 1e6 for one in times]
tell("matmul-onnxruntime", "onnxruntime", onnxruntime.__version__, {"elapsed": times, "rate": rates})
