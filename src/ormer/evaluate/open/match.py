"""What may come of matching a value of a request with the values of a condition.

``evaluate.operators`` says what a match is: True, False, or None where AWS leaves it open. Where
the value of the request, or one of the policy, has parts that are not known, several of the
three are possible; here they are a set, in which whatever can come about is, and perhaps more.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Optional

from ormer.evaluate.open.text import Tokens, covers, folded, meets, open_literal, split_open
from ormer.evaluate.open.values import (
    Texts,
    closed_text,
    has_open_text,
    is_certain,
    open_template,
    segments,
    texts,
)
from ormer.evaluate.operators import ARN_SEGMENTS, value_match
from ormer.evaluate.variables import Template
from ormer.model.authorization import AuthorizationRequest
from ormer.model.policy_operators import PolicyOperator

Possible = frozenset[Optional[bool]]
YES: Possible = frozenset((True,))
NO: Possible = frozenset((False,))
OPEN: Possible = frozenset((None,))
EITHER = YES | NO
ANY_OF_THREE = EITHER | OPEN


def possible_match(
    operator: PolicyOperator,
    values: tuple[str, ...],
    version: str,
    value: str,
    request: AuthorizationRequest,
) -> Possible:
    """What may come of matching ``value``, of the request, with the condition's values."""
    if not values:
        known = closed_text(value)
        found = value_match(operator, (), version)(value, request.context) if known else None
        return frozenset((found,)) if known else NO | OPEN
    return any_of(_match(operator, each, version, value, request) for each in values)


def any_of(all_possible: Iterable[Possible]) -> Possible:
    """Of several: True if one matches, else None if one is open, else False."""
    found = NO
    for possible in all_possible:
        found = frozenset(_or(one, other) for one, other in product(found, possible))
    return found


def _or(one: Optional[bool], other: Optional[bool]) -> Optional[bool]:
    if one is True or other is True:
        return True
    return None if one is None or other is None else False


def _and(one: Optional[bool], other: Optional[bool]) -> Optional[bool]:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _match(
    operator: PolicyOperator, text: str, version: str, value: str, request: AuthorizationRequest
) -> Possible:
    template = open_template(text, version)
    if closed_text(value) and is_certain(template, request):
        return frozenset((value_match(operator, (text,), version)(value, request.context),))
    found = open_literal(value)
    if operator.kind == "arn":
        return _arn(template, found, request)
    if operator.kind == "glob":
        return match_texts(texts(template, request, wildcards=True), found)
    if operator.kind == "text":
        return match_texts(texts(template, request, wildcards=False), found)
    if operator.kind == "folded text":
        plain = texts(template, request, wildcards=False)
        return match_texts(
            tuple(None if each is None else folded(each) for each in plain), folded(found)
        )
    return EITHER if operator.kind == "bool" else ANY_OF_THREE


def match_texts(patterns: Texts, text: Tokens) -> Possible:
    """What may come of it when the policy's value is one of the patterns, unknown which."""
    return frozenset().union(*(_match_text(pattern, text) for pattern in patterns))


def _match_text(pattern: Optional[Tokens], text: Tokens) -> Possible:
    if pattern is None:
        return OPEN
    if covers(pattern, text):
        return YES
    return EITHER if meets(pattern, text) else NO


def _arn(template: Template, value: Tokens, request: AuthorizationRequest) -> Possible:
    """Segment by segment, where both have six.

    A symbol before an ARN's fifth colon is taken to hold no colon itself; what has fewer than
    six segments without its symbols may be an ARN, or none.
    """
    pattern = segments(template, ARN_SEGMENTS)
    found = split_open(value, ARN_SEGMENTS)
    if len(found) == ARN_SEGMENTS == len(pattern):
        result = YES
        for segment, text in zip(pattern, found, strict=True):
            possible = match_texts(texts(segment, request, wildcards=True), text)
            result = frozenset(_and(one, other) for one, other in product(result, possible))
        return result
    if len(pattern) < ARN_SEGMENTS and not has_open_text(template):
        return OPEN
    as_text = match_texts(texts(template, request, wildcards=True), value)
    return OPEN | NO if as_text == NO else ANY_OF_THREE
