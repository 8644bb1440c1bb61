"""A file of values for a template -> values by name.

It is written as CloudFormation's own commands take it: a list of ParameterKey and
ParameterValue (``create-stack --parameters``), a list of ``"Key=Value"`` (``deploy
--parameter-overrides``), ``{"Parameters": {...}}`` (a template configuration file of AWS
CodePipeline); or as a plain mapping. JSON or YAML.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ormer.model.errors import InputError
from ormer.read.templates.names import check_given
from ormer.read.text.json_text import read_json
from ormer.read.text.yaml_text import plain, read_yaml

Values = dict[str, str | list[str]]
_BESIDE = frozenset(["Parameters", "Tags", "StackPolicy"])


def read_template_parameters(text: bytes, name: str) -> Values:
    """Read the file.

    A value is a text, number or boolean, or a list of these. Raises InputError naming ``name``
    for anything else, and for a name that is given twice.
    """
    is_json = text.lstrip()[:1] in (b"{", b"[")
    content = read_json(text, name) if is_json else plain(read_yaml(text, name))
    if isinstance(content, list):
        return _listed(content, name)
    if not isinstance(content, dict):
        raise InputError(f"{name}: neither a mapping of values nor a list of parameters")
    if isinstance(content.get("Parameters"), dict) and content.keys() <= _BESIDE:
        content = content["Parameters"]
    values = {key: _value(value, f"{name}: {key}") for key, value in content.items()}
    check_given(values)
    return values


def _listed(entries: list[Any], name: str) -> Values:
    found: Values = {}
    for index, entry in enumerate(entries):
        where = f"{name}: entry {index + 1}"
        value: str | list[str]
        if isinstance(entry, str):
            key, value = pair(entry, where)
        elif isinstance(entry, dict) and isinstance(entry.get("ParameterKey"), str):
            key = entry["ParameterKey"]
            if entry.get("UsePreviousValue") is True:
                continue  # only the stack knows it
            value = _value(entry.get("ParameterValue"), f"{name}: {key}")
        else:
            raise InputError(f"{where}: has no ParameterKey")
        if key in found:
            raise InputError(f"{where}: a second value for {key!r}")
        found[key] = value
    check_given(found)
    return found


def pair(text: str, where: str) -> tuple[str, str]:
    """``NAME=VALUE`` taken apart. Raises InputError, which begins with ``where``."""
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise InputError(f"{where}: {text!r} is not NAME=VALUE")
    return key, value


def given_parameters(pairs: Iterable[str]) -> Values:
    """The options ``--template-parameter``. Raises InputError for a malformed or repeated one."""
    found: Values = {}
    for text in pairs:
        key, value = pair(text, "--template-parameter")
        if key in found:
            raise InputError(f"--template-parameter {key} is given twice")
        found[key] = value
    check_given(found)
    return found


def _value(value: Any, where: str) -> str | list[str]:
    if isinstance(value, list):
        return [_text(one, where) for one in value]
    return _text(value, where)


def _text(value: Any, where: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise InputError(f"{where}: is neither a text nor a list of texts")
