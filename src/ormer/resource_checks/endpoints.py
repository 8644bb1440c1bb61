"""VPC endpoint policies: data does not leave through them.

Source: "Control access to VPC endpoints using endpoint policies", AWS PrivateLink Guide;
"Building a data perimeter on AWS".
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.evaluate.decide import Evaluator
from ormer.model.attached_policy import Attached
from ormer.model.authorization import Outcome, PolicySet
from ormer.model.policy import Effect, Policy, Statement
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import readable
from ormer.resource_checks.callers import (
    NOBODY,
    Caller,
    account_in,
    everything,
    insider,
    outsider,
    request,
)
from ormer.resource_checks.contexts import concrete, contexts
from ormer.resource_checks.finding import Finding, Stack
from ormer.resource_checks.settled import settled

_READS = ("get", "list", "describe", "batchget", "batchcheck", "head")
"""How the names of actions begin that write nothing, and so carry nothing out."""


def nothing_leaves(declared: Declared, resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Who brings the keys of another account writes nothing through the endpoint; through one
    for Amazon S3, nobody writes to a bucket of another account.

    An endpoint without a policy has the one that AWS gives it, which allows everything.
    """
    service = _service(resource)
    for each in settled(declared, resource, Attached.ENDPOINT):
        evaluator = Evaluator(
            PolicySet(
                identity=(everything(False),),
                resource=everything(True),
                endpoint=(each.policy,),
            )
        )
        for caller, action, target, account in _writes(each.policy, service, stack):
            if any(
                evaluator.decide(request(caller, action, target, account, context)).outcome
                is Outcome.ALLOWED
                for context in contexts(each.policy, {})
            ):
                what = f"{action} on {readable(target)} by {caller.title} is let through"
                yield Finding(each.place, what)
                break


_Write = tuple[Caller, str, str, str]


def _writes(policy: Policy, service: str, stack: Stack) -> Iterator[_Write]:
    """Caller, action, resource and its account, for what each Allow may be about."""
    own, stranger = insider(stack), outsider(stack)
    elsewhere = stranger.principal.account
    for statement in policy.statements:
        if statement.effect is not Effect.ALLOW:
            continue
        actions = [each for each in _actions(statement, service) if not _reads(each)]
        for action in actions:
            for target in _targets(statement):
                yield stranger, action, target, account_in(target, stack.account)
                if action.lower().startswith("s3:"):
                    yield own, action, target, elsewhere
    if service == "s3":
        bucket = f"arn:{stack.partition}:s3:::{NOBODY}/{NOBODY}"
        yield own, "s3:PutObject", bucket, elsewhere
        yield stranger, "s3:PutObject", bucket, elsewhere


def _actions(statement: Statement, service: str) -> Iterator[str]:
    """An action that each pattern of the statement matches; of all actions, one that writes."""
    if statement.not_action:
        yield f"{service}:PutObject"
        return
    for pattern in statement.actions:
        yield f"{service}:PutObject" if pattern == "*" else concrete(pattern, "PutObject")


def _targets(statement: Statement) -> Iterator[str]:
    if statement.not_resource or statement.resources is None:
        yield f"arn:aws:s3:::{NOBODY}/{NOBODY}"
        return
    for pattern in statement.resources:
        yield "*" if pattern == "*" else concrete(pattern, NOBODY)


def _reads(action: str) -> bool:
    return action.partition(":")[2].lower().startswith(_READS)


def _service(resource: Resource) -> str:
    """The service that actions name, of ``com.amazonaws.REGION.SERVICE``."""
    name = str(resource.properties.get("ServiceName", ""))
    last = [part for part in name.split(".") if part]
    return "s3" if last and last[-1] == "s3" else (last[3] if len(last) > 3 else "service")
