"""Mean squared error of the trained model on the test rows, in SageMaker's XGBoost container.

Reads ``BASE/model/model.tar.gz`` and ``BASE/test/test.csv`` (no header, the label
first), writes ``BASE/evaluation/evaluation.json``, which the pipeline's condition and
the model package's metrics read. The model file is data to XGBoost: nothing in it is
unpickled, and nothing of the archive is unpacked onto the disk. Runs on Python 3.8 and
opens no connection.
"""

from __future__ import annotations

import argparse
import json
import sys
import tarfile
import zlib
from pathlib import Path
from typing import Dict

import numpy as np
import xgboost

MODEL_MEMBER = "xgboost-model"
LARGEST_MODEL = 256 * 1024 * 1024
MOST_MEMBERS = 16


class UnusableInput(Exception):
    """A model or test data that cannot be evaluated, as one line for a person."""


def main(base: Path) -> None:
    """Evaluate what is below ``base``; raises UnusableInput."""
    model = load_model(base / "model" / "model.tar.gz")
    rows = read_rows(base / "test" / "test.csv", model.num_features())
    report = {"regression_metrics": {"mse": errors(model, rows)}}
    folder = base / "evaluation"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=2, sort_keys=True, allow_nan=False) + "\n"
    (folder / "evaluation.json").write_text(text, encoding="utf-8")


def load_model(path: Path) -> xgboost.Booster:
    """The booster in the archive's one member."""
    content = read_member(path)
    model = xgboost.Booster({"nthread": 1})
    try:
        model.load_model(bytearray(content))
    except (xgboost.core.XGBoostError, ValueError) as error:
        first_line = (str(error).splitlines() or [""])[0]
        raise UnusableInput(f"{path}: not an XGBoost model: {first_line}") from None
    return model


def read_member(path: Path) -> bytes:
    """The bytes of the archive's only file, refused before they are read if there are too many."""
    try:
        with tarfile.open(str(path), "r:gz") as archive:
            return _only_file(archive, path)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise UnusableInput(f"{path}: not a tar.gz archive: {error}") from None


def _only_file(archive: tarfile.TarFile, path: Path) -> bytes:
    content = None
    for _ in range(MOST_MEMBERS):
        member = archive.next()
        if member is None:
            break
        name = member.name[2:] if member.name.startswith("./") else member.name
        if member.isdir() and name == ".":
            continue
        if name != MODEL_MEMBER or not member.isfile() or content is not None:
            raise UnusableInput(
                f"{path}: holds {member.name!r} where the one file {MODEL_MEMBER!r} is expected"
            )
        if member.size > LARGEST_MODEL:
            raise UnusableInput(f"{path}: {MODEL_MEMBER!r} is larger than {LARGEST_MODEL} bytes")
        stream = archive.extractfile(member)
        content = stream.read(LARGEST_MODEL) if stream is not None else b""
    if not content:
        raise UnusableInput(f"{path}: no model file {MODEL_MEMBER!r} in it")
    return content


def read_rows(path: Path, features: int) -> np.ndarray:
    """The test rows, one label and ``features`` numbers each."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.strip():
        raise UnusableInput(f"{path}: empty")
    try:
        rows = np.loadtxt(text.splitlines(), delimiter=",", ndmin=2)
    except ValueError as error:
        raise UnusableInput(f"{path}: not rows of numbers: {error}") from None
    if rows.shape[1] != features + 1:
        raise UnusableInput(
            f"{path}: {features + 1} columns are expected (the label and the model's "
            f"{features} features), found {rows.shape[1]}"
        )
    if not np.isfinite(rows).all():
        raise UnusableInput(f"{path}: holds a number that is not finite")
    return rows


def errors(model: xgboost.Booster, rows: np.ndarray) -> Dict[str, float]:
    """Mean squared error in squared rings, and the standard deviation of the errors in rings."""
    predicted = model.predict(xgboost.DMatrix(rows[:, 1:], nthread=1))
    difference = rows[:, 0] - predicted.astype(float)
    return {
        "value": float(np.mean(difference**2)),
        "standard_deviation": float(np.std(difference)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Evaluate the abalone model.")
    parser.add_argument("--base-dir", type=Path, default=Path("/opt/ml/processing"))
    try:
        main(parser.parse_args().base_dir)
    except (UnusableInput, OSError) as error:
        sys.exit(f"evaluate: {error}")
