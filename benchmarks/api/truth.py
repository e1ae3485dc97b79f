"""Says what Python itself makes of uses and findings, as JSON: a line in gives a line out.

{"path": "module:a.b", "keywords": [...], "positionals": 2} -> {"there": true, "keywords": {"x": false}, "fits": true}
{"owner": "a.b.C", "name": "x"} -> {"there": false}
{"callable": "a.b.f", "keywords": ["x"], "positionals": 2} -> as for a path

What cannot be told without running it is null.
"""

import contextlib
import importlib
import inspect
import io
import json
import sys
import warnings


class Untold(Exception):
    pass


def walk(value, names):
    for segment in names:
        name = segment.replace("()", "")
        try:
            value = getattr(value, name)
        except AttributeError:
            if inspect.ismodule(value):
                with contextlib.suppress(ImportError):
                    value = importlib.import_module(f"{value.__name__}.{name}")
                    continue
            # Objects of a class can have attributes that the class lacks.
            if inspect.isclass(value):
                raise Untold from None
            raise
        if segment.endswith("()") and not inspect.isclass(value):
            raise Untold
    return value


def signature_of(value):
    try:
        # What dispatches to other programs takes any keyword, and hands it on to the function itself.
        return inspect.signature(getattr(value, "orig_func", value))
    except Exception:
        return None


def answer_use(use):
    module, _, rest = use["path"].partition(":")
    try:
        value = walk(importlib.import_module(module), rest.split(".") if rest else [])
    except Untold:
        return {"there": None}
    except Exception:
        return {"there": False}
    return accepts(value, use, 0)


def accepts(value, use, receiver):
    result = {"there": True, "keywords": {}, "fits": None}
    signature = signature_of(value) if callable(value) else None
    if signature is None:
        return result
    parameters = signature.parameters.values()
    takes_any = any(each.kind is each.VAR_KEYWORD for each in parameters)
    for keyword in use.get("keywords", []):
        named = signature.parameters.get(keyword)
        known = named is not None and named.kind in (named.KEYWORD_ONLY, named.POSITIONAL_OR_KEYWORD)
        result["keywords"][keyword] = known or takes_any
    places = sum(each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in parameters)
    rest_taken = any(each.kind is each.VAR_POSITIONAL for each in parameters)
    result["fits"] = rest_taken or use.get("positionals", 0) + receiver <= places
    return result


def find(path):
    """The value, and what holds it."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            holder, value = None, importlib.import_module(".".join(parts[:length]))
        except Exception:
            continue
        for name in parts[length:]:
            holder, value = value, getattr(value, name)
        return holder, value
    raise LookupError(path)


def answer_callable(call):
    try:
        holder, value = find(call["callable"])
    except Exception:
        return {"there": None}
    plain = inspect.isclass(holder) and inspect.isfunction(inspect.getattr_static(holder, call["callable"].rpartition(".")[2], None))
    return accepts(value, call, 1 if plain else 0)


def answer_finding(finding):
    try:
        value = find(finding["owner"])[1]
    except Exception:
        return {"there": None}
    with contextlib.suppress(Exception):
        getattr(value, finding["name"])
        return {"there": True}
    try:
        importlib.import_module(f"{finding['owner']}.{finding['name']}")
    except Exception:
        return {"there": False}
    return {"there": True}


def answer(question):
    if "owner" in question:
        return answer_finding(question)
    return answer_callable(question) if "callable" in question else answer_use(question)


def main():
    warnings.simplefilter("ignore")
    for module in sys.argv[1:]:
        # What the code imports for what that does.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    for line in sys.stdin:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            told = answer(json.loads(line))
        print(json.dumps(told), flush=True)


main()
