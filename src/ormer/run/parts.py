"""Targets that are templates or plans: the pipelines that they declare, checked one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ormer.assess.check import Checker
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.finding import Report
from ormer.model.resource import Declared
from ormer.read.templates.block_lines import first_line
from ormer.read.templates.file_kind import PLAN
from ormer.read.templates.parameters import Values
from ormer.read.templates.pipelines import pipelines
from ormer.run.batches import Batch, Target
from ormer.run.given import given_values
from ormer.run.targets import name_of


def check_parts(
    data: bytes, kind: str, part: str, target: Target, batch: Batch, checker: Checker
) -> Iterator[Report]:
    """A report for each pipeline in a file, or for the one that ``part`` names.

    A pipeline goes by its own name, unless the target has one of its own. Raises InputError
    for what cannot be read, and where one name is for several pipelines.
    """
    name = name_of(target.file)
    given = {**of_environment(checker.environment), **values_of(batch)}
    found = list(pipelines(declared_in(data, name, kind, given), part))
    if target.is_named and len(found) > 1:
        ids = ", ".join(one.resource for one in found)
        raise InputError(f"{name}: {len(found)} pipelines with one name: add # and one of {ids}")
    lines = data.decode("utf-8", "replace").split("\n")
    for one in found:
        called = target.pipeline if target.is_named else one.name
        first = first_line(lines, one.origin.line, one.text.decode("utf-8", "replace"))
        origin = one.origin._replace(first=first)
        yield checker.check_part(one.definition, one.text, f"{name}#{one.resource}", called, origin)


def declared_in(data: bytes, name: str, kind: str, given: Values) -> Declared:
    """What a template or plan declares. Raises InputError for what cannot be read."""
    if kind == PLAN:
        from ormer.read.templates.terraform_plan import read_plan

        return read_plan(data, name, given)
    from ormer.read.templates.template import read_template

    return read_template(data, name, given)


def of_environment(environment: Environment) -> Values:
    """The pseudo parameters that a profile knows."""
    partition = environment.partition
    return {
        "AWS::AccountId": environment.account,
        "AWS::Region": environment.region,
        "AWS::Partition": partition,
        "AWS::URLSuffix": "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com",
    }


def values_of(batch: Batch) -> Values:
    """What is given for templates: of several values for a name the last one counts."""
    return given_values(batch.parameter_files, batch.parameters)


def with_own_names(reports: Sequence[Report], batch: Batch) -> tuple[Report, ...]:
    """The reports, none of a template under the name of another.

    Raises InputError for two of one name where names decide; else the second goes by its target.
    """
    taken: dict[str, str] = {}
    made: list[Report] = []
    for report in reports:
        called, target = report.input.pipeline, report.input.target
        first = taken.setdefault(called, target)
        if first != target and report.input.origin is not None:
            if batch.names_decide:
                raise InputError(f"two pipelines are named {called!r}: {first} and {target}")
            report = report._replace(input=report.input._replace(pipeline=target))
        made.append(report)
    return tuple(made)
