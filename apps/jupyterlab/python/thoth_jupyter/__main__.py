"""`python -m thoth_jupyter lock analysis.ipynb` is `horus lock analysis.ipynb`."""

from .commands import horus

horus()
