"""S3 calls of the pipeline's own role: property files that conditions read, what is cleaned up.

Source: "IAM access management" of SageMaker Pipelines in the SageMaker AI Developer Guide: to
evaluate ``JsonGet`` the pipeline's role needs s3:GetObject, and SageMaker Pipelines reads from
outside of the VPC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Optional

from ormer.model.call import Call, Kind
from ormer.model.definition import Definition, Place, Step
from ormer.model.environment import Environment
from ormer.requests.calls.job import Job, Write
from ormer.requests.calls.kms_calls import READING, by_s3
from ormer.requests.calls.maker import Maker
from ormer.requests.calls.s3_calls import keys_of, places, somewhere
from ormer.requests.calls.s3_location import below, inside
from ormer.requests.paths import EACH, raw_nodes
from ormer.requests.resolve import Resolver

_FILES, _NAME = "PropertyFiles", "PropertyFileName"


class _File(NamedTuple):
    """A file that a condition reads: the URI, the name below it, and the output's KMS key."""

    uri: Any
    name: str = ""
    key: Any = None


def file_calls(
    definition: Definition, resolver: Resolver, jobs: Mapping[str, Job], environment: Environment
) -> Iterator[Call]:
    """What the pipeline's role reads for ``JsonGet`` and deletes; ``jobs`` are by step name."""
    for step in definition.steps:
        maker = Maker(environment, Kind.STEP, ("",), step.path, (*step.place, "Arguments"))
        seen: set[str] = set()
        for node in _json_gets(step):
            if repr(node) not in seen:
                seen.add(repr(node))
                yield from _reading(maker, _file(node, step, resolver, jobs))
        if step.type == "Cleanup":
            yield from _deleting(maker, step, jobs)


def _reading(maker: Maker, file: Optional[_File]) -> Iterator[Call]:
    why = "the property file"
    if file is None:
        yield maker.undecided("s3:GetObject", why, "where the property file is is not known")
        return
    for place, reason in places(file.uri):
        if place is None or reason:
            yield somewhere(maker, "s3:GetObject", why, place, reason)
            continue
        if file.name:
            place = place._replace(key=f"{place.key.rstrip('/')}/{file.name}".lstrip("/"))
        yield maker.call("s3:GetObject", below(maker.environment.partition, place, ""), why)
        if file.key is not None:
            yield from by_s3(maker, READING, file.key, place, why)
        else:
            yield from keys_of(maker, place, why)


def _file(node: Any, step: Step, resolver: Resolver, jobs: Mapping[str, Job]) -> Optional[_File]:
    """The file of a JsonGet: by its URI, or as ``{"Get": "Steps.X.PropertyFiles.Y"}``."""
    if not isinstance(node, dict):
        return None
    if "S3Uri" in node:
        return _File(resolver.resolve(node["S3Uri"], step))
    reference = node.get("PropertyFile")
    path = reference.get("Get") if isinstance(reference, dict) else None
    parts = path.split(".") if isinstance(path, str) else []
    if len(parts) != 4 or parts[0] != "Steps" or parts[2] != _FILES:
        return None
    maker = resolver.definition.by_name.get(parts[1])
    for file in (maker.body.get(_FILES) or ()) if maker is not None else ():
        if maker is not None and isinstance(file, dict) and file.get(_NAME) == parts[3]:
            output = _output(maker, file.get("OutputName"), jobs.get(parts[1]))
            name = file.get("FilePath")
            if output is None or not isinstance(name, str):
                return None
            return _File(output.uri, name, output.key)
    return None


def _output(step: Step, name: Any, job: Optional[Job]) -> Optional[Write]:
    """The output of a name among what the step's job writes."""
    path = ("ProcessingOutputConfig", "Outputs", EACH, "OutputName")
    for found, place in raw_nodes(step.arguments, (*step.place, "Arguments"), path):
        if found == name:
            writes = job.writes if job is not None else ()
            return next((one for one in writes if _is_below(one.place, place[:-1])), None)
    return None


def _is_below(place: Place, above: Place) -> bool:
    return place[: len(above)] == above


def _deleting(maker: Maker, step: Step, jobs: Mapping[str, Job]) -> Iterator[Call]:
    """Everything that the named steps wrote: which objects of it, AWS does not say."""
    path = ("Resources", "S3", EACH, "StepName")
    for name, _ in raw_nodes(step.arguments, (), path):
        job = jobs.get(name) if isinstance(name, str) else None
        writes = job.writes if job is not None else ()
        for place, reason in (found for write in writes for found in places(write.uri)):
            if place is None or reason:
                yield somewhere(maker, "s3:DeleteObject", "the cleanup", place, reason)
            else:
                resource = inside(maker.environment.partition, place)
                yield maker.call("s3:DeleteObject", resource, "the cleanup")
        if not writes:
            reason = "which objects it deletes is not known"
            yield maker.undecided("s3:DeleteObject", "the cleanup", reason)


def _json_gets(step: Step) -> Iterator[Any]:
    """What stands below every ``Std:JsonGet`` of the step, nested steps left out."""
    todo = [value for name, value in step.body.items() if name not in ("IfSteps", "ElseSteps")]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            for name, value in node.items():
                if name == "Std:JsonGet":
                    yield value
                elif name not in ("IfSteps", "ElseSteps", "ForEachBody"):
                    todo.append(value)
        elif isinstance(node, list):
            todo += node
