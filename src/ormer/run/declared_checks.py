"""The checks of declared resources, asked for one resource of a template at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple, Optional

from ormer.model.definition import pointer
from ormer.model.errors import InputError
from ormer.model.resource import Declared
from ormer.read.policies.declared import declared
from ormer.read.templates.parameters import Values, read_template_parameters
from ormer.read.templates.template import read_template
from ormer.resource_checks.catalogue import CHECKS, PIPELINE
from ormer.resource_checks.finding import Stack
from ormer.run.batches import Batch, Target
from ormer.run.check import check_batch, load_environment
from ormer.run.parts import of_environment
from ormer.sources.files import read_bytes

ENVIRONMENT, PARAMETERS = "ORMER_ENVIRONMENT", "ORMER_TEMPLATE_PARAMETERS"
"""The environment variables that name the profile, and files of values for templates."""
_SOME_STACK: Values = {
    "AWS::AccountId": "111111111111",
    "AWS::Region": "us-east-1",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}
"""Where the resources will be, as far as neither a profile nor a parameter says so."""


class Trouble(NamedTuple):
    """Why a resource does not pass: the line of the template, the place, and what is wrong.

    ``place`` is a JSON Pointer into the resource's properties; empty where there is none.
    """

    line: int
    place: str
    message: str


class DeclaredChecks:
    """The checks with their setting: a profile (None: there is none) and files of parameters.

    Each template is read once. Raises InputError for a setting that cannot be read, and does
    so again at each question: a check that cannot be made passes nothing.
    """

    def __init__(self, environment: Optional[str], parameter_files: tuple[str, ...]) -> None:
        self._environment = environment
        self._parameter_files = parameter_files
        self._given: Optional[Values] = None
        self._read: dict[str, Declared] = {}
        self._checks = {entry.id: entry.check for entry in CHECKS}

    def troubles(self, id: str, file: str, resource: str) -> tuple[Trouble, ...]:
        """What a check says of a resource; () where it passes.

        Raises InputError for what cannot be read, KeyError for a check that does not exist.
        """
        if id == PIPELINE:
            return tuple(self._of_pipeline(file, resource))
        check = self._checks[id]
        there = self._declared(file)
        one = declared(there, resource)
        if not isinstance(one.properties, dict):
            why = "its properties are known only when the template is deployed"
            raise InputError(f"{file}:{one.line()}: {resource}: {why}: give its parameters")
        return tuple(
            Trouble(one.line(each.place), pointer(each.place), each.message)
            for each in check(there, one, self._stack())
        )

    def _of_pipeline(self, file: str, resource: str) -> list[Trouble]:
        if not self._environment:
            raise InputError(f"{ENVIRONMENT} names no environment profile to check against")
        target = Target(f"{file}#{resource}", resource)
        batch = Batch("", self._environment, (target,), None, None)
        (report,) = check_batch(batch._replace(parameter_files=self._parameter_files)).reports
        line = report.input.origin.line if report.input.origin is not None else 1
        return [
            Trouble(line, pointer(each.place), f"{each.control} {each.subject}: {each.message}")
            for each in report.findings
            if each.needs_action
        ]

    def _declared(self, file: str) -> Declared:
        if file not in self._read:
            text = read_bytes(file)
            first = read_template(text, file, self._values())
            names = {**_made_up(first), **self._values()}
            self._read[file] = read_template(text, file, names)
        return self._read[file]

    def _values(self) -> Values:
        if self._given is None:
            values = dict(_SOME_STACK)
            if self._environment:
                values.update(of_environment(load_environment(self._environment)))
            for path in self._parameter_files:
                values.update(read_template_parameters(read_bytes(path), path))
            self._given = values
        return self._given

    def _stack(self) -> Stack:
        account, region, partition = (
            str(self._values()[f"AWS::{name}"]) for name in ("AccountId", "Region", "Partition")
        )
        return Stack(account, region, partition)


def _made_up(found: Declared) -> Values:
    """Names for the buckets that have none, so that their policies speak of one bucket."""
    return {
        key: value
        for one in found.resources.values()
        if one.type == "AWS::S3::Bucket" and isinstance(one.properties, dict)
        if not one.properties.get("BucketName")
        for name in [f"bucket-{one.id.lower()}"]
        for key, value in ((one.id, name), (f"{one.id}.Arn", f"arn:aws:s3:::{name}"))
    }


def from_variables(variables: Mapping[str, str]) -> DeclaredChecks:
    """The checks as environment variables set them; several files with the path separator."""
    files = [path for path in variables.get(PARAMETERS, "").split(os.pathsep) if path]
    return DeclaredChecks(variables.get(ENVIRONMENT) or None, tuple(files))
