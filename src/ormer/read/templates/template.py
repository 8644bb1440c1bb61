"""A CloudFormation template -> the resources it declares, references resolved.

Source: "Template format and structure" in the AWS CloudFormation User Guide.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import Any

from ormer.model.definition import Place
from ormer.model.errors import InputError
from ormer.model.resource import Declared, Resource
from ormer.read.templates.intrinsics import NO_VALUE, Intrinsics
from ormer.read.templates.macros import PROCESSED, refuse_macros
from ormer.read.templates.names import Given, Names
from ormer.read.templates.text import TemplateText, read_template_text
from ormer.read.text.suggestion import near


def read_template(text: bytes, name: str, parameters: Given) -> Declared:
    """Read a template: YAML with short forms, or JSON.

    ``parameters`` gives values by the name of a parameter, a pseudo parameter, or whatever
    else stays open: ``DataKey.Arn``, ``ImportValue:vpc``, ``Condition:IsProd``. A resource whose
    condition is false is left out; one whose condition is not known is kept and says so.

    Raises InputError naming ``name`` and the line for what is no template, a reference to what
    the template does not have, a circle of references, a function that cannot be, and macros
    that may rewrite the whole template.
    """
    source = read_template_text(text, name)
    if not isinstance(source.root, dict) or not isinstance(source.root.get("Resources"), dict):
        raise InputError(f"{name}: no Resources: this is not a CloudFormation template")
    refuse_macros(source)
    names = Names(source, parameters)
    reader = _Reader(names)
    try:
        resources = {
            resource: made
            for resource in names.resources
            for made in [reader.resource(resource)]
            if made is not None
        }
    except RecursionError:
        raise InputError(f"{name}: references or conditions that lead too far") from None
    reader.check_circles()
    return Declared(name, resources)


class _Reader:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.text: TemplateText = names.text
        self.intrinsics = Intrinsics(names)

    def resource(self, name: str) -> Resource | None:
        """A resource, or None where its condition is false."""
        place: Place = ("Resources", name)
        if name.startswith("Fn::"):
            self.text.refuse(place, f"{name} adds resources: {PROCESSED}")
        entry = self.names.resources[name]
        if not isinstance(entry, dict) or not isinstance(entry.get("Type"), str):
            self.text.refuse(place, f"resource {name!r} has no Type")
        condition = entry.get("Condition")
        if condition is not None:
            holds = self.intrinsics.conditions.holds(condition, (*place, "Condition"))
            if holds is False:
                return None
            condition = condition if holds is None else None
        self._depends(name, entry.get("DependsOn"), (*place, "DependsOn"))
        lines: dict[Place, int] = {}
        with self.intrinsics.references.of(name):
            at = (*place, "Properties")
            properties = self.intrinsics.value(entry.get("Properties", {}), at, (), lines)
        lines[()] = self.text.line(place)
        properties = {} if properties is NO_VALUE else properties
        return Resource(name, entry["Type"], properties, lines, condition or "")

    def _depends(self, name: str, found: Any, place: Place) -> None:
        for other in found if isinstance(found, list) else [found]:
            if other is None:
                continue
            if not isinstance(other, str) or other not in self.names.resources:
                hint = near(str(other), self.names.resources)
                self.text.refuse(place, f"DependsOn {other!r}, which is no resource{hint}")
            self.intrinsics.references.uses.setdefault(name, set()).add(other)

    def check_circles(self) -> None:
        """CloudFormation makes resources one after another: none may wait for itself."""
        uses = self.intrinsics.references.uses
        try:
            TopologicalSorter({name: sorted(uses[name]) for name in uses}).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]
            self.text.refuse(
                ("Resources", circle[0]), f"a circle of references: {' -> '.join(circle)}"
            )
