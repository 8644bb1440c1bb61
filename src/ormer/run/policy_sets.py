"""What a comparison is between: an access file, or the policies of one principal, as Access."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple, Optional

from ormer.model.access import Access
from ormer.model.access_file import AccessFile, NamedPrincipal, Reference
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.policy import Statement
from ormer.model.principal import principal_from_arn
from ormer.model.symbol import has_symbol
from ormer.read.templates.file_kind import kind_of
from ormer.read.text.json_text import read_json
from ormer.run.access import Parameters, access_of, load_access
from ormer.run.targets import split
from ormer.sources.files import read_bytes

SOMEBODY = "arn:aws:iam::111122223333:role/compared"
"""Who has the policies of a single document, where nobody says."""
UNKNOWN_LIMIT = (
    "the permissions boundary, of which nothing is known, is the same in both and left out: "
    "what is found holds where it allows it"
)


class PolicySet(NamedTuple):
    """``is_file`` where the target is an access file. ``note`` says what is left out."""

    target: str
    access: Access
    is_file: bool
    note: str = ""


def load_sets(
    old: str,
    new: str,
    principals: tuple[str, ...],
    environment: Optional[Environment],
    parameters: Optional[Parameters] = None,
) -> tuple[PolicySet, PolicySet]:
    """Both sets. Raises InputError for what cannot be read, and where only one is an access
    file."""
    holder = principals[0] if principals else _somebody(environment)
    found = [_load(each, holder, parameters, environment) for each in (old, new)]
    if found[0].is_file is not found[1].is_file:
        access, other = (old, new) if found[0].is_file else (new, old)
        raise InputError(f"{access} is an access file and {other} is not: give two of a kind")
    if not found[0].is_file and len(principals) > 1:
        raise InputError("--principal: a single policy is compared for one principal")
    for arn in principals:
        if not any(arn in one.access.holders for one in found):
            raise InputError(f"--principal {arn}: neither {old} nor {new} has it")
    if not found[0].is_file:
        found = list(_without_unknown_limit(*found))
    return found[0], found[1]


def _without_unknown_limit(one: PolicySet, other: PolicySet) -> tuple[PolicySet, PolicySet]:
    """Without a boundary of which nothing is known, where both have the same: whatever it
    allows, what only one of the two allows is no more than without it."""
    limits = [set(_limits(each)) for each in (one, other)]
    unknown = any(has_symbol(action) for each in limits[0] for action in each.actions)
    if not unknown or limits[0] != limits[1]:
        return one, other
    return _unlimited(one), _unlimited(other)


def _limits(one: PolicySet) -> Iterator[Statement]:
    for holder in one.access.holders.values():
        for policy in holder.boundary or ():
            yield from policy.statements


def _unlimited(one: PolicySet) -> PolicySet:
    holders = {a: h._replace(boundary=None) for a, h in one.access.holders.items()}
    return one._replace(access=one.access._replace(holders=holders), note=UNKNOWN_LIMIT)


def _somebody(environment: Optional[Environment]) -> str:
    if environment is None:
        return SOMEBODY
    return f"arn:{environment.partition}:iam::{environment.account}:role/compared"


def _load(
    target: str,
    holder: str,
    parameters: Optional[Parameters],
    environment: Optional[Environment],
) -> PolicySet:
    path, part = split(target)
    if not part and not _is_policy(path):
        return PolicySet(target, load_access(path, parameters, environment), True)
    try:
        principal = principal_from_arn(holder)
    except ValueError as error:
        raise InputError(f"--principal: {error}") from None
    name = os.path.basename(path)
    reference = Reference("policy", 1, f"{name}#{part}" if part else name)
    one = NamedPrincipal(principal, {}, (reference,), None, None)
    file = AccessFile(path, (one,), (), (), (), (), "", {})
    return PolicySet(target, access_of(file, parameters, environment), False)


def _is_policy(path: str) -> bool:
    """Whether a file is one JSON policy document."""
    data = read_bytes(path).removeprefix(b"\xef\xbb\xbf")
    kind = kind_of(data)
    if kind:
        raise InputError(f"{path} is a {kind}: add # and the id of a resource")
    if not data.lstrip().startswith(b"{"):
        return False
    try:
        body = read_json(data, path)
    except InputError:
        return b'"Statement"' in data
    return isinstance(body, dict) and "Statement" in body
