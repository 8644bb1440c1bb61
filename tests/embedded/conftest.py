from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.read.environment import read_environment

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"


@pytest.fixture(scope="module")
def environment() -> Environment:
    return read_environment(PROFILE.read_bytes(), PROFILE.name)


@pytest.fixture(scope="module")
def aws(environment: Environment) -> Iterator[EmbeddedAws]:
    with EmbeddedAws(environment) as embedded:
        yield embedded
