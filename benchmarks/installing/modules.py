"""Prints as JSON the modules that installed projects bring to the top, by project: those a person would import.

Usage: python modules.py PROJECT...
"""

import json
import sys
from importlib.metadata import distribution
from pathlib import PurePosixPath

NOT_MEANT = {"test", "tests", "testing", "docs", "examples", "benchmarks", "scripts"}


def modules_of(project):
    found = set()
    for file in distribution(project).files or []:
        path = PurePosixPath(str(file))
        first = path.parts[0]
        if len(path.parts) == 2 and path.name == "__init__.py" and first.isidentifier():
            found.add(first)
        if len(path.parts) == 1 and path.suffix in (".py", ".so"):
            found.add(first.split(".")[0])
    return sorted(name for name in found if not name.startswith("_") and name not in NOT_MEANT)


print(json.dumps({project: modules_of(project) for project in sys.argv[1:]}))
