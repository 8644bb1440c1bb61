"""Access files made of documents, and proofs by them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ormer.run.prove import Asked, prove

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"
ROLE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"
Told = Any


@pytest.fixture
def write_access(tmp_path: Path) -> Callable[..., str]:
    """``write_access(statement, ..., boundary=[...], **top)``: an access file of one role."""

    def _write(
        *statements: dict[str, Any],
        boundary: list[dict[str, Any]] | None = None,
        arn: str = ROLE,
        **top: Any,
    ) -> str:
        def document(found: list[dict[str, Any]], name: str) -> str:
            body = {"Version": "2012-10-17", "Statement": found}
            (tmp_path / name).write_text(json.dumps(body, indent=1), encoding="utf-8")
            return name

        principal: dict[str, Any] = {
            "arn": arn,
            "identity_policies": [document(list(statements), "role.json")],
        }
        if boundary is not None:
            principal["permissions_boundary"] = document(boundary, "boundary.json")
        path = tmp_path / "access.yaml"
        path.write_text(yaml.safe_dump({"principals": [principal], **top}), encoding="utf-8")
        return str(path)

    return _write


@pytest.fixture
def told(write_access: Callable[..., str]) -> Callable[..., Told]:
    """``told("NET-01", statement, ...)``: the proof of one control, as reports get it."""

    def _told(control: str, *statements: dict[str, Any], **more: Any) -> Told:
        path = write_access(*statements, **more)
        (found,) = prove(Asked(path, str(PROFILE), [control])).told
        return found

    return _told
