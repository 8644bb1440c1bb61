"""The calls of whoever upserts the pipeline: those that ``ormer upsert`` itself makes.

Source: "Amazon SageMaker AI API permissions" and "IAM access management" of SageMaker Pipelines
in the SageMaker AI Developer Guide: who creates a pipeline passes its role. Whether the build's
traffic goes through a VPC is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ormer.model.call import Call, Kind, Setting, Way
from ormer.model.environment import Environment
from ormer.requests.calls.maker import SECURE, Maker

_ON_PIPELINE = (
    "sagemaker:DescribePipeline",
    "sagemaker:CreatePipeline",
    "sagemaker:UpdatePipeline",
    "sagemaker:ListTags",
    "sagemaker:AddTags",
)
_TAGGED = ("sagemaker:CreatePipeline", "sagemaker:AddTags")
_ON_EXECUTION = ("sagemaker:DescribePipelineExecution", "sagemaker:ListPipelineExecutionSteps")
_WAYS = (
    (Way.OUTSIDE, "the build does not call through the VPC"),
    (Way.VPC, "the build calls through the VPC"),
)


class Upsert(NamedTuple):
    """Who upserts a pipeline, under which name, with which tags, and whether it is started."""

    principal: str
    pipeline: str
    tags: Mapping[str, str]
    starts: bool = False


def upsert_calls(upsert: Upsert, environment: Environment) -> Iterator[Call]:
    """The gate's calls, for the whole document and no step of it."""
    maker = Maker(environment, Kind.BUILD, (upsert.principal,), "", ())
    pipeline = maker.arn("sagemaker", f"pipeline/{upsert.pipeline}")
    tags: dict[str, str | tuple[str, ...]] = {
        "aws:tagkeys": tuple(upsert.tags),
        **{f"aws:requesttag/{name.lower()}": value for name, value in upsert.tags.items()},
    }
    for action in _ON_PIPELINE:
        carried = tags if action in _TAGGED and upsert.tags else {}
        yield maker.call(action, pipeline, "the gate", _settings(carried))
    passed = _settings({"iam:passedtoservice": "sagemaker.amazonaws.com"})
    yield maker.call("iam:PassRole", "", "the pipeline's role", passed)
    if upsert.starts:
        yield maker.call("sagemaker:StartPipelineExecution", pipeline, "the gate", _settings({}))
        for action in _ON_EXECUTION:
            yield maker.call(action, f"{pipeline}/execution/*", "the gate", _settings({}))


def _settings(context: Mapping[str, str | tuple[str, ...]]) -> tuple[Setting, ...]:
    return tuple(Setting({**SECURE, **context}, way, frozenset(), world) for way, world in _WAYS)
