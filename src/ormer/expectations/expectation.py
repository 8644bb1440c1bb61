"""What policies have to decide: requests by the fields of a profile, and the decision of each.

A file of expectations is a YAML list:

    - id: BKT-01
      title: Objects are reached through the VPC endpoint alone
      severity: high
      why: ...
      source: ...                   # the AWS page, or whose requirement it is
      expect: denied                # or allowed
      ask:
        - who: any role             # see ``questions.py``
          via: outside              # or vpc; absent: each
          do: [s3:GetObject, s3:PutObject]
          to: "arn:${partition}:s3:::${bucket}/ormer-test"
          given: {aws:SecureTransport: "false"}     # null takes a key away

``${bucket}`` and the like are filled from the profile, every combination is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ormer.model.errors import InputError
from ormer.model.finding import Severity
from ormer.read.text.suggestion import suggestion
from ormer.read.text.yaml_text import plain, read_yaml

ALLOWED, DENIED = "allowed", "denied"
WAYS = ("outside", "vpc")
CATALOGUE = Path(__file__).parent / "catalogue"
_FIELDS = ("id", "title", "severity", "why", "source", "expect", "ask")
_QUESTION = ("who", "via", "do", "to", "given")
_ID = re.compile(r"[A-Z][A-Z0-9]*-\d+")


class Ask(NamedTuple):
    """Requests: each principal by each way with each action on each resource."""

    who: tuple[str, ...]
    ways: tuple[str, ...]
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    given: Mapping[str, Optional[str | tuple[str, ...]]]


class Expectation(NamedTuple):
    """What the policies of an environment have to decide, and why."""

    id: str
    title: str
    severity: Severity
    why: str
    source: str
    is_allowed: bool
    asks: tuple[Ask, ...]
    file: str


def load_expectations(folder: Optional[Path] = None) -> tuple[Expectation, ...]:
    """The package's expectations, and those of a folder of YAML files, in their order.

    Raises InputError naming the file and the entry for what is none, for an id that is there
    twice, and for a folder without such files.
    """
    found: dict[str, Expectation] = {}
    for directory in (CATALOGUE, folder):
        if directory is None:
            continue
        paths = sorted([*directory.glob("*.yaml"), *directory.glob("*.yml")])
        if not paths:
            raise InputError(f"{directory}: no folder with files of expectations (*.yaml)")
        for path in paths:
            for one in _of_file(path):
                if one.id in found:
                    raise InputError(f"{path}: a second expectation {one.id}")
                found[one.id] = one
    return tuple(found.values())


def _of_file(path: Path) -> Iterator[Expectation]:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    content = plain(read_yaml(text, str(path)))
    if not isinstance(content, list) or not content:
        raise InputError(f"{path}: a file of expectations is a list of them")
    for index, entry in enumerate(content):
        yield _expectation(entry, f"{path}: entry {index + 1}", path.name)


def _expectation(entry: Any, where: str, file: str) -> Expectation:
    _check_fields(entry, _FIELDS, _FIELDS, where)
    name = str(entry["id"])
    where = f"{where} ({name})"
    if not _ID.fullmatch(name):
        raise InputError(f"{where}: an id looks like BKT-01")
    if entry["expect"] not in (ALLOWED, DENIED):
        raise InputError(f"{where}: expect is {entry['expect']!r}, not {ALLOWED} or {DENIED}")
    known = [severity.value for severity in Severity]
    if entry["severity"] not in known:
        raise InputError(f"{where}: severity is not one of {', '.join(known)}")
    asks = entry["ask"] if isinstance(entry["ask"], list) else [entry["ask"]]
    return Expectation(
        name,
        str(entry["title"]),
        Severity(entry["severity"]),
        str(entry["why"]).strip(),
        str(entry["source"]),
        entry["expect"] == ALLOWED,
        tuple(_ask(ask, where) for ask in asks),
        file,
    )


def _ask(entry: Any, where: str) -> Ask:
    _check_fields(entry, ("who", "do", "to"), _QUESTION, f"{where}: ask")
    ways = _texts(entry.get("via", list(WAYS)), f"{where}: via")
    for way in ways:
        if way not in WAYS:
            raise InputError(f"{where}: via is {way!r}, not one of {', '.join(WAYS)}")
    given = entry.get("given") or {}
    if not isinstance(given, dict):
        raise InputError(f"{where}: given is a mapping of condition keys")
    return Ask(
        _texts(entry["who"], f"{where}: who"),
        ways,
        _texts(entry["do"], f"{where}: do"),
        _texts(entry["to"], f"{where}: to"),
        {key: _value(value) for key, value in given.items()},
    )


def _value(value: Any) -> Optional[str | tuple[str, ...]]:
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return None if value is None else str(value)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [value]
    if not found or not all(isinstance(text, str) and text for text in found):
        raise InputError(f"{where}: is not a text or a list of texts")
    return tuple(found)


def _check_fields(
    entry: Any, required: tuple[str, ...], known: tuple[str, ...], where: str
) -> None:
    if not isinstance(entry, dict):
        raise InputError(f"{where}: is no mapping of fields")
    for field in entry:
        if field not in known:
            raise InputError(f"{where}: unknown field {field!r}{suggestion(field, set(known))}")
    for field in required:
        if not entry.get(field):
            raise InputError(f"{where}: no {field}")
