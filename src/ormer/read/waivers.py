"""Waiver file text (YAML) -> WaiverFile.

A file that cannot be read as a list of entries is an error. An entry that is no waiver is
kept as Malformed: it waives nothing and becomes a finding, and the others still count.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.waiver import Malformed, Waiver, WaiverFile
from ormer.read.text.suggestion import suggestion
from ormer.read.text.yaml_text import Mapping, Node, Scalar, Sequence, read_yaml

LIST = "waivers"
_REQUIRED = ("id", "control", "pipeline", "subject", "reason", "owner", "approver")
_DATES = ("created", "expires")
_OPTIONAL = ("finding", "evidence", "profile", "ticket")
_FIELDS = (*_REQUIRED, *_DATES, *_OPTIONAL)


def read_waivers(text: bytes, name: str) -> WaiverFile:
    """Read a file of waivers.

    Raises InputError naming ``name`` and the line for what is no mapping with a list
    ``waivers``, and for what is no YAML.
    """
    root = read_yaml(text, name)
    if not isinstance(root, Mapping) or LIST not in root.entries:
        raise InputError(f"{name}: a waiver file is a mapping with a list {LIST!r}")
    for key, line in root.key_lines.items():
        if key != LIST:
            raise InputError(f"{name}:{line}: unknown field {key!r}; the only one is {LIST!r}")
    entries = root.entries[LIST]
    if not isinstance(entries, Sequence):
        raise InputError(f"{name}:{entries.line}: {LIST!r} is a list")
    waivers: dict[str, Waiver] = {}
    malformed: list[Malformed] = []
    for index, entry in enumerate(entries.items):
        place: Place = (LIST, index)
        try:
            waiver = _waiver(entry, place)
            if waiver.id in waivers:
                raise _Wrong(("id",), f"a second waiver {waiver.id!r}")
            waivers[waiver.id] = waiver
        except _Wrong as wrong:
            malformed.append(
                Malformed(_id(entry, index), (*place, *wrong.below), _located(wrong, entry))
            )
    digest = hashlib.sha256(text).hexdigest()
    return WaiverFile(name, digest, tuple(waivers.values()), tuple(malformed))


class _Wrong(Exception):
    def __init__(self, below: Place, message: str) -> None:
        super().__init__(message)
        self.below = below


def _located(wrong: _Wrong, entry: Node) -> str:
    node = entry.entries.get(wrong.below[0]) if isinstance(entry, Mapping) and wrong.below else None
    return f"{wrong} (line {(node or entry).line})"


def _id(entry: Node, index: int) -> str:
    node = entry.entries.get("id") if isinstance(entry, Mapping) else None
    return node.text if isinstance(node, Scalar) and node.text else f"number {index + 1}"


def _waiver(entry: Node, place: Place) -> Waiver:
    if not isinstance(entry, Mapping):
        raise _Wrong((), "a waiver is a mapping of fields")
    for key in entry.entries:
        if key not in _FIELDS:
            raise _Wrong((), f"unknown field {key!r}{suggestion(key, set(_FIELDS))}")
    texts = {field: _text(entry, field) for field in _REQUIRED}
    texts |= {field: _text(entry, field) for field in _OPTIONAL if field in entry.entries}
    created, expires = (_date(entry, field) for field in _DATES)
    if expires < created:
        raise _Wrong(("expires",), f"expires {expires} before it is created, {created}")
    finding = texts.get("finding", "")
    for field in ("finding", "evidence"):
        if field in texts and not re.fullmatch(r"[0-9a-f]{16}", texts[field]):
            raise _Wrong((field,), f"{field} is {texts[field]!r}, not an id of 16 hex digits")
    if "evidence" in texts and not finding:
        raise _Wrong(("evidence",), "evidence without the finding that it is of")
    if not finding and all(not set(texts[field]) - set("*?") for field in ("pipeline", "subject")):
        raise _Wrong(
            ("subject",),
            f"waives {texts['control']} everywhere; a control that is not wanted at all "
            "belongs into the profile's disabled_controls",
        )
    return Waiver(
        **{field: texts.get(field, "") for field in (*_REQUIRED, *_OPTIONAL)},
        created=created,
        expires=expires,
        place=place,
    )


def _text(entry: Mapping, field: str) -> str:
    node = entry.entries.get(field)
    if node is None:
        raise _Wrong((), f"no {field}")
    if not isinstance(node, Scalar) or node.tag == "null" or not node.text.strip():
        raise _Wrong((field,), f"{field} is not a text")
    return node.text.strip()


def _date(entry: Mapping, field: str) -> date:
    text = _text(entry, field)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Wrong((field,), f"{field} is {text!r}, not a date such as 2026-12-31")
