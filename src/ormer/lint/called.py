"""What the request of a witness is about: an action and a resource that a statement takes in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ormer.evaluate.globs import match_glob, parse_glob
from ormer.evaluate.match_action import matches_action
from ormer.evaluate.match_resource import resource_test
from ormer.facts.iam_actions import Action, action, service_actions
from ormer.lint.example import REGION
from ormer.lint.key_facts import carries
from ormer.lint.samples import texts
from ormer.model.authorization import AuthorizationRequest
from ormer.model.policy import Statement
from ormer.model.principal import ANONYMOUS

USUAL = (
    *("s3:GetObject", "s3:PutObject", "s3:ListBucket", "sagemaker:CreateTrainingJob"),
    *("kms:Decrypt", "sts:AssumeRole", "ec2:RunInstances", "iam:PassRole", "sqs:SendMessage"),
    *("sns:Publish", "lambda:InvokeFunction", "secretsmanager:GetSecretValue"),
    *("ecr:BatchGetImage", "dynamodb:GetItem", "logs:PutLogEvents"),
)
_MOST_ACTIONS = 12
_WILD = re.compile(r"[*?]")


@lru_cache(maxsize=512)
def actions(statement: Statement) -> tuple[Action, ...]:
    """A few real actions that the statement is about; those with its keys and the usual first."""
    found = {each.name: each for each in _listed(statement)}
    usual = [each for name in USUAL if (each := action(name)) is not None]
    if statement.not_action or any(not each.strip("*") for each in statement.actions):
        keyed = [
            each
            for service in {condition.key.partition(":")[0] for condition in statement.conditions}
            for each in expand(f"{service}:*")
        ]
        found.update(
            {e.name: e for e in (*usual, *keyed) if matches_action(statement, e.name.lower())}
        )
    keys = [condition.key for condition in statement.conditions]
    order = {name: index for index, name in enumerate(USUAL)}

    def rank(each: Action) -> tuple[int, int]:
        return -sum(carries(each, key) for key in keys), order.get(each.name, len(order))

    return tuple(sorted(found.values(), key=rank)[:_MOST_ACTIONS])


def _listed(statement: Statement) -> Iterator[Action]:
    if not statement.not_action:
        for pattern in statement.actions:
            yield from expand(pattern)


@lru_cache(maxsize=4096)
def expand(pattern: str) -> tuple[Action, ...]:
    """The actions that a pattern of one service matches; none for ``*`` and for unknown ones."""
    service, colon, name = pattern.lower().partition(":")
    facts = service_actions(service) if colon else None
    if facts is None:
        return ()
    if _WILD.search(name) is None:
        found = facts.actions.get(name)
        return () if found is None else (found,)
    glob = parse_glob(name)
    return tuple(each for known, each in facts.actions.items() if match_glob(glob, known))


def resources(
    statement: Statement,
    version: str,
    about: Action,
    context: dict[str, str],
    account: str,
    own: tuple[str, ...] = (),
) -> Iterator[str]:
    """A few resources that the statement takes in and the action may be about.

    ``own`` are patterns of those that the policy can be about, where it is a bucket's: no other
    bucket is then looked at, though a NotResource takes in all of them.
    """
    if statement.resources is None:
        yield f"arn:aws:iam::{account}:role/example"
        return
    test = resource_test(statement, version)
    named = own if statement.not_resource else statement.resources
    tried = [text for pattern in named for text in texts(pattern, version, context)]
    for text in dict.fromkeys((*tried, *(filled(arn, account) for arn in about.arns), "*")):
        request = AuthorizationRequest(ANONYMOUS, "", text, "", context)
        if own and not _is_of(text, own):
            continue
        if _is_possible(text, about) and (test is None or test(request)):
            yield text


def _is_of(text: str, own: tuple[str, ...]) -> bool:
    """Whether the resource's bucket is one of those of the patterns."""
    bucket = text.partition("/")[0]
    return any(match_glob(parse_glob(each.partition("/")[0]), bucket) for each in own)


def _is_possible(text: str, about: Action) -> bool:
    if not about.arns:
        return text == "*"
    return any(is_form_of(arn, text) for arn in about.arns)


def is_form_of(arn: str, text: str) -> bool:
    """Whether the text is an ARN of the reference with all that varies filled in."""
    return _form(arn).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _form(arn: str) -> re.Pattern[str]:
    """An ARN's form. What stands last may hold slashes, but for the name of a bucket."""
    if "*" not in arn:
        return re.compile(re.escape(arn))
    last = "[^/:]+" if ":::" in arn and "/" not in arn else ".+"
    *parts, end = map(re.escape, arn.split("*"))
    return re.compile("[^:/]*".join(parts) + last + end)


def filled(arn: str, account: str, name: str = "example") -> str:
    """An ARN of the reference with every part that varies filled in."""
    parts = arn.split(":", 5)
    for index, text in ((1, "aws"), (3, REGION), (4, account)):
        if len(parts) > index and parts[index] == "*":
            parts[index] = text
    return ":".join(parts).replace("*", name)
