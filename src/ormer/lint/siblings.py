"""LNT-16: actions of Amazon S3 that a Deny lists without the one that does the same."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.facts.iam_actions import action
from ormer.lint.bench import Bench
from ormer.lint.called import expand
from ormer.lint.document import At
from ormer.lint.key_facts import carries
from ormer.lint.rules import SIBLING
from ormer.lint.wish import Wish
from ormer.model.lint import Attached, LintFinding
from ormer.model.policy import Effect

_PAIRS = (
    ("s3:GetObject", "s3:GetObjectVersion"),
    ("s3:PutObject", "s3:DeleteObject"),
    ("s3:DeleteObject", "s3:DeleteObjectVersion"),
    ("s3:ListBucket", "s3:ListBucketVersions"),
    ("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
    ("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
    ("s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
)


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every pair of which a policy for resources denies the first alone."""
    if bench.document.attached not in (Attached.RESOURCE, Attached.RCP, Attached.ENDPOINT):
        return
    for at in bench.of(Effect.DENY):
        if at.statement.not_action:
            continue
        named = {each.name for pattern in at.statement.actions for each in expand(pattern)}
        for first, second in _PAIRS:
            if first in named and second not in named:
                yield from _finding(bench, at, first, second)


def _finding(bench: Bench, at: At, first: str, second: str) -> Iterator[LintFinding]:
    other = action(second)
    if other is None or not all(carries(other, c.key) for c in at.statement.conditions):
        return  # what is asked for is nothing that the other action has
    meant = bench.meant(at, {"Action": second})
    witness = bench.gets_past(at, meant, Wish(meant.statement, bench.version))
    if witness is not None:
        message = f"{first} is denied, {second} is not"
        yield bench.finding(SIBLING, at, (*at.place, "Action"), message, witness)
