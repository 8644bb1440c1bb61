"""The policies of ``iam/`` and ``policies/`` as plain JSON, for tools that take nothing else.

Each is resolved for the example environment: the parameters beside the templates, and
``pipelines/environment.yaml``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def plain_documents() -> Iterator[tuple[Path, str]]:
    """The file and the text of every policy of every template."""
    profile = of_environment(load_environment(str(PROFILE)))
    for folder in FOLDERS:
        given = (ROOT / folder / "parameters.json").read_bytes()
        values = {**profile, **read_template_parameters(given, f"{folder}/parameters.json")}
        for path in sorted((ROOT / folder).glob("*.yaml")):
            declared = read_template(path.read_bytes(), f"{folder}/{path.name}", values)
            for resource in declared.resources.values():
                for name, suffix in _HOLDERS.items():
                    if name in resource.properties:
                        file = f"{path.stem}.{resource.id}{suffix}.json"
                        yield ROOT / folder / "json" / file, _text(resource.properties[name], file)


def _text(document: Any, file: str) -> str:
    found = json.loads(document) if isinstance(document, str) else document
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    left = symbols(text)
    if left:
        raise ValueError(f"{file}: {', '.join(left)} is not known in the example environment")
    return text
