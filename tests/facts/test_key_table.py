"""The reviewed table against its sources: no pair forgotten, none stale, every path real."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

from ormer.facts.key_table import KeyTable
from ormer.read.text.yaml_text import Mapping, read_yaml

PREFIX = "sagemaker:"
OPEN_DOCUMENT = "JobConfigDocument"  # JSON text: its schema is in no public service model
NOT_CONTROL_PLANE = {"InvokeEndpoint"}  # the runtime's API has a service model of its own


def reference_pairs(carried: dict[str, list[str]]) -> set[tuple[str, str]]:
    return {
        (key.removeprefix(PREFIX), action)
        for action, keys in carried.items()
        for key in keys
        if key.startswith(PREFIX)
    }


def test_every_pair_is_mapped_or_excused(table: KeyTable, carried: dict[str, list[str]]) -> None:
    open_pairs = sorted(
        pair
        for pair in reference_pairs(carried)
        if pair not in table.mapped and pair[0] not in table.excused_keys
    )
    assert not open_pairs, f"neither mapped nor excused: {open_pairs}"


def test_no_pair_is_stale(table: KeyTable, carried: dict[str, list[str]]) -> None:
    stale = sorted(table.mapped.keys() - reference_pairs(carried))
    assert not stale, f"no longer in the reference: {stale}"


def test_an_excused_key_is_needed_and_has_a_reason(
    table: KeyTable, carried: dict[str, list[str]]
) -> None:
    pairs = reference_pairs(carried)
    for key, reason in table.excused_keys.items():
        needed = [pair for pair in pairs if pair[0] == key and pair not in table.mapped]
        assert needed, f"{key} is excused, but every pair of it is mapped or gone"
        assert len(reason) > 10, f"{key} is excused without a reason"


def test_a_mapping_has_members_or_an_excuse_and_never_both(table: KeyTable) -> None:
    for pair, entry in table.mapped.items():
        assert bool(entry.members) != bool(entry.excused), pair


def test_no_key_stands_twice_in_the_table() -> None:
    source = resources.files("ormer.facts") / "condition_keys.yaml"
    root = read_yaml(source.read_bytes(), "condition_keys.yaml")
    assert isinstance(root, Mapping)
    assert {"job_definitions", "keys", "excused_keys", "renamed", "bags"} == set(root.entries)


def test_every_path_is_in_the_service_model(table: KeyTable, model: dict[str, Any]) -> None:
    wrong = [
        f"{action} {key}: {path}"
        for (key, action), entry in sorted(table.mapped.items())
        if action not in NOT_CONTROL_PLANE
        for path in entry.members
        for start in starts(table, model, action)
        if not leads_somewhere(model, start, path)
    ]
    assert not wrong, wrong


def test_what_demands_a_key_is_in_the_service_model(table: KeyTable, model: dict[str, Any]) -> None:
    demands = {pair: e.demanded_by for pair, e in table.mapped.items() if e.demanded_by}
    assert demands, "the table has demands; without one this test checks nothing"
    for (_, action), path in demands.items():
        assert leads_somewhere(model, starts(table, model, action)[0], path), (action, path)


def test_a_list_typed_key_is_filled_from_lists_or_several_members(
    table: KeyTable, key_types: dict[str, str]
) -> None:
    """A key that IAM fills with one value cannot come from a list without ``shape``."""
    for (key, action), entry in table.mapped.items():
        from_lists = [path for path in entry.members if path.endswith("[]")]
        if from_lists:
            assert key_types[PREFIX + key].startswith("ArrayOf"), (key, action, from_lists)


def test_renamed_keys_are_current_names_and_the_old_ones_are_gone(
    table: KeyTable, carried: dict[str, list[str]]
) -> None:
    current = {pair[0] for pair in reference_pairs(carried)}
    assert set(table.renamed) <= current
    assert not set(table.renamed.values()) & current


def test_bags_are_members_that_only_hold_security_settings(
    table: KeyTable, model: dict[str, Any]
) -> None:
    for bag in table.bags:
        shapes = {
            target["shape"]
            for shape in model["shapes"].values()
            if shape["type"] == "structure"
            for member, target in shape["members"].items()
            if member == bag
        }
        assert shapes, f"no structure has a member {bag}"


def starts(table: KeyTable, model: dict[str, Any], action: str) -> list[str]:
    """The shapes that an action's paths start from: its job definitions, or its input."""
    root = model["operations"][action]["input"]["shape"]
    paths = table.job_definitions.get(action, ())
    return [end for path in paths for end in ends(model, root, path)] if paths else [root]


def leads_somewhere(model: dict[str, Any], start: str, path: str) -> bool:
    if path.startswith("shape "):
        return path.removeprefix("shape ") in set(below(model, start, set()))
    if path.startswith(OPEN_DOCUMENT + "."):
        return bool(list(ends(model, start, OPEN_DOCUMENT)))
    return bool(list(ends(model, start, path)))


def ends(model: dict[str, Any], shape: str, path: str) -> Iterator[str]:
    """The shape at a path; nothing where the path is wrong, or lacks or has an extra ``[]``."""
    for part in path.split("."):
        name = part.removesuffix("[]").removesuffix("{}")
        node = model["shapes"][shape]
        if node["type"] != "structure" or name not in node["members"]:
            return
        shape = node["members"][name]["shape"]
        mark = part[len(name) :]
        if mark:
            node = model["shapes"][shape]
            if node["type"] != {"[]": "list", "{}": "map"}[mark]:
                return
            shape = node["member" if mark == "[]" else "value"]["shape"]
    if model["shapes"][shape]["type"] != "list":
        yield shape


def below(model: dict[str, Any], shape: str, seen: set[str]) -> Iterator[str]:
    """Every shape below a shape."""
    if shape in seen:
        return
    seen.add(shape)
    yield shape
    node = model["shapes"][shape]
    targets = [node[part] for part in ("member", "value") if part in node]
    for target in (*node.get("members", {}).values(), *targets):
        yield from below(model, target["shape"], seen)
