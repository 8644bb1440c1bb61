"""What is linted: targets -> documents -> findings with their lines."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from typing import NamedTuple, Optional

from ormer.lint.check import lint
from ormer.lint.document import Document, guess_attached, read_document
from ormer.lint.rules import LINT_RULES
from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.lint import Attached, Linted, LintFinding
from ormer.read.json_regions import regions
from ormer.read.json_text import read_json
from ormer.read.suggestion import suggestion
from ormer.sources.files import read_bytes

LARGEST_LINTED = 128 * 1024
"""Bytes. The largest document of any kind that AWS takes is a key policy of 32 KiB."""


class Loaded(NamedTuple):
    """A document of a target, and the text that it stands in."""

    target: str
    document: Document
    text: bytes


def load(target: str, attached: Optional[Attached]) -> Iterator[Loaded]:
    """Every policy document of a target, which is a JSON file or ``-``.

    ``attached`` None: what the document's elements show. Raises InputError for what is no policy.
    """
    name = "standard input" if target == "-" else target
    path, mark, _ = target.rpartition("#")
    if mark and not os.path.exists(target) and os.path.exists(path):
        raise InputError(f"{target}: a policy inside another file is not read, only JSON policies")
    text = read_bytes(target, LARGEST_LINTED)
    body = read_json(text, name)
    kind = guess_attached(body) if attached is None else attached
    yield Loaded(name, read_document(body, name, kind), text)


def lint_target(
    target: str, attached: Optional[Attached], ignored: Collection[str]
) -> Iterator[Linted]:
    """Each document of a target with its findings, but for those of the ``ignored`` rules."""
    for loaded in load(target, attached):
        found = tuple(f for f in lint(loaded.document) if f.rule.id not in ignored)
        yield Linted(
            loaded.target,
            hashlib.sha256(loaded.text).hexdigest(),
            loaded.document.attached,
            len(loaded.document.policy.statements),
            found,
            _lines(loaded.text, found),
        )


def _lines(text: bytes, found: tuple[LintFinding, ...]) -> tuple[tuple[int, int], ...]:
    places: dict[Place, tuple[int, int]] = {
        place: (region.line, region.column)
        for place, region in regions(text.decode("utf-8"), [each.place for each in found]).items()
    }
    return tuple(places[each.place] for each in found)


def check_rules(names: Collection[str]) -> frozenset[str]:
    """The rules' ids as they are spelt. Raises InputError for one that there is not."""
    known = {rule.id for rule in LINT_RULES}
    for name in names:
        if name.upper() not in known:
            raise InputError(f"{name!r} is no rule of lint{suggestion(name, known)}")
    return frozenset(name.upper() for name in names)
