"""KMS key policies: nobody of another account uses or manages the key."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.evaluate.decide import Evaluator
from ormer.model.attached_policy import Attached
from ormer.model.authorization import Outcome, PolicySet
from ormer.model.resource import Declared, Resource
from ormer.resource_checks.callers import everything, nobody, outsider, request
from ormer.resource_checks.contexts import contexts
from ormer.resource_checks.finding import Finding, Stack
from ormer.resource_checks.settled import settled

_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:PutKeyPolicy")
_KEY = "key/00000000-0000-4000-8000-000000000000"


def this_account_only(declared: Declared, resource: Resource, stack: Stack) -> Iterator[Finding]:
    """No role of an account that the policy does not name may call the key, nor may anonymous.

    Source: "Allowing users in other accounts to use a KMS key", AWS KMS Developer Guide.
    """
    key = f"arn:{stack.partition}:kms:{stack.region}:{stack.account}:{_KEY}"
    stranger = outsider(stack)
    fixed = {"kms:calleraccount": stranger.principal.account}
    for each in settled(declared, resource, Attached.RESOURCE):
        evaluator = Evaluator(PolicySet(identity=(everything(False),), resource=each.policy))
        for action in _ACTIONS:
            if any(
                evaluator.decide(request(caller, action, key, stack.account, context)).outcome
                is Outcome.ALLOWED
                for caller in (stranger, nobody())
                for context in contexts(each.policy, fixed)
            ):
                yield Finding(each.place, f"{action} is allowed to {stranger.title}")
                break
