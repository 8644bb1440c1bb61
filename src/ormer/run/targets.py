"""What the command line names: files, globs, standard input, and the pipelines in them."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ormer.model.errors import InputError

STANDARD_INPUT = "standard input"


def name_of(path: str) -> str:
    """A path as errors and reports name it."""
    return STANDARD_INPUT if path == "-" else path


def stem_of(path: str) -> str:
    """The file's name, which stands for the pipeline's: a definition does not hold its own."""
    return "" if path == "-" else os.path.splitext(os.path.basename(path))[0]


def expanded(targets: Iterable[str]) -> list[str]:
    """The targets with globs expanded. Raises InputError for a glob that matches nothing."""
    paths: list[str] = []
    for target in targets:
        if target == "-" or os.path.exists(target) or not any(c in target for c in "*?["):
            paths.append(target)
            continue
        from glob import glob

        matches = sorted(glob(target, recursive=True))
        if not matches:
            raise InputError(f"{target}: matches no file")
        paths += matches
    return list(dict.fromkeys(paths))
