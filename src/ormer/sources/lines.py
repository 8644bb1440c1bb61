"""The lines of a file or of standard input, one at a time and each within a bound."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import BinaryIO

from ormer.model.errors import InputError


def read_lines(path: str, limit: int) -> Iterator[bytes]:
    """Each line of the file at ``path``, or of standard input for ``-``.

    Of a line that is longer than ``limit`` bytes, only ``limit + 1`` are kept. Raises
    InputError naming the file if it is missing, a directory or unreadable.
    """
    if path == "-":
        if sys.stdin is None:
            raise InputError("standard input: is closed")
        yield from _lines(sys.stdin.buffer, limit)
        return
    try:
        file = open(path, "rb")  # noqa: SIM115  closed below
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read: {why}") from None
    with file:
        yield from _lines(file, limit)


def _lines(file: BinaryIO, limit: int) -> Iterator[bytes]:
    while line := file.readline(limit + 1):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(limit + 1)
        yield line
