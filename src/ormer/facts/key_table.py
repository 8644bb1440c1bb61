"""The reviewed table of which API members fill a condition key (``condition_keys.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any, NamedTuple


class MappedKey(NamedTuple):
    """The member paths that fill a key; ``excused`` says why none does."""

    members: tuple[str, ...]
    demanded_by: str = ""
    excused: str = ""


class KeyTable(NamedTuple):
    """``mapped`` by (key without ``sagemaker:``, action without ``sagemaker:``)."""

    mapped: Mapping[tuple[str, str], MappedKey]
    excused_keys: Mapping[str, str]
    job_definitions: Mapping[str, tuple[str, ...]]
    renamed: Mapping[str, str]
    bags: tuple[str, ...]


def read_key_table() -> KeyTable:
    """Read the table that is part of the package."""
    import yaml

    source = resources.files("ormer.facts") / "condition_keys.yaml"
    table = yaml.safe_load(source.read_bytes())
    return KeyTable(
        mapped={
            (key, action): _mapped(entry)
            for key, actions in table["keys"].items()
            for action, entry in actions.items()
        },
        excused_keys=table["excused_keys"],
        job_definitions={a: tuple(paths) for a, paths in table["job_definitions"].items()},
        renamed=table["renamed"],
        bags=tuple(table["bags"]),
    )


def _mapped(entry: Any) -> MappedKey:
    if isinstance(entry, dict):
        members = entry.get("members", [])
        return MappedKey(_paths(members), entry.get("demanded_by", ""), entry.get("excused", ""))
    return MappedKey(_paths(entry))


def _paths(members: Any) -> tuple[str, ...]:
    return (members,) if isinstance(members, str) else tuple(members)
