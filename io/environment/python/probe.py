# Says what this interpreter is, as one line of JSON. Runs on every Python from 3.4 on; imports little.
import json
import os
import platform
import re
import struct
import sys
import sysconfig


def full_version():
    info = sys.implementation.version
    version = "{0.major}.{0.minor}.{0.micro}".format(info)
    if info.releaselevel != "final":
        version += info.releaselevel[0] + str(info.serial)
    return version


def glibc():
    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
    except (AttributeError, OSError, ValueError, TypeError):
        return None
    return version if name == "glibc" else None


def musl():
    # The loader that the executable names tells its version when started without arguments.
    try:
        with open(sys.executable, "rb") as file:
            found = re.search(rb"/[\w./-]*ld-musl-[\w.-]+", file.read(8192))
        if not found:
            return None
        import subprocess

        loader = subprocess.Popen([found.group().decode()], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        text = loader.communicate()[1].decode("utf-8", "replace")
    except (OSError, ValueError):
        return None
    version = re.search(r"Version (\d+\.\d+)", text)
    return version.group(1) if version else None


def bundled_pip():
    # Where ensurepip keeps its pip: a wheel can be run without being installed.
    try:
        import ensurepip

        folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
        folders.append(getattr(ensurepip, "_WHEEL_PKG_DIR", None) or "")
    except ImportError:
        folders = []
    folders.append("/usr/share/python-wheels")
    for folder in folders:
        if folder and os.path.isdir(folder):
            wheels = sorted(name for name in os.listdir(folder) if re.match(r"pip-[\d.]+-.*\.whl$", name))
            if wheels:
                return os.path.join(folder, wheels[-1])
    return None


def has_module(name):
    import importlib.util

    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def base_executable():
    if sys.prefix == sys.base_prefix:
        return sys.executable
    base = getattr(sys, "_base_executable", None)
    if base and base != sys.executable:
        return base
    name = os.path.basename(os.path.realpath(sys.executable))
    folder = "Scripts" if os.name == "nt" else "bin"
    for candidate in (os.path.join(sys.base_prefix, folder, name), os.path.join(sys.base_prefix, name)):
        if os.path.exists(candidate):
            return candidate
    return sys.executable


stdlib = sysconfig.get_path("stdlib")
answer = {
    "executable": base_executable(),
    "prefix": sys.prefix,
    "basePrefix": sys.base_prefix,
    "bits": struct.calcsize("P") * 8,
    "platform": sysconfig.get_platform(),
    "machine": platform.machine(),
    "glibc": glibc(),
    "musl": musl() if sys.platform == "linux" and not glibc() else None,
    "macos": platform.mac_ver()[0],
    "abi": sysconfig.get_config_var("SOABI") or sysconfig.get_config_var("EXT_SUFFIX") or "",
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "externallyManaged": sys.prefix == sys.base_prefix and os.path.exists(os.path.join(stdlib, "EXTERNALLY-MANAGED")),
    "venv": has_module("venv"),
    "pip": has_module("pip"),
    "bundledPip": bundled_pip(),
    "markers": {
        "implementation_name": sys.implementation.name,
        "implementation_version": full_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    },
}
sys.stdout.write("\n" + json.dumps(answer) + "\n")
