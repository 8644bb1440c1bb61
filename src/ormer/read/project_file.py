"""``ormer.toml`` -> ProjectFile.

    definitions = ["build/*.json", {path = "fraud/definition.json", name = "fraud"}]
    environment = "environment.yaml"    # or one table a profile, [profiles.prod]
    waivers = "waivers.yaml"
    controls = "controls"
    template_parameters = "parameters.json"
    access = "access.yaml"
    prove = true

Paths are relative to the file's folder. A profile has an ``environment`` of its own, and may
have ``definitions``, ``waivers``, ``controls``, ``template_parameters``, ``access`` and
``prove`` of its own.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from glob import escape
from typing import Any, Optional

from ormer.model.errors import InputError
from ormer.model.project_file import Definitions, Profile, ProjectFile
from ormer.read.text.suggestion import suggestion

FILE = "ormer.toml"
_SHARED = ("definitions", "waivers", "controls", "template_parameters", "access", "prove")
_TOP = (*_SHARED, "environment", "profiles")
_OF_PROFILE = (*_SHARED, "environment")


def read_project_file(text: bytes, path: str) -> ProjectFile:
    """Read the settings.

    Raises InputError naming ``path`` and the field for what is no TOML, for an unknown field
    (with the nearest known one), a value of another type, no environment, or no definitions.
    """
    content = _toml(text, path)
    _check_names(content, _TOP, "", path)
    folder = os.path.dirname(path)
    tables = _profiles(content, path)
    profiles = []
    for name, table in tables.items():
        where = f"profiles.{name}." if name else ""
        _check_names(table, _OF_PROFILE if name else _TOP, where, path)
        merged = {**{field: content[field] for field in _SHARED if field in content}, **table}
        profiles.append(_profile(name, merged, where, path, folder))
    return ProjectFile(path, tuple(profiles))


def _toml(text: bytes, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{path}: not TOML: {error or 'nested too deeply'}") from None


def _check_names(table: Mapping[str, Any], known: tuple[str, ...], where: str, path: str) -> None:
    for name in table:
        if name not in known:
            near = suggestion(name, set(known))
            raise InputError(f"{path}: unknown field {where + name!r}{near}")


def _profiles(content: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """Profile name -> table; the file itself under the empty name where it has no profiles."""
    if "profiles" not in content:
        return {"": content}
    if "environment" in content:
        raise InputError(f"{path}: 'environment' and 'profiles': a profile has its own environment")
    tables = content["profiles"]
    if not isinstance(tables, dict) or not tables:
        raise InputError(f"{path}: 'profiles' is a table of profiles")
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise InputError(f"{path}: 'profiles.{name}' is a table")
    return tables


def _profile(name: str, table: Mapping[str, Any], where: str, path: str, folder: str) -> Profile:
    environment = _path(table, "environment", where, path, folder)
    if environment is None:
        raise InputError(f"{path}: no {where + 'environment'!r}")
    entries = table.get("definitions")
    if not isinstance(entries, list) or not entries:
        raise InputError(f"{path}: {where + 'definitions'!r} is a list of paths or globs")
    return Profile(
        name,
        environment,
        tuple(_definitions(entry, where, path, folder) for entry in entries),
        _path(table, "waivers", where, path, folder),
        _path(table, "controls", where, path, folder),
        _path(table, "template_parameters", where, path, folder),
        _path(table, "access", where, path, folder),
        _switch(table, "prove", where, path),
    )


def _definitions(entry: Any, where: str, path: str, folder: str) -> Definitions:
    if any(character in folder for character in "*?["):
        folder = escape(folder)  # only what the entry says is a pattern
    if isinstance(entry, str) and entry:
        return Definitions(os.path.join(folder, entry))
    texts = isinstance(entry, dict) and all(isinstance(v, str) and v for v in entry.values())
    if texts and set(entry) == {"path", "name"}:
        return Definitions(os.path.join(folder, entry["path"]), entry["name"])
    raise InputError(
        f"{path}: {where + 'definitions'!r} has {entry!r}, neither a path or glob nor "
        '{path = "...", name = "..."}'
    )


def _switch(table: Mapping[str, Any], field: str, where: str, path: str) -> bool:
    value = table.get(field, False)
    if not isinstance(value, bool):
        raise InputError(f"{path}: {where + field!r} is true or false")
    return value


def _path(
    table: Mapping[str, Any], field: str, where: str, path: str, folder: str
) -> Optional[str]:
    value = table.get(field)
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise InputError(f"{path}: {where + field!r} is a path")
    return os.path.join(folder, value)
