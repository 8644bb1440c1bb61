"""The policies of ``iam/`` and ``policies/`` as plain JSON, for tools that take nothing else.

Each is resolved for the example environment: the parameters beside the templates, and
``pipelines/environment.yaml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ormer.model.symbol import symbols
from ormer.read.templates.parameters import read_template_parameters
from ormer.read.templates.template import read_template
from ormer.run.check import load_environment
from ormer.run.parts import of_environment

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("iam", "policies")
PROFILE = ROOT / "pipelines" / "environment.yaml"
_HOLDERS = {
    "AssumeRolePolicyDocument": ".trust",
    "PolicyDocument": "",
    "KeyPolicy": "",
    "Content": "",
}
"""The properties that hold a policy, and what they add to its file's name."""


class Resolved(NamedTuple):
    """A policy document, and where it stands; ``suffix`` is ``.trust`` for a trust policy."""

    folder: str
    stem: str
    resource: str
    suffix: str
    document: Any

    @property
    def name(self) -> str:
        """``iam/build-role.yaml#BuildRole.trust``."""
        return f"{self.folder}/{self.stem}.yaml#{self.resource}{self.suffix}"


def resolved() -> Iterator[Resolved]:
    """Every policy of every template. Raises ValueError where something of it is not known."""
    profile = of_environment(load_environment(str(PROFILE)))
    for folder in FOLDERS:
        given = (ROOT / folder / "parameters.json").read_bytes()
        values = {**profile, **read_template_parameters(given, f"{folder}/parameters.json")}
        for path in sorted((ROOT / folder).glob("*.yaml")):
            declared = read_template(path.read_bytes(), f"{folder}/{path.name}", values)
            for resource in declared.resources.values():
                for holder, suffix in _HOLDERS.items():
                    if holder in resource.properties:
                        document = _known(resource.properties[holder], resource.id)
                        yield Resolved(folder, path.stem, resource.id, suffix, document)


def plain_documents() -> Iterator[tuple[Path, str]]:
    """The file and the text of every policy of every template."""
    for one in resolved():
        file = f"{one.stem}.{one.resource}{one.suffix}.json"
        text = json.dumps(one.document, indent=2, ensure_ascii=False) + "\n"
        yield ROOT / one.folder / "json" / file, text


def _known(document: Any, resource: str) -> Any:
    found = json.loads(document) if isinstance(document, str) else document
    left = symbols(json.dumps(found, ensure_ascii=False))
    if left:
        raise ValueError(f"{resource}: {', '.join(left)} is not known in the example environment")
    return found
