"""A bench for the gate: stubbed clients that record every call, a clock, and a check of our own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.stub import Stubber

from ormer.cli.upsert import run_upsert
from ormer.gate.outside import Outside
from ormer.model.environment import Environment
from ormer.model.finding import CheckedInput, Finding, Report, Severity, Verdict
from ormer.read.environment import read_environment

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"
DEFINITION = json.dumps(
    {
        "Version": "2020-12-01",
        "Parameters": [
            {"Name": "Rounds", "Type": "Integer", "DefaultValue": 50},
            {"Name": "Mode", "Type": "String", "DefaultValue": "a", "EnumValues": ["a", "b"]},
        ],
        "Steps": [],
    },
    indent=1,
).encode()
CONTROLS = "c0ffee"


def report_on(definition: bytes, verdict: Verdict = Verdict.PASS) -> Report:
    finding = Finding("NET-01", "In the VPC", verdict, Severity.HIGH, "Train", ())
    return Report(
        input=CheckedInput(
            "p.json", hashlib.sha256(definition).hexdigest(), "definition", "p", {}, definition
        ),
        environment_path="environment.yaml",
        environment_sha256="",
        controls_digest=CONTROLS,
        controls=("NET-01",),
        overridden=(),
        versions={},
        findings=(finding,),
        requests=1,
        steps=1,
        not_configured={},
        disabled={},
    )


class Stub(NamedTuple):
    """A client, its stubs, and the names of the operations that were called on it."""

    client: Any
    stubber: Stubber
    called: list[str]

    def expect(self, operation: str, expected: dict[str, Any], answer: dict[str, Any]) -> None:
        self.stubber.add_response(operation, answer, expected)

    def fail(self, operation: str, code: str, message: str = "no") -> None:
        self.stubber.add_client_error(operation, code, message, response_meta={"RetryAttempts": 5})


def stub(service: str) -> Stub:
    client = boto3.session.Session().client(
        service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    called: list[str] = []
    client.meta.events.register(
        "before-parameter-build", lambda model, **_: called.append(model.name)
    )
    stubber = Stubber(client)
    stubber.activate()
    return Stub(client, stubber, called)


class Bench:
    """Runs ``ormer upsert`` against stubs, with seconds that pass only by sleeping."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.sagemaker = stub("sagemaker")
        self.s3 = stub("s3")
        self.role = environment.one("roles.pipeline")
        self.seconds = 0.0
        self.pauses: list[float] = []
        self.check: Callable[[bytes], Report] = report_on

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds

    def run(self, *argv: str, definition: bytes = DEFINITION, role: str = "") -> int:
        outside = Outside(
            check=lambda data, target, environment, controls: self.check(data),
            render=lambda report, colour, strict: f"report: {report.findings[0].verdict.value}",
            connect=lambda service, region, endpoint: {
                "sagemaker": self.sagemaker.client,
                "s3": self.s3.client,
            }[service],
            now=lambda: self.seconds,
            sleep=self.sleep,
        )
        options = ["--pipeline-name", "abalone", "--role-arn", role or self.role, *argv]
        return run_upsert(definition, "p.json", options, self.environment, outside)

    @property
    def called(self) -> list[str]:
        return self.sagemaker.called

    def all_used(self) -> None:
        self.sagemaker.stubber.assert_no_pending_responses()
        self.s3.stubber.assert_no_pending_responses()


@pytest.fixture
def environment() -> Environment:
    return read_environment(PROFILE.read_bytes(), PROFILE.name)


@pytest.fixture
def bench(environment: Environment) -> Bench:
    return Bench(environment)


@pytest.fixture
def definition() -> bytes:
    return DEFINITION


@pytest.fixture
def report() -> Callable[..., Report]:
    return report_on
