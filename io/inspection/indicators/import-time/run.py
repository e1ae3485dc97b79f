# Imports a package in a fresh Python, and takes off what starting Python alone takes.
import json
import os
import sys
import time

import resource
import subprocess

DEFAULTS = {"MODULE": "json"}
parameters = {name: os.environ.get(name, default) for name, default in DEFAULTS.items()}


def tell(name, component, version, results, **more):
    answer = {"name": name, "component": component, "version": version, "parameters": parameters, "results": results}
    answer.update(more)
    json.dump(answer, sys.stdout)


# What is loaded the second time is what people wait for: bytecode is then compiled and files are in memory.
flags = [sys.executable, "-I", "-X", "pycache_prefix=/tmp/pycache", "-c"]


def now():
    if os.environ.get("THOTH_CLOCK") != "processor":
        return time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(program):
    """Milliseconds that a process takes, of each repetition; those that warm up are left out."""
    warmup, repetitions = int(os.environ.get("THOTH_WARMUP", 2)), int(os.environ.get("THOTH_REPETITIONS", 7))
    times = []
    for turn in range(warmup + repetitions):
        started = now()
        subprocess.check_call(flags + [program], stdout=subprocess.DEVNULL)
        if turn >= warmup:
            times.append((now() - started) * 1000)
    return times


module = parameters["MODULE"]
empty = sorted(measure("pass"))
base = empty[len(empty) // 2]
times = [max(0.01, one - base) for one in measure("import " + module)]
tell("import-time", module, None, {"import": times})
