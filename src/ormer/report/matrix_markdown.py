"""The enforcement matrix in Markdown: rows that are alike are one."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.proofs.matrix import Column, Matrix
from ormer.report.matrix_words import (
    ALONE,
    LEGEND,
    also_words,
    groups,
    request_words,
    short,
    where_words,
)
from ormer.report.markdown_text import plain

_TOLD = (Column.DENIES, Column.TOGETHER)


def render(made: Matrix) -> str:
    """The table, its words, and what is not in it; without a heading."""
    lines = [*_legend(), ""]
    lines += _table(made)
    notes = list(dict.fromkeys(_notes(made)))
    if notes:
        lines += ["", "### What else is denied, and what could not be decided", "", *notes]
    lines += _rest(made)
    return "\n".join(lines).rstrip() + "\n"


def _legend() -> Iterator[str]:
    yield ALONE
    yield ""
    yield "| | |"
    yield "|---|---|"
    for name, text in LEGEND:
        yield f"| {plain(name)} | {text} |"


def _table(made: Matrix) -> Iterator[str]:
    columns = made.columns
    yield f"| controls | actions | by | {' | '.join(column.value for column in columns)} |"
    yield f"|---|---|---|{'---|' * len(columns)}"
    for one in groups(made.rows, columns):
        actions = ", ".join(f"`{action}`" for action in one.actions)
        who = ", ".join(plain(short(name)) for name in one.principals)
        words = " | ".join(plain(text) for text in one.words)
        yield f"| {', '.join(one.controls)} | {actions} | {who} | {words} |"


def _notes(made: Matrix) -> Iterator[str]:
    for row in made.rows:
        for column in _TOLD:
            cell = row.cells.get(column)
            if cell is None:
                continue
            who = ", ".join(map(short, row.principals))
            about = f"- **{row.control}** by {plain(who)}, {column.value}: "
            where = where_words(cell)
            for one in cell.also:
                told = plain(also_words(one))
                yield f"{about}{told}{f' (where AWS shows {where})' if where else ''}"
            if cell.why:
                yield about + plain(cell.why)
            if cell.example is not None:
                yield f"{about}lets in {plain(request_words(cell.example))}"


def _rest(made: Matrix) -> Iterator[str]:
    if made.idle:
        yield ""
        yield "### Actions that nobody may call"
        yield ""
        yield "Nothing of them is allowed to any of the principals, forbidden or not."
        yield ""
        alike: dict[tuple[str, ...], list[str]] = {}
        for one in made.idle:
            alike.setdefault(one.actions, []).append(one.control)
        for actions, controls in alike.items():
            names = ", ".join(f"`{action}`" for action in actions)
            yield f"- **{', '.join(controls)}**: {names}"
    if made.unseen or made.not_asked:
        yield ""
        yield "### Not prevented by any policy"
        yield ""
        yield "No condition key shows it; the check of the definition finds it."
        yield ""
        for unseen in made.unseen:
            names = ", ".join(f"`{action}`" for action in unseen.actions)
            yield f"- **{unseen.control}**: {names}"
        for each in made.not_asked:
            yield f"- **{each.control}**: not asked: {plain(each.why)}"
