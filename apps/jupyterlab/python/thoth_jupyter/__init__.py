"""Thoth in Jupyter. This package only passes calls on: what is decided is decided in `bundle/`."""

__version__ = "0.1.0"


def _jupyter_labextension_paths():
    return [{"src": "labextension", "dest": "@thoth/jupyterlab"}]


def _jupyter_server_extension_points():
    return [{"module": "thoth_jupyter"}]


def _load_jupyter_server_extension(server_app):
    from .handlers import load

    load(server_app)


def load_ipython_extension(shell):
    """`%load_ext thoth_jupyter` gives `%horus` where no browser brings it."""
    from .magic import load

    load(shell)
