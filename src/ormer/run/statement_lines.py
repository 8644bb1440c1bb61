"""Where a statement stands: the file and line of a policy that was named in an access file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from ormer.model.access_file import AccessFile
from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import has_symbol, readable
from ormer.proofs.telling.told import At
from ormer.read.policies.attached import attached_policies
from ormer.read.policies.open_policy import parse_open_json
from ormer.read.text.json_regions import regions
from ormer.read.text.json_text import read_json


class StatementLines:
    """``read`` are the templates and plans by their paths, ``texts`` all files' bytes."""

    def __init__(
        self, file: AccessFile, read: Mapping[str, Declared], texts: Mapping[str, bytes]
    ) -> None:
        self._file = file
        self._read = read
        self._texts = texts
        self._found: dict[tuple[str, str], Optional[At]] = {}
        self._references = dict(_references(file))

    def of(self, policy: str, statement: str) -> Optional[At]:
        """Where the statement of a policy stands, both by the names that reasons have; None for
        what stands in no file (an AWS managed policy)."""
        key = (policy, statement)
        if key not in self._found:
            self._found[key] = self._at(policy, statement)
        return self._found[key]

    def _at(self, policy: str, statement: str) -> Optional[At]:
        if policy in self._texts and policy not in self._read:
            return self._in_json(policy, statement)
        for path, declared in self._read.items():
            if policy.startswith(f"{path}#"):
                return self._declared(declared, policy, statement)
        own, _, place = policy.partition("#")
        if own == self._file.name and place in self._references:
            return At(own, self._references[place])
        return None

    def _in_json(self, path: str, statement: str) -> Optional[At]:
        text = self._texts[path].removeprefix(b"\xef\xbb\xbf")
        place = _place(read_json(text, path), statement)
        if place is None:
            return None
        return At(path, regions(text.decode("utf-8"), [place])[place].line)

    def _declared(self, found: Declared, policy: str, statement: str) -> Optional[At]:
        for resource in found.resources.values():
            for each in attached_policies(resource):
                called = f"{found.name}#{resource.id}"
                if policy == (f"{called}/{each.name}" if each.name else called):
                    return At(found.name, _line(resource, each.document, each.place, statement))
        return None


def _line(resource: Resource, document: Any, start: Place, statement: str) -> int:
    if isinstance(document, str):
        try:
            document = parse_open_json(document, "the policy")
        except InputError:  # a symbol: nobody knows what stands there
            return resource.line(start)
    place = _place(document, statement)
    return resource.line((*start, *(place or ())))


def _place(document: Any, statement: str) -> Optional[Place]:
    """Where a document has the statement of a Sid, or of a number."""
    body = document.get("Statement") if isinstance(document, dict) else None
    if isinstance(body, dict):
        return ("Statement",)
    if not isinstance(body, list):
        return None
    for index, each in enumerate(body):
        sid = each.get("Sid") if isinstance(each, dict) else None
        if (readable(sid) if sid else str(index)) == statement:
            return ("Statement", index)
        if isinstance(each, str) and has_symbol(each) and readable(each) == statement:
            return ("Statement", index)
    return None


def _references(file: AccessFile) -> Iterator[tuple[str, int]]:
    """The places of policies that stand in the access file itself, with their lines."""
    references = [
        *(each for one in file.principals for each in one.identity),
        *(one.boundary for one in file.principals),
        *(one.session for one in file.principals),
        *(one.policy for one in file.resources),
        *(one.policy for one in file.endpoints),
        *(each for level in (*file.scps, *file.rcps) for each in level.policies),
    ]
    for each in references:
        if each is not None and not each.text:
            yield each.place, each.line
