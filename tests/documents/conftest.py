"""The documents of ``iam/`` and ``policies/``, resolved for the example environment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docs.plain_documents import FOLDERS, ROOT, resolved
from docs.policy_teeth.layers import Prepared
from docs.policy_teeth.requests import cases
from ormer.read.templates.text import read_template_text


@pytest.fixture(scope="session")
def documents() -> dict[str, Any]:
    """Every policy document of every template: ``FILE#LogicalId``, with ``.trust`` for trust."""
    return {one.name: one.document for one in resolved()}


@pytest.fixture(scope="session")
def templates() -> dict[str, Any]:
    """Every template, its intrinsics in the long form, by file."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.yaml"))]
    names = {path.relative_to(ROOT).as_posix(): path for path in paths}
    return {name: read_template_text(path.read_bytes(), name).root for name, path in names.items()}


@pytest.fixture(scope="session")
def parameters() -> dict[str, dict[str, str]]:
    """The parameters of the example environment, by folder."""
    found = {}
    for folder in FOLDERS:
        entries = json.loads((ROOT / folder / "parameters.json").read_text("utf-8"))
        found[folder] = {one["ParameterKey"]: one["ParameterValue"] for one in entries}
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each case of the tables is a test of what takes ``case``."""
    if "case" in metafunc.fixturenames:
        found = cases()
        prepared = [Prepared.of(each) for each in found.values()]
        metafunc.parametrize("case", prepared, ids=list(found))
