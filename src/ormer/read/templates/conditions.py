"""The Conditions of a template: true, false, or not known before it is deployed.

Source: "Condition functions" in the AWS CloudFormation Template Reference Guide.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Optional

from ormer.model.definition import Place
from ormer.model.symbol import has_symbol
from ormer.read.templates.names import Names
from ormer.read.text.suggestion import near

_MOST_OPERANDS = 10


class Conditions:
    """The conditions of one template; ``value`` resolves a value at a place."""

    def __init__(self, names: Names, value: Callable[[Any, Place], Any]) -> None:
        self.names = names
        self.text = names.text
        self.value = value
        self.entries = names.section("Conditions")
        self._known: dict[str, Optional[bool]] = {}
        self._busy: list[str] = []

    def holds(self, name: Any, place: Place) -> Optional[bool]:
        """Whether a condition holds; None where only the deployment knows.

        Raises InputError for one that does not exist, and for a circle of conditions.
        """
        if not isinstance(name, str) or name not in self.entries:
            hint = near(str(name), self.entries)
            self.text.refuse(place, f"there is no condition {name!r}{hint}")
        given = self.names.given.get(f"Condition:{name}")
        if given in ("true", "false"):
            return given == "true"
        if name in self._busy:
            circle = " -> ".join([*self._busy[self._busy.index(name) :], name])
            self.text.refuse(("Conditions", name), f"a circle of conditions: {circle}")
        if name not in self._known:
            self._busy.append(name)
            self._known[name] = self._truth(self.entries[name], ("Conditions", name))
            self._busy.pop()
        return self._known[name]

    def _truth(self, node: Any, place: Place) -> Optional[bool]:
        if not isinstance(node, dict) or len(node) != 1:
            self.text.refuse(place, "a condition is one of Fn::Equals, Fn::And, Fn::Or, Fn::Not")
        ((function, operands),) = node.items()
        inside = (*place, function)
        if function == "Condition":
            return self.holds(operands, inside)
        if function == "Fn::Equals":
            return self._equals(operands, inside)
        if function == "Fn::Not":
            (only,) = self._operands(function, operands, inside, 1, 1)
            return None if only is None else not only
        if function == "Fn::And":
            found = self._operands(function, operands, inside, 2, _MOST_OPERANDS)
            return False if False in found else None if None in found else True
        if function == "Fn::Or":
            found = self._operands(function, operands, inside, 2, _MOST_OPERANDS)
            return True if True in found else None if None in found else False
        self.text.refuse(place, f"{function} is no function of a condition")

    def _operands(
        self, function: str, operands: Any, place: Place, least: int, most: int
    ) -> list[Optional[bool]]:
        if not isinstance(operands, list) or not least <= len(operands) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            self.text.refuse(place, f"{function} takes a list of {count} conditions")
        return [self._truth(one, (*place, index)) for index, one in enumerate(operands)]

    def _equals(self, operands: Any, place: Place) -> Optional[bool]:
        if not isinstance(operands, list) or len(operands) != 2:
            self.text.refuse(place, "Fn::Equals takes a list of two values")
        left, right = (
            _comparable(self.value(one, (*place, index))) for index, one in enumerate(operands)
        )
        if left == right:
            return True
        return None if has_symbol(left) or has_symbol(right) else False


def _comparable(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
