"""Prints what modules offer when they run, as JSON: by module, its names, each with the kind and the parameters that
Python itself tells of it.

Usage: python live.py < MODULES, one name a line
"""

import contextlib
import importlib
import inspect
import io
import json
import sys
import types
import warnings


def parameters_of(thing):
    try:
        signature = inspect.signature(thing)
    except Exception:
        return None
    return [[each.name, each.kind.name, each.default is not inspect.Parameter.empty] for each in signature.parameters.values()]


def describe(thing):
    if isinstance(thing, types.ModuleType):
        return {"kind": "module"}
    if inspect.isclass(thing):
        members = sorted(name for name in dir(thing) if not name.startswith("_"))
        return {"kind": "class", "parameters": parameters_of(thing), "members": members}
    if inspect.isroutine(thing):
        return {"kind": "function", "parameters": parameters_of(thing)}
    return {"kind": "value"}


def names_of(module):
    found = {}
    for name in dir(module):
        if name.startswith("_"):
            continue
        try:
            found[name] = describe(getattr(module, name))
        except Exception:
            continue
    return found


def main():
    warnings.simplefilter("ignore")
    result = {}
    for name in sys.stdin.read().split():
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                result[name] = names_of(importlib.import_module(name))
            except BaseException:
                continue
    json.dump(result, sys.stdout)


main()
