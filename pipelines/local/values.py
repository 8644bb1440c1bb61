"""What the references in a definition come to while an execution runs.

Parameters, execution variables, properties of the steps that have run, ``Std:Join``
and ``Std:JsonGet`` (AWS: "Pipelines structure and execution", "Pass Data Between Steps").
"""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator, Mapping

from ormer.model.errors import InputError

_PART = re.compile(r"\.?(?P<name>[\w-]+)|\['(?P<key>[^']*)'\]|\[(?P<index>\d+)\]")

_NAMES_OF_ITEMS = ("OutputName", "InputName", "ChannelName")


class Values:
    """Resolves references. The executor adds to ``steps`` and ``property_files`` as steps end.

    ``steps`` maps a step's name to its properties, ``property_files`` a pair of step
    and property file name to the file's S3 URI, which ``read_json`` reads.
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        variables: Mapping[str, str],
        read_json: Callable[[str], Any],
    ) -> None:
        self.parameters = parameters
        self.variables = variables
        self.steps: dict[str, Mapping[str, Any]] = {}
        self.property_files: dict[tuple[str, str], str] = {}
        self._read_json = read_json

    def resolve(self, value: Any) -> Any:
        """``value`` with every reference replaced; raises InputError for one that leads nowhere."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Get"}:
            return self._get(value["Get"])
        if set(value) == {"Std:Join"}:
            join = value["Std:Join"]
            return join["On"].join(_as_text(self.resolve(part)) for part in join["Values"])
        if set(value) == {"Std:JsonGet"}:
            return self._json_get(value["Std:JsonGet"])
        return {key: self.resolve(item) for key, item in value.items()}

    def _get(self, path: str) -> Any:
        kind, _, rest = path.partition(".")
        known: Mapping[str, Any] = {
            "Parameters": self.parameters,
            "Execution": self.variables,
        }.get(kind, {})
        if kind == "Steps":
            name, _, rest = rest.partition(".")
            known = self.steps.get(name, {})
        return walk(known, rest, path)

    def _json_get(self, call: Mapping[str, Any]) -> Any:
        path = call.get("PropertyFile", {}).get("Get", "")
        found = re.fullmatch(r"Steps\.([\w-]+)\.PropertyFiles\.([\w-]+)", path)
        uri = self.property_files.get((found[1], found[2])) if found else None
        if uri is None:
            raise InputError(f"Std:JsonGet: no property file {path!r}")
        return walk(self._read_json(uri), call["Path"], f"{path} of {uri}")


def walk(value: Any, path: str, whole: str) -> Any:
    """Follow ``a.b['key'][0]`` into ``value``; ``['x']`` also finds the list item called x."""
    for part in _parts(path, whole):
        try:
            value = _step_into(value, part)
        except (KeyError, IndexError, TypeError):
            raise InputError(f"{whole}: nothing at {part!r}") from None
    return value


def _parts(path: str, whole: str) -> Iterator[str | int]:
    position = 1 if path.startswith("$") else 0
    while position < len(path):
        found = _PART.match(path, position)
        if found is None:
            raise InputError(f"{whole}: {path[position:]!r} is no path that can be followed here")
        position = found.end()
        index = found["index"]
        yield int(index) if index is not None else found["name"] or found["key"]


def _step_into(value: Any, part: str | int) -> Any:
    if isinstance(value, list) and isinstance(part, str):
        for item in value:
            if any(item.get(name) == part for name in _NAMES_OF_ITEMS):
                return item
        raise KeyError(part)
    return value[part]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def steps_named(value: Any) -> set[str]:
    """The names of the steps whose results ``value`` refers to."""
    if isinstance(value, list):
        return {name for item in value for name in steps_named(item)}
    if not isinstance(value, dict):
        return set()
    path = value.get("Get")
    if isinstance(path, str) and path.startswith("Steps."):
        return {path.split(".")[1]}
    return {name for item in value.values() for name in steps_named(item)}
