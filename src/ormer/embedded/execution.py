"""One run of a pipeline in the embedded AWS, as whoever runs its steps reports it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Optional

STEP_ENDS = ("Succeeded", "Failed", "Stopped")
EXECUTION_ENDS = ("Succeeded", "Failed", "Stopped")


class StepRecord(NamedTuple):
    """What ListPipelineExecutionSteps says of a step; UTC times, ``ended`` None while it runs."""

    name: str
    type: str
    status: str
    started: datetime
    ended: Optional[datetime] = None
    metadata: Mapping[str, Any] = {}
    reason: str = ""


class Execution:
    """A started pipeline execution: ``Executing`` until somebody says how it ended.

    ``definition`` is the definition as stored for the version that was started,
    ``parameters`` only what StartPipelineExecution passed (defaults are in the
    definition). ``stopping`` is set once StopPipelineExecution has been called.
    Safe to use from several threads.
    """

    def __init__(
        self,
        pipeline_name: str,
        arn: str,
        definition: bytes,
        parameters: Mapping[str, str],
        version: int,
    ) -> None:
        self.pipeline_name = pipeline_name
        self.arn = arn
        self.definition = definition
        self.parameters = dict(parameters)
        self.version = version
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._steps: dict[str, StepRecord] = {}
        self._status = "Executing"
        self._reason = ""

    def step_started(
        self, name: str, type: str, metadata: Optional[Mapping[str, Any]] = None
    ) -> None:
        """The step runs now. ``metadata`` is AWS's PipelineExecutionStepMetadata."""
        with self._lock:
            self._must_run()
            self._steps[name] = StepRecord(name, type, "Executing", _now(), None, metadata or {})

    def step_finished(
        self,
        name: str,
        type: str,
        status: str,
        metadata: Optional[Mapping[str, Any]] = None,
        reason: str = "",
    ) -> None:
        """The step ended as ``status`` (Succeeded, Failed or Stopped); ``reason`` if it failed."""
        if status not in STEP_ENDS:
            raise ValueError(f"step {name}: {status!r} is none of {', '.join(STEP_ENDS)}")
        with self._lock:
            self._must_run()
            now = _now()
            before = self._steps.get(name) or StepRecord(name, type, status, now)
            self._steps[name] = before._replace(
                type=type,
                status=status,
                ended=now,
                metadata=metadata or before.metadata,
                reason=reason,
            )

    def finished(self, status: str, reason: str = "") -> None:
        """The whole execution ended as ``status`` (Succeeded, Failed or Stopped)."""
        if status not in EXECUTION_ENDS:
            raise ValueError(f"{self.arn}: {status!r} is none of {', '.join(EXECUTION_ENDS)}")
        with self._lock:
            self._must_run()
            self._status, self._reason = status, reason

    def stop(self, at_once: bool) -> None:
        """StopPipelineExecution: ``Stopped`` if nobody runs the steps, else ``Stopping``."""
        with self._lock:
            self._must_run()
            self._status = "Stopped" if at_once else "Stopping"
            self.stopping.set()

    def state(self) -> tuple[str, str]:
        """The execution's status and failure reason."""
        with self._lock:
            return self._status, self._reason

    def steps(self) -> list[StepRecord]:
        """The steps so far, in the order in which they started."""
        with self._lock:
            return list(self._steps.values())

    def _must_run(self) -> None:
        if self._status not in ("Executing", "Stopping"):
            raise ValueError(f"{self.arn} has already ended as {self._status}")


def _now() -> datetime:
    return datetime.now(UTC)
