"""Macros: what may rewrite a template before CloudFormation reads it, and so is refused.

Source: "Perform custom processing on CloudFormation templates with template macros" and
"Fn::Transform" in the AWS CloudFormation User Guide: a macro is given what stands beside it, and at
the top the whole template; what it returns takes the place of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ormer.model.definition import Place
from ormer.read.templates.names import transforms
from ormer.read.templates.text import TemplateText

_HARMLESS = (
    ("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", "AWS::CodeDeployBlueGreen")
    + ("AWS::SecretsManager-2020-07-23", "AWS::SecretsManager-2024-09-16")
    + ("AWS::ServiceCatalog",)
)  # fmt: skip
"""Macros that leave the resources as they stand; they may add others."""
PROCESSED = (
    "read what CloudFormation made of it (aws cloudformation get-template "
    "--template-stage Processed)"
)
_MACRO = "Fn::Transform"


def refuse_macros(text: TemplateText) -> None:
    """Raise InputError for a macro over more than the value in a resource's properties.

    There it makes a value that is not known (``intrinsics``).
    """
    for macro in transforms(text):
        if macro not in _HARMLESS:
            text.refuse(("Transform",), f"the macro {macro} may rewrite all of it: {PROCESSED}")
    for place in _places(text.root):
        text.refuse(place, f"{_MACRO} may rewrite what stands beside it: {PROCESSED}")


def _places(root: dict[str, Any]) -> Iterator[Place]:
    """Where a macro stands beside sections, beside resources, or in what they are decided by."""
    if _MACRO in root:
        yield (_MACRO,)
    for section in ("Parameters", "Mappings", "Conditions"):
        yield from _within(root.get(section), (section,))
    for name, entry in root["Resources"].items():
        if isinstance(entry, dict) and _MACRO in entry:
            yield "Resources", name, _MACRO


def _within(node: Any, place: Place) -> Iterator[Place]:
    if isinstance(node, list):
        for index, below in enumerate(node):
            yield from _within(below, (*place, index))
    elif isinstance(node, dict):
        for name, below in node.items():
            if name == _MACRO:
                yield (*place, name)
            else:
                yield from _within(below, (*place, name))
