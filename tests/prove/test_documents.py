"""This repository's own proofs, each against requests sampled near what its policies say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.proving.checks import Documents
from ormer.controls.load import load_catalogue
from ormer.read.environment import read_environment
from ormer.run.access import load_access

FOLDER = Path(__file__).parents[2] / "pipelines"


def test_each_proof_withstands_sampled_requests_in_each_world() -> None:
    """``tox -e proofs`` draws a million; this is the ordinary run's share."""
    environment = read_environment((FOLDER / "environment.yaml").read_bytes(), "environment.yaml")
    access = load_access(str(FOLDER / "access.yaml"))
    documents = Documents(access, environment, load_catalogue(None).controls)
    counted: Counter[str] = Counter()
    wrong = {}
    for one, holder, target, decided in documents.proofs():
        if decided.vacuous and one.control.id != "NET-01":
            continue
        why = documents.withstands(holder, target, decided, counted, 4, len(wrong))
        if why:
            wrong[one.control.id, holder.principal.name, target.action] = why
    assert wrong == {}
    assert counted["proved"] > 100
    assert counted["sampled and forbidden"] > 500
