"""Feature engineering of the abalone data, in SageMaker's scikit-learn container.

Reads the one CSV file in ``BASE/input/raw`` (no header, nine columns, the label last),
writes ``BASE/{train,validation,test}/<part>.csv`` without header, the label first, as
SageMaker's built-in XGBoost expects ("XGBoost algorithm, input/output interface").
The same input gives the same bytes. Runs on Python 3.8 and opens no connection.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Dict

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

MEASUREMENTS = [
    "length",
    "diameter",
    "height",
    "whole_weight",
    "shucked_weight",
    "viscera_weight",
    "shell_weight",
]
LABEL = "rings"
COLUMNS = ["sex", *MEASUREMENTS, LABEL]
SEXES = ["F", "I", "M"]

SEED = 42
TRAIN_SHARE = 0.70
VALIDATION_SHARE = 0.15
SMALLEST_PART = 1


class UnusableInput(Exception):
    """Data that cannot be prepared, as one line for a person."""


def main(base: Path) -> None:
    """Prepare everything below ``base``; raises UnusableInput."""
    parts = split(read_raw(base / "input" / "raw"))
    features = make_features().fit(parts["train"])
    for name, part in parts.items():
        rows = np.column_stack([part[LABEL].to_numpy(), features.transform(part)])
        folder = base / name
        folder.mkdir(parents=True, exist_ok=True)
        np.savetxt(str(folder / f"{name}.csv"), rows, delimiter=",", fmt="%.10g")


def read_raw(folder: Path) -> pd.DataFrame:
    """The rows of the only file in ``folder``; numbers are numbers, missing measurements NaN."""
    files = sorted(path for path in folder.glob("*") if path.is_file())
    if len(files) != 1:
        raise UnusableInput(f"{folder}: one CSV file is expected, found {len(files)}")
    path = files[0]
    try:
        data = pd.read_csv(path, header=None, dtype=str)
    except pd.errors.EmptyDataError:
        raise UnusableInput(f"{path}: empty") from None
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise UnusableInput(f"{path}: not CSV: {error}") from None
    if data.shape[1] != len(COLUMNS):
        raise UnusableInput(
            f"{path}: {len(COLUMNS)} columns are expected ({','.join(COLUMNS)}), "
            f"found {data.shape[1]}"
        )
    data.columns = COLUMNS
    return _with_numbers(data, path)


def _with_numbers(data: pd.DataFrame, path: Path) -> pd.DataFrame:
    for column in [*MEASUREMENTS, LABEL]:
        numbers = pd.to_numeric(data[column], errors="coerce").astype(float)
        unusable = ~np.isfinite(numbers) & (data[column].notna() | (column == LABEL))
        if unusable.any():
            row = int(np.flatnonzero(unusable.to_numpy())[0])
            raise UnusableInput(
                f"{path}: row {row + 1}: {column} is {data[column][row]!r}, not a number"
            )
        data[column] = numbers
    return data


def split(data: pd.DataFrame) -> Dict[str, pd.DataFrame]:
    """70 % train, 15 % validation, the rest test, shuffled with a fixed seed."""
    order = np.random.RandomState(SEED).permutation(len(data))
    first = int(TRAIN_SHARE * len(data))
    second = first + int(VALIDATION_SHARE * len(data))
    rows = {"train": order[:first], "validation": order[first:second], "test": order[second:]}
    if min(len(part) for part in rows.values()) < SMALLEST_PART:
        raise UnusableInput(f"{len(data)} rows are too few to split in three")
    train = data.iloc[rows["train"]]
    for column in MEASUREMENTS:
        if train[column].isna().all():
            raise UnusableInput(f"{column}: no training row has a value")
    return {name: data.iloc[part] for name, part in rows.items()}


def make_features() -> ColumnTransformer:
    """Impute and scale the measurements, one-hot the sex; a missing or unknown sex is all zeros.

    It is fitted on the training rows alone, so that nothing of the test rows leaks
    into what they are judged by.
    """
    measurements = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    sex = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"),
        OneHotEncoder(categories=[SEXES], handle_unknown="ignore"),
    )
    return ColumnTransformer(
        [("measurements", measurements, MEASUREMENTS), ("sex", sex, ["sex"])], sparse_threshold=0
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Prepare the abalone data for XGBoost.")
    parser.add_argument("--base-dir", type=Path, default=Path("/opt/ml/processing"))
    try:
        main(parser.parse_args().base_dir)
    except (UnusableInput, OSError) as error:
        sys.exit(f"preprocess: {error}")
