# Convolves images with filters with PyTorch.
import json
import os
import sys
import time

import torch

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


names = ("BATCH", "HEIGHT", "WIDTH", "CHANNELS", "FILTERS", "KERNEL", "STRIDE")
batch, height, width, channels, filters, kernel, stride = (int(parameters[name]) for name in names)
# Multiplications and additions of every place of the output.
places = (height - kernel + stride) // stride * ((width - kernel + stride) // stride)
work = 2.0 * batch * filters * channels * kernel**2 * places
torch.manual_seed(0)
kind = getattr(torch, parameters["DTYPE"])
images = torch.rand(batch, channels, height, width).to(kind)
weights = torch.rand(filters, channels, kernel, kernel).to(kind)
with torch.no_grad():
    times = measure(lambda: torch.nn.functional.conv2d(images, weights, stride=stride))
rates = [work / one / 1e6 for one in times]
tell("conv2d-pytorch", "torch", torch.__version__, {"elapsed": times, "rate": rates}, build=torch.__config__.show())
