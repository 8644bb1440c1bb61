"""One job definition of a request: its values for condition keys and ``api:`` paths.

Keys: an IAM condition key of the action (through the reviewed key table);
``aws:RequestTag/KEY``; ``api:PATH`` for any member of the input, ``api:PATH.#`` for a
list's size; ``api:Step.MEMBER`` for a member of the step; ``api:Model.PATH`` and
``api:EndpointConfig.PATH``, ``api:Endpoint.PATH`` for what the request takes from a model, an
endpoint configuration or an endpoint that it names; ``api:SecretFindings`` for what the
detectors found; ``api:CodeLocations`` for the code that a framework container is told of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import takewhile
from typing import Any, Optional

from ormer.facts.service import ActionFacts, KeyFacts
from ormer.model.definition import Place
from ormer.model.request import Found, Operand
from ormer.model.value import Opaque, made
from ormer.requests.code_locations import code_locations
from ormer.requests.flat import Flat
from ormer.requests.job_document import DOCUMENT
from ormer.requests.kms import KeyIds
from ormer.requests.links import Link, follow, name_paths, names_any
from ormer.requests.paths import COUNT, EACH, EACH_VALUE, Input, gather, path_tokens
from ormer.requests.secrets import secrets_in

TAG_PREFIX = "aws:RequestTag/"
API_PREFIX = "api:"
SECRETS = "api:SecretFindings"
CODE = "api:CodeLocations"
_NAMES_NONE = {link: Operand((), (), False, f"it names no {link.value}") for link in Link}
_LINKS = dict(Link.__members__)
NOT_CARRIED = Operand((), (), False, "the action does not carry the key")


class StepFacet:
    """A job definition inside a step's request. ``root`` is the whole input.

    ``flat`` is the definition laid out, ``whole`` the root; both None where no service
    model describes the input. ``doubt`` is what makes every value of it uncertain.
    """

    __slots__ = ("facts", "root", "definition", "flat", "whole", "keys", "doubt", "_cache", "_tags")

    def __init__(
        self,
        facts: Optional[ActionFacts],
        root: Input,
        definition: Input,
        flat: Optional[Flat],
        whole: Optional[Flat],
        keys: KeyIds,
        doubt: Optional[Found] = None,
    ) -> None:
        self.facts = facts
        self.root = root
        self.definition = definition
        self.flat = flat
        self.whole = whole
        self.keys = keys
        self.doubt = doubt
        self._cache: dict[str, Operand] = {}
        self._tags: Optional[dict[str, Operand]] = None

    def operand(self, key: str) -> Operand:
        """The values of ``key`` in this job definition."""
        operand = self._cache.get(key)
        if operand is None:
            operand = self._cache[key] = self._operand(key)
        return operand

    def lacks(self, members: tuple[str, ...], of_step: tuple[str, ...]) -> bool:
        """Whether it is known that the input and the step have none of these members."""
        root, whole = self.root, self.whole
        if members and (whole is None or whole.opaque):
            return False
        node, body = root.node, root.step.body
        for name in members:
            if name in node:
                return False
        return all(name not in body for name in of_step)

    def tags(self) -> Mapping[str, Operand]:
        """Each tag's value by its key; under no key what makes all of them unknown."""
        if self._tags is None:
            self._tags = dict(self._tag_operands())
        return self._tags

    def _operand(self, key: str) -> Operand:
        entry = None if self.facts is None else self.facts.keys.get(key)
        if entry is not None:
            return self._carried(entry)
        if self.whole is not None and "" in self.whole.opaque:
            return Operand((self.whole.opaque[""],))
        if key.startswith(API_PREFIX):
            shape = self.facts.input if self.facts else None
            if key == SECRETS:
                return Operand(secrets_in(self.root, shape))
            if key == CODE:
                return Operand(code_locations(self.root, shape), (self.root.place,))
            return self._api(key[len(API_PREFIX) :])
        if key.startswith(TAG_PREFIX):
            return self._tag(key[len(TAG_PREFIX) :])
        return NOT_CARRIED

    def _carried(self, entry: KeyFacts) -> Operand:
        """An IAM key: present if any of its members is."""
        flat = self.flat
        if flat is None:
            return self._gathered(entry)
        found: list[Found] = []
        for path in entry.flat:
            found += flat.values.get(path, ())
            if flat.opaque and (unknown := flat.unknown(path)) is not None:
                found.append(unknown)
        if found:
            if not entry.holds_kms_key:
                return made(Operand, (tuple(found), (), True, ""))
            found = [Found(self.keys.normalise(f.value), f.place) for f in found]
            return Operand(tuple(found), self._without_key(entry, flat))
        if entry.demanded_by and not self._exists(entry.demanded_by):
            return Operand((), (), False, f"there is no {entry.demanded_by}")
        places = missing_places(self.definition.place, self._nearest_first(entry.paths))
        return made(Operand, ((), places, True, ""))

    def _nearest_first(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """The paths with those first whose structure is there: that is where a value belongs."""
        if len(paths) == 1:
            return paths
        return tuple(sorted(paths, key=lambda path: not self._exists(_owner(path))))

    def _without_key(self, entry: KeyFacts, flat: Flat) -> tuple[Place, ...]:
        """Where a KMS key is missing although another structure of the request has one.

        Each structure that stores data needs a key of its own.
        """
        if len(entry.flat) == 1:
            return ()
        keyed = {_owner(path) for path in entry.flat if path in flat.values}
        bare = (p for p in entry.flat if _owner(p) not in keyed and self._exists(_owner(p)))
        return missing_places(self.definition.place, tuple(bare))

    def _gathered(self, entry: KeyFacts) -> Operand:
        found: list[Found] = []
        missing: list[Place] = []
        for path in entry.paths:
            some, gaps = gather(self.definition, path_tokens(path))
            found += some
            missing += gaps
        if entry.holds_kms_key:
            found = [Found(self.keys.normalise(f.value), f.place) for f in found]
        if self.doubt is not None:
            found.append(self.doubt)
        return Operand(tuple(found), () if found else tuple(missing))

    def _exists(self, path: str) -> bool:
        node = self.definition.node
        for token in path_tokens(path):
            node = node.get(token) if isinstance(node, dict) else None
        return bool(node)

    def _api(self, path: str) -> Operand:
        link, _, rest = path.partition(".")
        if link == "Step":
            step = self.root.step
            body: Mapping[str, Any] = step.body
            tokens = path_tokens(rest)
            if body.get(tokens[0]) is None:
                return Operand((), ((*step.place, *_parts(rest)),))
            if len(tokens) == 1 and body[tokens[0]] in (
                {},
                [],
                "",
            ):  # what the service makes of it is not known
                value = Opaque("it is empty")
                return Operand((Found(value, (*step.place, tokens[0])),))
            return _operand(gather(Input(body, step.place, step, self.root.resolver), tokens))
        if link in _LINKS and rest:
            return self._followed(_LINKS[link], rest)
        whole = self.whole
        if whole is not None and not whole.opaque and link not in self.root.node:
            return made(Operand, ((), missing_places(self.root.place, (path,)), True, ""))
        found, missing = gather(self.root, path_tokens(path))
        if self.doubt is not None and link == DOCUMENT:
            found.append(self.doubt)
        return _operand((found, missing))

    def _followed(self, link: Link, rest: str) -> Operand:
        action = self.facts.name if self.facts else ""
        is_known = self.whole is not None and not self.whole.opaque
        if is_known and not names_any(link, action, self.root):
            return _NAMES_NONE[link]
        found: list[Found] = []
        missing: list[Place] = []
        for target in follow(link, action, self.root):
            if isinstance(target, Found):
                found.append(target)
                continue
            some, gaps = gather(target, path_tokens(rest))
            found += some
            missing += gaps
        hidden = self._hidden(name_paths(link, action))
        if hidden is not None:
            found.append(hidden)
        if not found and not missing:
            return _NAMES_NONE[link]
        return Operand(tuple(found), tuple(missing))

    def _hidden(self, paths: tuple[str, ...]) -> Optional[Found]:
        """A structure that cannot be known on the way to one of the paths."""
        for path in paths if self.whole is not None and self.whole.opaque else ():
            unknown = self.whole.unknown(path) if self.whole is not None else None
            if unknown is not None:
                return unknown
        return None

    def _tag(self, name: str) -> Operand:
        if self.facts is None or not self.facts.takes_tags:
            return Operand((), (), False, "the action takes no tags")
        tags = self.tags()
        return tags.get("") or tags.get(name) or Operand((), ((*self.root.place, "Tags"),))

    def _tag_operands(self) -> Iterator[tuple[str, Operand]]:
        """Each tag's value by its key, the last first; under no key what makes all unknown."""
        place = (*self.root.place, "Tags")
        tags = self.root.node.get("Tags")
        if type(tags) is not list:
            tags = self.root.resolver.resolve(tags, self.root.step)
            if tags is not None and not isinstance(tags, list):
                yield "", Operand((Found(Opaque("Tags that are no list"), place),))
                return
        for index in range(len(tags or ()) - 1, -1, -1):
            tag = tags[index]
            key = self._resolved(tag.get("Key")) if isinstance(tag, dict) else None
            if isinstance(key, str) and key:
                yield key, self._tag_value(tag, (*place, index, "Value"))

    def _tag_value(self, tag: dict[str, Any], place: Place) -> Operand:
        value = self._resolved(tag.get("Value"))
        if isinstance(value, (dict, list)):
            value = Opaque("a structure where a text belongs")
        if value in (None, ""):
            return Operand((), (place,))
        return made(Operand, ((made(Found, (value, place)),), (), True, ""))

    def _resolved(self, node: Any) -> Any:
        return node if type(node) is str else self.root.resolver.resolve(node, self.root.step)


@lru_cache(maxsize=4096)
def _parts(path: str) -> Place:
    """The path as a place: up to the first list, because no element of it can be named."""
    return tuple(takewhile(lambda token: token not in (EACH, EACH_VALUE, COUNT), path_tokens(path)))


def _owner(path: str) -> str:
    return path.rpartition(".")[0]


@lru_cache(maxsize=4096)
def missing_places(base: Place, paths: tuple[str, ...]) -> tuple[Place, ...]:
    """Where a value belongs that is at none of the paths."""
    return tuple([base + _parts(path) for path in paths])


def _operand(gathered: tuple[list[Found], list[Place]]) -> Operand:
    return made(Operand, (tuple(gathered[0]), tuple(gathered[1]), True, ""))
