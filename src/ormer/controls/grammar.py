"""A control file's content -> Control: IAM statements, and short forms for the usual ones.

A statement under ``forbid`` is an IAM statement: ``Action``, ``Resource`` or
``NotResource``, ``Condition``, and ``facet: member`` to look at one member of the input at
a time. A requirement under ``require`` is short for the statements that forbid the rest:

    {Action: A, Key: K, OneOf: [...]}   K missing, or a value that is none of these
    {Action: A, Key: K, Like: [...]}    the same with patterns
    {Action: A, Key: K, Is: true}       K missing or false
    {Action: A, Key: K, AtMost: N}      K missing or a number above N
    {Action: A, Key: K, Present: true}  K missing

``Absent: allowed`` drops the "K missing" half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from ormer.controls.vocabulary import is_multivalued
from ormer.model.control import MEMBER, REQUEST, Condition, Control, Statement
from ormer.model.errors import InputError
from ormer.model.finding import Severity

_REQUIRED = ("id", "title", "severity", "why", "fix", "examples")
_OPTIONAL = (
    "forbid", "require", "except", "guardrail", "maps", "known_misses", "catalogue", "detector",
)  # fmt: skip
_STATEMENT = ("Action", "Resource", "NotResource", "Condition", "facet", "reason")
_NEGATIONS = {"OneOf": "StringNotEquals", "Like": "StringNotLike", "AtMost": "NumericGreaterThan"}


def control_of(content: Any, source: str) -> Control:
    """Make a control of a file's content.

    Raises InputError naming ``source`` and the field for anything that is not the
    grammar: an unknown or missing field, a form that is none, no statement at all. Whether
    the words in it exist is ``vocabulary.check_control``'s to say.
    """
    if not isinstance(content, dict):
        raise InputError(f"{source}: a control is a mapping of fields")
    _check_fields(content, (*_REQUIRED, *_OPTIONAL), source)
    for field in _REQUIRED:
        if not content.get(field):
            raise InputError(f"{source}: no {field}")
    where = f"{source}: {content['id']}"
    _check_texts(content, where)
    forbid = tuple(_forbidden(content, where))
    if not forbid:
        raise InputError(f"{where}: forbids nothing: no statement under forbid or require")
    return Control(
        id=str(content["id"]),
        title=str(content["title"]),
        severity=_severity(content["severity"], where),
        why=str(content["why"]).strip(),
        fix=str(content["fix"]).strip(),
        forbid=forbid,
        exceptions=tuple(
            _statement(s, f"{where}: except") for s in _list(content, "except", where)
        ),
        raw=content,
        source=source,
    )


def _check_texts(content: Mapping[str, Any], where: str) -> None:
    """The fields that only people read."""
    for entry in _list(content, "known_misses", where):
        if not isinstance(entry, str):
            raise InputError(f"{where}: known_misses is a list of texts")
    for entry in _list(content, "maps", where):
        if not isinstance(entry, dict) or not {"framework", "ids", "by"} <= set(entry):
            raise InputError(f"{where}: maps is a list of mappings with framework, ids and by")
        _list(entry, "ids", f"{where}: maps")
    guardrail = content.get("guardrail", {})
    if not isinstance(guardrail, dict):
        raise InputError(f"{where}: guardrail is a mapping with form")


def _forbidden(content: Mapping[str, Any], where: str) -> Iterator[Statement]:
    for statement in _list(content, "forbid", where):
        yield _statement(statement, f"{where}: forbid")
    for requirement in _list(content, "require", where):
        yield from _required(requirement, f"{where}: require")


def _severity(value: Any, where: str) -> Severity:
    try:
        return Severity(value)
    except ValueError:
        known = ", ".join(severity.value for severity in Severity)
        raise InputError(f"{where}: severity is {value!r}, not one of {known}") from None


def _statement(content: Any, where: str) -> Statement:
    if not isinstance(content, dict) or "Action" not in content:
        raise InputError(f"{where}: a statement is a mapping with Action")
    _check_fields(content, _STATEMENT, where)
    facet = content.get("facet", REQUEST)
    if facet not in (REQUEST, MEMBER):
        raise InputError(f"{where}: facet is {facet!r}, not request or member")
    if {"Resource", "NotResource"} <= set(content):
        raise InputError(f"{where}: a statement has Resource or NotResource, not both")
    not_resource = "NotResource" in content
    resources = content.get("NotResource" if not_resource else "Resource")
    return Statement(
        actions=_texts(content["Action"], where),
        conditions=tuple(_conditions(content.get("Condition", {}), where)),
        resources=None if resources is None else _texts(resources, where),
        not_resource=not_resource,
        facet=facet,
        reason=str(content.get("reason", "")),
    )


def _conditions(block: Any, where: str) -> Iterator[Condition]:
    if not isinstance(block, dict):
        raise InputError(f"{where}: Condition is a mapping of operators")
    for operator, keys in block.items():
        if not isinstance(keys, dict) or not keys:
            raise InputError(f"{where}: {operator} is a mapping of keys")
        for key, values in keys.items():
            yield Condition(str(operator), str(key), _texts(values, where))


def _required(content: Any, where: str) -> Iterator[Statement]:
    if not isinstance(content, dict) or not {"Action", "Key"} <= set(content):
        raise InputError(f"{where}: a requirement is a mapping with Action and Key")
    forms = [form for form in ("OneOf", "Like", "Is", "AtMost", "Present") if form in content]
    if len(forms) != 1:
        raise InputError(f"{where}: a requirement has one of OneOf, Like, Is, AtMost, Present")
    _check_fields(content, ("Action", "Key", "Absent", *forms), where)
    actions, key = _texts(content["Action"], where), str(content["Key"])
    if content.get("Absent", "allowed") != "allowed":
        raise InputError(f"{where}: Absent is {content['Absent']!r}; the only word is allowed")
    if "Absent" not in content:
        yield Statement(actions, (Condition("Null", key, ("true",)),))
    negation = _negation(forms[0], key, content[forms[0]], where)
    if negation is None:
        return
    there = (Condition("Null", key, ("false",)),) if _holds_when_missing(negation) else ()
    yield Statement(actions, (*there, negation) if "Absent" in content else (negation,))


def _holds_when_missing(condition: Condition) -> bool:
    """A negated operator of one value does (IAM User Guide, "Condition operators")."""
    return condition.operator in _NEGATIONS.values() and "Not" in condition.operator


def _negation(form: str, key: str, value: Any, where: str) -> Optional[Condition]:
    if form == "Present":
        if value is not True:
            raise InputError(f"{where}: Present is {value!r}; the only word is true")
        return None
    if form == "Is":
        word = _texts(value, where)[0].lower()
        if word not in ("true", "false"):
            raise InputError(f"{where}: Is is {value!r}, neither true nor false")
        return Condition("Bool", key, ("false" if word == "true" else "true",))
    each = "ForAnyValue:" if is_multivalued(key) else ""
    return Condition(each + _NEGATIONS[form], key, _texts(value, where))


def _texts(value: Any, where: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or any(isinstance(v, (dict, list)) or v is None for v in values):
        raise InputError(f"{where}: {value!r} is not a value or a list of values")
    return tuple(("true" if v else "false") if isinstance(v, bool) else str(v) for v in values)


def _list(content: Mapping[str, Any], field: str, where: str) -> list[Any]:
    value = content.get(field, [])
    if not isinstance(value, list):
        raise InputError(f"{where}: {field} is a list")
    return value


def _check_fields(content: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for field in content:
        if field not in known:
            raise InputError(f"{where}: unknown field {field!r}; known are {', '.join(known)}")
