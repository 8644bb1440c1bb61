"""A profile's fields -> its YAML text, as ``ormer init`` writes it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Optional

Values = Mapping[str, tuple[str, ...]]

_ORDER = ("account", "region", "vpc", "kms", "buckets", "roles", "image_registries", "tags")


def profile_yaml(
    values: Values, comment: str = "", notes: Optional[Mapping[str, str]] = None
) -> str:
    """The profile's YAML text for dotted paths such as ``vpc.subnets``.

    ``comment`` may have several lines; ``notes`` are comments behind the fields they name.
    """
    root: dict[str, Any] = {}
    for path in sorted(values, key=_rank):
        *sections, leaf = path.split(".")
        section = root
        for name in sections:
            section = section.setdefault(name, {})
        section[leaf] = values[path]
    lines = [f"# {line}" for line in comment.splitlines()]
    return "\n".join([*lines, *_section(root, "", "", notes or {})]) + "\n"


def _rank(path: str) -> int:
    section = path.partition(".")[0]
    return _ORDER.index(section) if section in _ORDER else len(_ORDER)


def _section(
    section: Mapping[str, Any], prefix: str, indent: str, notes: Mapping[str, str]
) -> Iterator[str]:
    for name, node in section.items():
        path = prefix + name
        if isinstance(node, dict):
            yield f"{indent}{name}:"
            yield from _section(node, path + ".", indent + "  ", notes)
        else:
            note = f"  # {notes[path]}" if path in notes else ""
            yield f"{indent}{name}: {_yaml(node)}{note}"


def _yaml(strings: tuple[str, ...]) -> str:
    """Strings in double quotes: JSON's are YAML's, and an account id stays text."""
    quoted = [json.dumps(string) for string in strings]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"
