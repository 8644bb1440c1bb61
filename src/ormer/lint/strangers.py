"""LNT-12: an Allow for everyone that a stranger can use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ormer.lint.bench import Bench
from ormer.lint.callers import ANYONE, OUTSIDER
from ormer.lint.document import At
from ormer.lint.rules import PRINCIPAL
from ormer.lint.samples import FOREIGN_ACCOUNT, Value, foreign
from ormer.lint.wish import Wish
from ormer.model.lint import Attached, LintFinding, Witness
from ormer.model.policy import Effect

_UNSIGNED = ("s3:", "sqs:", "sns:")
"""Services that take requests without credentials ("anonymous" in their guides)."""
_NOT_CHOSEN = (
    *("aws:principalorgid", "aws:principalorgpaths", "aws:sourcevpc", "aws:sourcevpce"),
    *("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths", "aws:sourcevpcarn"),
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid"),
    *("aws:sourceorgpaths", "aws:sourceip", "aws:vpcsourceip", "sts:externalid"),
    *("kms:calleraccount", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"),
    *("lambda:sourcefunctionarn", "ec2:sourceinstancearn", "aws:federatedprovider"),
    *("aws:ec2instancesourcevpc", "aws:sourceidentity", "aws:chatbotsourcearn"),
)
"""Keys that a stranger cannot give a value that the policy asks for."""
_ABSENT = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid")
"""Keys that only calls of services have."""


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every Allow with a wildcard Principal, unless a condition keeps strangers out."""
    if bench.document.attached not in (Attached.RESOURCE, Attached.TRUST):
        return
    for at in bench.of(Effect.ALLOW):
        who = at.statement.principals
        if who is None or not (who.everyone or at.statement.not_principal):
            continue
        witness = _witness(bench, at)
        if witness is None and at.statement.conditions:
            continue
        element = "NotPrincipal" if at.statement.not_principal else "Principal"
        message = "everyone is allowed" if witness is not None else "Principal is a wildcard"
        if at.statement.conditions:
            message += ": no condition keeps strangers out"
        yield bench.finding(PRINCIPAL, at, (*at.place, element), message, witness)


def _witness(bench: Bench, at: At) -> Optional[Witness]:
    """A request without credentials, or of somebody else's account."""
    wish = Wish(at.statement, bench.version, _held(at))
    if any(action.lower().startswith(_UNSIGNED) for action in at.statement.actions):
        found = bench.let_in(at, wish._replace(callers=(ANYONE,), forced=_held(at, signed=False)))
        if found is not None:
            return found
    return bench.let_in(at, wish._replace(callers=(OUTSIDER,)))


def _held(at: At, signed: bool = True) -> dict[str, tuple[Value, ...]]:
    """The keys of the statement that a stranger cannot choose, with what a stranger has."""
    keys = {condition.key.lower() for condition in at.statement.conditions}
    held: dict[str, tuple[Value, ...]] = {}
    for key in keys:
        if key in _ABSENT:
            held[key] = (None,)
        elif key in _NOT_CHOSEN:
            own = key.startswith("aws:principal") and not signed
            held[key] = (None,) if own else (*_of_stranger(key), None)
        elif key.startswith("aws:principaltag/") and not signed:
            held[key] = (None,)
    return held


def _of_stranger(key: str) -> tuple[Value, ...]:
    if key in ("kms:calleraccount", "s3:dataaccesspointaccount", "aws:vpceaccount"):
        return (FOREIGN_ACCOUNT,)
    if key in ("aws:sourceip", "aws:vpcsourceip"):
        return ("203.0.113.9",)
    found = foreign(key)
    return tuple((value,) for value in found) if key.endswith("paths") else found
