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
    unknown,
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
    *(siblings.findings, for_all.all_differ, unknown.findings),
)


def lint(document: Document) -> tuple[LintFinding, ...]:
    """All findings, in the order of the document and of the rules."""
    bench = Bench(document)
    found = [finding for family in _FAMILIES for finding in family(bench)]
    return tuple(sorted(found, key=lambda each: (_statement(each), each.rule.id)))


def _statement(finding: LintFinding) -> int:
    """The number of the finding's statement; -1 for the document, and where there is only one."""
    number = finding.place[1] if len(finding.place) > 1 else -1
    return number if isinstance(number, int) else -1
