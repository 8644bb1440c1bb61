"""Are the values for StartPipelineExecution ones that the definition takes?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ormer.model.definition import Parameter
from ormer.model.errors import InputError

LONGEST_VALUE = 1024  # AWS API reference, SageMaker "Parameter"

_FORMS = {
    "Integer": re.compile(r"[+-]?\d+"),
    "Float": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"),
    "Boolean": re.compile(r"true|false", re.IGNORECASE),
}


def given_parameters(pairs: Iterable[str]) -> dict[str, str]:
    """``K=V`` arguments as a mapping; raises InputError for a malformed or repeated one."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputError(f"--parameter {pair!r} is not NAME=VALUE")
        if name in given:
            raise InputError(f"--parameter {name} is given twice")
        given[name] = value
    return given


def check_parameters(declared: Mapping[str, Parameter], given: Mapping[str, str]) -> None:
    """Raise InputError unless a definition with these parameters takes exactly these values.

    Each must be one that the definition declares, of its type and in its enum;
    each declared one without a default must be given.
    """
    for name, value in given.items():
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            raise InputError(
                f"--parameter {name}: the definition has no such parameter; it has {known}"
            )
        _check_value(declared[name], value)
    for name, parameter in declared.items():
        if parameter.default is None and name not in given:
            raise InputError(f"--parameter {name}=VALUE is missing: it has no default")


def _check_value(parameter: Parameter, value: str) -> None:
    name = parameter.name
    form = _FORMS.get(parameter.type)
    if form is not None and not form.fullmatch(value):
        raise InputError(f"--parameter {name}: {value!r} is not of type {parameter.type}")
    choices = [str(choice) for choice in parameter.choices or ()]
    if choices and value not in choices:
        raise InputError(f"--parameter {name}: {value!r} is none of {', '.join(choices)}")
    if len(value) > LONGEST_VALUE:
        raise InputError(f"--parameter {name}: longer than {LONGEST_VALUE} characters")
