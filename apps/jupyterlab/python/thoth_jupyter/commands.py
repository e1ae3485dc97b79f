"""The commands `thoth` and `horus`."""

import os
import subprocess
import sys

from .node import NodeMissing, command_line


def thoth():
    _become("thoth")


def horus():
    _become("horus")


def _become(program):
    try:
        line = command_line(program, *sys.argv[1:])
    except NodeMissing as error:
        sys.exit(f"error: {error}")
    if sys.platform != "win32":
        os.execv(line[0], line)
    # There a new program would not have the console.
    sys.exit(subprocess.call(line))
