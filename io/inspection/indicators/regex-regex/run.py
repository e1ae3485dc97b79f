# Regular expressions with regex.
import json
import os
import sys
import time

import regex

DEFAULTS = {"LINES": "2000"}
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


lines = int(parameters["LINES"])
text = "\n".join("2026-01-%02d host%d user%d@example.test took %d ms" % (n % 28 + 1, n % 9, n, n * 37 % 1000) for n in range(lines))
address = regex.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
date = regex.compile(r"(\d{4})-(\d{2})-(\d{2})")
gap = regex.compile(r"[\s,;]+")
source = r"(?P<key>[a-z_]\w*)\s*[:=]\s*(?:\"[^\"]*\"|'[^']*'|\d+(?:\.\d+)?|true|false)"


def compile_again():
    regex.purge()
    regex.compile(source)


results = {
    "compile": measure(compile_again, 20),
    "find": measure(lambda: address.findall(text), 3),
    "replace": measure(lambda: date.sub(r"\3.\2.\1", text), 3),
    "split": measure(lambda: gap.split(text), 3),
}
tell("regex-regex", "regex", regex.__version__, results)
