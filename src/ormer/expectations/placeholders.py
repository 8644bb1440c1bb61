"""The placeholders of an expectation: ``${env.FIELD}``, ``${bucket}``, ``${account}``..."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import product

from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.read.environment import is_field

OTHER_ACCOUNT = "999988887777"
_FIELD = re.compile(r"\$\{([^}]*)\}")


class NotConfigured(Exception):
    """The profile lacks a field that the question is about."""


def field_of(path: str, environment: Environment) -> tuple[str, ...]:
    """The profile's values of a field. Raises NotConfigured naming it where there are none."""
    found = environment.lookup(path)
    if not found:
        raise NotConfigured(path)
    return found


def filled(text: str, environment: Environment, file: str) -> Iterator[str]:
    """The text with the profile's values in it, each combination.

    Raises NotConfigured for a field that the profile lacks, and InputError naming ``file`` for
    what is no placeholder.
    """
    names = list(dict.fromkeys(_FIELD.findall(text)))
    choices = [_values(name, environment, file) for name in names]
    for values in product(*choices):
        chosen = dict(zip(names, values, strict=True))
        yield _FIELD.sub(partial(_value, chosen), text)


def _value(chosen: Mapping[str, str], match: re.Match[str]) -> str:
    return chosen[match[1]]


def _values(name: str, environment: Environment, file: str) -> tuple[str, ...]:
    fixed = {
        "partition": environment.partition,
        "account": environment.account,
        "region": environment.region,
        "other-account": OTHER_ACCOUNT,
    }
    if name in fixed:
        return (fixed[name],)
    if name == "bucket":
        buckets = field_of("buckets.*", environment)
        return tuple(dict.fromkeys(bucket.partition("/")[0] for bucket in buckets))
    if name.startswith("env."):
        if not is_field(name[len("env.") :]):
            raise InputError(f"{file}: ${{{name}}}: a profile has no such field")
        return field_of(name[len("env.") :], environment)
    raise InputError(f"{file}: ${{{name}}} is no placeholder")
