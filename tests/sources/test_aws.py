"""Clients retry within a bound, and what they cannot do is one line."""

from __future__ import annotations

import io
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from ormer.model.errors import AwsError
from ormer.sources.aws import calling, connect, error_code


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


THROTTLED = b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'


class Body(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.getvalue()


def describe(client: Any) -> None:
    with calling("DescribePipeline", "pipeline p", "sagemaker:DescribePipeline"):
        client.describe_pipeline(PipelineName="p")


def test_no_region() -> None:
    with pytest.raises(AwsError, match="^sagemaker client: .*; give --region, or set AWS_REGION$"):
        connect("sagemaker", None)


def test_no_credentials() -> None:
    client = connect("sagemaker", "eu-west-1")
    with pytest.raises(
        AwsError,
        match="^DescribePipeline of pipeline p: Unable to locate credentials; "
        "log in to AWS, or set AWS_PROFILE$",
    ):
        describe(client)


def test_unknown_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(AwsError, match="check AWS_PROFILE"):
        connect("sagemaker", "eu-west-1")


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        client = connect("sagemaker", "eu-west-1", url)
        with pytest.raises(AwsError, match="check the network, the VPC endpoint and the region"):
            describe(client)


def test_an_endpoint_that_is_no_url() -> None:
    with pytest.raises(AwsError, match="^sagemaker client: Invalid endpoint: nonsense"):
        connect("sagemaker", "eu-west-1", "nonsense")


def test_input_that_boto3_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    client = connect("sagemaker", "eu-west-1")
    with pytest.raises(AwsError, match="boto3 refused the input") as error, calling("X", "y"):
        client.describe_pipeline(PipelineName=3)
    assert "\n" not in str(error.value)
    assert error_code(error.value) == ""


def test_retries_are_the_standard_ones_within_a_bound() -> None:
    config = connect("sagemaker", "eu-west-1").meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 6}


def test_throttling_is_retried_until_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    client, sent = connect("sagemaker", "eu-west-1", "http://127.0.0.1:9"), []

    def throttle(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 400, {}, Body(THROTTLED))

    client.meta.events.register("before-send", throttle)
    with pytest.raises(
        AwsError,
        match="^DescribePipeline of pipeline p: ThrottlingException: Rate exceeded; "
        "AWS still limits the rate after 6 tries: run the same command again later$",
    ):
        describe(client)
    assert len(sent) == 6


def test_our_own_exceptions_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), calling("X", "y"):
        raise ZeroDivisionError
