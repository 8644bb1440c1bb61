"""Whether a value of a request matches one of a condition's values, by the operator's kind.

Source: "IAM JSON policy elements: Condition operators" in the IAM User Guide. A match is True,
False, or None where that cannot be said: the value, or a value of the policy, cannot be read
as the operator's kind, or a variable does not resolve. Negation is not here: ``StringNotLike``
matches as ``StringLike`` does.
"""

from __future__ import annotations

import operator as compare
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Optional

from ormer.evaluate.globs import glob_test, match_glob
from ormer.evaluate.readings import address, data, moment, network, number
from ormer.evaluate.variables import (
    Template,
    as_glob,
    as_text,
    is_static,
    parse_template,
    split_segments,
)
from ormer.model.authorization import Context
from ormer.model.policy_operators import PolicyOperator

Match = Callable[[str, Context], Optional[bool]]
ARN_SEGMENTS = 6


def value_match(operator: PolicyOperator, values: tuple[str, ...], version: str) -> Match:
    """The match of one condition."""
    kind = operator.kind
    if kind in ("number", "date"):
        return _ordered(operator.base, values, number if kind == "number" else moment)
    simple = {"ip": _ip, "binary": _binary, "bool": _bool}
    if kind in simple:
        return simple[kind](values)
    templates = [parse_template(value, version) for value in values]
    textual = {"text": _text, "folded text": _folded, "glob": _glob, "arn": _arn}
    return textual[kind](templates)


def static_texts(values: tuple[str, ...], version: str) -> Optional[frozenset[str]]:
    """The values of StringEquals, or None if what they are depends on the request."""
    templates = [parse_template(value, version) for value in values]
    if not all(is_static(template) for template in templates):
        return None
    return frozenset(text for t in templates if (text := as_text(t, {})) is not None)


def _text(templates: list[Template]) -> Match:
    def match(value: str, context: Context) -> Optional[bool]:
        texts = [as_text(template, context) for template in templates]
        return True if value in texts else None if None in texts else False

    return match


def _folded(templates: list[Template]) -> Match:
    def match(value: str, context: Context) -> Optional[bool]:
        texts = [as_text(template, context) for template in templates]
        if value.lower() in [text.lower() for text in texts if text is not None]:
            return True
        return None if None in texts else False

    return match


def _glob(templates: list[Template]) -> Match:
    fixed = [as_glob(t, {}) for t in templates if is_static(t)]
    tests = tuple(glob_test(glob) for glob in fixed if glob is not None)
    open_ = [template for template in templates if not is_static(template)]

    def match(value: str, context: Context) -> Optional[bool]:
        for test in tests:
            if test(value):
                return True
        return _any_glob(open_, value, context) if open_ else False

    return match


def _any_glob(templates: list[Template], value: str, context: Context) -> Optional[bool]:
    doubtful = False
    for template in templates:
        glob = as_glob(template, context)
        if glob is None:
            doubtful = True
        elif match_glob(glob, value):
            return True
    return None if doubtful else False


def _arn(templates: list[Template]) -> Match:
    """ "Each of the six colon-delimited components of the ARN is checked separately." """
    patterns = [split_segments(template, ARN_SEGMENTS) for template in templates]
    tests = [_segment_tests(pattern) for pattern in patterns if len(pattern) == ARN_SEGMENTS]
    malformed = len(tests) < len(patterns)

    def match(value: str, context: Context) -> Optional[bool]:
        segments = value.split(":", ARN_SEGMENTS - 1)
        if len(segments) < ARN_SEGMENTS:
            return None
        doubtful = malformed
        for pattern in tests:
            matched = _all_match(pattern, segments, context)
            if matched:
                return True
            doubtful = doubtful or matched is None
        return None if doubtful else False

    return match


def _segment_tests(pattern: tuple[Template, ...]) -> tuple[Match, ...]:
    return tuple(_glob([segment]) for segment in pattern)


def _all_match(pattern: tuple[Match, ...], segments: list[str], context: Context) -> Optional[bool]:
    """True if every segment matches; one that surely does not outweighs one in doubt."""
    result: Optional[bool] = True
    for test, segment in zip(pattern, segments, strict=True):
        matched = test(segment, context)
        if matched is False:
            return False
        result = result and matched
    return result


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "LessThan": compare.lt,
    "LessThanEquals": compare.le,
    "GreaterThan": compare.gt,
    "GreaterThanEquals": compare.ge,
    "Equals": compare.eq,
    "NotEquals": compare.eq,
}


def _ordered(base: str, values: tuple[str, ...], read: Callable[[str], Optional[Decimal]]) -> Match:
    holds = _ORDER[base.removeprefix("Numeric").removeprefix("Date")]
    limits = [limit for value in values if (limit := read(value)) is not None]
    malformed = len(limits) < len(values)

    def match(value: str, _: Context) -> Optional[bool]:
        read_value = read(value)
        if read_value is None:
            return None
        if any(holds(read_value, limit) for limit in limits):
            return True
        return None if malformed else False

    return match


def _ip(values: tuple[str, ...]) -> Match:
    blocks = [block for value in values if (block := network(value)) is not None]
    malformed = len(blocks) < len(values)

    def match(value: str, _: Context) -> Optional[bool]:
        found = address(value)
        if found is None:
            return None
        version, at, _last = found
        if any(b.version == version and b.first <= at <= b.last for b in blocks):
            return True
        return None if malformed else False

    return match


def _binary(values: tuple[str, ...]) -> Match:
    accepted = {read for value in values if (read := data(value)) is not None}
    return lambda value, _: data(value) in accepted


def _bool(values: tuple[str, ...]) -> Match:
    accepted = {value.lower() for value in values} & {"true", "false"}
    return lambda value, _: value.lower() in accepted
