"""The routes of the server. They know who asks and where his files are, and nothing of what is asked."""

import asyncio
import json
from pathlib import Path

import tornado.iostream
import tornado.web
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from traitlets import Float
from traitlets.config import Configurable

from .node import NodeMissing
from .resident import Resident

PROGRAMS = ("horus", "thoth")
KEEP_ALIVE = ": keep-alive\n\n"


class Thoth(Configurable):
    """What an administrator can set."""

    keep_alive_seconds = Float(
        15, min=0.1, help="While a run says nothing, an answer goes on this often: proxies end what is silent."
    ).tag(config=True)


class RunHandler(APIHandler):
    """POST: runs a command line and streams its events. The run ends when the caller goes away."""

    def initialize(self, resident, settings):
        self._resident = resident
        self._keep_alive = settings.keep_alive_seconds
        self._task = None

    @tornado.web.authenticated
    async def post(self):
        request = self._read()
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Accel-Buffering", "no")
        self._task = asyncio.current_task()
        events = self._resident.run(request, self._keep_alive)
        try:
            async for event in events:
                self.write(KEEP_ALIVE if event is None else f"data: {json.dumps(event)}\n\n")
                await self.flush()
        except NodeMissing as error:
            self.write(f"data: {json.dumps({'event': 'lost', 'message': str(error)})}\n\n")
        except (asyncio.CancelledError, tornado.iostream.StreamClosedError):
            # The caller went away.
            pass
        finally:
            await events.aclose()

    def on_connection_close(self):
        super().on_connection_close()
        if self._task is not None:
            self._task.cancel()

    def _read(self):
        body = self.get_json_body()
        if not isinstance(body, dict) or body.get("program") not in PROGRAMS:
            raise tornado.web.HTTPError(400, "a program and its words are wanted")
        words = body.get("words")
        notebooks = body.get("notebooks", {})
        notebook = body.get("notebook")
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise tornado.web.HTTPError(400, "words are a list of text")
        if not isinstance(notebooks, dict) or not all(isinstance(text, str) for text in notebooks.values()):
            raise tornado.web.HTTPError(400, "notebooks are text by their path")
        # The browser names files as the contents manager does; the command line wants them as the disk has them.
        places = {path: self._place(path) for path in notebooks}
        request = {
            "program": body["program"],
            "words": words,
            "documents": {places[path]: text for path, text in notebooks.items()},
        }
        if notebook is not None:
            if notebook not in places:
                raise tornado.web.HTTPError(400, "the notebook is not among those that are open")
            request["notebook"] = places[notebook]
        return request

    def _place(self, path):
        root = Path(self.settings["server_root_dir"]).expanduser().resolve()
        place = (root / path.lstrip("/")).resolve()
        if not place.is_relative_to(root):
            raise tornado.web.HTTPError(400, "a path leads out of the server's folder")
        return str(place)


class Box:
    """Letters to one cell. One browser answers it, the first that says so; none does where the cell has given up."""

    def __init__(self):
        self.letters = asyncio.Queue(maxsize=10)
        self.is_taken = False
        self.is_closed = False


class Post:
    """Letters from the browser to a cell that waits for them, which nothing else can reach."""

    MOST = 200

    def __init__(self):
        self._boxes = {}

    def box(self, mail):
        if mail not in self._boxes:
            # The oldest is nobody's any more.
            while len(self._boxes) >= self.MOST:
                del self._boxes[next(iter(self._boxes))]
            self._boxes[mail] = Box()
        return self._boxes[mail]


class MailHandler(APIHandler):
    """GET waits for the next letter (204: none yet), POST brings one, DELETE gives up (409: somebody answers already)."""

    WAIT_SECONDS = 5

    def initialize(self, post):
        self._post = post

    @tornado.web.authenticated
    async def get(self, mail):
        try:
            letter = await asyncio.wait_for(self._post.box(mail).letters.get(), self.WAIT_SECONDS)
        except asyncio.TimeoutError:
            self.set_status(204)
            self.finish()
            return
        self.finish(letter)

    @tornado.web.authenticated
    async def post(self, mail):
        letter = self.get_json_body()
        if not isinstance(letter, dict):
            raise tornado.web.HTTPError(400, "a letter is an object")
        box = self._post.box(mail)
        if box.is_closed:
            raise tornado.web.HTTPError(410, "the cell waits no more")
        if not letter.get("done"):
            if box.is_taken:
                raise tornado.web.HTTPError(409, "another browser answers")
            box.is_taken = True
        try:
            box.letters.put_nowait(letter)
        except asyncio.QueueFull as error:
            raise tornado.web.HTTPError(429, "nobody reads these letters") from error
        self.set_status(204)
        self.finish()

    @tornado.web.authenticated
    async def delete(self, mail):
        box = self._post.box(mail)
        if box.is_taken:
            raise tornado.web.HTTPError(409, "a browser answers already")
        box.is_closed = True
        self.set_status(204)
        self.finish()


def load(server_app):
    web_app = server_app.web_app
    base = url_path_join(web_app.settings["base_url"], "thoth")
    run = {"resident": Resident(server_app.log), "settings": Thoth(parent=server_app)}
    web_app.add_handlers(
        ".*$",
        [
            (url_path_join(base, "run"), RunHandler, run),
            (url_path_join(base, "mail", "([0-9a-f]{32})"), MailHandler, {"post": Post()}),
        ],
    )
