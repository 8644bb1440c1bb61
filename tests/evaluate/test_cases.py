"""The case table: one idea a case, read from cases/*.json, which anyone can read.

A file's ``given`` is what its cases have in common; a case's ``input`` replaces members of it
(and of its request), its ``condition`` becomes that of the statement ``Test``. ``by`` are the
statements that decide: layer, policy and statement.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Decide = Callable[[dict[str, Any]], Any]
FILES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def cases() -> Iterator[Any]:
    for path in FILES:
        table = json.loads(path.read_text(encoding="utf-8"))
        for case in table["cases"]:
            yield pytest.param(table["given"], case, id=f"{path.stem}: {case['name']}")


def line_of(given: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    line = copy.deepcopy(given)
    changed = case.get("input", {})
    request = {**line["request"], **changed.get("request", {})}
    line.update(changed)
    line["request"] = request
    if "condition" in case:
        request["context"] = case["context"]
        line["identityPolicies"][0]["Statement"][0]["Condition"] = case["condition"]
    return line


@pytest.mark.parametrize("given, case", list(cases()))
def test_case(given: dict[str, Any], case: dict[str, Any], decided: Decide) -> None:
    decision = decided(line_of(given, case))
    by = [f"{r.layer.value} {r.policy} {r.statement}" for r in decision.reasons]
    assert (decision.outcome.value, sorted(by)) == (case["decision"], sorted(case["by"]))
    assert bool(decision.missing) is (case["decision"] == "ImplicitlyDenied")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_says_why_and_no_name_is_taken_twice(path: Path) -> None:
    table = json.loads(path.read_text(encoding="utf-8"))
    assert table["about"] and table["page"] and table["cases"]
    assert all(case["why"] for case in table["cases"])
    names = [case["name"] for case in table["cases"]]
    assert len(set(names)) == len(names)
