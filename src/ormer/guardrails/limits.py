"""How large a policy may be, counted as AWS counts, and how many of them fit.

Sources: "IAM and AWS STS quotas" in the IAM User Guide (managed policies: 6,144 characters, white
space not counted; 10 on a role, one permissions boundary) and "Quotas and service limits for AWS
Organizations" (service control policies: 5,120 characters, white space counted unless the
console removes it; 5 on a root, unit or account, of which FullAWSAccess is one).
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ormer.guardrails.projection import Kind


class Limit(NamedTuple):
    """``size`` of one document, ``documents`` in one place."""

    size: int
    documents: int


LIMITS = {
    Kind.IAM: Limit(6144, 10),
    Kind.BOUNDARY: Limit(6144, 1),
    Kind.SCP: Limit(5120, 4),
}


def text_of(kind: Kind, document: dict[str, Any]) -> str:
    """The document as a file holds it.

    An SCP is counted as it is saved, so each of its statements is one line without spaces.
    """
    if kind is not Kind.SCP:
        return json.dumps(document, indent=2) + "\n"
    lines = ",\n".join(_compact(statement) for statement in document["Statement"])
    return f'{{"Version":{_compact(document["Version"])},"Statement":[\n{lines}\n]}}\n'


def size_of(kind: Kind, document: dict[str, Any]) -> int:
    """The characters that AWS counts."""
    text = text_of(kind, document) if kind is Kind.SCP else _compact(document)
    return len(text)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
