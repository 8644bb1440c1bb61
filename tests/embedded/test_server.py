"""The embedded account stays on this machine, and other processes find it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.model.errors import InputError


def run_python(aws: EmbeddedAws, code: str) -> str:
    environ = {**os.environ, "AWS_PROFILE": "somebody", **aws.environ}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, env=environ, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    ).stdout.strip()


def test_it_listens_on_the_loopback_interface_only(aws: EmbeddedAws) -> None:
    host, port = aws.endpoint_url.removeprefix("http://").split(":")
    assert host == "127.0.0.1"
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_another_process_finds_it_by_its_environment(
    aws: EmbeddedAws, environment: Environment
) -> None:
    code = (
        "import boto3\n"
        "client = boto3.client('sts')\n"
        "print(client.get_caller_identity()['Account'], client.meta.region_name,"
        " client.meta.endpoint_url)"
    )
    expected = f"{environment.account} {environment.region} {aws.endpoint_url}"
    assert run_python(aws, code) == expected


def test_the_sdk_of_another_process_has_its_telemetry_off(aws: EmbeddedAws) -> None:
    pytest.importorskip("sagemaker.core")
    code = (
        "from sagemaker.core.helper.session_helper import Session\n"
        "from sagemaker.core.common_utils import resolve_value_from_config\n"
        "from sagemaker.core.config.config_schema import TELEMETRY_OPT_OUT_PATH as path\n"
        "print(resolve_value_from_config(config_path=path, default_value=False,"
        " sagemaker_session=Session(default_bucket='b')))"
    )
    assert run_python(aws, code).splitlines()[-1] == "True"


def test_a_process_has_one_at_a_time(aws: EmbeddedAws, environment: Environment) -> None:
    with pytest.raises(InputError, match="runs one already"), EmbeddedAws(environment):
        pass
    assert aws.client("sts").get_caller_identity()["Account"] == environment.account


def test_another_account_for_moto_is_refused(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", "999999999999")
    with pytest.raises(InputError, match="MOTO_ACCOUNT_ID is 999999999999"):
        EmbeddedAws(environment).__enter__()
