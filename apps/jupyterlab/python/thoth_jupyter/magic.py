# The magic `%horus`. `%load_ext thoth_jupyter` loads it where the wheel is; the browser sends this text to each Python kernel, so
# that nothing of Thoth need be installed there. It passes the words on to the browser, which has the open notebook, and waits for
# what comes of them. Where there is none, the command `horus` works on the notebook's file.

import hashlib
import importlib.util
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import time
import uuid

# Seconds until a browser must have said that it answers.
PATIENCE = 10
# Tells `horus` which notebook a cell belongs to; empty where nobody knows.
VARIABLE = "THOTH_CELL_NOTEBOOK"


def load(shell=None):
    """Registers `%horus`. Does nothing where Python runs without IPython."""
    if shell is None:
        try:
            from IPython import get_ipython
        except ImportError:
            return
        shell = get_ipython()
    if shell is None:
        return

    def horus(line):
        """`%horus lock`, `%horus requirements --add "pandas>=2"`, ...: see `%horus help`."""
        answer_line(shell, line)

    shell.register_magic_function(horus, "line", "horus")


def answer_line(shell, line):
    from IPython.core.error import UsageError
    from IPython.display import display

    try:
        words = shlex.split(line) or ["help"]
        # A terminal has no browser, whatever it was started from.
        server = None if type(shell).__name__ == "TerminalInteractiveShell" else find_server()
        letter = (ask_browser(server, words) if server else None) or run_command(shell, words)
    except (ValueError, RuntimeError) as error:
        raise UsageError(str(error)) from None
    text = letter.get("text", "")
    if letter.get("status"):
        raise UsageError(text.strip())
    if letter.get("html"):
        display({"text/plain": text, "text/html": letter["html"]}, raw=True)
    else:
        print(text, end="")


def find_server():
    """Address and token of the Jupyter server that started this kernel."""
    folders = [os.environ.get("JUPYTER_RUNTIME_DIR")]
    data = os.environ.get("JUPYTER_DATA_DIR")
    home = pathlib.Path.home()
    folders.append(pathlib.Path(data) / "runtime" if data else None)
    folders.append(home / ".local" / "share" / "jupyter" / "runtime")
    if sys.platform == "darwin":
        folders.append(home / "Library" / "Jupyter" / "runtime")
    if os.environ.get("APPDATA"):
        folders.append(pathlib.Path(os.environ["APPDATA"]) / "jupyter" / "runtime")
    for folder in folders:
        path = pathlib.Path(folder) / f"jpserver-{os.environ.get('JPY_PARENT_PID', '')}.json" if folder else None
        if path is None or not path.is_file():
            continue
        info = json.loads(path.read_text())
        if info.get("sock"):
            raise RuntimeError("the Jupyter server listens on a socket, where `%horus` hears no browser: use `horus` in a terminal")
        url = info["url"]
        if info.get("hostname") in ("0.0.0.0", "::", ""):
            # A server that listens everywhere names the machine, and is here too.
            url = f"{'https' if info.get('secure') else 'http'}://localhost:{info['port']}{info['base_url']}"
        return url, os.environ.get("JUPYTERHUB_API_TOKEN") or info.get("token", "")
    return None


def ask_browser(server, words):
    """What came of the words; None where no browser has the notebook open."""
    from comm import create_comm

    url, token = server
    mail = uuid.uuid4().hex
    create_comm(target_name="thoth", data={"mail": mail, "words": words})
    until = time.monotonic() + PATIENCE
    while True:
        status, letter = ask_server("GET", f"{url}thoth/mail/{mail}", token)
        if status == 200:
            if letter.get("done"):
                return letter
            # Somebody is there: whatever takes long is waited for.
            until = float("inf")
        elif status in (404, None):
            # A server without Thoth, or none any more: no browser can answer.
            return None
        elif status != 204:
            raise RuntimeError(f"the Jupyter server said {status}")
        elif time.monotonic() > until and ask_server("DELETE", f"{url}thoth/mail/{mail}", token)[0] != 409:
            # From now on no browser does it either.
            return None


def ask_server(method, url, token):
    """Status and document of an answer; None where nobody listens."""
    import urllib.error
    import urllib.parse
    import urllib.request

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            # The token is for this server.
            return None

    is_here = is_loopback(urllib.parse.urlsplit(url).hostname or "")
    handlers = [NoRedirect, urllib.request.HTTPSHandler(context=trust(is_here))]
    if is_here:
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"token {token}"})
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=60) as answer:
            return answer.status, json.load(answer) if answer.status == 200 else None
    except urllib.error.HTTPError as error:
        return error.code, None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            return None, None
        raise RuntimeError(f"the Jupyter server at {url.split('thoth/')[0]} cannot be asked: {error.reason}") from error


def is_loopback(host):
    import ipaddress

    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def trust(is_here):
    """What is asked on this machine stays there, whatever certificate its user made; any other must show a good one."""
    import ssl

    context = ssl.create_default_context()
    if is_here:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    try:
        import certifi

        context.load_verify_locations(certifi.where())
    except ImportError:
        pass
    return context


def run_command(shell, words):
    """What `horus` says, which works on files."""
    program = find_program()
    if program is None:
        raise RuntimeError(
            "no browser has this notebook open, and `horus` is not installed here: `pip install thoth-jupyter`, or use a terminal"
        )
    if words[0] == "run" and VARIABLE in os.environ:
        raise RuntimeError("a notebook that `%horus run` runs does not run itself again")
    notebook = find_notebook(shell)
    files = [word for word in (notebook, *words) if word is not None and word.endswith(".ipynb")]
    before = [digest(file) for file in files]
    variables = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    done = subprocess.run(
        [*program, *words],
        env={**variables, "NO_COLOR": "1", VARIABLE: notebook or ""},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    text = done.stderr + done.stdout
    for file, had in zip(files, before):
        if digest(file) != had:
            text += f"the file {file} was changed: whoever has it open must load it again\n"
    # A no is an answer where a result tells it.
    failed = 0 if done.returncode == 1 and done.stdout else done.returncode
    return {"status": failed, "text": text}


def find_program():
    if sys.executable and importlib.util.find_spec("thoth_jupyter") is not None:
        return [sys.executable, "-m", "thoth_jupyter"]
    path = shutil.which("horus")
    return None if path is None else [path]


def find_notebook(shell):
    """The file of the notebook that the cell is in. What a kernel may have inherited from another notebook comes last."""
    for path in (
        # Visual Studio Code's, and papermill's with `--inject-input-path`.
        shell.user_ns.get("__vsc_ipynb_file__"),
        shell.user_ns.get("PAPERMILL_INPUT_PATH"),
        os.environ.get("JPY_SESSION_NAME"),
    ):
        # A file without the cell is another, or not saved yet.
        if isinstance(path, str) and path.endswith(".ipynb") and os.path.isfile(path) and b"horus" in pathlib.Path(path).read_bytes():
            return os.path.abspath(path)
    return None


def digest(path):
    try:
        return hashlib.sha256(pathlib.Path(path).read_bytes()).digest()
    except OSError:
        return None
