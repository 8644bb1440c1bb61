"""Worlds for people: what tells those where it is so from those where it is not."""

from __future__ import annotations

from itertools import product

import pytest

from ormer.model.world import World
from ormer.proofs.asked.worlds import told_worlds

NAMES = ("new", "old", "both", "neither")
EVERY = [World(*each).name for each in product(NAMES, ("absent", "false"), ("union", "absent"))]


def names(key_names: list[str], flags: list[str], several: list[str]) -> list[str]:
    return [World(*each).name for each in product(key_names, flags, several)]


@pytest.mark.parametrize(
    "where, expected",
    [
        (EVERY, "in all"),
        (names(["neither"], ["absent", "false"], ["union", "absent"]), "KMS key names neither"),
        (
            names(["new", "old"], ["absent"], ["union", "absent"]),
            "KMS key names new or old, absent boolean absent",
        ),
        ([EVERY[0], EVERY[-1]], f"{EVERY[0]}; {EVERY[-1]}"),
        ([], ""),
    ],
)
def test_only_what_differs_is_told(where: list[str], expected: str) -> None:
    assert told_worlds(where, EVERY) == expected


def test_what_was_not_asked_is_not_told() -> None:
    asked = names(["new"], ["absent", "false"], ["union"])
    assert told_worlds(asked[1:], asked) == "absent boolean false"
