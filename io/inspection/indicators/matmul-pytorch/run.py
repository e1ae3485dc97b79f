# Multiplies two square matrices with PyTorch.
import json
import os
import sys
import time

import torch

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
torch.manual_seed(0)
kind = getattr(torch, parameters["DTYPE"])
left, right = (torch.rand(size, size).to(kind) for _ in range(2))
times = measure(lambda: torch.mm(left, right), loops)
rates = [2.0 * size**3 / one / 1e6 for one in times]
tell("matmul-pytorch", "torch", torch.__version__, {"elapsed": times, "rate": rates}, build=torch.__config__.show())
