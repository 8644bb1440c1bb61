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
    """The file's name, which stands for the pipeline's: a definition does not hold its own.

    Of ``template.yaml#Train`` it is ``Train``, until the template is read.
    """
    file, part = split(path)
    if part:
        return part
    return "" if file == "-" else os.path.splitext(os.path.basename(file))[0]


def split(target: str) -> tuple[str, str]:
    """A target as its file and what is meant in it: ``template.yaml#TrainPipeline``.

    A file whose own name has a ``#`` is found, too.
    """
    if "#" not in target or os.path.exists(target):
        return target, ""
    at = target.find("#")
    first = at
    while at >= 0:
        if os.path.exists(target[:at]):
            return target[:at], target[at + 1 :]
        at = target.find("#", at + 1)
    return target[:first], target[first + 1 :]


def real(target: str) -> str:
    """The target by the real path of its file."""
    file, part = split(target)
    return f"{os.path.realpath(file)}#{part}" if part else os.path.realpath(file)


def expanded(targets: Iterable[str]) -> list[str]:
    """The targets with globs expanded. Raises InputError for a glob that matches nothing."""
    paths: list[str] = []
    for target in targets:
        file, part = split(target)
        if file == "-" or os.path.exists(file) or not any(c in file for c in "*?["):
            paths.append(target)
            continue
        from glob import glob

        matches = sorted(glob(file, recursive=True))
        if not matches:
            raise InputError(f"{file}: matches no file")
        paths += [f"{match}#{part}" for match in matches] if part else matches
    return list(dict.fromkeys(paths))
