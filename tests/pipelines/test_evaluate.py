"""evaluate.py, run the way its container runs it, and the archives it must refuse."""

from __future__ import annotations

import io
import json
import pickle
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy
import pytest
import xgboost

from pipelines.abalone import evaluate


def run(base: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", evaluate.__file__, "--base-dir", str(base)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def rows() -> numpy.ndarray:
    random = numpy.random.RandomState(0)
    features = random.rand(200, 4)
    return numpy.column_stack([features @ [3, 1, 4, 1] + random.rand(200), features])


@pytest.fixture(scope="module")
def model(rows: numpy.ndarray) -> xgboost.Booster:
    data = xgboost.DMatrix(rows[:, 1:], label=rows[:, 0], nthread=1)
    return xgboost.train({"max_depth": 2, "nthread": 1, "seed": 0}, data, 5)


@pytest.fixture
def base(tmp_path: Path, rows: numpy.ndarray, model: xgboost.Booster) -> Path:
    """A folder that can be evaluated."""
    (tmp_path / "test").mkdir()
    (tmp_path / "model").mkdir()
    numpy.savetxt(tmp_path / "test" / "test.csv", rows, delimiter=",", fmt="%.10g")
    archive(tmp_path, [("xgboost-model", bytes(model.save_raw()))])
    return tmp_path


def archive(base: Path, members: list[tuple[str, bytes]], **changes: object) -> None:
    with tarfile.open(base / "model" / "model.tar.gz", "w:gz") as packed:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for attribute, value in changes.items():
                setattr(member, attribute, value)
            packed.addfile(member, io.BytesIO(content))


def test_the_report_holds_the_error_and_its_deviation(
    base: Path, rows: numpy.ndarray, model: xgboost.Booster
) -> None:
    result = run(base)
    assert (result.returncode, result.stderr) == (0, "")
    report = json.loads((base / "evaluation" / "evaluation.json").read_text())
    difference = rows[:, 0] - model.predict(xgboost.DMatrix(rows[:, 1:]))
    mse = report["regression_metrics"]["mse"]
    assert mse["value"] == pytest.approx((difference**2).mean(), rel=1e-6)
    assert mse["standard_deviation"] == pytest.approx(difference.std(), rel=1e-6)


def test_the_same_input_gives_the_same_bytes(base: Path) -> None:
    reports = []
    for _ in range(2):
        evaluate.main(base)
        reports.append((base / "evaluation" / "evaluation.json").read_bytes())
    assert reports[0] == reports[1]


def test_an_archive_of_the_folder_itself_is_read_too(base: Path, model: xgboost.Booster) -> None:
    (base / "m").mkdir()
    (base / "m" / "xgboost-model").write_bytes(bytes(model.save_raw()))
    with tarfile.open(base / "model" / "model.tar.gz", "w:gz") as packed:
        packed.add(base / "m", arcname=".")
    evaluate.main(base)
    assert (base / "evaluation" / "evaluation.json").exists()


class Payload:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("unpickled",))


@pytest.mark.parametrize(
    ("members", "changes", "message"),
    [
        ([], {}, "no model file"),
        ([("xgboost-model", b"")], {}, "no model file"),
        ([("other", b"x")], {}, "holds 'other'"),
        ([("xgboost-model", b"x"), ("code/inference.py", b"x")], {}, "holds 'code/inference.py'"),
        ([("xgboost-model", b"x"), ("xgboost-model", b"y")], {}, "holds 'xgboost-model'"),
        ([("../xgboost-model", b"x")], {}, "holds '../xgboost-model'"),
        ([("/xgboost-model", b"x")], {}, "holds '/xgboost-model'"),
        (
            [("xgboost-model", b"")],
            {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
            "holds 'xgboost-model'",
        ),
        ([("xgboost-model", pickle.dumps(Payload()))], {}, "not an XGBoost model"),
        ([("xgboost-model", b"{}")], {}, "not an XGBoost model"),
    ],
)
def test_archives_that_are_refused(
    base: Path,
    capsys: pytest.CaptureFixture[str],
    members: list[tuple[str, bytes]],
    changes: dict[str, object],
    message: str,
) -> None:
    archive(base, members, **changes)
    refused(base, message)
    assert "unpickled" not in capsys.readouterr().out


def test_a_member_is_measured_before_it_is_read(base: Path) -> None:
    member = tarfile.TarInfo("xgboost-model")
    member.size = 10**12
    with tarfile.open(base / "model" / "model.tar.gz", "w:gz") as packed:
        packed.fileobj.write(member.tobuf())
    refused(base, "is larger than")


@pytest.mark.parametrize("content", [b"", b"not gzip", b"\x1f\x8b\x08\x00broken"])
def test_a_file_that_is_no_archive(base: Path, content: bytes) -> None:
    (base / "model" / "model.tar.gz").write_bytes(content)
    refused(base, "model.tar.gz")


def test_a_truncated_archive(base: Path) -> None:
    path = base / "model" / "model.tar.gz"
    path.write_bytes(path.read_bytes()[:-200])
    refused(base, "model.tar.gz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("1,2,3\n", "5 columns are expected"),
        ("1,2,3,4,x\n", "not rows of numbers"),
        ("1,2,3,4,nan\n", "not finite"),
    ],
)
def test_test_rows_that_are_refused(base: Path, text: str, message: str) -> None:
    (base / "test" / "test.csv").write_text(text)
    refused(base, message)


@pytest.mark.parametrize("name", ["model/model.tar.gz", "test/test.csv"])
def test_a_missing_file_is_named(base: Path, name: str) -> None:
    (base / name).unlink()
    refused(base, name)


def test_what_is_refused_is_one_line_and_an_exit_code(base: Path) -> None:
    (base / "test" / "test.csv").write_text("")
    result = run(base)
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(r"evaluate: .*test\.csv: empty\n", result.stderr)


def refused(base: Path, message: str) -> None:
    with pytest.raises((evaluate.UnusableInput, OSError), match=re.escape(message)) as error:
        evaluate.main(base)
    assert len(str(error.value).strip().splitlines()) == 1
    assert not (base / "evaluation" / "evaluation.json").exists()
