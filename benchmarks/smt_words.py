"""What a plain encoding settles before z3: who is named, which action, which pattern is wider."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cache

from ormer.facts.carriers import load_carriers
from ormer.model.access import Holder
from ormer.model.policy import Effect, Principals


def of_principal(holder: Holder) -> dict[str, str]:
    """The keys that the principal settles, in lower case."""
    principal = holder.principal
    tags = {f"aws:principaltag/{key.lower()}": value for key, value in holder.tags.items()}
    return {
        **tags,
        "aws:principalarn": principal.name,
        "aws:principalaccount": principal.account,
        "aws:principaltype": "AssumedRole",
        "aws:principalisawsservice": "false",
    }


def names_principal(principals: Principals, holder: Holder, effect: Effect) -> bool:
    """Whether a Principal element is about the role; the account alone grants nothing."""
    if principals.everyone:
        return True
    account = holder.principal.account
    whole = {account, f"arn:aws:iam::{account}:root"}
    direct = holder.principal.name in principals.aws
    return direct or (effect is Effect.DENY and bool(whole & set(principals.aws)))


def in_aws(pattern: str) -> str:
    """A pattern for the partition aws, which every resource here is of."""
    return pattern.replace("arn:*:", "arn:aws:", 1)


def widest(patterns: list[str]) -> list[str]:
    """The patterns without those that another one covers."""
    kept: list[str] = []
    for pattern in sorted(set(patterns), key=len):
        if not any(re.fullmatch(translate(each.replace("[", "[[]")), pattern) for each in kept):
            kept.append(pattern)
    return kept


def all_actions(pattern: str) -> tuple[str, ...]:
    """The actions of a control's ``@KEY``, or the pattern itself."""
    if not pattern.startswith("@"):
        return (pattern,)
    return load_carriers().keys[pattern[1:]].actions


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(translate(text.lower().replace("[", "[[]")))


def is_named(pattern: str, action: str) -> bool:
    """Whether a pattern is about an action, which is in lower case."""
    return _pattern(pattern).match(action) is not None
