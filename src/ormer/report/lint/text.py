"""What lint found, for people: each finding with the request that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ormer.model.definition import pointer
from ormer.model.lint import Linted, LintFinding, Witness
from ormer.model.value import printable

_NO_WITNESS = "no request was found that shows it, hence the lower severity"
_NOTHING_YET = "it decides no request yet"
_NOT_LINTED = "nothing is said of it"


def render(linted: Sequence[Linted]) -> str:
    """The findings of each document, and a line that counts them."""
    told: set[str] = set()  # what to write instead is said once a rule
    lines: list[str] = []
    for document in linted:
        lines += _document(document, told)
    return "\n".join(lines) + "\n"


def _document(linted: Linted, told: set[str]) -> Iterator[str]:
    name = printable(linted.target)
    for finding, (line, _) in zip(linted.findings, linted.lines, strict=True):
        statement = f"statement {finding.statement}: " if finding.statement else ""
        head = f"{finding.severity.value:8}  {finding.rule.id}  {printable(statement)}"
        yield head + printable(finding.message)
        yield f"          at {printable(pointer(finding.place)) or '/'}, {name} line {line}"
        yield f"          {printable(_shown(finding))}"
        yield from _assumed(finding.witness)
        if finding.rule.id not in told:
            told.add(finding.rule.id)
            yield f"          instead: {finding.rule.fix}"
        yield ""
    count = len(linted.findings)
    kind = f"{linted.attached.value} policy, {_counted(linted.statements, 'statement')}"
    yield f"{name} ({kind}): {_counted(count, 'finding')}"


def _counted(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _shown(finding: LintFinding) -> str:
    if finding.witness is not None:
        return finding.witness.text
    if finding.message.startswith("not linted"):
        return _NOT_LINTED
    return _NO_WITNESS if finding.severity is not finding.rule.severity else _NOTHING_YET


def _assumed(witness: Witness | None) -> Iterator[str]:
    """What the request has of the texts that were taken for unknown ones."""
    assumed = {} if witness is None else witness.assumed
    told = "" if witness is None else witness.text
    taken = ", ".join(f"{name} is {text}" for name, text in assumed.items() if text in told)
    if taken:
        yield f"          if {printable(taken)}"
