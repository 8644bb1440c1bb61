"""What this repository's policies are proved to prevent: the suite that comes with Ormer, and that
the proofs say something."""

from __future__ import annotations

import pytest

from ormer.proofs.proof import Verdict
from ormer.suites.plugin import cases
from ormer.suites.proof_cases import ProofCase
from ormer.suites.test_proofs import pytest_generate_tests, test_proofs

__all__ = ["pytest_generate_tests", "test_proofs"]


def _made(config: pytest.Config) -> list[ProofCase]:
    found = list(cases(config).proofs)
    if not found:
        pytest.skip("no access file was given")
    return found


def test_every_control_is_asked_of_every_role(pytestconfig: pytest.Config) -> None:
    """The solver is there, and each control is proved, or says why it cannot be."""
    found = _made(pytestconfig)
    assert all(one.proof is not None for one in found), "pip install python-sat"
    asked = {one.proof.control for one in found if one.proof is not None}
    assert asked == {one.control.id for one in found[0].proofs.prover.targets}  # type: ignore[union-attr]


def test_each_proof_is_carried_by_something(pytestconfig: pytest.Config) -> None:
    """What is proved of something that is allowed is so by a Deny or a limit."""
    carried = 0
    for case in _made(pytestconfig):
        for one in case.proof.actions if case.proof is not None else ():
            if one.verdict is Verdict.PROVED and not one.vacuous:
                assert one.carriers, f"{case.id} {one.action}: proved by nothing"
                carried += 1
    assert carried


def test_what_the_pipeline_does_is_proved_of_something(pytestconfig: pytest.Config) -> None:
    """The pipeline's own calls say which controls must not be proved of nothing."""
    owed = [
        (case, one)
        for case in _made(pytestconfig)
        for one in (case.proof.actions if case.proof is not None else ())
        if one.action in case.called
    ]
    if not any(case.called for case, _ in owed):
        pytest.skip("no definition was given")
    controls = {case.proof.control for case, _ in owed if case.proof is not None}
    assert {"NET-01", "NET-03", "KMS-01", "KMS-02", "ROLE-01", "TAG-01"} <= controls
    assert not [f"{case.id} {one.action}" for case, one in owed if one.vacuous]
