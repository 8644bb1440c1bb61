"""Values of a template with their intrinsic functions resolved, as far as they can be offline.

What only a deployment knows stays in as a symbol. Source: "Intrinsic function reference" in the
AWS CloudFormation Template Reference Guide, and "Get values stored in other services using
dynamic references" in the AWS CloudFormation User Guide.
"""

from __future__ import annotations

import re
from typing import Any, Optional

from ormer.model.definition import Place, pointer
from ormer.model.symbol import has_symbol
from ormer.read.templates.conditions import Conditions
from ormer.read.templates.intrinsic_functions import CALLS, Call
from ormer.read.templates.names import Names
from ormer.read.templates.references import References
from ormer.read.templates.text import FUNCTIONS
from ormer.read.text.suggestion import near

LARGEST = 64 * 1024 * 1024
"""Characters that the functions of one template may make: far above any real one."""
_DYNAMIC = r"\{\{(resolve:[^{}]+)\}\}"
_VARIABLE = r"\$\{([^}]*)\}"
_VARIABLE_NAME = r"[A-Za-z0-9_.:]+"
_PROCESSED = (
    "is resolved by CloudFormation alone: read what it made of the template "
    "(aws cloudformation get-template --template-stage Processed)"
)


class NoValue:
    """What AWS::NoValue is: the property or list element that is not there."""


NO_VALUE = NoValue()


class Intrinsics:
    """Resolves values of one template."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.text = names.text
        self.conditions = Conditions(names, self.value)
        self.references = References(names, self.value)
        self._made = 0

    def value(
        self, node: Any, place: Place, out: Place = (), lines: Optional[dict[Place, int]] = None
    ) -> Any:
        """The value of a node at a place of the template.

        ``out`` is its place in what is made; ``lines`` is told the line of each of these.
        Raises InputError for a function that cannot be.
        """
        if lines is not None:
            lines[out] = self.text.line(place)
        if isinstance(node, str):
            return self._with_dynamic(node)
        if isinstance(node, list):
            return self._list(node, place, out, lines)
        if not isinstance(node, dict):
            return node
        function = self._function(node, place)
        if function == "Fn::If":
            return self._if(node[function], (*place, function), out, lines)
        if function:
            found = self._call(function, node[function], (*place, function))
            return self._counted(found) if isinstance(found, str) else found
        made = {
            name: self.value(below, (*place, name), (*out, name), lines)
            for name, below in node.items()
        }
        return {name: below for name, below in made.items() if below is not NO_VALUE}

    def _list(
        self, node: list[Any], place: Place, out: Place, lines: Optional[dict[Place, int]]
    ) -> list[Any]:
        made: list[Any] = []
        for index, one in enumerate(node):
            found = self.value(one, (*place, index), (*out, len(made)), lines)
            if found is not NO_VALUE:
                made.append(found)
        return made

    def _function(self, node: dict[str, Any], place: Place) -> str:
        """The function that a mapping calls, or empty."""
        for name in node:
            if name not in FUNCTIONS and not name.startswith("Fn::"):
                continue
            if name == "Fn::Transform" or (len(node) == 1 and name in FUNCTIONS):
                return name
            if name.startswith("Fn::ForEach"):
                self.text.refuse((*place, name), f"{name} {_PROCESSED}")
            if name not in FUNCTIONS:
                hint = near(name, set(FUNCTIONS))
                self.text.refuse((*place, name), f"{name} is no intrinsic function{hint}")
            if name != "Ref":
                self.text.refuse((*place, name), f"{name} stands beside other members")
        return ""

    def _call(self, function: str, argument: Any, place: Place) -> Any:
        if function == "Ref":
            return self._ref(argument, place)
        if function == "Fn::Sub":
            return self._sub(argument, place)
        if function == "Fn::GetAtt":
            return self._get_att(argument, place)
        if function == "Fn::Transform":
            return self.names.open("Transform", pointer(place))
        if function not in CALLS:
            self.text.refuse(place, f"{function} belongs in Conditions")
        operands = self.value(argument, place)
        return CALLS[function](Call(function, operands, place, self.names))

    def _counted(self, text: str) -> str:
        self._made += len(text)
        if self._made > LARGEST:
            self.text.refuse((), "its functions put together far too much text")
        return self._with_dynamic(text)

    def _with_dynamic(self, text: str) -> str:
        """The text with a symbol for each value that CloudFormation takes from elsewhere."""
        if "{{resolve:" not in text:
            return text
        return re.sub(_DYNAMIC, lambda found: str(self.names.open(found[1])), text)

    def _if(
        self, argument: Any, place: Place, out: Place, lines: Optional[dict[Place, int]]
    ) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            self.text.refuse(place, "Fn::If takes a condition and two values")
        name = argument[0]
        holds = self.conditions.holds(name, (*place, 0))
        if holds is not None:
            at = 1 if holds else 2
            return self.value(argument[at], (*place, at), out, lines)
        with self.references.undecided():
            one, other = (self.value(argument[at], (*place, at)) for at in (1, 2))
        return one if repr(one) == repr(other) else self.names.open("If", name, pointer(place))

    def _ref(self, argument: Any, place: Place) -> Any:
        name = self._word(argument, place, "Ref takes a name")
        return NO_VALUE if name == "AWS::NoValue" else self.references.ref(name, place)

    def _get_att(self, argument: Any, place: Place) -> Any:
        if isinstance(argument, str) and "." in argument:
            argument = argument.split(".", 1)
        usage = "Fn::GetAtt takes a resource and an attribute"
        if not isinstance(argument, list) or len(argument) != 2:
            self.text.refuse(place, usage)
        resource, attribute = (
            self._word(one, (*place, index), usage) for index, one in enumerate(argument)
        )
        return self.references.attribute(resource, attribute, place, "Fn::GetAtt of")

    def _word(self, node: Any, place: Place, usage: str) -> str:
        found = self.value(node, place)
        if not isinstance(found, str) or not found or has_symbol(found):
            self.text.refuse(place, usage)
        return found

    def _sub(self, argument: Any, place: Place) -> str:
        own: Any = {}
        if isinstance(argument, list) and len(argument) == 2:
            argument, own = argument
        if not isinstance(argument, str) or not isinstance(own, dict):
            self.text.refuse(place, "Fn::Sub takes a text, or a list of a text and its variables")
        variables = {name: self.value(node, (*place, 1, name)) for name, node in own.items()}

        def substitute(found: re.Match[str]) -> str:
            name = found[1]
            return (
                "${" + name[1:] + "}" if name[:1] == "!" else self._variable(name, variables, place)
            )

        return re.sub(_VARIABLE, substitute, argument)

    def _variable(self, name: str, variables: dict[str, Any], place: Place) -> str:
        if name in variables:
            found = variables[name]
        elif not re.fullmatch(_VARIABLE_NAME, name):
            text = "${" + name + "}"
            self.text.refuse(
                place, f"Fn::Sub: {text} names nothing; write ${{!{name}}} for the text itself"
            )
        elif "." in name:
            resource, _, attribute = name.partition(".")
            found = self.references.attribute(resource, attribute, place, "Fn::Sub of")
        else:
            found = self.references.ref(name, place, "Fn::Sub of")
        return Call("Fn::Sub", found, place, self.names).text(found)
