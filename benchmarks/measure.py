"""Runs a command some times and prints one JSON line of each run: wall, user and system seconds, peak MiB.

Usage: python3 measure.py RUNS COMMAND [ARGUMENT...]     (its output goes to the file that MEASURE_OUTPUT names)
"""

import json
import os
import sys
import time

runs, command = int(sys.argv[1]), sys.argv[2:]
output = os.environ.pop("MEASURE_OUTPUT", os.devnull)
for _ in range(runs):
    sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    begin = time.perf_counter()
    child = os.posix_spawnp(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, sink, 1), (os.POSIX_SPAWN_OPEN, 2, output + ".stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)],
    )
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begin
    os.close(sink)
    print(
        json.dumps(
            {
                "status": os.waitstatus_to_exitcode(status),
                "wall": wall,
                "user": usage.ru_utime,
                "system": usage.ru_stime,
                "peak": usage.ru_maxrss / 1024,
            }
        ),
        flush=True,
    )
