"""The catalogue: the controls of the package, and those of a user's own folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Optional

from ormer.controls.compiled import FOLDER, compiled_text
from ormer.controls.grammar import control_of
from ormer.model.control import Control
from ormer.model.digest import sha256
from ormer.model.errors import InputError


class Catalogue(NamedTuple):
    """Controls in id order; ``digest`` is the SHA-256 of all they say.

    ``overridden`` are the ids of the package's controls that a user's folder replaces.
    """

    controls: tuple[Control, ...]
    digest: str
    overridden: tuple[str, ...]


def load_catalogue(extra_dir: Optional[str] = None) -> Catalogue:
    """The package's controls, with those of ``extra_dir`` (YAML files) added or replacing.

    Raises InputError for a folder or file that cannot be read, and for a control that
    does not load: none is ever left out in silence.
    """
    text = compiled_text()
    contents = {content["id"]: (content, FOLDER) for content in json.loads(text)}
    digest = sha256(text)
    overridden = []
    if extra_dir is not None:
        for content, source in _own(extra_dir):
            digest.update(_canonical(content))
            if content["id"] in contents:
                if contents[content["id"]][1] != FOLDER:
                    raise InputError(f"{source}: a second control {content['id']}")
                overridden.append(content["id"])
            contents[content["id"]] = (content, source)
    ordered = [contents[name] for name in sorted(contents)]
    controls = tuple(control_of(content, source) for content, source in ordered)
    return Catalogue(controls, digest.hexdigest(), tuple(sorted(overridden)))


def only(catalogue: Catalogue, ids: list[str]) -> Catalogue:
    """The catalogue with these controls alone. Raises InputError for an id it does not have."""
    check_ids(catalogue, ids)
    kept = tuple(control for control in catalogue.controls if control.id in ids)
    digest = sha256(_canonical([control.raw for control in kept]))
    return catalogue._replace(controls=kept, digest=digest.hexdigest())


def check_ids(catalogue: Catalogue, ids: Iterable[str], others: Iterable[str] = ()) -> None:
    """Raises InputError for an id that neither the catalogue nor ``others`` has."""
    known = {control.id for control in catalogue.controls} | set(others)
    for name in ids:
        if name not in known:
            from ormer.read.text.suggestion import suggestion

            raise InputError(f"no control {name!r}{suggestion(name, known)}")


def _own(folder: str) -> Iterator[tuple[dict[str, Any], str]]:
    from pathlib import Path

    from ormer.controls.files import read_control_files

    yield from read_control_files(Path(folder))


def _canonical(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
