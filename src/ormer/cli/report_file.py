"""A report goes to standard output or into a file, which is none of those that it is about."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Optional

from ormer.model.errors import InputError
from ormer.sources.files import write_atomically


def write_report(text: str, output: Optional[str], read: Iterable[str]) -> None:
    """Write all of it or nothing. ``read`` are the files that it is made from.

    Raises InputError where the output is one of these, and where it cannot be written.
    """
    data = text.encode("utf-8", "backslashreplace")
    if output is not None:
        real = os.path.realpath(output)
        if any(os.path.exists(file) and os.path.realpath(file) == real for file in read):
            raise InputError(f"--output {output} would replace what is read from it")
        write_atomically(output, data)
    elif sys.stdout is None:
        raise InputError("standard output is closed")
    else:
        sys.stdout.buffer.write(data)
