"""One execution of a pipeline definition on this machine, step by step, as SageMaker would.

The definition is the document that the account stores; nothing of the code that built
it is used. What cannot be run here is refused before anything has run.
"""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any, Callable, Mapping, NamedTuple, Optional, Protocol

from ormer.model.errors import InputError
from pipelines.local.conditions import all_hold
from pipelines.local.parameters import parameter_values
from pipelines.local.processing_step import run_processing
from pipelines.local.register_step import run_register
from pipelines.local.s3_files import read_json
from pipelines.local.step_result import Place, StepFailed, StepResult
from pipelines.local.training_step import run_training
from pipelines.local.values import Values, steps_named

Step = Mapping[str, Any]

RUNNERS: dict[str, Callable[[Mapping[str, Any], Place], StepResult]] = {
    "Processing": run_processing,
    "Training": run_training,
    "RegisterModel": run_register,
}
LONGEST_JOB_NAME = 63


class OnEvent(Protocol):
    """Called when a step starts (``Executing``) and when it ends (``Succeeded``, ``Failed``).

    ``metadata`` is AWS's PipelineExecutionStepMetadata, ``reason`` its FailureReason;
    times are UTC, ``end`` None while the step runs.
    """

    def __call__(
        self,
        step_name: str,
        step_type: str,
        status: str,
        start: datetime,
        end: Optional[datetime],
        metadata: Mapping[str, Any],
        reason: str,
    ) -> None: ...


class Outcome(NamedTuple):
    """How the execution ended: ``Succeeded``, ``Failed`` or ``Stopped``, and why."""

    status: str
    reason: str = ""


def run_execution(
    definition: bytes,
    parameters: Mapping[str, str],
    *,
    sagemaker: Any,
    s3: Any,
    workdir: Path,
    on_event: OnEvent,
    pipeline_name: str = "pipeline",
    execution_arn: str = "local",
    stopping: Optional[threading.Event] = None,
) -> Outcome:
    """Run a definition to its end, with boto3 clients of the account it belongs to.

    ``parameters`` are those of StartPipelineExecution; ``workdir`` is left with each
    step's files and log. Once ``stopping`` is set no further step is started. Raises
    InputError for a definition or parameters that cannot be run here.
    """
    document = _read(definition)
    values = Values(
        parameter_values(document.get("Parameters", []), parameters),
        _variables(pipeline_name, execution_arn),
        partial(read_json, s3),
    )
    run = _Run(values, sagemaker, s3, workdir, on_event, stopping or threading.Event())
    return run.steps(document["Steps"])


def _read(definition: bytes) -> dict[str, Any]:
    try:
        document: dict[str, Any] = json.loads(definition)
        _refuse_unknown(document["Steps"])
    except ValueError:
        raise InputError("the pipeline definition is not JSON") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"the pipeline definition is malformed at {error}") from None
    return document


def _refuse_unknown(steps: list[Step]) -> None:
    for step in steps:
        kind = step["Type"]
        if kind not in (*RUNNERS, "Condition", "Fail"):
            raise InputError(f"step {step['Name']}: type {kind} cannot be run on this machine")
        _refuse_unknown(step["Arguments"].get("IfSteps", []))
        _refuse_unknown(step["Arguments"].get("ElseSteps", []))


def _variables(pipeline_name: str, execution_arn: str) -> dict[str, str]:
    now = datetime.now(timezone.utc).isoformat()
    return {
        "PipelineName": pipeline_name,
        "PipelineArn": execution_arn.partition("/execution/")[0],
        "PipelineExecutionArn": execution_arn,
        "PipelineExecutionId": execution_arn.rpartition("/")[2],
        "StartDateTime": now,
        "CurrentDateTime": now,
    }


class _Run:
    def __init__(
        self,
        values: Values,
        sagemaker: Any,
        s3: Any,
        workdir: Path,
        on_event: OnEvent,
        stopping: threading.Event,
    ) -> None:
        self._values = values
        self._sagemaker = sagemaker
        self._s3 = s3
        self._workdir = workdir
        self._on_event = on_event
        self._stopping = stopping

    def steps(self, steps: list[Step]) -> Outcome:
        """Run steps in the order of their dependencies, else in the definition's."""
        waiting = list(steps)
        while waiting:
            if self._stopping.is_set():
                return Outcome("Stopped")
            ready = next((step for step in waiting if self._is_ready(step)), None)
            if ready is None:
                names = ", ".join(step["Name"] for step in waiting)
                raise InputError(f"steps that wait for each other, or for a missing one: {names}")
            waiting.remove(ready)
            outcome = self._step(ready, waiting)
            if outcome.status != "Succeeded":
                return outcome
        return Outcome("Succeeded")

    def _is_ready(self, step: Step) -> bool:
        return depends_on(step) <= set(self._values.steps)

    def _step(self, step: Step, waiting: list[Step]) -> Outcome:
        name, kind = step["Name"], step["Type"]
        report = partial(self._on_event, step_name=name, step_type=kind, start=_now())
        report(status="Executing", end=None, metadata={}, reason="")
        try:
            result = self._result(step, waiting)
        except StepFailed as failure:
            metadata = {"Fail": {"ErrorMessage": str(failure)}} if kind == "Fail" else {}
            report(status="Failed", end=_now(), metadata=metadata, reason=str(failure))
            return Outcome("Failed", f"Step failure: {name}: {failure}")
        except InputError as error:
            report(status="Failed", end=_now(), metadata={}, reason=str(error))
            raise InputError(f"step {name}: {error}") from None
        self._values.steps[name] = result.properties
        self._remember_property_files(step, result)
        report(status="Succeeded", end=_now(), metadata=result.metadata, reason="")
        return Outcome("Succeeded")

    def _result(self, step: Step, waiting: list[Step]) -> StepResult:
        arguments = step["Arguments"]
        if step["Type"] == "Condition":
            chosen = all_hold(arguments["Conditions"], self._values)
            waiting.extend(arguments["IfSteps"] if chosen else arguments["ElseSteps"])
            outcome = {"Outcome": "True" if chosen else "False"}
            return StepResult(outcome, {"Condition": outcome})
        resolved = self._values.resolve(arguments)
        if step["Type"] == "Fail":
            raise StepFailed(resolved.get("ErrorMessage", ""))
        folder = self._workdir / step["Name"]
        folder.mkdir(parents=True)
        place = Place(self._sagemaker, self._s3, folder, self._job_name(step["Name"]))
        return RUNNERS[step["Type"]](resolved, place)

    def _job_name(self, step_name: str) -> str:
        """``pipelines-<execution>-<step>-<suffix>``, the form in which SageMaker names jobs."""
        execution = self._values.variables["PipelineExecutionId"]
        suffix = hashlib.sha256(f"{execution}/{step_name}".encode()).hexdigest()[:10]
        start = f"pipelines-{execution}-{step_name}"[: LONGEST_JOB_NAME - 11]
        return f"{start.rstrip('-')}-{suffix}"

    def _remember_property_files(self, step: Step, result: StepResult) -> None:
        for item in step.get("PropertyFiles", []):
            outputs = result.properties["ProcessingOutputConfig"]["Outputs"]
            uri = next(
                output["S3Output"]["S3Uri"]
                for output in outputs
                if output["OutputName"] == item["OutputName"]
            )
            where = f"{uri.rstrip('/')}/{item['FilePath']}"
            self._values.property_files[step["Name"], item["PropertyFileName"]] = where


def depends_on(step: Step) -> set[str]:
    """The steps that must have run before ``step``; what is nested in it depends by itself."""
    arguments = {
        name: value
        for name, value in step["Arguments"].items()
        if name not in ("IfSteps", "ElseSteps")
    }
    explicit = {
        item["Step"] if isinstance(item, dict) else item for item in step.get("DependsOn", [])
    }
    return steps_named(arguments) | explicit


def _now() -> datetime:
    return datetime.now(timezone.utc)
