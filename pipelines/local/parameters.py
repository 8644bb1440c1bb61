"""The parameters of one execution, as StartPipelineExecution checks them."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ormer.model.errors import InputError


def parameter_values(
    declared: Sequence[Mapping[str, Any]], given: Mapping[str, str]
) -> dict[str, Any]:
    """Every declared parameter with its value, the caller's or the default.

    Raises InputError for one that is unknown, missing, of the wrong type or outside
    its enumeration (AWS: "Pipeline Parameters").
    """
    names = [parameter["Name"] for parameter in declared]
    for name in given:
        if name not in names:
            raise InputError(f"parameter {name}: the pipeline has none of that name")
    return {parameter["Name"]: _value(parameter, given) for parameter in declared}


def _value(parameter: Mapping[str, Any], given: Mapping[str, str]) -> Any:
    name = parameter["Name"]
    if name not in given and "DefaultValue" not in parameter:
        raise InputError(f"parameter {name}: no value, and it has no default")
    value = _typed(name, parameter["Type"], given.get(name, parameter.get("DefaultValue")))
    choices = parameter.get("EnumValues")
    if choices is not None and value not in choices:
        raise InputError(f"parameter {name}: {value!r} is none of {', '.join(choices)}")
    return value


def _typed(name: str, kind: str, value: Any) -> Any:
    text = str(value)
    try:
        if kind == "Integer":
            return int(text)
        if kind == "Float":
            return float(text)
    except ValueError:
        raise InputError(f"parameter {name}: {text!r} is not of type {kind}") from None
    if kind == "Boolean":
        if text.lower() not in ("true", "false"):
            raise InputError(f"parameter {name}: {text!r} is not of type {kind}")
        return text.lower() == "true"
    return text
