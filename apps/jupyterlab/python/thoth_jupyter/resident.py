"""The one resident process of a server: started on demand, again when it died, ended with the server."""

import asyncio
import json
import subprocess
import threading
import uuid

from .node import command_line

LOST = {"event": "lost", "message": "the resident process ended; the next call starts it again"}


class Resident:
    """Speaks lines of JSON with the child. Threads read, so that any event loop will do."""

    def __init__(self, log):
        self._log = log
        self._lock = threading.Lock()
        self._process = None
        self._calls = {}

    async def run(self, request, pause):
        """
        Yields the events of a run, the last one `ended`, `refused` or `lost`, and None whenever nothing came for `pause` seconds.
        Whoever stops listening ends the run.
        """
        loop = asyncio.get_running_loop()
        events = asyncio.Queue()
        call = uuid.uuid4().hex
        over = False

        def hear(event):
            loop.call_soon_threadsafe(events.put_nowait, event)

        process = await loop.run_in_executor(None, self._enter, call, hear)
        try:
            self._say(process, {**request, "id": call, "call": "run"})
            while not over:
                try:
                    event = await asyncio.wait_for(events.get(), pause)
                except asyncio.TimeoutError:
                    yield None
                    continue
                over = event["event"] in ("ended", "refused", "lost")
                yield {name: value for name, value in event.items() if name != "id"}
        finally:
            with self._lock:
                self._calls.pop(call, None)
            if not over:
                self._say(process, {"id": call, "call": "cancel"})

    def stop(self):
        """The child ends with its input."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        try:
            process.stdin.close()
            process.wait(timeout=5)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()

    def _enter(self, call, hear):
        """The process that is to answer the call. One that ends from now on tells it so: both under one lock."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = subprocess.Popen(
                    command_line("resident"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
                reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
                reader.start()
                self._log.info("Thoth: the resident process is %d", self._process.pid)
            self._calls[call] = (self._process, hear)
            return self._process

    def _say(self, process, message):
        line = json.dumps(message).encode() + b"\n"
        with self._lock:
            try:
                process.stdin.write(line)
                process.stdin.flush()
            except (OSError, ValueError):
                # Its reader tells everybody.
                pass

    def _read(self, process):
        for line in process.stdout:
            try:
                event = json.loads(line)
            except ValueError:
                self._log.error("Thoth: the resident process said something that is no JSON")
                continue
            with self._lock:
                _, hear = self._calls.get(event.get("id"), (None, None))
            if hear is not None:
                hear(event)
        process.wait()
        with self._lock:
            lost = [hear for owner, hear in self._calls.values() if owner is process]
        for hear in lost:
            hear(LOST)
