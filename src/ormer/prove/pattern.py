"""Sets of texts: globs, ARN patterns, texts without case, and the ARNs a resource can have.

A pattern is a sequence of steps, each of which takes one character, or any number of them where
it is starred. What a step takes is a set of characters, or all but a set.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, Optional

ANYTHING = ""
_ARN_SEGMENTS = 6
_DIGITS = "0123456789"
_ACCOUNT_LENGTH = 12
_SIGNS = "\u212a\u212b\u2126\u1e9e\u03f4"
"""Signs (kelvin, ångström, ohm, and two letters) that are letters in lower case."""


class Step(NamedTuple):
    """``named`` are the characters that it takes, or all that it does not where ``but`` is set."""

    named: frozenset[str]
    but: bool = False
    star: bool = False


Pattern = tuple[Step, ...]

_NONE: frozenset[str] = frozenset()
_ANY = Step(_NONE, but=True)
_ANY_STAR = Step(_NONE, but=True, star=True)
EVERYTHING: Pattern = (_ANY_STAR,)


@lru_cache(maxsize=65536)
def literal(text: str) -> Pattern:
    """This text alone."""
    return tuple(map(_one, text))


@lru_cache(maxsize=4096)
def _one(character: str) -> Step:
    """This character alone: the same step each time, which is quick to compare."""
    return Step(frozenset(character))


@lru_cache(maxsize=65536)
def folded(text: str) -> Pattern:
    """This text in any case."""
    return tuple(Step(_cases(character)) for character in text)


@lru_cache(maxsize=4096)
def _cases(character: str) -> frozenset[str]:
    """Every character that is this one in lower case."""
    small = character.lower()
    near = (character, small, small.upper(), small.title(), *_SIGNS)
    return frozenset(each for each in near if each.lower() == small and len(each) == 1)


@lru_cache(maxsize=65536)
def glob(text: str) -> Pattern:
    """A text in which ``*`` and ``?`` are wildcards."""
    return joined(_wildcards(text, ANYTHING))


@lru_cache(maxsize=65536)
def arn(text: str) -> Optional[Pattern]:
    """A pattern of ArnLike and ArnEquals: a wildcard stays within each of the first five segments.

    None if it has fewer than six. Source: "Amazon Resource Name (ARN) condition operators" in
    the IAM User Guide: "Each of the six colon-delimited components of the ARN is checked
    separately and each can include multi-character match wildcards (*) or single-character
    match wildcards (?)".
    """
    segments = text.split(":", _ARN_SEGMENTS - 1)
    if len(segments) < _ARN_SEGMENTS:
        return None
    steps: list[Step] = []
    for index, segment in enumerate(segments):
        is_last = index == _ARN_SEGMENTS - 1
        steps += _wildcards(segment, ANYTHING if is_last else ":")
        steps += () if is_last else literal(":")
    return joined(steps)


def arn_of(text: str) -> Pattern:
    """As ``arn``, of a text that has six segments for sure."""
    found = arn(text)
    assert found is not None, text
    return found


IS_ARN: Pattern = (
    *(step for _ in range(5) for step in (Step(frozenset(":"), True, True), Step(frozenset(":")))),
    _ANY_STAR,
)


@lru_cache(maxsize=65536)
def arn_format(text: str, partition: str, account: str) -> Pattern:
    """The ARNs of a kind of resource (``arn:*:sagemaker:*:*:training-job/*``) of one account.

    ``account`` is twelve digits, or empty for any. A part that varies is not empty and does not
    hold the character that ends it; a bucket's name holds neither ``/`` nor ``:`` ("Bucket
    naming rules" in the Amazon S3 User Guide).
    """
    _, _, service, region, owner, rest = text.split(":", _ARN_SEGMENTS - 1)
    steps = [*literal(f"arn:{partition}:{service}:"), *_varying(region, ":"), *literal(":")]
    steps += _account(account) if owner == "*" else literal(owner)
    steps += literal(":")
    bare_bucket = service == "s3" and rest == "*" and not region
    for index, piece in enumerate(pieces := rest.split("*")):
        steps += literal(piece)
        if index < len(pieces) - 1:
            after = pieces[index + 1][:1]
            steps += _varying("*", "/:" if bare_bucket else after)
    return joined(steps)


def _account(account: str) -> Pattern:
    return literal(account) if account else (Step(frozenset(_DIGITS)),) * _ACCOUNT_LENGTH


def _varying(text: str, but: str) -> Pattern:
    if text != "*":
        return literal(text)
    step = Step(frozenset(but), but=True)
    return (step, step._replace(star=True))


def _wildcards(text: str, but: str) -> Iterable[Step]:
    excluded = frozenset(but)
    for character in text:
        if character in "*?":
            yield Step(excluded, but=True, star=character == "*")
        else:
            yield _one(character)


def joined(steps: Iterable[Step]) -> Pattern:
    """The steps as a pattern: two equal stars in a row are one."""
    made: list[Step] = []
    for step in steps:
        if not step.star or not made or made[-1] != step:
            made.append(step)
    return tuple(made)


def only_text(pattern: Pattern) -> Optional[str]:
    """The text of a pattern that has one alone."""
    if all(not step.but and not step.star and len(step.named) == 1 for step in pattern):
        return "".join(next(iter(step.named)) for step in pattern)
    return None
