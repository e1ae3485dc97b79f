# Calls a hook of a build backend (PEP 517): `call_backend.py REQUEST ANSWER`, both files of JSON. The backend
# may print what it likes, so the answer goes to a file.
import importlib
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    request = json.load(file)
answer_path = sys.argv[2]

os.chdir(request["source"])
sys.path[:0] = [os.path.join(request["source"], part) for part in request["backendPath"]]
sys.argv = ["setup.py"]

module, _, attribute = request["backend"].partition(":")
backend = importlib.import_module(module)
for name in filter(None, attribute.split(".")):
    backend = getattr(backend, name)


def requirements():
    hook = getattr(backend, "get_requires_for_build_wheel", None)
    return [str(one) for one in hook(None)] if hook else []


def metadata():
    hook = getattr(backend, "prepare_metadata_for_build_wheel", None)
    if hook is None:
        return None
    folder = hook(request["output"], None)
    with open(os.path.join(request["output"], folder, "METADATA"), encoding="utf-8") as file:
        return file.read()


def wheel():
    return backend.build_wheel(request["output"], None, None)


hooks = {"requirements": requirements, "metadata": metadata, "wheel": wheel}
result = hooks[request["hook"]]()
with open(answer_path, "w", encoding="utf-8") as file:
    json.dump({"result": result}, file)
