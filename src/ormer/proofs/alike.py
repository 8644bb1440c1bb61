"""Principals that no policy can tell apart: what is proved of one is proved of the others.

Two users or two roles of an account are alike where the same is attached to them, every statement
of another policy names both or neither, and every condition on the principal's ARN says the same
of both. Then renaming one to the other leaves all policies as they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import product
from typing import Optional

from ormer.model.access import Access, Holder
from ormer.model.policy import Policy, Statement
from ormer.model.principal import Kind
from ormer.model.symbol import has_symbol
from ormer.proofs.asked.spaces import Spaces, may_tag_sessions
from ormer.proofs.asked.targets import Targets
from ormer.proofs.proof import ActionProof, Proof, Verdict
from ormer.proofs.replay import Kept, by_another
from ormer.prove.language import matches
from ormer.prove.pattern import glob, literal
from ormer.prove.policies import variables_of
from ormer.prove.principals import named

_ARN, _NAME = "aws:principalarn", "aws:username"
_COMPARED = (Kind.USER, Kind.ROLE)
_WAYS = tuple(product((True, False), repeat=2))
"""With a permissions boundary or without, as what may be or as what is."""


class Alike:
    """Of one access. ``forbidden`` are the statements that are asked about besides."""

    def __init__(self, access: Access, spaces: Spaces, forbidden: Iterable[Statement]) -> None:
        self._access = access
        self._spaces = spaces
        shared = tuple(_shared(access))
        self._elements = {(one.effect, one.not_principal, one.principals): one for one in shared}
        self._shared_asks = frozenset(_asks((*shared, *forbidden)))
        self._first: dict[Hashable, str] = {}
        self._of: dict[str, str] = {}

    def first(self, holder: Holder) -> str:
        """The first principal asked about that is like this one; itself, if there was none."""
        name = holder.principal.name
        if name not in self._of:
            self._of[name] = self._first.setdefault(self._mark(holder), name)
        return self._of[name]

    def renamed(self, one: Targets, proof: Proof, holder: Holder, kept: Kept) -> Optional[Proof]:
        """The proof of a principal as that of one that is like it; each counterexample is decided
        again. None where one of them is none."""
        like = proof.principal
        names = _names(self._access.holders[like], holder)
        sets = {each.action: each.certain for each in one.actions}
        actions: list[ActionProof] = []
        for each in proof.actions:
            found, forbidden = each.counterexample, sets.get(each.action)
            if found is not None and forbidden is not None:
                found = by_another(self._access, holder, forbidden, found, kept)
                if found is None:
                    return None
            if each.verdict is Verdict.UNKNOWN and any(name in each.why for name in names):
                return None  # the reason names a policy
            by = tuple(
                one._replace(policy=names.get(one.policy, one.policy)) for one in each.carriers
            )
            actions.append(each._replace(counterexample=found, carriers=by))
        return proof._replace(principal=holder.principal.name, actions=tuple(actions), like=like)

    def _mark(self, holder: Holder) -> Hashable:
        """What is known of a principal but for its name: the same for two that are alike."""
        one = holder.principal
        if one.kind not in _COMPARED:
            return one
        own = (statement for policy in _own(holder) for statement in policy.statements)
        asks = {*self._shared_asks, *_asks(own)}
        return (
            one._replace(name="", role="", key=""),
            one.name.split(":")[1],
            tuple(map(_nameless, holder.identity)),
            holder.boundary and tuple(map(_nameless, holder.boundary)),
            holder.session and _nameless(holder.session),
            tuple(sorted(self._spaces.fixed_but_name(holder).items())),
            may_tag_sessions(self._access, holder),
            tuple(named(each, one, *how) for each in self._elements.values() for how in _WAYS),
            tuple(_said(text, one.name) for text in sorted(asks)),
        )


def _own(holder: Holder) -> Iterator[Policy]:
    yield from (*holder.identity, *(holder.boundary or ()))
    if holder.session is not None:
        yield holder.session


def _nameless(policy: Policy) -> Policy:
    return policy._replace(name="")


def _names(one: Holder, other: Holder) -> dict[str, str]:
    """What the policies of one are called where they are the other's, if they differ."""
    pairs = zip(_own(one), _own(other), strict=True)
    return {mine.name: its.name for mine, its in pairs if mine.name != its.name}


def _shared(access: Access) -> Iterator[Statement]:
    """The statements that many principals meet."""
    for one in access.resource_policies:
        yield from one.policy.statements
    for endpoint in access.endpoints:
        yield from endpoint.policy.statements
    for level in (*access.scps, *access.rcps):
        for policy in level.policies:
            yield from policy.statements


def _asks(statements: Iterable[Statement]) -> Iterator[str]:
    """The texts that a principal's ARN is compared with; an empty text for what nobody can say."""
    every = tuple(statements)
    if variables_of(every) & {_ARN, _NAME}:
        yield ""
    for statement in every:
        for condition in statement.conditions:
            key = condition.key.lower()
            if key == _NAME or has_symbol(condition.key):
                yield ""
            elif key == _ARN:
                yield from ("" if _is_open(text) else text for text in condition.values)


def _is_open(text: str) -> bool:
    return has_symbol(text) or "${" in text


def _said(text: str, name: str) -> Hashable:
    """All that an operator may make of a text and a principal's ARN."""
    if not text:
        return name
    found = [
        matches(pattern(one), other)
        for pattern in (glob, literal)
        for one, other in ((text, name), (text.lower(), name.lower()))
    ]
    segments, own = text.split(":", 5), name.split(":", 5)
    found.append(len(segments) == len(own) and matches(glob(segments[-1]), own[-1]))
    return tuple(found)
