"""Every example in every control file gets exactly the verdict it stands under."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ormer.assess.check import Checker
from ormer.controls import files
from ormer.controls.load import FOLDER, Catalogue
from ormer.model.environment import Environment
from ormer.model.finding import Finding, Verdict
from ormer.read.text.yaml_text import plain, read_yaml

CATALOGUE = Path(files.__file__).with_name(FOLDER)
VERDICTS = ("pass", "fail", "unknown", "not_applicable")
OTHER = "Other"  # the step that examples refer to; its own findings do not count
ORDER = [Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS, Verdict.NOT_APPLICABLE]


class Example(NamedTuple):
    control: str
    verdict: str
    content: Any


def examples() -> Iterator[Any]:
    for path in sorted(CATALOGUE.glob("*.yaml")):
        content = plain(read_yaml(path.read_bytes(), path.name))
        for verdict in VERDICTS:
            entries = content["examples"].get(verdict, [])
            for number, entry in enumerate(entries if isinstance(entries, list) else [], 1):
                name = f"{content['id']}-{verdict}-{number}"
                yield pytest.param(Example(content["id"], verdict, entry), id=name)


@pytest.fixture(scope="module")
def checker(environment: Environment, catalogue: Catalogue) -> Checker:
    return Checker(environment, catalogue)


@pytest.mark.parametrize("example", list(examples()))
def test_an_example_gets_its_verdict(example: Example, checker: Checker) -> None:
    report = checker.check(definition_of(example.content), "example")
    crashed = [f for f in report.findings if f.verdict is Verdict.ERROR]
    assert not crashed, [(f.control, f.message) for f in crashed]
    own = [f for f in report.findings if f.control == example.control and f.subject != OTHER]
    assert worst(own).value == example.verdict, [
        (f.verdict.value, f.subject, f.message) for f in own
    ]


@pytest.mark.parametrize("example", list(examples()))
def test_an_example_is_a_readable_document(example: Example, checker: Checker) -> None:
    """An example that names an unknown member or step shows nothing about its control."""
    report = checker.check(definition_of(example.content), "example")
    broken = [f for f in report.findings if f.control.startswith("DOC-") and f.needs_action]
    assert not broken, [(f.control, f.message) for f in broken]


def worst(findings: list[Finding]) -> Verdict:
    return min((f.verdict for f in findings), key=ORDER.index)


def definition_of(content: dict[str, Any]) -> bytes:
    """A whole definition around an example: names, the other step, undefined parameters."""
    content = dict(content)
    parameters = list(content.pop("Parameters", []))
    text = json.dumps(content)
    if "Steps" in content:
        steps, outside = content.pop("Steps"), content
    else:
        steps, outside = [{"Name": "Example", **content}], {}
    if f"Steps.{OTHER}." in text:
        files_of = [{"PropertyFileName": "F", "OutputName": "f", "FilePath": "f.json"}]
        other = {"Name": OTHER, "Type": "Processing", "Arguments": {}, "PropertyFiles": files_of}
        steps = [other, *steps]
    defined = {parameter["Name"] for parameter in parameters}
    named = {piece.partition('"')[0] for piece in text.split("Parameters.")[1:]}
    parameters += [{"Name": name, "Type": "String"} for name in sorted(named - defined)]
    document = {"Version": "2020-12-01", "Parameters": parameters, "Steps": steps, **outside}
    return json.dumps(document).encode()
