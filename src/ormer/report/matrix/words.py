"""The words of the enforcement matrix: its cells, what else is denied, and rows that are alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional

from ormer.facts.global_keys import GLOBAL_KEYS
from ormer.model.authorization import AuthorizationRequest
from ormer.proofs.matrix.alone import Also, By, Cell, Enforcement
from ormer.proofs.matrix.enforcement import Cells, Column, Matrix, Row

ABSENT = "-"
IDLE, SOMEWHERE = "*", "+"
_MOST = 6
_ALWAYS = frozenset(key for key, one in GLOBAL_KEYS.items() if one.always) | {"aws:resourceaccount"}
_LIMITS = {
    "identity": "no Allow of the principal's own",
    "boundary": "no Allow of the boundary",
    "session": "no Allow of the session policy",
    "scp": "no Allow of the SCPs",
    "vpce": "no Allow of the endpoint's policy",
    "resource": "no Allow of the resource's policy",
}

LEGEND = (
    ("prevented", "by what denies nothing of the action that the control permits"),
    ("stricter", "prevented, by what also denies something that the control permits"),
    (f"stricter{IDLE}", "prevented, by letting in nothing of the action at all"),
    ("detected", "what a condition key shows is prevented; no key shows the rest, the check does"),
    ("open", "something is let in that a condition key shows to be forbidden"),
    ("unknown", "not decided; the reason stands below"),
    (
        f"...{SOMEWHERE}",
        "only in some worlds: of what AWS does not document, one way or the other",
    ),
    (ABSENT, "nothing of the layer meets the action"),
)
"""Each word and what it says of the Denies and limits of one layer."""

ALONE = (
    "Each layer is asked alone: what its own Denies and limits keep out is kept out, and what the "
    "others would is let in. What a resource's policy grants directly is granted as it is written. "
    "An endpoint is asked of the requests that come through it, and of no others: alone it stops "
    "none of those that take another way."
)


def word(cells: Cells, column: Column) -> str:
    """A cell as one word."""
    if column not in cells:
        return ABSENT
    cell = cells[column]
    is_idle = cell.enforcement is Enforcement.STRICTER and cell.is_idle
    return cell.enforcement.value + (IDLE if is_idle else "") + (SOMEWHERE if cell.worlds else "")


def short(principal: str) -> str:
    """A principal's name without the rest of its ARN."""
    return principal.rpartition("/")[2] or principal


def by_words(by: By) -> str:
    """``statement NET01a of iam/guardrails/guardrails-2.json``, or which Allows are lacking."""
    if by.statement:
        return f"statement {by.statement} of {by.policy}"
    return _LIMITS.get(by.layer, f"no Allow of {by.layer}")


def request_words(request: AuthorizationRequest) -> str:
    """The resource and the keys that tell something."""
    told = [
        f"{key}={value if isinstance(value, str) else ','.join(value)}"
        for key, value in sorted(request.context.items())
        if key not in _ALWAYS
    ]
    given = f" with {', '.join(told)}" if told else ""
    return f"{request.action} on {request.resource}{given}"


def also_words(also: Also) -> str:
    """What is denied although it is permitted."""
    return f"{by_words(also.by)} also denies, for one, {request_words(also.request)}"


def several(actions: Sequence[str]) -> str:
    """Actions in a line: many of one service are counted."""
    found: dict[str, list[str]] = {}
    for action in actions:
        found.setdefault(action.partition(":")[0], []).append(action)
    told = [
        f"{len(names)} actions of {service}" if len(names) > _MOST else ", ".join(names)
        for service, names in found.items()
    ]
    return ", ".join(told)


class Group(NamedTuple):
    """Rows that are alike in every column."""

    controls: tuple[str, ...]
    actions: tuple[str, ...]
    principals: tuple[str, ...]
    words: tuple[str, ...]


def groups(rows: Sequence[Row], columns: Sequence[Column]) -> tuple[Group, ...]:
    """Rows joined where they are alike: by action, then by control, then by principal."""
    found = [
        Group((row.control,), (row.action,), row.principals, _words(row, columns)) for row in rows
    ]
    for field in ("actions", "controls", "principals"):
        found = list(_joined(found, field))
    return tuple(found)


def _words(row: Row, columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(word(row.cells, column) for column in columns)


def _joined(found: Sequence[Group], field: str) -> Iterator[Group]:
    alike: dict[Group, dict[str, None]] = {}
    for one in found:
        key = one._replace(**{field: ()})
        alike.setdefault(key, {}).update(dict.fromkeys(getattr(one, field)))
    for key, values in alike.items():
        yield key._replace(**{field: tuple(values)})


class Note(NamedTuple):
    """What else is denied, let in or not decided: of which control, actions and principals."""

    control: str
    actions: tuple[str, ...]
    principals: tuple[str, ...]
    text: str


_TOLD = (Column.DENIES, Column.TOGETHER)


def notes(made: Matrix) -> tuple[Note, ...]:
    """A note for each statement that is stricter, with one request; limits only where all layers
    together come to no more. Every cell's is in the JSON."""
    found: dict[tuple[str, tuple[str, ...], object], tuple[dict[str, None], str]] = {}
    for row in made.rows:
        for column in _TOLD:
            for about, text in _told(row.cells.get(column)):
                key = (row.control, row.principals, about)
                found.setdefault(key, ({}, text))[0][row.action] = None
    return tuple(
        Note(control, tuple(actions), principals, text)
        for (control, principals, _), (actions, text) in found.items()
    )


def _told(cell: Optional[Cell]) -> Iterator[tuple[object, str]]:
    if cell is None:
        return
    where = f" (where AWS shows {cell.where})" if cell.where else ""
    for one in cell.also:
        yield one.by, also_words(one) + where
    if cell.why:
        yield cell.why, cell.why
    if cell.example is not None:
        text = f"let in: {request_words(cell.example)}"
        yield text, text
