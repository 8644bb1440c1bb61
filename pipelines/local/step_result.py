"""How a step ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, NamedTuple


class StepFailed(Exception):
    """The step ran and failed; the message is its FailureReason."""


class StepResult(NamedTuple):
    """What a step leaves behind.

    ``properties`` is what ``Steps.<name>.`` refers to, ``metadata`` what
    ListPipelineExecutionSteps shows.
    """

    properties: Mapping[str, Any]
    metadata: Mapping[str, Any] = {}


class Place(NamedTuple):
    """Where a step runs: the account's clients, a folder of its own, and its job's name."""

    sagemaker: Any
    s3: Any
    folder: Path
    job_name: str
