"""A definition that is made to be slow is unknown, and what is not searched is never a pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.requests import secret_kinds

Says = Callable[..., Any]
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"


def job(number: int, environment: dict[str, Any]) -> dict[str, Any]:
    return {"Name": f"Job{number}", "Type": "Training", "Arguments": {"Environment": environment}}


def texts(of: Callable[[int], str], many: int) -> dict[str, str]:
    return {f"E{at}": of(at) for at in range(many)}


SLOW: dict[str, dict[str, str]] = {
    "short lines": texts(lambda at: "\n".join(f"{at},{n:07d}Abc" for n in range(4000)), 16),
    "words that the patterns begin with": texts(lambda at: f"{at}" + "apikey_" * 2000, 60),
    "a word and open quotes": texts(lambda at: f"{at}" + "secret`" * 2000, 60),
    "a name of a tool": texts(lambda at: f"{at}" + "artif" * 2000, 60),
    "settings": texts(lambda at: f"{at}" + "a=" * 20_000, 25),
    "a long name": {"apikey_" * 20_000: "hunter2 " * 10, "b": "apikey_" * 5000},
}


@pytest.mark.parametrize("name", SLOW)
def test_what_would_take_for_ever_is_given_up(name: str, says: Says) -> None:
    said = says("SEC-01", job(0, SLOW[name]))
    assert [s.verdict for s in said] in (["unknown"], ["fail"])


def test_blank_and_repeated_lines_cost_nothing(says: Says) -> None:
    lines = texts(lambda at: ("\n" * 20 + f"x={at}") * 2500 + "A1", 8)
    assert [s.verdict for s in says("SEC-01", job(0, lines))] == ["pass"]


def test_a_text_of_every_step_is_counted_once(says: Says) -> None:
    text = "\n".join(f"step {n} of 4" for n in range(500))
    said = says("SEC-01", *[job(number, {"PLAN": text}) for number in range(100)])
    assert {s.verdict for s in said} == {"pass"}


def test_a_short_text_is_searched_though_long_ones_are_not(says: Says) -> None:
    said = says("SEC-01", job(0, SLOW["short lines"]), job(1, {"X": ACCESS_KEY}))
    assert [s.verdict for s in said] == ["unknown", "fail"]


def test_a_definition_is_judged_alike_each_time(says: Says) -> None:
    first, second = (says("SEC-01", job(0, SLOW["short lines"])) for _ in range(2))
    assert first == second


def test_what_references_may_become_is_bounded(says: Says) -> None:
    choices = [f"{'a' * (n // 70)}-{'b' * (n % 70)}c" for n in range(5000)]
    parameters = [{"Name": "P", "Type": "String", "EnumValues": choices}]
    joined = {"Std:Join": {"On": "/", "Values": ["a", {"Get": "Parameters.P"}]}}
    said = says("SEC-01", job(0, {f"E{n}": joined for n in range(50)}), Parameters=parameters)
    assert [s.verdict for s in said] == ["unknown"] and "may put together" in said[0].message


def test_a_long_text_is_not_remembered(says: Says) -> None:
    secret_kinds.effort_of_short.cache_clear()
    says("SEC-01", job(0, {"X": "lorem ipsum 1 " * 100}))
    assert secret_kinds.effort_of_short.cache_info().currsize == 0
