"""One resource in a template of its own, checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.run.declared_checks import from_variables

Troubles = Callable[..., list[str]]


@pytest.fixture
def troubles(tmp_path: Path) -> Troubles:
    """``troubles(id, type, properties, **more)``: what a check says of the resource ``One``.

    ``more`` are further sections of the template; ``resources`` are further resources.
    """

    def _troubles(id: str, type: str, properties: dict[str, Any], **more: Any) -> list[str]:
        resources = {"One": {"Type": type, "Properties": properties}, **more.pop("resources", {})}
        path = tmp_path / "template.json"
        path.write_text(json.dumps({"Resources": resources, **more}))
        return [each.message for each in from_variables({}).troubles(id, str(path), "One")]

    return _troubles
