"""The delivered data is UCI's file, byte for byte."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

DATASET = Path(__file__).resolve().parents[2] / "dataset"
PUBLISHED_SHA256 = "de37cdcdcaaa50c309d514f248f7c2302a5f1f88c168905eba23fe2fbc78449f"


def test_the_bytes_are_those_of_the_published_file() -> None:
    content = (DATASET / "abalone-dataset.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == PUBLISHED_SHA256
    assert len(content) == 191_873


def test_the_readme_names_the_digest_and_the_licence() -> None:
    text = (DATASET / "README.md").read_text(encoding="utf-8")
    assert PUBLISHED_SHA256 in text
    assert "CC BY 4.0" in text
    assert "10.24432/C55C7W" in text


def test_rows_and_columns() -> None:
    lines = (DATASET / "abalone-dataset.csv").read_text(encoding="ascii").splitlines()
    rows = [line.split(",") for line in lines]
    assert len(rows) == 4177
    assert {len(row) for row in rows} == {9}
    assert Counter(row[0] for row in rows) == {"M": 1528, "I": 1342, "F": 1307}
    assert sum(row[3] in ("0", "0.0") for row in rows) == 2
