"""What is linted: targets -> documents -> findings with their lines."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Optional

from ormer.lint.check import lint
from ormer.lint.document import Document, guess_attached, read_document, together
from ormer.lint.rules import LINT_RULES
from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.lint import Attached, Linted, LintFinding
from ormer.model.resource import Resource
from ormer.read.templates.file_kind import kind_of
from ormer.read.templates.parameters import Values
from ormer.read.text.json_regions import regions
from ormer.read.text.json_text import read_json
from ormer.read.text.suggestion import suggestion
from ormer.run.declared_documents import declared_documents
from ormer.run.targets import name_of, split
from ormer.sources.files import read_bytes

LARGEST_LINTED = 128 * 1024
"""Bytes. The largest document of any kind that AWS takes is a key policy of 32 KiB."""


class Loaded(NamedTuple):
    """A document of a target, and the text that it stands in.

    ``resource`` is the one of a template or plan that holds it, at ``place`` of its properties.
    """

    target: str
    file: str
    document: Document
    text: bytes
    resource: Optional[Resource] = None
    place: Place = ()


def load(target: str, attached: Optional[Attached], given: Values) -> Iterator[Loaded]:
    """Every policy document of a target.

    It is a JSON file, a template or a plan with all its policies or one resource's
    (``template.yaml#Role``), or ``-`` for standard input. ``attached`` None: what the document's
    elements show, and what a template or plan attaches it to. ``given`` are the values for
    templates and plans. Raises InputError for what is no policy and where there is none.
    """
    path, part = split(target)
    name = name_of(path)
    text = read_bytes(path)
    kind = kind_of(text)
    if kind:
        if attached is not None:
            raise InputError(f"{name}: --kind is for JSON policies: a {kind} says what it is")
        for one in declared_documents(text, name, kind, part, given):
            yield Loaded(one.document.name, name, one.document, text, one.resource, one.place)
        return
    if part:
        raise InputError(f"{target}: {name} is neither a template nor a plan: nothing after #")
    if len(text) > LARGEST_LINTED:
        raise InputError(f"{name}: larger than {LARGEST_LINTED} bytes")
    body = read_json(text, name)
    found = guess_attached(body) if attached is None else attached
    yield Loaded(name, name, read_document(body, name, found), text)


def lint_targets(
    targets: Iterable[str],
    attached: Optional[Attached],
    ignored: Collection[str],
    given: Optional[Values] = None,
    beside: bool = False,
) -> Iterator[Linted]:
    """Each document of the targets with its findings, but for those of the ``ignored`` rules.

    ``beside``: the documents of one kind are attached together. Each document is linted once.
    """
    found: dict[tuple[str, Place], Loaded] = {}
    for target in dict.fromkeys(targets):
        for loaded in load(target, attached, given or {}):
            found.setdefault((loaded.target, loaded.place), loaded)
    documents: Sequence[Document] = [loaded.document for loaded in found.values()]
    if beside:
        documents = together(documents)
    for loaded, document in zip(found.values(), documents, strict=True):
        yield _linted(loaded._replace(document=document), ignored)


def _linted(loaded: Loaded, ignored: Collection[str]) -> Linted:
    found = tuple(f for f in lint(loaded.document) if f.rule.id not in ignored)
    placed = tuple(f._replace(place=(*loaded.place, *f.place)) for f in found)
    return Linted(
        loaded.target,
        loaded.file,
        hashlib.sha256(loaded.text).hexdigest(),
        loaded.document.attached,
        len(loaded.document.policy.statements),
        placed,
        _lines(loaded, placed),
    )


def _lines(loaded: Loaded, found: tuple[LintFinding, ...]) -> tuple[tuple[int, int], ...]:
    """Line and column; in a template, of the nearest member that has a line, in a plan, 1."""
    resource = loaded.resource
    if resource is not None:
        return tuple((resource.line(each.place), 1) for each in found)
    there = regions(loaded.text.decode("utf-8"), [each.place for each in found])
    return tuple((there[each.place].line, there[each.place].column) for each in found)


def check_rules(names: Collection[str]) -> frozenset[str]:
    """The rules' ids as they are spelt. Raises InputError for one that there is not."""
    known = {rule.id for rule in LINT_RULES}
    for name in names:
        if name.upper() not in known:
            raise InputError(f"{name!r} is no rule of lint{suggestion(name, known)}")
    return frozenset(name.upper() for name in names)
