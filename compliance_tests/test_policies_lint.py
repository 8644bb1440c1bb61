"""``ormer lint`` finds nothing in this repository's policies but what is excused here, with why.

Templates are linted as they stand, with nothing given for what they leave open, and once more for
the example environment. The guardrails are linted together, as they are attached.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from ormer.model.lint import Attached, Linted, LintFinding
from ormer.read.templates.parameters import Values, read_template_parameters
from ormer.run.check import load_environment
from ormer.run.lint import lint_targets
from ormer.run.parts import of_environment

ROOT = Path(__file__).resolve().parents[1]
PROFILE = ROOT / "pipelines" / "environment.yaml"
TEMPLATES = ("iam/*.yaml", "policies/*.yaml")


class Documents(NamedTuple):
    """Documents of one kind: files, what they are attached to, and whether together."""

    files: str
    attached: Attached
    together: bool = False


DOCUMENTS = (
    Documents("iam/guardrails/guardrails-*.json", Attached.IDENTITY, together=True),
    Documents("iam/guardrails/boundary.json", Attached.BOUNDARY),
    Documents("policies/scp/*.json", Attached.SCP, together=True),
    Documents("iam/json/*Role.trust.json", Attached.TRUST),
    Documents("iam/json/*Policy.json", Attached.IDENTITY),
    Documents("iam/json/boundary.*.json", Attached.BOUNDARY),
    Documents("policies/json/buckets.*.json", Attached.RESOURCE),
    Documents("policies/json/keys.*.json", Attached.RESOURCE),
    Documents("policies/json/endpoints.*.json", Attached.ENDPOINT),
    Documents("policies/json/organization.*.json", Attached.RCP),
)


class Excuse(NamedTuple):
    """Why a finding is right as it stands; ``action`` is that of the request that shows it."""

    action: str
    why: str


_OF_ITS_MODELS = Excuse(
    "sagemaker:CreateEndpointConfig",
    "The models of its variants bring the network, and such a request looks like one without any: "
    "the guardrail is weaker than the control, which says so (docs/controls.md, NET-01).",
)
EXCUSED = {
    ("LNT-09", "ManageProfiles"): Excuse(
        "sagemaker:CreateUserProfile",
        "A profile that names no security group inherits the domain's; a Null would ask every "
        "profile to repeat them.",
    ),
    ("LNT-14", "NET01b"): _OF_ITS_MODELS,
    ("LNT-14", "NET02b"): _OF_ITS_MODELS,
}
"""Rule and statement -> the excuse. One that nothing is found for any more is an error."""
EVERY = {
    path.relative_to(ROOT).as_posix()
    for folder in ("iam", "policies")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".json", ".yaml") and path.name != "parameters.json"
}


def _files(pattern: str) -> list[str]:
    return sorted(str(path) for path in ROOT.glob(pattern))


def _given(folder: str) -> Values:
    path = ROOT / folder / "parameters.json"
    values = read_template_parameters(path.read_bytes(), str(path))
    return {**of_environment(load_environment(str(PROFILE))), **values}


@pytest.fixture(scope="module")
def linted() -> list[Linted]:
    """Every document, linted in every way that is promised above."""
    found = [
        one
        for each in DOCUMENTS
        for one in lint_targets(_files(each.files), each.attached, (), beside=each.together)
    ]
    for pattern in TEMPLATES:
        found += lint_targets(_files(pattern), None, ())
        found += lint_targets(_files(pattern), None, (), _given(pattern.partition("/")[0]))
    return found


def test_every_document_is_linted(linted: list[Linted]) -> None:
    assert {Path(one.file).relative_to(ROOT).as_posix() for one in linted} == EVERY
    assert all(one.statements for one in linted)


def _is_excused(finding: LintFinding) -> bool:
    excuse = EXCUSED.get((finding.rule.id, finding.statement))
    shown = {} if finding.witness is None else finding.witness.line["request"]
    return excuse is not None and shown.get("action") == excuse.action


def test_nothing_is_found_that_is_not_excused(linted: list[Linted]) -> None:
    wrong = [
        f"{one.target}: {finding.rule.id} {finding.statement}: {finding.message}"
        for one in linted
        for finding in one.findings
        if not _is_excused(finding)
    ]
    assert wrong == []


def test_every_excuse_is_needed(linted: list[Linted]) -> None:
    found = {(f.rule.id, f.statement) for one in linted for f in one.findings if _is_excused(f)}
    assert EXCUSED.keys() - found == set()


WEAKENED = {
    "a bucket's only network rule has a way out": (
        "policies/buckets.yaml",
        'StringNotEquals: {"aws:PrincipalAccount": !Ref AWS::AccountId}',
        'StringNotEquals: {"aws:PrincipalAccount": !Ref AWS::AccountId, "aws:PrincipalTag/x": "1"}',
        "LNT-07",
    ),
    "any role may be passed": (
        "iam/administrator-role.yaml",
        'role/${EnvironmentName}-${EnvironmentType}-sagemaker-data-scientist"',
        'role/*"',
        "LNT-15",
    ),
    "TLS is only asked for where it is told": (
        "policies/organization.yaml",
        'BoolIfExists: {"aws:SecureTransport": "false"}',
        'Bool: {"aws:SecureTransport": "false"}',
        "LNT-14",
    ),
    "an action that is none": (
        "policies/keys.yaml",
        "kms:GetKeyRotationStatus",
        "kms:GetRotationStatus",
        "LNT-03",
    ),
}
"""A template, text of it, what stands there instead, and the rule that says so."""


@pytest.mark.parametrize("what", WEAKENED)
def test_a_weakened_document_is_found(what: str, tmp_path: Path) -> None:
    file, before, after, rule = WEAKENED[what]
    text = (ROOT / file).read_text("utf-8")
    assert before in text
    changed = tmp_path / "template.yaml"
    changed.write_text(text.replace(before, after), "utf-8")
    found = {f.rule.id for one in lint_targets([str(changed)], None, ()) for f in one.findings}
    assert rule in found
