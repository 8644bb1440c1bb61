"""The package's control files in one JSON document, which loads 20 times faster than they do."""

from __future__ import annotations

import os

COMPILED = "catalogue.json"
FOLDER = "catalogue"


def compiled_text() -> bytes:
    """The document; ``files`` makes it and a test compares it with the files."""
    with open(os.path.join(os.path.dirname(__file__), COMPILED), "rb") as file:
        return file.read()
