"""The peer through z3 says what is expected of the naive sets, or that it does not know.

Where z3 is installed (``tox -e smt``). A peer whose answers were wrong would be no measure.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

pytest.importorskip("z3", reason="z3-solver is installed by tox -e smt")

from benchmarks.proofs_subjects import Question, Subject, profile
from benchmarks.smt_peer import PROVED, UNKNOWN, VIOLATED, answer_of
from ormer.controls.load import load_catalogue
from ormer.proofs.asked.properties import load_properties
from ormer.run.access import load_access

NAIVE = Path(__file__).parents[1] / "naive"
EXPECTED = yaml.safe_load((NAIVE / "expected.yaml").read_text(encoding="utf-8"))
CONTROLS = {one.id: one for one in (*load_catalogue().controls, *load_properties())}
OWN_POLICY = "needs a resource's own policy"
OTHER_ACTIONS = ("sagemaker:CreateTrainingJob", "s3:GetObject", "s3:PutObject", "iam:PassRole")
SECONDS = 3.0


def entries() -> list[Any]:
    return [
        pytest.param(name, entry, action, id=f"{name}-{entry['control']}-{action}")
        for name, found in EXPECTED.items()
        for entry in found
        for action in ((entry["action"],) if "action" in entry else OTHER_ACTIONS)
        if not entry.get("note")  # tags of a session, which the peer takes to have none
    ]


@pytest.mark.parametrize("name, entry, action", entries())
def test_the_peer_agrees(name: str, entry: dict[str, Any], action: str) -> None:
    access = load_access(str(NAIVE / name / "access.yaml"))
    is_violated = entry["verdict"] == VIOLATED
    question = Question(CONTROLS[entry["control"]], entry["principal"], action, is_violated)
    answer = answer_of(Subject(name, access, profile(), (question,)), question, SECONDS)
    if answer.verdict == UNKNOWN:
        assert answer.why in ("timeout", "canceled") or OWN_POLICY in answer.why
        pytest.skip(f"z3 does not know: {answer.why}")
    assert answer.verdict == (VIOLATED if is_violated else PROVED)
    assert answer.why == ""
