"""The SageMaker operations that moto lacks, or answers in a way that would mislead.

One function an operation, named in OPERATIONS; moto answers everything else.
Each function gets the request's JSON, with a pipeline's ARN already replaced by
its name, and may ask moto itself.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

from ormer.embedded.execution import Execution, StepRecord
from ormer.embedded.world import Fault, World

Json = dict[str, Any]

LARGEST_PAGE = 100

Moto = Callable[[str, Json], Json]
"""Ask moto an operation of the same service; raises Fault with moto's own error."""

Operation = Callable[[World, Json, Moto], Json]


def describe_project(world: World, request: Json, moto: Moto) -> Json:
    """Missing in moto 5.2: the seeded project."""
    name = request["ProjectName"]
    project = world.projects.get(name)
    if project is None:
        raise Fault("ValidationException", f"Project with name {name} does not exist")
    return {
        "ProjectArn": project.arn,
        "ProjectName": project.name,
        "ProjectId": project.id,
        "ProjectStatus": "CreateCompleted",
        "CreationTime": project.created.timestamp(),
    }


def list_tags(world: World, request: Json, moto: Moto) -> Json:
    """Moto knows no projects; the tags of every other resource are its own."""
    for project in world.projects.values():
        if project.arn == request["ResourceArn"]:
            return {"Tags": [{"Key": k, "Value": v} for k, v in project.tags.items()]}
    return moto("ListTags", request)


def add_tags(world: World, request: Json, moto: Moto) -> Json:
    """AWS replaces the value of a key that is there; moto would list the key twice."""
    keys = [tag["Key"] for tag in request["Tags"]]
    moto("DeleteTags", {"ResourceArn": request["ResourceArn"], "TagKeys": keys})
    return moto("AddTags", request)


def create_pipeline(world: World, request: Json, moto: Moto) -> Json:
    """Keeps the first version, and stores a definition from S3 as its text.

    Moto stores the parsed object instead, and accepts text that is not JSON.
    """
    request = _with_inline_definition(world, request)
    answer = moto("CreatePipeline", request)
    with world.lock:
        world.versions[request["PipelineName"]] = [request.get("PipelineDefinition", "")]
    return answer


def update_pipeline(world: World, request: Json, moto: Moto) -> Json:
    """Returns PipelineVersionId, which moto does not: a changed definition is a new version."""
    request = _with_inline_definition(world, request)
    answer = _pipeline_or_not_found(request, moto, "UpdatePipeline")
    with world.lock:
        versions = world.versions.setdefault(request["PipelineName"], [])
        text = request.get("PipelineDefinition")
        if text is not None and (not versions or versions[-1] != text):
            versions.append(text)
        return {**answer, "PipelineVersionId": len(versions)}


def delete_pipeline(world: World, request: Json, moto: Moto) -> Json:
    """A pipeline made again under the same name starts at version 1."""
    answer = _pipeline_or_not_found(request, moto, "DeletePipeline")
    with world.lock:
        world.versions.pop(request["PipelineName"], None)
    return answer


def describe_pipeline(world: World, request: Json, moto: Moto) -> Json:
    """Takes PipelineVersionId; a missing pipeline is ResourceNotFound, as in AWS."""
    answer = _pipeline_or_not_found(request, moto, "DescribePipeline")
    version = request.get("PipelineVersionId")
    if version is not None:
        answer["PipelineDefinition"] = _version_text(world, answer["PipelineName"], version)
    return answer


def start_pipeline_execution(world: World, request: Json, moto: Moto) -> Json:
    """The execution is Executing until a callback ends it; moto's is Succeeded at once."""
    with world.lock:
        token = request.get("ClientRequestToken") or str(uuid.uuid4())
        if token in world.started_by_token:
            return {"PipelineExecutionArn": world.started_by_token[token]}
        name = request["PipelineName"]
        describe_pipeline(world, {"PipelineName": name}, moto)
        version = request.get("PipelineVersionId") or len(world.versions[name])
        text = _version_text(world, name, version)
        answer = moto("StartPipelineExecution", request)
        arn = answer["PipelineExecutionArn"]
        parameters = {p["Name"]: p["Value"] for p in request.get("PipelineParameters") or []}
        execution = Execution(name, arn, text.encode("utf-8"), parameters, version)
        world.executions[arn] = execution
        world.started_by_token[token] = arn
        world.mirror(execution)
    if world.on_start is not None:
        runner = threading.Thread(target=_run, args=(world.on_start, execution), daemon=True)
        world.runners.append(runner)
        runner.start()
    return answer


def describe_pipeline_execution(world: World, request: Json, moto: Moto) -> Json:
    """The state that the callback reported, its failure reason and the version it runs."""
    execution = _execution(world, request)
    world.mirror(execution)
    answer = moto("DescribePipelineExecution", request)
    status, reason = execution.state()
    answer.pop("FailureReason", None)
    answer.update(PipelineExecutionStatus=status, PipelineVersionId=execution.version)
    return {**answer, "FailureReason": reason} if reason else answer


def list_pipeline_executions(world: World, request: Json, moto: Moto) -> Json:
    """Moto's own list, with the states that the callbacks reported."""
    for execution in list(world.executions.values()):
        world.mirror(execution)
    answer = moto("ListPipelineExecutions", request)
    for summary in answer["PipelineExecutionSummaries"]:
        summary["PipelineExecutionFailureReason"] = world.executions[
            summary["PipelineExecutionArn"]
        ].state()[1]
    return answer


def list_pipeline_execution_steps(world: World, request: Json, moto: Moto) -> Json:
    """Missing in moto 5.2: the steps that the callback reported, newest first by default."""
    steps = _execution(world, request).steps()
    if request.get("SortOrder") != "Ascending":
        steps.reverse()
    start = int(request.get("NextToken") or 0)
    end = start + min(int(request.get("MaxResults") or LARGEST_PAGE), LARGEST_PAGE)
    page: Json = {"PipelineExecutionSteps": [_step(record) for record in steps[start:end]]}
    return {**page, "NextToken": str(end)} if end < len(steps) else page


def stop_pipeline_execution(world: World, request: Json, moto: Moto) -> Json:
    """Missing in moto 5.2: Stopping while a callback runs the steps, otherwise Stopped."""
    execution = _execution(world, request)
    try:
        execution.stop(at_once=world.on_start is None)
    except ValueError as error:
        raise Fault("ConflictException", str(error)) from None
    world.mirror(execution)
    return {"PipelineExecutionArn": execution.arn}


OPERATIONS: dict[str, Operation] = {
    "AddTags": add_tags,
    "CreatePipeline": create_pipeline,
    "DeletePipeline": delete_pipeline,
    "DescribePipeline": describe_pipeline,
    "DescribePipelineExecution": describe_pipeline_execution,
    "DescribeProject": describe_project,
    "ListPipelineExecutions": list_pipeline_executions,
    "ListPipelineExecutionSteps": list_pipeline_execution_steps,
    "ListTags": list_tags,
    "StartPipelineExecution": start_pipeline_execution,
    "StopPipelineExecution": stop_pipeline_execution,
    "UpdatePipeline": update_pipeline,
}
"""SageMaker operations answered here, by AWS's names."""


def _with_inline_definition(world: World, request: Json) -> Json:
    location = request.get("PipelineDefinitionS3Location")
    if location is not None:
        request = {k: v for k, v in request.items() if k != "PipelineDefinitionS3Location"}
        request["PipelineDefinition"] = world.definition_object(location)
    text = request.get("PipelineDefinition")
    if text is not None:
        try:
            json.loads(text)
        except ValueError as error:
            raise Fault("ValidationException", f"PipelineDefinition is not JSON: {error}") from None
    return request


def _pipeline_or_not_found(request: Json, moto: Moto, operation: str) -> Json:
    try:
        return moto(operation, request)
    except Fault as fault:
        if fault.message.startswith("Could not find pipeline"):
            name = request["PipelineName"]
            raise Fault("ResourceNotFound", f"Pipeline '{name}' does not exist.") from None
        raise


def _version_text(world: World, name: str, version: int) -> str:
    versions = world.versions.get(name, [])
    if not 1 <= version <= len(versions):
        raise Fault("ResourceNotFound", f"Pipeline '{name}' has no version {version}.")
    return versions[version - 1]


def _execution(world: World, request: Json) -> Execution:
    arn = request.get("PipelineExecutionArn", "")
    if arn not in world.executions:
        raise Fault("ResourceNotFound", f"Pipeline execution with ARN '{arn}' does not exist.")
    return world.executions[arn]


def _step(record: StepRecord) -> Json:
    answer: Json = {
        "StepName": record.name,
        "StepStatus": record.status,
        "StartTime": record.started.timestamp(),
        "AttemptCount": 1,
    }
    if record.ended is not None:
        answer["EndTime"] = record.ended.timestamp()
    if record.reason:
        answer["FailureReason"] = record.reason
    if record.metadata:
        answer["Metadata"] = dict(record.metadata)
    return answer


def _run(callback: Callable[[Execution], None], execution: Execution) -> None:
    """A callback that raises is a failed execution, with the exception as its reason."""
    try:
        callback(execution)
    except Exception as error:
        if execution.state()[0] in ("Executing", "Stopping"):
            execution.finished("Failed", f"{type(error).__name__}: {error}")
        raise
