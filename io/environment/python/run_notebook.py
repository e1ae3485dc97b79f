# Executes a notebook with nbclient: `run_notebook.py` with one line of JSON on standard input that says what.
# Runs in the runner's environment; the kernel is started from the notebook's. Tells its progress on standard
# output, one JSON object a line, and ends when standard input closes. Never touches the user's kernelspecs.
import asyncio
import json
import os
import shutil
import signal
import sys
import threading

# What the kernel and its libraries print must not mix with what we tell.
channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
lock = threading.Lock()


def tell(**event):
    line = json.dumps(event)
    with lock:
        channel.write(line + "\n")
        channel.flush()


request = json.loads(sys.stdin.buffer.readline())
kernel = {"process": None}


def end_kernel():
    process = kernel["process"]
    if process is None:
        return
    try:
        if os.name == "posix":
            # The kernel leads a process group of its own, with whatever the notebook started.
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (OSError, AttributeError):
        pass


def end(*ignored):
    end_kernel()
    # Whoever started us may be gone and cannot clear away.
    shutil.rmtree(request["runtime"], ignore_errors=True)
    os._exit(143)


def watch():
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    end()


threading.Thread(target=watch, daemon=True).start()
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)

try:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat import from_dict
    from nbformat.v4.rwbase import rejoin_lines, split_lines, strip_transient
except ImportError as error:
    tell(kind="no-runner", message=str(error))
    os._exit(0)


class OneKernel(KernelSpecManager):
    def get_kernel_spec(self, kernel_name):
        return KernelSpec(
            argv=request["argv"],
            env=request["variables"],
            display_name="Python 3",
            language="python",
        )


class Manager(AsyncKernelManager):
    async def _async_launch_kernel(self, kernel_cmd, **options):
        await super()._async_launch_kernel(kernel_cmd, **options)
        kernel["process"] = getattr(self.provisioner, "process", None)


class TooMuchOutput(Exception):
    pass


class Client(NotebookClient):
    produced = 0
    # The cell that was begun last.
    at = None

    def process_message(self, msg, cell, cell_index):
        content = msg.get("content", {})
        for value in (content.get("text"), content.get("data")):
            if isinstance(value, dict):
                self.produced += sum(len(one) for one in value.values() if isinstance(one, (str, list)))
            elif isinstance(value, str):
                self.produced += len(value)
        if self.produced > request["outputLimit"]:
            raise TooMuchOutput()
        return super().process_message(msg, cell, cell_index)

    async def async_execute_cell(self, *positional, **named):
        try:
            return await super().async_execute_cell(*positional, **named)
        except (CellTimeoutError, TooMuchOutput):
            # A busy kernel would not hear that it shall end.
            end_kernel()
            raise


def complete(notebook):
    # What the format demands and a repaired notebook may lack.
    notebook.setdefault("metadata", {})
    for cell in notebook.setdefault("cells", []):
        cell.setdefault("metadata", {})
        cell.setdefault("source", "")
        if cell.get("cell_type") == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
    return notebook


def write(notebook):
    split = split_lines(strip_transient(from_dict(json.loads(json.dumps(notebook)))))
    separators = (",", ": ") if request["indent"] is not None else None
    options = {"indent": request["indent"], "separators": separators}
    text = json.dumps(split, ensure_ascii=False, **options)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair can only be written as an escape.
        data = json.dumps(split, **options).encode("ascii")
    with open(request["output"], "wb") as file:
        file.write(data + (b"\n" if request["newline"] else b""))
        file.flush()
        os.fsync(file.fileno())


def code_cells(notebook):
    return [
        index
        for index, cell in enumerate(notebook.cells)
        if cell.get("cell_type") == "code" and cell.get("source", "").strip()
    ]


def failure(notebook, index, error):
    # What is no use of a magic is told on standard error alone: then the reply of the kernel is all that there is.
    output = {"ename": getattr(error, "ename", ""), "evalue": getattr(error, "evalue", "")}
    for one in [] if index is None else notebook.cells[index].get("outputs", []):
        if one.get("output_type") == "error":
            output = one
    traceback = "\n".join(str(line) for line in output.get("traceback", []))
    return {
        "cell": index,
        "name": str(output.get("ename", ""))[:1000],
        "value": str(output.get("evalue", ""))[:10000],
        "traceback": traceback[-100000:],
    }


def transport(folder):
    # Sockets in a folder of our own are out of reach for other users; their paths must be short.
    return "ipc" if os.name == "posix" and len(os.fsencode(folder)) < 80 else "tcp"


def make_client(notebook):
    total = code_cells(notebook)

    def started(cell, cell_index, **more):
        client.at = cell_index
        if cell_index in total:
            tell(kind="cell", number=total.index(cell_index) + 1, total=len(total), cell=cell_index)

    # The sockets are named after this file; without one they would lie in the current folder.
    connection = os.path.join(os.environ["JUPYTER_RUNTIME_DIR"], "kernel.json")
    os.makedirs(os.path.dirname(connection), mode=0o700, exist_ok=True)
    manager = Manager(kernel_name="python3", transport=transport(os.path.dirname(connection)), connection_file=connection)
    manager.kernel_spec_manager = OneKernel()
    client = Client(
        notebook,
        km=manager,
        resources={"metadata": {"path": request["directory"]}},
        timeout=request["cellTimeout"],
        startup_timeout=request["startTimeout"],
        iopub_timeout=30,
        allow_errors=request["allowErrors"],
        record_timing=False,
        store_widget_state=True,
        shutdown_kernel="graceful",
        on_cell_start=started,
        on_notebook_start=lambda **more: tell(kind="started", total=len(total)),
    )
    return client


async def execute(notebook):
    client = make_client(notebook)
    try:
        await client.async_execute()
    except CellExecutionError as error:
        return {"kind": "failed", **failure(notebook, client.at, error)}
    except CellTimeoutError:
        return {"kind": "timeout"}
    except DeadKernelError:
        return {"kind": "dead"}
    except TooMuchOutput:
        return {"kind": "output-limit"}
    except Exception as error:
        started = kernel["process"] is not None
        return {"kind": "broken", "started": started, "message": "%s: %s" % (type(error).__name__, error)}
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    errors = any(output.get("output_type") == "error" for output in outputs)
    return {"kind": "done", "cells": len(code_cells(notebook)), "errors": errors}


def main():
    with open(request["notebook"], "rb") as file:
        notebook = complete(rejoin_lines(from_dict(json.loads(file.read().decode("utf-8-sig")))))
    answer = asyncio.run(execute(notebook))
    if answer["kind"] in ("done", "failed"):
        try:
            write(notebook)
        except OSError as error:
            answer = {"kind": "unwritable", "message": str(error), "code": error.errno}
    end_kernel()
    tell(**answer)


main()
channel.close()
os._exit(0)
