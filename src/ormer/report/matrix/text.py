"""The enforcement matrix as a table for a terminal, with what else is denied below it."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.value import printable
from ormer.proofs.matrix.enforcement import Column, Matrix, Row
from ormer.report.matrix.words import ALONE, LEGEND, notes, several, short, word

_HEADS = {
    Column.DENIES: "its Denies",
    Column.ALLOWS: "its Allows",
    Column.RESOURCE: "resource",
    Column.TOGETHER: "together",
}


def render(made: Matrix) -> str:
    """The table, its words, and what is not in it."""
    lines = list(_table(made))
    lines += ["", *_legend(), ""]
    lines += _notes(made)
    lines += _rest(made)
    return "\n".join(printable(line) for line in lines).rstrip() + "\n"


def _table(made: Matrix) -> Iterator[str]:
    rows = [("control", "action", "by", *(_HEADS.get(c, c.value) for c in made.columns))]
    for row in made.rows:
        words = (word(row.cells, column) for column in made.columns)
        rows.append((row.control, row.action, _who(row), *words))
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row_ in rows:
        cells = (text.ljust(width) for text, width in zip(row_, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _who(row: Row) -> str:
    names = [short(name) for name in row.principals]
    return names[0] if len(names) == 1 else f"{len(names)} principals"


def _legend() -> Iterator[str]:
    width = max(len(name) for name, _ in LEGEND)
    for name, text in LEGEND:
        yield f"{name.ljust(width)}  {text}"
    yield ALONE


def _notes(made: Matrix) -> Iterator[str]:
    for one in notes(made):
        who = ", ".join(map(short, one.principals))
        yield f"{one.control} {', '.join(one.actions)} by {who}: {one.text}"
    if made.rows:
        yield ""


def _rest(made: Matrix) -> Iterator[str]:
    for idle in made.idle:
        yield f"{idle.control}: nobody of those asked may call {several(idle.actions)}"
    for unseen in made.unseen:
        yield f"{unseen.control}: detected, no condition key shows it: {several(unseen.actions)}"
    for one in made.not_asked:
        yield f"{one.control}: not asked: {one.why}"
