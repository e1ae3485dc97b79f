# Imports modules, each in a process of its own so that a crash tells of one alone: `import_modules.py LIST`, a file of
# JSON with pairs of a package and its modules. Prints a line of JSON for each package.
import json
import os
import subprocess
import sys
import time

FLAGS = ["-I", "-X", "pycache_prefix=/tmp/pycache", "-X", "faulthandler", "-c"]
MOST = 16384

with open(sys.argv[1], encoding="utf-8") as file:
    wanted = json.load(file)
for package, modules in wanted:
    program = "\n".join("import " + module for module in modules)
    started = time.perf_counter()
    with open("/tmp/errors", "w+b") as errors:
        child = subprocess.Popen(
            [sys.executable, *FLAGS, program], stdin=subprocess.DEVNULL, stdout=errors, stderr=errors
        )
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = status
        wall = time.perf_counter() - started
        size = errors.seek(0, os.SEEK_END)
        errors.seek(max(0, size - MOST))
        said = errors.read().decode("utf-8", "replace")
    answer = {
        "package": package,
        "status": -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status),
        "wall": wall,
        "memory": used.ru_maxrss * 1024,
    }
    if status != 0:
        answer["log"] = said
    print(json.dumps(answer), flush=True)
