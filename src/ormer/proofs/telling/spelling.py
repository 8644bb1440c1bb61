"""Condition keys as people write them: the prover has them in lower case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ormer.facts.carriers import load_carriers
from ormer.facts.global_keys import GLOBAL_KEYS
from ormer.model.access import Access
from ormer.model.control import Control
from ormer.prove.policies import policies

_TAGS = ("aws:PrincipalTag/", "aws:RequestTag/", "aws:ResourceTag/")
_MORE = (
    *("aws:TagKeys", "iam:PassedToService", "iam:AssociatedResourceArn", "s3:prefix"),
    *("s3:ResourceAccount", "kms:ViaService", "kms:GrantIsForAWSResource"),
)


class Spelling:
    """Knows the keys of the references, and those that policies and controls name."""

    def __init__(self, access: Access, controls: Iterable[Control] = ()) -> None:
        known: dict[str, str] = {}
        for holder in access.holders.values():
            for policy in policies(access, holder):
                for statement in policy.statements:
                    for condition in statement.conditions:
                        known.setdefault(condition.key.lower(), condition.key)
        for control in controls:
            for forbidden in (*control.forbid, *control.exceptions):
                for asked in forbidden.conditions:
                    known[asked.key.lower()] = asked.key
        carriers = load_carriers()
        for key in (*carriers.keys, *carriers.renamed.values(), *_MORE):
            known[key.lower()] = key
        known |= {key: one.key for key, one in GLOBAL_KEYS.items() if not key.endswith("/")}
        self._known: Mapping[str, str] = known

    def of(self, key: str) -> str:
        """The key, as it is given where nothing names it."""
        found = self._known.get(key.lower())
        if found is not None:
            return found
        for tag in _TAGS:
            if key.lower().startswith(tag.lower()):
                return tag + key[len(tag) :]
        return key
