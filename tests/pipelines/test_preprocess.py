"""preprocess.py, run the way its container runs it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from pipelines.abalone import preprocess

ROOT = Path(__file__).resolve().parents[2]
ABALONE = ROOT / "pipelines" / "abalone"
DATASET = ROOT / "dataset" / "abalone-dataset.csv"
PARTS = ("train", "validation", "test")
ROW = "M,0.455,0.365,0.095,0.514,0.2245,0.101,0.15,15\n"

IN_THE_IMAGES = {
    "preprocess.py": {"numpy", "pandas", "sklearn"},
    "evaluate.py": {"numpy", "xgboost"},
}


def run(base: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", str(ABALONE / "preprocess.py")]
    return subprocess.run(
        [*command, "--base-dir", str(base)], capture_output=True, text=True, timeout=60
    )


def raw(base: Path, text: str | None, name: str = "abalone.csv") -> Path:
    folder = base / "input" / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    if text is not None:
        (folder / name).write_text(text, encoding="utf-8")
    return base


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = raw(tmp_path_factory.mktemp("prepared"), DATASET.read_text(encoding="ascii"))
    result = run(base)
    assert (result.returncode, result.stderr) == (0, "")
    return base


def test_three_parts_label_first_and_no_header(prepared: Path) -> None:
    rows = {part: numpy.loadtxt(prepared / part / f"{part}.csv", delimiter=",") for part in PARTS}
    assert {part: len(rows[part]) for part in PARTS} == {
        "train": 2923,
        "validation": 626,
        "test": 628,
    }
    for part in rows.values():
        assert part.shape[1] == 1 + 7 + 3
        assert (part[:, 0] == part[:, 0].astype(int)).all()
        assert (part[:, 8:].sum(axis=1) == 1).all()
    labels = sorted(label for part in rows.values() for label in part[:, 0])
    assert labels == sorted(float(line.split(",")[-1]) for line in DATASET.read_text().splitlines())


def test_measurements_are_scaled_by_the_training_rows(prepared: Path) -> None:
    train = numpy.loadtxt(prepared / "train" / "train.csv", delimiter=",")
    assert numpy.allclose(train[:, 1:8].mean(axis=0), 0, atol=1e-8)
    assert numpy.allclose(train[:, 1:8].std(axis=0), 1, atol=1e-8)


def test_the_same_input_gives_the_same_bytes(prepared: Path, tmp_path: Path) -> None:
    preprocess.main(raw(tmp_path, DATASET.read_text(encoding="ascii")))
    for part in PARTS:
        path = Path(part, f"{part}.csv")
        assert (tmp_path / path).read_bytes() == (prepared / path).read_bytes()


def test_nothing_of_the_test_rows_reaches_the_training_rows(prepared: Path, tmp_path: Path) -> None:
    lines = DATASET.read_text(encoding="ascii").splitlines()
    in_test = preprocess.split(preprocess.read_raw(prepared / "input" / "raw"))["test"].index
    for row in in_test:
        lines[row] = "M,99,99,99,99,99,99,99,15"
    preprocess.main(raw(tmp_path, "\n".join(lines)))
    path = Path("train", "train.csv")
    assert (tmp_path / path).read_bytes() == (prepared / path).read_bytes()


def test_missing_measurements_and_sexes_are_filled_in(tmp_path: Path) -> None:
    text = "".join([ROW] * 20) + "F,,0.3,0.1,,0.2,0.1,0.15,9\n" * 5 + ",0.4" + ROW[7:]
    preprocess.main(raw(tmp_path, text))
    for part in PARTS:
        rows = numpy.loadtxt(tmp_path / part / f"{part}.csv", delimiter=",", ndmin=2)
        assert numpy.isfinite(rows).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "one CSV file is expected, found 0"),
        ("", "empty"),
        ("M,0.4,0.3\n", "9 columns are expected"),
        ("a,b,c,d,e,f,g,h,i\n" + ROW * 9, "row 1: length is 'b', not a number"),
        (ROW * 3 + "M,0.4,0.3,0.1,0.5,0.2,0.1,0.15,\n", "row 4: rings is nan, not a number"),
        (ROW * 3 + "M,inf,0.3,0.1,0.5,0.2,0.1,0.15,9\n", "row 4: length is 'inf', not a number"),
        (ROW * 3 + ROW.strip() + ",1\n", "not CSV"),
        (ROW * 2, "2 rows are too few to split in three"),
        ("M,0.4,0.3,,0.5,0.2,0.1,0.15,9\n" * 9, "height: no training row has a value"),
    ],
)
def test_unusable_input_is_one_line(tmp_path: Path, text: str | None, message: str) -> None:
    with pytest.raises(preprocess.UnusableInput, match=re.escape(message)) as refused:
        preprocess.main(raw(tmp_path, text))
    assert len(str(refused.value).strip().splitlines()) == 1
    assert not (tmp_path / "train").exists()


def test_what_is_refused_is_one_line_and_an_exit_code(tmp_path: Path) -> None:
    result = run(raw(tmp_path, None))
    assert result.returncode == 1
    assert re.fullmatch(r"preprocess: .*: one CSV file is expected, found 0\n", result.stderr)


def test_two_files_are_refused(tmp_path: Path) -> None:
    raw(tmp_path, ROW, "a.csv")
    with pytest.raises(preprocess.UnusableInput, match="found 2"):
        preprocess.main(raw(tmp_path, ROW, "b.csv"))


@pytest.mark.parametrize("name", IN_THE_IMAGES)
def test_the_scripts_suit_their_containers(name: str) -> None:
    tree = ast.parse((ABALONE / name).read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        str(item.module if isinstance(item, ast.ImportFrom) else alias.name).split(".")[0]
        for item in ast.walk(tree)
        if isinstance(item, (ast.Import, ast.ImportFrom))
        for alias in item.names
    }
    assert imported - set(sys.stdlib_module_names) == IN_THE_IMAGES[name]
    names = {item.id for item in ast.walk(tree) if isinstance(item, ast.Name)}
    attributes = {item.attr for item in ast.walk(tree) if isinstance(item, ast.Attribute)}
    assert not {"extractall", "extract", "pickle", "eval", "exec"} & (imported | names | attributes)
