"""Access -> text: what was read, and the symbols that nothing binds."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.access import Access, Holder
from ormer.model.authorization import Level
from ormer.model.policy import Policy, Statement
from ormer.model.symbol import symbols


def access_text(access: Access) -> Iterator[str]:
    """A line for each principal, resource, endpoint and level, and for each of its policies."""
    for arn, holder in access.holders.items():
        tags = f", {_count(len(holder.tags), 'tag', 'tags')}" if holder.tags else ""
        yield f"{arn}: {_policies(len(holder.identity))}{tags}"
        yield from _holder(holder)
    for one in access.resource_policies:
        yield f"policy of {one.resource}"
        yield f"  {_policy(one.policy)}"
    for endpoint in access.endpoints:
        yield f"endpoint {endpoint.id} of {endpoint.service}"
        yield f"  {_policy(endpoint.policy)}"
    yield from _levels("service control policies", access.scps)
    yield from _levels("resource control policies", access.rcps)


def _holder(holder: Holder) -> Iterator[str]:
    for policy in holder.identity:
        yield f"  {_policy(policy)}"
    for policy in holder.boundary or ():
        yield f"  boundary {_policy(policy)}"
    if holder.session is not None:
        yield f"  session {_policy(holder.session)}"


def _levels(what: str, levels: tuple[Level, ...]) -> Iterator[str]:
    for level in levels:
        yield f"{what} of {level.name}: {_policies(len(level.policies))}"
        for policy in level.policies:
            yield f"  {_policy(policy)}"


def _policy(policy: Policy) -> str:
    text = f"{policy.name}: {_count(len(policy.statements), 'statement', 'statements')}"
    names = dict.fromkeys(name for each in policy.statements for name in _symbols(each))
    return f"{text}, not known: {', '.join(names)}" if names else text


def _symbols(statement: Statement) -> Iterator[str]:
    texts = [*statement.actions, *(statement.resources or ())]
    if statement.principals is not None:
        texts += [name for names in statement.principals[1:] for name in names]
    for condition in statement.conditions:
        texts += [condition.key, *condition.values]
    for text in texts:
        yield from symbols(text)


def _policies(count: int) -> str:
    return _count(count, "policy", "policies")


def _count(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
