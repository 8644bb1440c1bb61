"""A comparison for people: each thing that is newly allowed, with the request that shows it."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.symbol import readable
from ormer.model.value import printable
from ormer.proofs.difference.compare import Answer, Change
from ormer.report.difference.compared import Compared, count, example, named, shown_keys


def render(compared: Compared) -> str:
    """The report; of what is no longer allowed the actions alone."""
    return "\n".join(printable(line) for line in _lines(compared)) + "\n"


def _lines(compared: Compared) -> Iterator[str]:
    for arn in compared.added:
        yield f"principal added: {arn}"
    for arn in compared.removed:
        yield f"principal removed: {arn}"
    for change in compared.new:
        yield from _change(change)
    for change in compared.gone:
        yield from _gone(change)
    if compared.added or compared.removed or compared.new or compared.gone:
        yield ""
    if compared.note:
        yield f"note: {compared.note}"
    yield _summary(compared)


def _change(change: Change) -> Iterator[str]:
    yield f"{change.answer.value.upper():8}{change.principal}"
    yield f"        {named(change.actions)}"
    if change.request is None:
        yield f"        {readable(change.why)}"
        return
    request = change.request
    yield f"        example: {example(request)}"
    for key, value in shown_keys(request):
        yield f"                 {key} {value}"
    if change.through:
        yield f"                 through the endpoint {change.through}"
    yield f"        allowed by {', '.join(change.allowed_by) or 'nothing that stands in its way'}"
    yield f"        before: {', '.join(change.denied_by)}"
    if change.given:
        yield f"        given that {change.given}"
    if change.worlds:
        yield f"        where AWS fills keys thus: {change.worlds[0]}"


def _gone(change: Change) -> Iterator[str]:
    if change.request is None:
        yield f"may be gone  {change.principal}: {named(change.actions)}: {readable(change.why)}"
        return
    yield f"gone    {change.principal}: {named(change.actions)}"
    yield f"        such as {example(change.request)}"
    yield f"        now: {', '.join(change.denied_by)}"


def _summary(compared: Compared) -> str:
    new, unknown = count(compared.new, Answer.NEW), count(compared.new, Answer.UNKNOWN)
    gone = count(compared.gone, Answer.NEW)
    more = _counted(new, unknown)
    less = _counted(gone, count(compared.gone, Answer.UNKNOWN))
    told = f"more is allowed of {more}, less of {less}"
    return f"{compared.old} -> {compared.new_target}: {told} ({compared.asked} questions)"


def _counted(sure: int, unknown: int) -> str:
    told = "1 action" if sure == 1 else f"{sure or 'no'} actions"
    return f"{told} ({unknown} unknown)" if unknown else told
