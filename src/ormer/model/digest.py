"""SHA-256 without OpenSSL, whose start takes as long as reading a definition.

Python brings the same function as a module of its own, for where OpenSSL is missing; ``hashlib``
would load OpenSSL first. Where that module has another name, it is ``hashlib`` after all.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Protocol


class Digest(Protocol):
    """A digest in the making, as ``hashlib`` has it."""

    def update(self, data: bytes, /) -> None:
        """Add to it."""

    def hexdigest(self) -> str:
        """It in hexadecimal digits."""


def _found() -> Callable[[bytes], Digest]:
    for name in ("_sha2", "_sha256", "hashlib"):  # of Python 3.12, of 3.11, of any
        try:
            made: Callable[[bytes], Digest] = import_module(name).sha256
        except (ImportError, AttributeError):
            continue
        return made
    raise ImportError("this Python has no SHA-256")


sha256 = _found()
