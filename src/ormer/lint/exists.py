"""LNT-03: actions that do not exist.

The API operations that are no actions are from "Required permissions for Amazon S3 API
operations" in the Amazon S3 User Guide and from the AWS Lambda Developer Guide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ormer.facts.iam_actions import Action, action, service_actions, services
from ormer.lint.bench import Bench
from ormer.lint.called import expand
from ormer.lint.document import At
from ormer.lint.rules import ACTION
from ormer.lint.wish import Wish
from ormer.model.definition import Place
from ormer.model.lint import LintFinding, Witness
from ormer.model.policy import Effect

_ACTION_OF = {
    "s3:headobject": "s3:GetObject",
    "s3:headbucket": "s3:ListBucket",
    "s3:listobjects": "s3:ListBucket",
    "s3:listobjectsv2": "s3:ListBucket",
    "s3:listobjectversions": "s3:ListBucketVersions",
    "s3:listbuckets": "s3:ListAllMyBuckets",
    "s3:listmultipartuploads": "s3:ListBucketMultipartUploads",
    "s3:listparts": "s3:ListMultipartUploadParts",
    "s3:createmultipartupload": "s3:PutObject",
    "s3:uploadpart": "s3:PutObject",
    "s3:completemultipartupload": "s3:PutObject",
    "s3:copyobject": "s3:PutObject",
    "s3:deleteobjects": "s3:DeleteObject",
    "s3:getbucketencryption": "s3:GetEncryptionConfiguration",
    "s3:putbucketencryption": "s3:PutEncryptionConfiguration",
    "s3:deletebucketencryption": "s3:PutEncryptionConfiguration",
    "s3:getbucketlifecycleconfiguration": "s3:GetLifecycleConfiguration",
    "s3:putbucketlifecycleconfiguration": "s3:PutLifecycleConfiguration",
    "s3:getbucketreplication": "s3:GetReplicationConfiguration",
    "s3:putbucketreplication": "s3:PutReplicationConfiguration",
    "s3:getpublicaccessblock": "s3:GetBucketPublicAccessBlock",
    "s3:putpublicaccessblock": "s3:PutBucketPublicAccessBlock",
    "s3:deletepublicaccessblock": "s3:PutBucketPublicAccessBlock",
    "s3:deletebuckettagging": "s3:PutBucketTagging",
    "lambda:invoke": "lambda:InvokeFunction",
}
_NEAR = 0.88
"""How much alike two names are, of 1, for one to be a slip of the other."""


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every action, or pattern of actions, that matches nothing that exists."""
    for at in bench.statements:
        element = "NotAction" if at.statement.not_action else "Action"
        written = at.body[element]
        for index, pattern in enumerate(at.statement.actions):
            if not pattern.strip("*") or _is_known(pattern):
                continue
            place = (*at.place, element, *((index,) if isinstance(written, list) else ()))
            yield _finding(bench, at, pattern, place)


def _is_known(pattern: str) -> bool:
    service = pattern.partition(":")[0]
    if "*" in service or "?" in service:
        return True  # a wildcard among services is not looked into
    return bool(expand(pattern))


def _finding(bench: Bench, at: At, pattern: str, place: Place) -> LintFinding:
    service = pattern.partition(":")[0].lower()
    meant = _meant(pattern)
    if service not in services():
        message = f"{pattern}: there is no service {service!r}"
    elif "*" in pattern or "?" in pattern:
        message = f"{pattern} matches no action"
    else:
        sure = pattern.lower() in _ACTION_OF
        ask = "{} is the action" if sure else "did you mean {}?"
        hint = "" if meant is None else "; " + ask.format(meant.name)
        message = f"{pattern} is no action{hint}"
    return bench.finding(ACTION, at, place, message, _witness(bench, at, meant))


def _meant(pattern: str) -> Optional[Action]:
    """The action that was probably meant."""
    known = _ACTION_OF.get(pattern.lower())
    if known is not None:
        return action(known)
    service, _, name = pattern.partition(":")
    facts = service_actions(service)
    if facts is None or "*" in pattern or "?" in pattern:
        return None
    import difflib  # late: only a mistake needs it

    near = difflib.get_close_matches(name.lower(), list(facts.actions), 1, _NEAR)
    return facts.actions[near[0]] if near else None


def _witness(bench: Bench, at: At, meant: Optional[Action]) -> Optional[Witness]:
    """The action that was meant, which the statement is not about."""
    if meant is None or at.statement.not_action:
        return None
    instead = bench.meant(at, {"Action": meant.name})
    wish = Wish(instead.statement, bench.version)
    if at.statement.effect is Effect.DENY:
        return bench.gets_past(at, instead, wish)
    return bench.left_out(at, instead, wish)
