"""The SDKs' documents raise no false alarm, and large ones no long wait."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.check import Checker
from ormer.model.finding import Report, Verdict

Check = Callable[..., Report]
DOCUMENTS = sorted((Path(__file__).parents[1] / "definitions").glob("v[23]/*.json"))


def step(type: str, name: str = "S", arguments: Any = None, **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": type, "Arguments": arguments or {}, **members}


def get(path: str) -> dict[str, str]:
    return {"Get": path}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_no_document_of_the_sdks_raises_a_false_alarm(path: Path, checker: Checker) -> None:
    """The SDKs' documents are well formed: whatever is wrong with them is no document rule's."""
    report = checker.check(path.read_bytes(), path.name)
    alarms = [
        (f.control, f.subject, f.message)
        for f in report.findings
        if (f.control.startswith("DOC-") and f.needs_action) or f.verdict is Verdict.ERROR
    ]
    assert alarms == []


LARGE: dict[str, list[dict[str, Any]]] = {
    "5,000 dangling references in one step": [
        step("Fail", arguments={"ErrorMessage": [get(f"Parameters.x{n}") for n in range(5000)]})
    ],
    "4,000 transform jobs of models made elsewhere": [
        step("Transform", f"S{n}", {"ModelName": f"m{n}"}) for n in range(4000)
    ],
    "3,000 steps that wait for all before them": [
        step("Fail", f"S{n}", DependsOn=[f"S{m}" for m in range(max(0, n - 30), n)])
        for n in range(3000)
    ],
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_document_is_checked_in_time(name: str, check: Check) -> None:
    """Each takes tenths of a second where the work grows with the document, not with its square."""

    def _late(*_: Any) -> None:
        pytest.fail("still running after 30 s")  # no Exception, which a control may swallow

    before = signal.signal(signal.SIGALRM, _late)
    signal.alarm(30)
    try:
        check(*LARGE[name])
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
