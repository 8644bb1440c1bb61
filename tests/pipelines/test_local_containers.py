"""A container on this machine: what it sees, what it cannot reach, and when it is stopped."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy
import pytest

from ormer.model.errors import InputError
from pipelines.local import xgboost_container
from pipelines.local.containers import Container, local_path, run_container
from pipelines.local.step_result import StepFailed


def run(tmp_path: Path, code: str, seconds: int = 30, isolated: bool = True) -> Path:
    root = tmp_path / "ml"
    root.mkdir()
    (root / "script.py").write_text(code)
    command = ["python3", "/opt/ml/script.py", "/opt/ml/out.txt"]
    run_container(Container(command, {"GIVEN": "/opt/ml/x"}, seconds, isolated), root)
    return root


def test_paths_are_mapped_and_the_environment_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    code = "import os, sys, json; json.dump(dict(os.environ), open(sys.argv[1], 'w'))"
    root = run(tmp_path, code)
    seen = json.loads((root / "out.txt").read_text())
    assert seen["GIVEN"] == str(root / "x")
    assert not [name for name in seen if name.startswith("AWS")]
    assert seen["HOME"].startswith(str(tmp_path))


CONNECT = "import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)"


def test_network_isolation(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="AlgorithmError: PermissionError: network isolation"):
        run(tmp_path, CONNECT)


def test_without_isolation_there_is_a_network(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="AlgorithmError: ConnectionRefusedError"):
        run(tmp_path, CONNECT, isolated=False)


def test_it_is_stopped_when_its_time_is_over_with_all_it_started(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = 'import time, sys; time.sleep(3); open(sys.argv[1], \"w\")'\n"
        "subprocess.Popen([sys.executable, '-c', child, sys.argv[1]])\n"
        "time.sleep(60)\n"
    )
    with pytest.raises(StepFailed, match="MaxRuntimeExceeded: stopped after 1 seconds"):
        run(tmp_path, code, seconds=1)
    time.sleep(3)
    assert not (tmp_path / "ml" / "out.txt").exists()


def test_an_exit_code_is_a_failure_with_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match="AlgorithmError: no data, exit code: 1"):
        run(tmp_path, "import sys; print('starting'); sys.exit('no data')")
    assert "starting" in (tmp_path / "log.txt").read_text()


def test_only_python_is_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="entry point '/bin/sh'"):
        run_container(Container(["/bin/sh", "-c", "true"], {}, 1, True), tmp_path / "ml")


@pytest.mark.parametrize("path", ["/etc/passwd", "/opt/ml/../../etc", "/opt/mlx", "relative"])
def test_paths_outside_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError, match="outside /opt/ml"):
        local_path(tmp_path, path)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    (tmp_path / "input" / "config").mkdir(parents=True)
    random = numpy.random.RandomState(0)
    for channel in ("train", "validation"):
        (tmp_path / "input" / "data" / channel).mkdir(parents=True)
        path = tmp_path / "input" / "data" / channel / "rows.csv"
        numpy.savetxt(path, random.rand(50, 4), delimiter=",")
    hyperparameters(tmp_path, num_round="3", objective="reg:squarederror", subsample="0.5")
    return tmp_path


def hyperparameters(job: Path, **values: str) -> None:
    path = job / "input" / "config" / "hyperparameters.json"
    path.write_text(json.dumps(values))


def test_the_same_job_gives_the_same_model(job: Path) -> None:
    models = []
    for _ in range(2):
        xgboost_container.train(job)
        models.append((job / "model" / "xgboost-model").read_bytes())
    assert models[0] == models[1] != b""


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "num_round is required"),
        ({"num_round": "many"}, "num_round is required"),
        ({"num_round": "3", "early_stopping_rounds": "2"}, "early_stopping_rounds cannot be hon"),
    ],
)
def test_hyperparameters_that_are_refused(job: Path, values: dict[str, str], message: str) -> None:
    hyperparameters(job, **values)
    with pytest.raises(ValueError, match=message):
        xgboost_container.train(job)


def test_a_channel_must_be_there_and_hold_data(job: Path) -> None:
    path = job / "input" / "data" / "train"
    (path / "rows.csv").unlink()
    with pytest.raises(ValueError, match="channel train holds no file"):
        xgboost_container.train(job)
    path.rmdir()
    with pytest.raises(ValueError, match="no train channel"):
        xgboost_container.train(job)
