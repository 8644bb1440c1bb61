"""Every step type of the SDK and of the committed documents is one that the facts know."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from ormer.facts.step_types import COMMON_MEMBERS, STEP_TYPES

DEFINITIONS = Path(__file__).parents[1] / "definitions"


def test_every_type_of_the_sdks_own_list_is_known() -> None:
    """Read as text: importing the SDK takes seconds."""
    wanted = "sagemaker/mlops/workflow/steps.py"
    files = metadata.distribution("sagemaker-mlops").files or []
    source = next(Path(str(f.locate())).read_text("utf-8") for f in files if str(f) == wanted)
    listing = source.partition("class StepTypeEnum")[2].partition("\nclass ")[0]
    types = set(re.findall(r'^\s+[A-Z_]+ = "(\w+)"', listing, re.MULTILINE))
    assert "Training" in types and len(types) >= 20
    assert types <= STEP_TYPES.keys(), sorted(types - STEP_TYPES.keys())


def test_every_step_of_the_documents_is_known_with_its_members() -> None:
    met: set[str] = set()
    for path in sorted(DEFINITIONS.glob("v[23]/*.json")):
        for step in steps_of(json.loads(path.read_bytes())["Steps"]):
            met.add(step["Type"])
            known = COMMON_MEMBERS | set(STEP_TYPES[step["Type"]].step_members)
            assert step.keys() <= known, (path.name, step["Name"], step.keys() - known)
    assert met == STEP_TYPES.keys(), f"no document has {STEP_TYPES.keys() - met}"


def steps_of(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield step
        for branch in STEP_TYPES[step["Type"]].branches:
            yield from steps_of(step["Arguments"].get(branch) or [])
