"""What the gate refuses, and that it makes no call on AWS when it does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.cli.upsert import run_upsert
from ormer.gate.clearance import Clearance, clear, digest
from ormer.gate.deploy import Order, deploy
from ormer.model.errors import InputError
from ormer.model.finding import Report, Verdict


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR])
def test_a_finding_is_printed_and_nothing_is_called(
    bench: Any,
    report: Callable[..., Report],
    capsys: pytest.CaptureFixture[str],
    verdict: Verdict,
) -> None:
    bench.check = lambda data: report(data, verdict)
    assert bench.run("--start", "--wait") == 1
    captured = capsys.readouterr()
    assert captured.out == f"report: {verdict.value}\n"
    assert "nothing is upserted and nothing is started" in captured.err
    assert bench.called == []


def test_strict_asks_that_every_control_is_configured(
    bench: Any, report: Callable[..., Report]
) -> None:
    bench.check = lambda data: report(data)._replace(not_configured={"X-01": "queues"})
    assert bench.run("--strict") == 1
    assert bench.called == []
    assert bench.run("--dry-run") == 0


def test_a_report_about_other_bytes_opens_nothing(
    bench: Any, report: Callable[..., Report], capsys: pytest.CaptureFixture[str]
) -> None:
    bench.check = lambda data: report(data + b" ")
    assert bench.run("--start") == 2
    assert "nothing is upserted" in capsys.readouterr().err
    assert bench.called == []


def test_bytes_that_are_not_the_cleared_ones_are_not_deployed(
    bench: Any, definition: bytes, report: Callable[..., Report]
) -> None:
    cleared = clear(report(definition), definition, strict=True)
    assert cleared == Clearance(definition, digest(definition), "c0ffee")
    forged = Clearance(definition + b" ", digest(definition), "c0ffee")
    order = Order(forged, "abalone", bench.role, None, {}, None)
    with pytest.raises(InputError, match="changed after the check"):
        deploy(bench.sagemaker.client, lambda: bench.s3.client, order, print)
    assert bench.called == []


def test_dry_run_stops_after_the_check(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.run("--dry-run", "--start") == 0
    assert "passed; nothing is upserted" in capsys.readouterr().err
    assert bench.called == []


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("arn:aws:iam::111122223333:role/other", "is not in roles.pipeline (arn:aws:iam::1111"),
        (
            "arn:aws:iam::999999999999:role/mlops-dev-sagemaker-pipeline",
            "is not in the profile's account 111122223333",
        ),
        ("mlops-dev-sagemaker-pipeline", "is not the ARN of an IAM role"),
        ("arn:aws:iam::111122223333:user/x", "is not the ARN of an IAM role"),
    ],
)
def test_a_role_that_is_not_approved_is_a_finding(
    bench: Any, capsys: pytest.CaptureFixture[str], role: str, said: str
) -> None:
    assert bench.run("--start", role=role) == 1
    assert said in capsys.readouterr().out
    assert bench.called == []


def test_any_role_of_the_account_will_do_where_the_profile_names_none(bench: Any) -> None:
    values = {k: v for k, v in bench.environment.values.items() if k != "roles.pipeline"}
    bench.environment = bench.environment._replace(values=values)
    assert bench.run("--dry-run", role="arn:aws:iam::111122223333:role/path/other") == 0


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--start", "--parameter", "Nope=1"], "no such parameter; it has Mode, Rounds"),
        (["--start", "--parameter", "Mode=c"], "--parameter Mode: 'c' is none of a, b"),
        (["--start", "--parameter", "Rounds=x"], "'x' is not of type Integer"),
        (["--start", "--parameter", "Rounds"], "'Rounds' is not NAME=VALUE"),
        (["--start", "--parameter", "Mode=a", "--parameter", "Mode=b"], "Mode is given twice"),
        (["--parameter", "Mode=a"], "--parameter needs --start"),
        (["--wait"], "--wait needs --start"),
        (["--region", "us-east-1"], "--region us-east-1: the profile is for eu-west-1"),
        (["--tags", "{"], "--tags is not JSON"),
        (["--tags", '{"ormer:gate": "passed"}'], "'ormer:gate': the prefix is reserved"),
    ],
)
def test_wrong_usage_is_one_line_and_no_call(
    bench: Any, capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    assert bench.run(*argv) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert said in errors[0]
    assert bench.called == []


def test_a_required_parameter_must_be_given(bench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    needy = b'{"Parameters": [{"Name": "Data", "Type": "String"}], "Steps": []}'
    assert bench.run("--start", definition=needy) == 2
    assert "--parameter Data=VALUE is missing" in capsys.readouterr().err
    assert bench.called == []
    assert bench.run("--dry-run", definition=needy) == 0


@pytest.mark.parametrize("argv", [[], ["--timeout", "0"], ["--timeout", "x"]])
def test_bad_options_return_2_and_do_not_exit(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_upsert(b"{}", "p.json", argv) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("ormer: error: ")


def test_a_profile_is_needed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    argv = ["--pipeline-name", "p", "--role-arn", "r"]
    assert run_upsert(b"{}", "p.json", argv) == 2
    said = capsys.readouterr().err
    assert said.startswith("ormer: error: no --environment, and no ormer.toml") and "init" in said
