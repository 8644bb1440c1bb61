"""The enforcement matrix in Markdown: rows that are alike are one."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.proofs.matrix.enforcement import Matrix
from ormer.report.markdown.text import plain
from ormer.report.matrix.words import ALONE, LEGEND, groups, notes, several, short


def render(made: Matrix) -> str:
    """The table, its words, and what is not in it; without a heading."""
    lines = [*_legend(), ""]
    lines += _table(made)
    told = list(_notes(made))
    if told:
        lines += ["", "### What else is denied, and what is not as it has to be", "", *told]
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
    for one in notes(made):
        actions = ", ".join(f"`{action}`" for action in one.actions)
        who = ", ".join(map(short, one.principals))
        yield f"- **{one.control}**, {actions} by {plain(who)}: {plain(one.text)}"


def _rest(made: Matrix) -> Iterator[str]:
    if made.idle:
        yield ""
        yield "### Actions that nobody of those asked may call"
        yield ""
        yield "Nothing of them is allowed to any principal that is asked about, forbidden or not."
        yield ""
        alike: dict[tuple[str, ...], list[str]] = {}
        for one in made.idle:
            alike.setdefault(one.actions, []).append(one.control)
        for actions, controls in alike.items():
            yield f"- **{', '.join(controls)}**: {several(actions)}"
    if made.unseen or made.not_asked:
        yield ""
        yield "### Not prevented by any policy"
        yield ""
        yield "No condition key shows it; the check of the definition finds it."
        yield ""
        hidden: dict[tuple[str, ...], list[str]] = {}
        for unseen in made.unseen:
            hidden.setdefault(unseen.actions, []).append(unseen.control)
        for actions, controls in hidden.items():
            yield f"- **{', '.join(controls)}**: {several(actions)}"
        for each in made.not_asked:
            yield f"- **{each.control}**: not asked: {plain(each.why)}"
