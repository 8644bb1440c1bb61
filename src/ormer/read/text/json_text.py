"""JSON text -> plain values, strictly (RFC 8259, and no name twice in an object)."""

from __future__ import annotations

import json
from typing import Any

from ormer.model.errors import InputError

LARGEST = 32 * 1024 * 1024
"""Bytes. SageMaker takes 1 MiB inline; definitions from Amazon S3 may be larger."""


def read_json(text: bytes, name: str) -> Any:
    """Parse one JSON document.

    Raises InputError naming ``name`` and the place for anything else: no text, not
    UTF-8, a syntax error, a duplicate name, NaN or Infinity, or nesting that Python's
    parser refuses.
    """
    if not text.strip():
        raise InputError(f"{name}: empty")
    if len(text) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST // 2**20} MiB")
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 text (byte {error.start})") from None
    return parse_json(decoded, name)


def parse_json(text: str, name: str) -> Any:
    """As ``read_json``, for text that is decoded already."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise InputError(f"{name}: not JSON: {error.msg} ({place})") from None
    except RecursionError:
        raise InputError(f"{name}: nested too deeply to be read") from None
    except ValueError as error:  # refused below, or an integer longer than Python converts
        raise InputError(f"{name}: {_objection(text, error)}") from None


def _objection(text: str, error: ValueError) -> str:
    from ormer.read.text.json_place import first_objection

    found = first_objection(text)
    return (
        str(error)
        if found is None
        else f"{found.message} (line {found.line} column {found.column})"
    )


class _Refused(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Refused(f"duplicate name {key!r} in one JSON object")
            seen.add(key)
    return made


def _constant(text: str) -> Any:
    raise _Refused(f"{text} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
