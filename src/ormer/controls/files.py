"""A folder of control files (YAML) -> their contents; and the package's own, compiled.

Run as ``python -m ormer.controls.files`` after a change to the catalogue: it writes
``catalogue.json``, which a test compares with the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ormer.controls.compiled import COMPILED, FOLDER
from ormer.controls.grammar import control_of
from ormer.controls.vocabulary import check_control
from ormer.model.errors import InputError
from ormer.read.text.yaml_text import plain, read_yaml


def read_control_files(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each control file of a folder: its content and its path.

    Raises InputError for a folder that is none or holds no control file, and for a file
    that cannot be read, is no YAML or no control.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no folder of controls")
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not paths:
        raise InputError(f"{folder}: no control files (*.yaml) in it")
    for path in paths:
        yield read_control_file(path), str(path)


def read_control_file(path: Path) -> dict[str, Any]:
    """One control file's content. Raises InputError naming the file."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    content = plain(read_yaml(text, str(path)))
    check_control(control_of(content, str(path)))
    if content["id"] != path.stem:
        raise InputError(f"{path}: holds control {content['id']!r}: name the file after it")
    return dict(content)


def compile_catalogue() -> str:
    """The package's control files as one JSON text."""
    folder = Path(__file__).with_name(FOLDER)
    contents = [content for content, _ in read_control_files(folder)]
    return json.dumps(contents, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name(COMPILED).write_text(compile_catalogue(), encoding="utf-8")
