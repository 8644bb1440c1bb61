"""Access properties: who may reach buckets, keys and roles, as sets of forbidden requests.

A file of ``catalogue/`` has the grammar of a control (``controls.grammar``). What differs is its
words: it is about any action and key of the Service Authorization Reference, not about those of
a pipeline's steps alone, and its examples are requests:

    {by: execution, do: "s3:GetObject", to: "arn:aws:s3:::b/k", given: {"aws:SourceVpce": x}}
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ormer.controls.grammar import control_of
from ormer.controls.resolve import NotConfigured, resolved
from ormer.model.control import Control, Statement
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.proofs.asked.vocabulary import check_property
from ormer.read.text.yaml_text import plain, read_yaml

CATALOGUE = Path(__file__).parent / "catalogue"


def load_properties(folder: Path = CATALOGUE) -> tuple[Control, ...]:
    """The properties of a folder of YAML files, in the order of their ids.

    Raises InputError naming the file for one that cannot be read or is no property, and for a
    folder without such files.
    """
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not paths:
        raise InputError(f"{folder}: no folder with files of access properties (*.yaml)")
    return tuple(_property(path) for path in paths)


def with_properties(controls: Iterable[Control], environment: Environment) -> tuple[Control, ...]:
    """The controls and, after them, the package's properties as ``configured``: all that is asked
    of policies. A control that has a property's id replaces it."""
    named = {one.id: one for one in controls}
    others = [one for one in load_properties() if one.id not in named]
    return (*named.values(), *(configured(one, environment) for one in others))


def configured(control: Control, environment: Environment) -> Control:
    """The property without the exceptions for what the profile does not name: they are none."""
    return control._replace(
        exceptions=tuple(each for each in control.exceptions if _resolves(each, environment))
    )


def _resolves(statement: Statement, environment: Environment) -> bool:
    try:
        list(resolved(statement, environment))
    except NotConfigured:
        return False
    return True


def _property(path: Path) -> Control:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    control = control_of(plain(read_yaml(text, str(path))), str(path))
    check_property(control)
    if control.id != path.stem:
        raise InputError(f"{path}: holds property {control.id!r}: name the file after it")
    return control
