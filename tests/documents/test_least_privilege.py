"""The roles of the pipeline and its jobs may call what a run calls, and what is excused here."""

from __future__ import annotations

from typing import Any

import pytest

from docs.plain_documents import ROOT
from ormer.assess.check import Checker
from ormer.controls.load import load_catalogue
from ormer.read.definition import read_definition
from ormer.requests.calls.build import calls
from ormer.run.check import load_environment

EXCUSED = {
    "execution": {
        "kms:DescribeKey": "Amazon EBS needs it (Requirements for Amazon EBS encryption)",
        "kms:GenerateDataKeyWithoutPlaintext": "Amazon EBS makes the volume's data key with it (the same page)",
        "s3:AbortMultipartUpload": "an upload in parts that fails is taken back",
    },
    "pipeline": {
        "sagemaker:CreateModelPackageGroup": "the first registration makes the group",
        "sagemaker:DescribeModelPackageGroup": "whether the group is there is asked first",
        "sagemaker:StopProcessingJob": "who stops an execution stops its jobs",
        "sagemaker:StopTrainingJob": "who stops an execution stops its jobs",
    },
}
"""Role -> action that no call of a run that succeeds needs, and what needs it."""


@pytest.fixture(scope="module")
def called() -> dict[str, set[str]]:
    """The actions of every predicted call of the abalone pipeline, by who may make it."""
    environment = load_environment(str(ROOT / "pipelines" / "environment.yaml"))
    path = ROOT / "benchmarks" / "abalone.json"
    definition = read_definition(path.read_bytes(), path.name)
    built = Checker(environment, load_catalogue()).builder.build(definition)
    found: dict[str, set[str]] = {"execution": set(), "pipeline": set()}
    for call in calls(definition, built, environment):
        for role in call.roles:
            found[role.rpartition("-")[2] or "pipeline"].add(call.action)
    return found


@pytest.mark.parametrize("role", EXCUSED)
def test_a_role_may_call_what_a_run_calls_and_no_more(
    role: str, documents: Any, called: dict[str, set[str]]
) -> None:
    statements = documents[f"iam/{role}-role.yaml#{role.title()}Policy"]["Statement"]
    assert all(each["Effect"] == "Allow" and "NotAction" not in each for each in statements)
    granted: set[str] = set()
    for each in statements:
        granted |= {each["Action"]} if isinstance(each["Action"], str) else {*each["Action"]}
    assert granted - called[role] == set(EXCUSED[role])
