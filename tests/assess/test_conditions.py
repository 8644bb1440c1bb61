"""IAM's condition operators, case by case: ``condition_cases.json``, one idea a line.

Source of the cases: "IAM JSON policy elements: Condition operators" and "Multivalued context
keys" in the IAM User Guide. A key's values may be open: ``{"caller": NAME}`` is what whoever
starts the pipeline chooses, ``choices`` all it can be; ``{"run": NAME}`` is decided while the
pipeline runs; ``{"unknown": WHY}`` cannot be known; ``{"join": [...]}`` joins texts and those.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ormer.assess.conditions import condition_test
from ormer.assess.outcome import CALLER, NO, UNKNOWN, YES
from ormer.model import value as values
from ormer.model.request import Found, Operand

CASES: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("condition_cases.json").read_text("utf-8")
)
CODES = {NO: "NO", YES: "YES", CALLER: "CALLER", UNKNOWN: "UNKNOWN"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['operator']}: {c['idea']}")
def test_a_condition_holds_as_iam_says(case: dict[str, Any]) -> None:
    found = tuple(Found(value_of(v), ("here", i)) for i, v in enumerate(case["key"]))
    missing = (("there",),) if case.get("missing") or not found else ()
    operand = Operand(found, missing, case.get("demanded", True))
    outcome = condition_test(case["operator"], tuple(case["values"]))(operand)
    assert CODES[outcome.code] in case["expected"].split(" or "), outcome


def test_the_table_is_as_large_as_it_is_meant_to_be() -> None:
    assert len(CASES) >= 200
    ideas = [(c["operator"], c["idea"], json.dumps(c["values"])) for c in CASES]
    assert len(set(ideas)) == len(ideas), "one idea a case"


@pytest.mark.parametrize(
    "name", ["", "Equals", "StringEqual", "ForAny:StringEquals", "NullIfExists"]
)
def test_an_operator_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        condition_test(name, ("a",))


def test_the_value_that_decides_is_named() -> None:
    run = condition_test("ForAnyValue:StringNotEquals", ("a", "b"))
    outcome = run(Operand(tuple(Found(v, (v,)) for v in ("a", "x", "y"))))
    assert (outcome.place, outcome.value) == (("x",), "x")


def test_a_test_says_the_same_the_second_time() -> None:
    """Texts that were met before are remembered; what is remembered must not differ."""
    run = condition_test("ForAnyValue:StringNotEquals", ("a",))
    once = [run(Operand((Found(v, ()),))).code for v in ("a", "b", "a", "b")]
    assert once == [NO, YES, NO, YES]


def value_of(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if "unknown" in node:
        return values.Opaque(node["unknown"])
    return values.join(parts_of(node))


def parts_of(node: Any) -> list[Any]:
    if isinstance(node, str):
        return [node]
    if "join" in node:
        return [part for below in node["join"] for part in parts_of(below)]
    source, name = next((s, node[s]) for s in ("caller", "run") if s in node)
    choices = tuple(node["choices"]) if "choices" in node else None
    return [values.Free(name, source, node.get("type", "String"), choices)]
