"""What the names in a template stand for: its parameters, the pseudo parameters, its resources.

Source: "CloudFormation template Parameters syntax", "Supply existing values at runtime with
CloudFormation-supplied parameter types" and "Get AWS values using pseudo parameters" in the
AWS CloudFormation User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.symbol import END, START, readable, symbol
from ormer.read.templates.text import TemplateText
from ormer.read.text.suggestion import near

Given = Mapping[str, str | list[str]]
"""Values by the name of a parameter, or of any symbol."""

PSEUDO = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NotificationARNs", "NoValue", "Partition", "Region")
    + ("StackId", "StackName", "URLSuffix")
)
_LONGEST = 160
_UNQUOTED = str.maketrans({'"': "'", "\\": "/", "\n": " ", "\r": " ", "\t": " "})
_FROM_STORE = "AWS::SSM::Parameter::Value<"


class Names:
    """The names of one template. ``given`` binds a parameter, or any symbol by its name."""

    def __init__(self, text: TemplateText, given: Given) -> None:
        self.text = text
        self.given = given
        self.parameters = self.section("Parameters")
        self.resources = self.section("Resources")
        self.makes_more = "AWS::Serverless-2016-10-31" in set(transforms(text))
        check_given(given)
        for name in self.parameters:
            if name in self.resources:
                text.refuse(("Resources", name), f"{name!r} is a parameter and a resource")

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the template, empty where there is none."""
        found = self.text.root.get(name)
        if found is None:
            return {}
        if not isinstance(found, dict):
            self.text.refuse((name,), f"{name} is not a mapping of names")
        return found

    def open(self, *words: Any) -> Any:
        """What only the deployment knows: the value given for it, or its symbol."""
        name = ":".join(readable(str(word)) for word in words).translate(_UNQUOTED)
        if len(name) > _LONGEST:
            import hashlib  # late: few names are so long

            name = f"{name[:_LONGEST]}... {hashlib.sha256(name.encode()).hexdigest()[:12]}"
        found = self.given.get(name)
        return symbol(name) if found is None else found

    def fixed(self, name: str) -> Any:
        """What a parameter or pseudo parameter is, or None where the name is neither."""
        if name in self.parameters:
            return self._parameter(name, self.parameters[name])
        return self.open(name) if name in PSEUDO else None

    def _parameter(self, name: str, entry: Any) -> Any:
        place = ("Parameters", name)
        if not isinstance(entry, dict) or not isinstance(entry.get("Type"), str):
            self.text.refuse(place, f"parameter {name!r} has no Type")
        kind: str = entry["Type"]
        value = self.given.get(name)
        if value is None:
            value = _text(entry.get("Default"))
        else:
            self._check_allowed(name, entry, value)
        if kind.startswith(_FROM_STORE) and isinstance(value, str):
            value = self.open("resolve:ssm", value)  # the value names what holds the value
        if value is None:
            return symbol(name)
        if "List" in kind:
            return _listed(value)
        if isinstance(value, list):
            self.text.refuse(place, f"parameter {name!r} is a {kind}, not a list")
        return value

    def _check_allowed(self, name: str, entry: dict[str, Any], value: str | list[str]) -> None:
        allowed = entry.get("AllowedValues")
        known = [_text(one) for one in allowed] if isinstance(allowed, list) else []
        for one in [value] if isinstance(value, str) else value:
            if known and one not in known:
                place: Place = ("Parameters", name, "AllowedValues")
                self.text.refuse(place, f"{name} cannot be {one!r}: it is not an allowed value")

    def missing(self, name: str, place: Place, what: str) -> Any:
        """Refuse a name that nothing in the template has, unless a transform may add it."""
        if self.makes_more:
            return self.open(name)
        known = {**self.parameters, **self.resources}
        hint = near(name, known)
        self.text.refuse(place, f"{what} {name!r}, which this template does not have{hint}")


def check_given(given: Given) -> None:
    """Raise InputError for a given value with a character that stands for the unknown."""
    for name, value in given.items():
        if any(sign in text for text in (name, *value) for sign in (START, END)):
            raise InputError(f"parameter {name!r}: a character of Unicode's private use area")


def transforms(text: TemplateText) -> Iterator[str]:
    """The names of the macros that process the whole template."""
    found = text.root.get("Transform") or []
    for one in found if isinstance(found, list) else [found]:
        yield one if isinstance(one, str) else str(one.get("Name") if type(one) is dict else one)


def _listed(value: str | list[str]) -> Any:
    if isinstance(value, list) or START in value:
        return value
    return [part.strip() for part in value.split(",")] if value.strip() else []


def _text(value: Any) -> Optional[str]:
    """A scalar as CloudFormation passes it on; None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None
