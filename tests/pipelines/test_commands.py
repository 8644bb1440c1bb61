"""The two commands: what they print, write and hand over, and how they refuse."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from pipelines import get_pipeline_definition, run_pipeline

PROFILE = str(Path(__file__).resolve().parents[2] / "pipelines" / "environment.yaml")

MODULE = """
class Pipeline:
    name = "Fraud"
    def definition(self):
        print("noise of the SDK")
        return '{"Version": "2020-12-01"}'

def get_pipeline(region, amount=1, environment=None):
    if amount == 0:
        raise ZeroDivisionError("an amount\\nof nothing")
    if amount < 0:
        return object()
    return Pipeline()
"""


@pytest.fixture
def fraud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A user's own module, on her own path."""
    (tmp_path / "fraud_pipeline.py").write_text(MODULE)
    (tmp_path / "broken_pipeline.py").write_text("import no_such_thing\n")
    (tmp_path / "exits_pipeline.py").write_text("raise SystemExit(0)\n")
    (tmp_path / "typo_pipeline.py").write_text("def get_pipeline(:\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "fraud_pipeline"
    for name in ("fraud", "broken", "exits", "typo"):
        sys.modules.pop(f"{name}_pipeline", None)


class Gate:
    """Stands in for the gate; remembers what it was handed."""

    def __init__(self, exit_code: int = 0) -> None:
        self.calls: list[tuple[bytes, str, list[str], Environment | None]] = []
        self.exit_code = exit_code

    def run_upsert(
        self, definition: bytes, source: str, argv: list[str], environment: Environment | None
    ) -> int:
        self.calls.append((definition, source, argv, environment))
        return self.exit_code


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    found = Gate()
    module = SimpleNamespace(run_upsert=found.run_upsert)
    monkeypatch.setitem(sys.modules, "ormer.cli.upsert", module)
    return found


REGION = '{"region": "eu-west-1"}'


def test_the_definition_alone_is_printed(fraud: str, capsysbinary: Any) -> None:
    assert get_pipeline_definition.main(["-n", fraud, "-kwargs", REGION]) == 0
    printed = capsysbinary.readouterr()
    assert printed.out == b'{"Version": "2020-12-01"}'
    assert printed.err == b"noise of the SDK\n"


@pytest.mark.parametrize("text", [REGION, "{'region': 'eu-west-1'}", " {'region': 'eu-west-1',}"])
@pytest.mark.parametrize("flag", ["-kwargs", "--kwargs"])
def test_arguments_are_json_or_a_literal(fraud: str, tmp_path: Path, flag: str, text: str) -> None:
    path = tmp_path / "definition.json"
    argv = ["--module-name", fraud, flag, text, "--file-name", str(path)]
    assert get_pipeline_definition.main(argv) == 0
    assert path.read_bytes() == b'{"Version": "2020-12-01"}'


BAD = [
    ([], "the following arguments are required: -n/--module-name"),
    (["-n", "no.such.module"], "no.such.module: no such module on the path"),
    (["-n", "os.nothing"], "os.nothing: no such module"),
    (["-n", "../fraud"], "is not a module's name"),
    (["-n", ""], "is not a module's name"),
    (["-n", "json"], "json: has no get_pipeline function"),
    (["-n", "broken_pipeline"], "broken_pipeline: cannot be imported: ModuleNotFoundError: No m"),
    (["-n", "exits_pipeline"], "exits_pipeline: cannot be imported: SystemExit"),
    (["-n", "typo_pipeline"], "typo_pipeline: cannot be imported: SyntaxError"),
    (["-n", "fraud_pipeline"], "missing a required argument: 'region'; it takes region, amount"),
    (["-n", "fraud_pipeline", "-kwargs", "{'regon': 1, 'x': 2}"], "does not take regon, x; it ta"),
    (["-n", "fraud_pipeline", "-kwargs", "__import__('os')"], "neither JSON nor a Python literal"),
    (["-n", "fraud_pipeline", "-kwargs", "("], "neither JSON nor a Python literal"),
    (["-n", "fraud_pipeline", "-kwargs", "(" * 10_000], "neither JSON nor a Python literal"),
    (["-n", "fraud_pipeline", "-kwargs", "[1]"], "a dict with text keys is expected"),
    (["-n", "fraud_pipeline", "-kwargs", "{1: 2}"], "a dict with text keys is expected"),
    (["-n", "fraud_pipeline", "-tags", "{'a': 1}"], "--tags: a list of"),
    (["-n", "fraud_pipeline", "-tags", "[{'Key': 'a'}]"], "--tags: a list of"),
    (
        ["-n", "fraud_pipeline", "-kwargs", "{'region': 'eu-west-1', 'amount': 0}"],
        "get_pipeline failed: ZeroDivisionError: an amount of nothing (fraud_pipeline.py:10)",
    ),
    (
        ["-n", "fraud_pipeline", "-kwargs", "{'region': 'eu-west-1', 'amount': -1}"],
        "definition() failed: AttributeError",
    ),
    (["-n", "fraud_pipeline", "--unknown"], "unrecognized arguments: --unknown"),
    (["-n", "fraud_pipeline", "--kw", "{}"], "unrecognized arguments: --kw"),
    (
        ["-n", "pipelines.abalone.pipeline", "-kwargs", "{'region': 'eu-west-1', 'role': 'x'}"],
        "get_pipeline does not take role",
    ),
    (
        ["-n", "pipelines.abalone.pipeline", "-kwargs", REGION],
        "no settings: name an environment profile",
    ),
]


@pytest.mark.parametrize(("argv", "message"), BAD)
@pytest.mark.parametrize("command", [get_pipeline_definition, run_pipeline])
def test_bad_arguments_are_one_line_and_exit_code_2(
    command: Any,
    fraud: str,
    gate: Gate,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    message: str,
) -> None:
    if command is run_pipeline and "no settings" not in message:
        argv = [*argv, "--environment", PROFILE]
    assert exit_code(command, argv) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert gate.calls == []


def exit_code(command: Any, argv: list[str]) -> int:
    """Argument errors leave through argparse's exit, all others by returning."""
    try:
        return int(command.main(argv))
    except SystemExit as stopped:
        return int(str(stopped.code))


def test_a_file_is_replaced_as_a_whole_or_not_at_all(
    fraud: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out" / "definition.json"
    path.parent.mkdir()
    path.write_text("before")

    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", disk_full)
    argv = ["-n", fraud, "-kwargs", REGION, "-f", str(path)]
    assert get_pipeline_definition.main(argv) == 2
    assert "definition.json: No space left on device" in capsys.readouterr().err
    assert [item.name for item in path.parent.iterdir()] == ["definition.json"]
    assert path.read_text() == "before"


@pytest.mark.parametrize("name", ["none/definition.json", "."])
def test_a_file_that_cannot_be_written(
    fraud: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    argv = ["-n", fraud, "-kwargs", REGION, "-f", str(tmp_path / name)]
    assert get_pipeline_definition.main(argv) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_gate_gets_the_bytes_and_the_flags(
    fraud: str, gate: Gate, profile: Environment, capsys: pytest.CaptureFixture[str]
) -> None:
    tags = "[{'Key': 'team', 'Value': 'fraud'}]"
    argv = ["-n", fraud, "-kwargs", REGION, "--environment", PROFILE, "-tags", tags]
    argv += ["-role-arn", "arn:r", "-description", "a pipeline"]
    argv += ["--parameter", "A=1", "--parameter", "B=2"]
    assert run_pipeline.main(argv) == 0
    ((definition, source, flags, environment),) = gate.calls
    assert definition == b'{"Version": "2020-12-01"}'
    assert source == fraud
    assert environment is not None and environment.values == profile.values
    assert flags == [
        *("--pipeline-name", "Fraud", "--role-arn", "arn:r"),
        *("--parameter", "A=1", "--parameter", "B=2"),
        *("--tags", '[{"Key": "team", "Value": "fraud"}]', "--description", "a pipeline"),
        *("--start", "--wait"),
    ]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--no-wait"], ["--start"]),
        (["--no-start"], []),
        (["--no-start", "--wait"], []),
        (["--dry-run"], ["--start", "--wait", "--dry-run"]),
    ],
)
def test_start_wait_and_dry_run(
    fraud: str, gate: Gate, profile: Environment, options: list[str], expected: list[str]
) -> None:
    argv = ["-n", fraud, "-kwargs", REGION, "--environment", PROFILE, *options]
    assert run_pipeline.main(argv) == 0
    flags = gate.calls[0][2]
    assert flags[:4] == ["--pipeline-name", "Fraud", "--role-arn", profile.one("roles.pipeline")]
    assert flags[4:] == expected


def test_the_gates_exit_code_is_the_commands(fraud: str, gate: Gate) -> None:
    gate.exit_code = 1
    argv = ["-n", fraud, "-kwargs", REGION, "--environment", PROFILE]
    assert run_pipeline.main(argv) == 1


def test_the_profile_may_be_in_the_kwargs(fraud: str, gate: Gate) -> None:
    kwargs = json.dumps({"region": "eu-west-1", "environment": PROFILE})
    assert run_pipeline.main(["-n", fraud, "-kwargs", kwargs]) == 0
    assert gate.calls[0][3] is not None


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"region": "us-east-1"}, "is for region eu-west-1"),
        ({"region": "eu-west-1", "environment": "other.yaml"}, "--kwargs has 'other.yaml'"),
        ({"region": "eu-west-1", "environment": 1}, "environment is a profile's path"),
    ],
)
def test_settings_that_contradict_each_other(
    fraud: str,
    gate: Gate,
    capsys: pytest.CaptureFixture[str],
    kwargs: dict[str, Any],
    message: str,
) -> None:
    argv = ["-n", fraud, "-kwargs", json.dumps(kwargs), "--environment", PROFILE]
    assert run_pipeline.main(argv) == 2
    assert message in capsys.readouterr().err
    assert gate.calls == []


def test_an_error_inside_the_gate_is_not_mistaken_for_findings(
    fraud: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run_upsert(*_: object) -> int:
        raise RuntimeError("unforeseen")

    module = SimpleNamespace(run_upsert=run_upsert)
    monkeypatch.setitem(sys.modules, "ormer.cli.upsert", module)
    argv = ["-n", fraud, "-kwargs", REGION, "--environment", PROFILE]
    assert run_pipeline.main(argv) == 2
    assert "run_pipeline: internal error: RuntimeError: unforeseen" in capsys.readouterr().err


def test_the_abalone_pipeline_goes_through_as_one_document(
    aws: EmbeddedAws, gate: Gate, definition: bytes, capsysbinary: Any
) -> None:
    kwargs = json.dumps({"region": "eu-west-1", "environment": PROFILE})
    argv = ["-n", "pipelines.abalone.pipeline", "-kwargs", kwargs]
    assert get_pipeline_definition.main(argv) == 0
    assert capsysbinary.readouterr() == (definition, b"")
    assert run_pipeline.main(argv) == 0
    assert gate.calls[0][0] == definition
    assert gate.calls[0][2][:2] == ["--pipeline-name", "AbalonePipeline"]
