# Lists the distributions that this interpreter can import, as one line of JSON: [[name, version], ...].
import json
import sys

try:
    from importlib.metadata import distributions

    found = {}
    for distribution in distributions():
        name = distribution.metadata["Name"]
        if name and name not in found:
            found[name] = distribution.version
except ImportError:
    import pkg_resources

    found = {entry.project_name: entry.version for entry in pkg_resources.working_set}
sys.stdout.write("\n" + json.dumps(sorted(found.items())) + "\n")
