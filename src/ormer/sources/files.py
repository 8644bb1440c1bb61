"""Read input files within a bound, and write output files as a whole or not at all."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

from ormer.model.errors import InputError

LARGEST = 32 * 1024 * 1024
"""The largest input in bytes: far above any real definition, template or plan."""


def read_bytes(path: str, limit: int = LARGEST) -> bytes:
    """The bytes of the file at ``path``, or of standard input for ``-``.

    Raises InputError naming it if it is missing, a directory, unreadable, or
    larger than ``limit`` bytes.
    """
    name = "standard input" if path == "-" else path
    try:
        if path == "-":
            if sys.stdin is None:
                raise InputError(f"{name}: is closed")
            data = _read(sys.stdin.buffer, limit)
        else:
            with open(path, "rb") as file:
                data = _read(file, limit)
    except FileNotFoundError:
        raise InputError(f"{name}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a directory, not a file") from None
    except PermissionError:
        raise InputError(f"{name}: no permission to read it") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{name}: cannot be read: {_reason(error)}") from None
    if len(data) > limit:
        raise InputError(f"{name}: larger than {_size(limit)}")
    return data


def _read(file: BinaryIO, limit: int) -> bytes:
    return file.read(limit + 1)


def write_atomically(path: str, data: bytes) -> None:
    """Write ``data`` to ``path`` so that a reader sees the old file or the new one.

    Follows a symbolic link and keeps the permissions of a file that is replaced.
    Raises InputError naming ``path`` if it cannot be written.
    """
    import tempfile  # late: a check that prints its report needs none

    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        _write_into(target, path, data)
        return
    try:
        number, temporary = tempfile.mkstemp(
            dir=os.path.dirname(target), prefix=".", suffix=".part"
        )
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, _mode(target))
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {_reason(error)}") from None


def _write_into(target: str, path: str, data: bytes) -> None:
    """A device or a pipe cannot be replaced, only written to."""
    try:
        with open(target, "wb") as file:
            file.write(data)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {_reason(error)}") from None


def _mode(target: str) -> int:
    try:
        return os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _size(limit: int) -> str:
    return f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit} bytes"
