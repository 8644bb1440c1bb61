"""Is one request, parts of which are free, allowed whatever they are? If not: with which values?

The request is written as for ``evaluate.open.verdict``: symbols and wildcards in its resource,
symbols in its context, uncertain keys. Unlike there, nothing of it is weighed by itself: the
solver looks for values with which it is not allowed, and where there are none, it is allowed with
each. The same symbol in two texts may get two values here, so what is found has to be tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Optional

from ormer.facts.iam_actions import action as find_action
from ormer.model.access import Access, Endpoint, Holder, ResourcePolicy
from ormer.model.authorization import AuthorizationRequest, Context
from ormer.model.policy import Policy
from ormer.model.symbol import END, START, as_glob, has_symbol, pieces
from ormer.model.world import World
from ormer.proofs.asked.spaces import Spaces
from ormer.prove.arns import resources_of
from ormer.prove.atoms import Atoms
from ormer.prove.formula import Formula, all_of, negation
from ormer.prove.found import found_in
from ormer.prove.layers import Layers
from ormer.prove.pattern import EVERYTHING, Pattern, Step, glob, joined, literal
from ormer.prove.policies import named_resources, statements
from ormer.prove.question import MOST_SLOTS, slots_of
from ormer.prove.request_space import KeyFacts, RequestSpace, Route
from ormer.prove.solver import Solver
from ormer.prove.views import RESOURCE, Request

_SOME: Pattern = (Step(frozenset(), but=True), *EVERYTHING)
_LACKING, _FILLED = "lacking", "filled"
_TAG = "aws:requesttag/"
_NAME, _BUCKET = "example", "amzn-s3-demo-bucket"


class Met(NamedTuple):
    """The policies that a request meets: those of ``holder``, of the resource (None: it has none)
    and of the VPC endpoint that it comes through. ``access`` has the organisation's."""

    access: Access
    holder: Holder
    resource: Optional[Policy]
    endpoint: Optional[Endpoint]


class Lacking(NamedTuple):
    """Values with which a request may not be allowed: its resource and its context with them.

    None of both and no ``unknown``: it is allowed with each. ``unknown`` says why that cannot be
    told.
    """

    resource: str = ""
    context: Optional[Context] = None
    unknown: str = ""

    @property
    def fits(self) -> bool:
        """Whether it is allowed with each value."""
        return self.context is None and not self.unknown


def lacking(
    met: Met,
    request: AuthorizationRequest,
    spaces: Spaces,
    apart: Iterable[str] = (),
    sure: frozenset[str] = frozenset(),
    deadline: float = float("inf"),
) -> Lacking:
    """Look for values with which the request is not allowed.

    ``apart`` are resources that it is not about, ``sure`` keys whose value is not empty.
    ``deadline`` is of time.monotonic, ``spaces`` give likely values alone.
    """
    if has_symbol(request.account):
        return Lacking(unknown="whose account the resource is in is not known")
    one = _One(met, request, spaces, sure)
    try:
        return one.answer(tuple(apart), deadline)
    finally:
        one.close()


class _One:
    """The question about one request."""

    def __init__(
        self, met: Met, request: AuthorizationRequest, spaces: Spaces, sure: frozenset[str]
    ) -> None:
        self.asked = request
        self.sure = sure
        self.holder = met.holder._replace(principal=request.principal)
        self.access = _alone(met, request)
        self.atoms = Atoms()
        self.space = self._space(spaces, met.endpoint)
        about = statements(self.access, self.holder, request.action)
        needed = slots_of(about, self.space)
        self.few = max(needed.values(), default=0) > MOST_SLOTS
        self.slots = {key: min(count, MOST_SLOTS) for key, count in needed.items()}
        for key, value in request.context.items():
            if not isinstance(value, str):
                self.slots[key] = len(value)
        self.request = Request(self.atoms, self.space, self._slot_count, is_shared=True)
        self.solver: Optional[Solver] = None

    def _slot_count(self, key: str) -> int:
        return self.slots.get(key, 1)

    def _space(self, spaces: Spaces, endpoint: Optional[Endpoint]) -> RequestSpace:
        asked = self.asked
        named = named_resources(self.access, self.holder, asked.action)
        likely = spaces.space(asked.action, self.holder, World(), named)
        fixed = {
            key: value
            for key, value in asked.context.items()
            if isinstance(value, str) and not has_symbol(value) and key not in asked.uncertain
        }
        return RequestSpace(
            asked.action,
            asked.principal,
            None,
            self._facts(spaces),
            fixed,
            always=frozenset(key for key in asked.context if self._is_certain(key)),
            may_be_foreign=asked.account != asked.principal.account,
            route=Route() if endpoint is None else Route(endpoint.id, (endpoint.id,)),
            hints=_hints(asked.resource, likely.hints),
        )

    def _is_certain(self, key: str) -> bool:
        """An empty value is no value, but for a tag's: a text that may be empty may be no key."""
        value = self.asked.context[key]
        is_some = not isinstance(value, str) or bool(_closed(value))
        is_there = is_some or key in self.sure or key.startswith(_TAG)
        return key not in self.asked.uncertain and is_there

    def _facts(self, spaces: Spaces) -> Callable[[str], Optional[KeyFacts]]:
        asked, known = self.asked, find_action(self.asked.action)

        def key(name: str) -> Optional[KeyFacts]:
            value = asked.context.get(name)
            if value is None and name not in asked.uncertain:
                return None
            likely = spaces.facts(asked.action, known, name) or KeyFacts()
            if value is None:
                return KeyFacts(hints=likely.hints)
            if not isinstance(value, str):
                return KeyFacts(True, hints=(*likely.hints, *map(filled, value)))
            kind = "" if _closed(value) else likely.kind
            return KeyFacts(False, None, _hints(value, likely.hints), kind)

        return key

    def answer(self, apart: tuple[str, ...], deadline: float) -> Lacking:
        """Whether there is a value with which it is not allowed."""
        allowed = Layers(self.access, self.holder, self.request, may=False).allowed()
        self.solver = Solver(self.atoms, deadline)
        for formula in (*self._what_is_known(), *self._not_about(apart)):
            self.solver.add(formula)
        self.solver.add_if(_LACKING, negation(allowed))
        self.solver.add_if(_FILLED, all_of(self._there()))
        found = self.solver.answer((_LACKING, _FILLED))
        if found.model is None:
            found = self.solver.answer((_LACKING,))
        if found.model is not None:
            shown = found_in(found.model, self.request)
            return Lacking(shown.resource, shown.seen)
        if found.unknown:
            return Lacking(unknown=found.unknown)
        if self.few:
            return Lacking(unknown="more values of one key are asked for than are tried")
        any_ = self.solver.answer()
        if any_.model is None:
            return Lacking(unknown=any_.unknown or "what is known of the call contradicts itself")
        return Lacking()

    def close(self) -> None:
        """Free the solver's memory."""
        if self.solver is not None:
            self.solver.close()

    def _what_is_known(self) -> Iterator[Formula]:
        asked, request = self.asked, self.request
        matches = self.atoms.matches
        is_none = asked.resource == "*"
        yield matches(RESOURCE, literal("*") if is_none else glob(as_glob(asked.resource)))
        for key, value in asked.context.items():
            if isinstance(value, str):
                for _, variable in request.really(key).single:
                    if not self.atoms.variables[variable].kind:
                        yield matches(variable, self._pattern(key, value))
                continue
            for (where, variable), one in zip(request.really(key).many, value, strict=True):
                yield all_of((where, matches(variable, _pattern(one))))
        yield request.foreign if self.space.may_be_foreign else True
        if self.space.route.endpoint:
            yield request.listed
        managing = self.access.management_account
        if managing and managing != asked.principal.account:
            managed = request.managed_by(managing)
            yield managed if asked.account == managing else negation(managed)

    def _there(self) -> Iterator[Formula]:
        """No text is empty: values that are tried first."""
        for key in self.asked.context:
            yield self.request.really(key).present

    def _pattern(self, key: str, value: str) -> Pattern:
        return _SOME if not _closed(value) and not key.startswith(_TAG) else _pattern(value)

    def _not_about(self, apart: tuple[str, ...]) -> Iterator[Formula]:
        for one in apart:
            for pattern in resources_of(one):
                yield negation(self.atoms.matches(RESOURCE, pattern))


def filled(text: str) -> str:
    """A likely text for one with symbols and wildcards."""
    before, _, after = text.partition(":::")
    if after.startswith(START) and ":s3" in before:  # a bucket that is not fixed
        text = f"{before}:::{_BUCKET}{after.partition(END)[2]}"
    if text == "*":
        return text
    return re.sub(r"\*+", _NAME, as_glob(text)).replace("?", "x")


def _hints(text: str, likely: tuple[str, ...]) -> tuple[str, ...]:
    """What is likely of a text of which nothing is known, and else what it is but for its parts."""
    return (filled(text), *likely) if _closed(text) else (*likely, filled(text))


def _closed(text: str) -> str:
    """What of it is known."""
    return as_glob(text).replace("*", "") if has_symbol(text) else text


def _pattern(text: str) -> Pattern:
    """What a value may be."""
    return joined(
        step
        for at, piece in enumerate(pieces(text))
        for step in (EVERYTHING if at % 2 else literal(piece))
    )


def _alone(met: Met, request: AuthorizationRequest) -> Access:
    """The access file's policies that the request meets, and no others."""
    service = request.action.partition(":")[0].lower()
    resource = request.resource
    owner = resource.partition("/")[0] if ":s3:" in resource else resource
    policies = () if met.resource is None else (ResourcePolicy(owner, met.resource),)
    endpoints = () if met.endpoint is None else (met.endpoint._replace(service=service),)
    return met.access._replace(holders={}, resource_policies=policies, endpoints=endpoints)
