"""A policy document -> what is wrong with it, each with the request that shows it.

findings = lint(read_document(body, "bucket.json", Attached.RESOURCE))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ormer.lint import (
    buckets,
    comparisons,
    conjunctions,
    exceptions,
    exists,
    for_all,
    keys,
    pass_role,
    presence,
    siblings,
    strangers,
    versions,
)
from ormer.lint.bench import Bench
from ormer.lint.document import Document
from ormer.model.lint import LintFinding

Family = Callable[[Bench], Iterator[LintFinding]]

_FAMILIES: tuple[Family, ...] = (
    *(keys.findings, exists.findings, comparisons.findings, conjunctions.findings),
    *(exceptions.findings, presence.presence_only, for_all.unguarded, versions.findings),
    *(strangers.findings, buckets.findings, presence.absent, pass_role.findings),
    *(siblings.findings, for_all.all_differ),
)


def lint(document: Document) -> tuple[LintFinding, ...]:
    """All findings, in the order of the document and of the rules."""
    bench = Bench(document)
    found = [finding for family in _FAMILIES for finding in family(bench)]
    order = {at.place: index for index, at in enumerate(bench.statements)}
    return tuple(sorted(found, key=lambda each: (_statement(each, order), each.rule.id)))


def _statement(finding: LintFinding, order: dict[tuple[object, ...], int]) -> int:
    place = finding.place
    return next((order[place[:size]] for size in (2, 1) if place[:size] in order), -1)
