"""Reads a notebook's metadata as the programs of the original did, and by nothing else: prints what it found as JSON.

jupyterlab-requirements 0.16 takes each key for a text of JSON; what is in it is a Pipfile, its lock and a `.thoth.yaml`.
https://pipenv.pypa.io/en/latest/pipfile.html
"""

import hashlib
import json
import re
import sys


def text_of_object(metadata, key):
    assert isinstance(metadata[key], str), f"{key} is no text"
    value = json.loads(metadata[key])
    assert isinstance(value, dict), f"{key} is no text of an object"
    return value


def check_sources(sources):
    assert isinstance(sources, list) and sources
    for source in sources:
        assert set(source) == {"url", "verify_ssl", "name"}, source
        assert isinstance(source["verify_ssl"], bool)
    return [source["name"] for source in sources]


def check_packages(packages):
    for entry in packages.values():
        if isinstance(entry, dict):
            assert set(entry) <= {"version", "index", "markers", "extras"}, entry
            entry = entry["version"]
        assert entry == "*" or re.match(r"[=<>!~]", entry), entry


def read(metadata):
    engine = metadata["dependency_resolution_engine"]
    assert engine in ("thoth", "pipenv"), engine
    pipfile = text_of_object(metadata, "requirements")
    assert {"packages", "dev-packages", "source", "requires"} <= set(pipfile), pipfile
    assert set(pipfile["requires"]) <= {"python_version"}
    names = check_sources(pipfile["source"])
    check_packages(pipfile["packages"])
    check_packages(pipfile["dev-packages"])
    lock = text_of_object(metadata, "requirements_lock")
    assert set(lock) == {"_meta", "default", "develop"}
    meta = lock["_meta"]
    assert set(meta) == {"hash", "pipfile-spec", "requires", "sources"} and meta["pipfile-spec"] == 6
    assert meta["sources"] == pipfile["source"] and meta["requires"] == pipfile["requires"]
    # As pipenv ties the one to the other.
    content = {
        "_meta": {"sources": pipfile["source"], "requires": pipfile["requires"]},
        "default": pipfile["packages"],
        "develop": pipfile["dev-packages"],
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    assert meta["hash"] == {"sha256": digest}
    for name, entry in {**lock["default"], **lock["develop"]}.items():
        assert set(entry) <= {"version", "hashes", "index", "markers"}, (name, entry)
        assert re.match(r"==\d", entry["version"]), (name, entry)
        assert entry["hashes"] and all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in entry["hashes"])
        assert entry["index"] in names, (name, entry["index"], names)
    config = text_of_object(metadata, "thoth_config") if "thoth_config" in metadata else None
    assert isinstance(metadata.get("thoth_analysis_id", ""), str)
    return {
        "engine": engine,
        "requirements": {**pipfile["packages"], **pipfile["dev-packages"]},
        "locked": {name: entry["version"] for name, entry in lock["default"].items()},
        "config": config,
        "kernel": metadata["kernelspec"]["name"],
    }


with open(sys.argv[1], encoding="utf-8") as file:
    print(json.dumps(read(json.load(file)["metadata"])))
