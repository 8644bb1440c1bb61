"""The same steps in a branch: a definition whose steps are moved into a Condition or a ForEach."""

from __future__ import annotations

from typing import Any, NamedTuple

from docs.teeth.places import Place


class Move(NamedTuple):
    """Where a definition's steps are put: into a branch of a step of type ``holder``.

    Without a branch they stay where they are.
    """

    branch: str = ""
    holder: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()

    def definition(self, definition: Any) -> Any:
        """The definition with its steps moved."""
        if not self.branch:
            return definition
        arguments = {**dict(self.arguments), self.branch: definition["Steps"]}
        outer = {"Name": _OUTER, "Type": self.holder, "Arguments": arguments}
        return {**definition, "Steps": [outer]}

    def place(self, place: Place) -> Place:
        """Where a place of the original is now."""
        if not self.branch or place[:1] != ("Steps",):
            return place
        return ("Steps", 0, "Arguments", self.branch, *place[1:])

    def subject(self, subject: str) -> str:
        """What a step of the original is called now."""
        return f"{_OUTER}/{self.branch}/{subject}" if self.branch and subject else subject


_OUTER = "Outer"
_WHETHER = (("Conditions", [{"Type": "Equals", "LeftValue": 1, "RightValue": 1}]),)
_ITEMS = (("IterableItems", ["first", "second"]), ("MaxConcurrency", 1))

IN_PLACE = Move()
MOVES = (
    IN_PLACE,
    Move("IfSteps", "Condition", (*_WHETHER, ("ElseSteps", []))),
    Move("ElseSteps", "Condition", (*_WHETHER, ("IfSteps", []))),
    Move("ForEachBody", "ForEach", _ITEMS),
)
