"""Executions that are started in the embedded AWS, run by the executor of this folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional

from ormer.model.errors import InputError
from pipelines.local.execution import Outcome, run_execution

if TYPE_CHECKING:
    from ormer.embedded.aws import EmbeddedAws
    from ormer.embedded.execution import Execution


def runner(aws: EmbeddedAws, workdir: Path) -> Callable[[Execution], None]:
    """What ``aws.on_start`` takes: runs each execution in a folder of its own below ``workdir``."""

    def run(execution: Execution) -> None:
        def on_event(
            step_name: str,
            step_type: str,
            status: str,
            start: datetime,
            end: Optional[datetime],
            metadata: Mapping[str, Any],
            reason: str,
        ) -> None:
            if end is None:
                execution.step_started(step_name, step_type, metadata)
            else:
                execution.step_finished(step_name, step_type, status, metadata, reason)

        try:
            outcome = run_execution(
                execution.definition,
                execution.parameters,
                sagemaker=aws.client("sagemaker"),
                s3=aws.client("s3"),
                workdir=workdir.resolve() / execution.arn.rpartition("/")[2],
                on_event=on_event,
                pipeline_name=execution.pipeline_name,
                execution_arn=execution.arn,
                stopping=execution.stopping,
            )
        except InputError as error:
            outcome = Outcome("Failed", str(error))
        execution.finished(outcome.status, outcome.reason)

    return run
