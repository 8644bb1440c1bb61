"""botocore's service model and the key table -> ``inputs.json``: inputs to start from.

For each SageMaker action of the service model: the smallest valid input (its required members,
and those of ``ALSO``, with placeholders), where tags go, and for each condition key of the key
table the members that fill it, with everything that has to stand around them.

Run as ``python -m ormer.facts.distill_inputs``; a test makes the file again and compares.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

from ormer.facts.distill import iam_actions, service_model, versions
from ormer.facts.key_table import KeyTable, MappedKey, read_key_table
from ormer.facts.member_path import ELEMENT, VALUE, Shapes, tokens
from ormer.facts.placeholders import placeholder

JSON_TEXT = "<json>"
"""The step of a path that reads a text as JSON."""
OPTIONAL = "?"
"""Ends a member that its structure does not require."""

ALSO = {
    "CreateEndpointConfig": ("ProductionVariants[].ModelName",),
    "CreateHyperParameterTuningJob": (
        "TrainingJobDefinition.AlgorithmSpecification.TrainingImage",
    ),
    "CreateModel": ("PrimaryContainer.Image",),
    "CreateModelPackage": ("ModelPackageName",),
    "CreateTrainingJob": ("AlgorithmSpecification.TrainingImage",),
}
"""Members without which the Amazon SageMaker API Reference says that the call is refused,
although the service model does not require them. None of them fills a condition key."""

_ANY_SHAPE = "shape "
_PREFIX = "sagemaker:"
_MOST_PLACES = 12


def distill_inputs() -> dict[str, Any]:
    """The facts as JSON, by action."""
    model, table = service_model(), read_key_table()
    actions = {}
    for action in sorted(iam_actions().keys() & model["operations"].keys()):
        root = model["operations"][action]["input"]["shape"]
        builder = _Builder(model["shapes"], root)
        made = builder.smallest(root)
        for path in ALSO.get(action, ()):
            made = builder.smallest(root, tokens(path), made)
        facts: dict[str, Any] = {"input": made}
        if "Tags" in model["shapes"][root]["members"]:
            tags = model["shapes"][model["shapes"][root]["members"]["Tags"]["shape"]]
            facts["tags"] = tags["type"]
        facts["keys"] = {
            _PREFIX + key: builder.places(table, action, entry)
            for (key, owner), entry in sorted(table.mapped.items())
            if owner == action and entry.members
        }
        actions[_PREFIX + action] = {part: value for part, value in facts.items() if value != {}}
        actions[_PREFIX + action]["input"] = made
    return {"botocore": versions()["botocore"], "actions": actions}


class _Builder:
    """Makes parts of the input of one action."""

    def __init__(self, shapes: Shapes, root: str) -> None:
        self.shapes = shapes
        self.root = root

    def smallest(self, name: str, path: Optional[list[str]] = None, start: Any = None) -> Any:
        """The smallest value of a shape that has everything on ``path``, added to ``start``."""
        shape, kind = self.shapes[name], self.shapes[name]["type"]
        token, rest = (path[0], path[1:]) if path else ("", [])
        if kind == "structure":
            made = dict(start or {})
            for member in self._wanted(shape, token):
                target = shape["members"][member]["shape"]
                if member == token:
                    made[member] = self.smallest(target, rest, made.get(member))
                elif member not in made:
                    made[member] = self.smallest(target)
            return made
        if kind == "list":
            length = 1 if token == ELEMENT else shape.get("min", 0)
            first = start[0] if start else None
            return [self.smallest(shape["member"]["shape"], rest, first) for _ in range(length)]
        if kind == "map":
            if token == VALUE or not shape.get("min"):
                return {}
            key = placeholder(self.shapes, shape["key"]["shape"])
            return {key: self.smallest(shape["value"]["shape"])}
        return placeholder(self.shapes, name)

    @staticmethod
    def _wanted(shape: dict[str, Any], token: str) -> list[str]:
        if shape.get("union"):
            return [token or next(iter(shape["members"]))]
        required = list(shape.get("required", ()))
        return [*required, *([token] if token and token not in required else [])]

    def places(self, table: KeyTable, action: str, entry: MappedKey) -> list[dict[str, Any]]:
        """Where the key's values go: the steps there, the type, and what stands around them."""
        within = table.job_definitions.get(action, ("",))[0]
        found = []
        for path in self._paths(entry, within):
            steps, kind = self._steps(path)
            known = steps.index(JSON_TEXT) if JSON_TEXT in steps else len(path)
            around = self.smallest(self.root, path[:known])
            found.append({"steps": steps, "type": kind, "around": {path[0]: around[path[0]]}})
        return found

    def _paths(self, entry: MappedKey, within: str) -> Iterator[list[str]]:
        for path in entry.members:
            if path.startswith(_ANY_SHAPE):
                yield from self._of_shape(path.removeprefix(_ANY_SHAPE))
            elif path.startswith("/"):
                yield tokens(path[1:])
            else:
                yield tokens(f"{within}.{path}".strip("."))

    def _of_shape(self, wanted: str) -> Iterator[list[str]]:
        """The paths to members of a shape, the shortest first, through structures and lists."""
        todo: deque[tuple[str, list[str], tuple[str, ...]]] = deque([(self.root, [], ())])
        found = 0
        while todo and found < _MOST_PLACES:
            name, path, above = todo.popleft()
            shape = self.shapes[name]
            if name == wanted:
                found += 1
                yield path
            elif name in above:
                continue
            elif shape["type"] == "structure":
                for member, target in shape["members"].items():
                    todo.append((target["shape"], [*path, member], (*above, name)))
            elif shape["type"] == "list":
                todo.append((shape["member"]["shape"], [*path, ELEMENT], (*above, name)))

    def _steps(self, path: list[str]) -> tuple[list[str], str]:
        """The path with its marks, and the type of what is at its end."""
        steps: list[str] = []
        name = self.root
        for token in path:
            shape = self.shapes[name]
            if token in (ELEMENT, VALUE):
                steps.append(token)
                name = shape["member" if token == ELEMENT else "value"]["shape"]
            elif shape["type"] == "structure":
                steps.append(token if token in shape.get("required", ()) else token + OPTIONAL)
                name = shape["members"][token]["shape"]
            else:  # the text of a job document: no service model goes on here
                below = path[len(steps) :]
                marked = [t if t == ELEMENT else t + OPTIONAL for t in below]
                return [*steps, JSON_TEXT, *marked], "string"
        return steps, self.shapes[name]["type"]


def main() -> None:
    """Write the file beside this module."""
    text = json.dumps(distill_inputs(), separators=(",", ":"), sort_keys=True)
    Path(__file__).with_name("inputs.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
