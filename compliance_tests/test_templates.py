"""Every CloudFormation template is what AWS accepts, as cfn-lint sees it: no error, no warning."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ormer.controls.load import load_catalogue
from ormer.guardrails.generate import generate
from ormer.guardrails.projection import Kind
from ormer.guardrails.render import files
from ormer.run.check import load_environment

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted(
    path
    for folder in ("iam", "policies")
    for path in (ROOT / folder).rglob("*.y*ml")
    if b"\nResources:" in path.read_bytes()
)

Lint = Callable[[str], list[str]]
"""The text of a template -> ``RULE at LINE: message`` of each finding."""


@pytest.fixture(scope="session")
def lint() -> Lint:
    """cfn-lint's errors and warnings; its rules are read once, which takes longer than to lint.

    The informational rules are left out: they ask for advice to be written into templates.
    """
    from cfnlint.api import lint as lint_text
    from cfnlint.config import ManualArgs
    from cfnlint.core import get_rules

    rules = get_rules([], [], [], {}, True)
    arguments = ManualArgs(include_experimental=True, regions=["eu-west-1"])

    def _lint(text: str) -> list[str]:
        found = lint_text(text, rules, ["eu-west-1"], arguments)
        return [f"{match.rule.id} at {match.linenumber}: {match.message}" for match in found]

    return _lint


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("kind", Kind)
def test_the_guardrails_as_a_template_have_none_either(kind: Kind, lint: Lint) -> None:
    """``ormer guardrails --format cloudformation``, for the example environment."""
    environment = load_environment(str(ROOT / "pipelines" / "environment.yaml"))
    (text,) = files(generate(kind, load_catalogue(), environment), "cloudformation").values()
    assert lint(text) == []


def test_every_document_with_resources_is_found() -> None:
    assert {"iam/execution-role.yaml", "policies/buckets.yaml"} <= {_name(p) for p in TEMPLATES}


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_template_has_no_error_and_no_warning(path: Path, lint: Lint) -> None:
    text = path.read_text("utf-8")
    assert "cfn-lint" not in text, "a rule is switched off in the template"
    assert lint(text) == []


BROKEN = {
    "a property that the type does not have": ("EnableKeyRotation:", "EnableRotation:", "E3002"),
    "a value of another type": ("PendingWindowInDays: 30", "PendingWindowInDays: soon", "E3012"),
    "a value out of range": ("PendingWindowInDays: 30", "PendingWindowInDays: 3", "E3034"),
    "a reference to nothing": ("!Ref OutputKey\n", "!Ref OutputKeys\n", "E1020"),
    "an attribute that is none": ("!GetAtt OutputKey.Arn", "!GetAtt OutputKey.Name", "E1010"),
    "an element that no policy has": ("Sid: RootUserRepairs", "Name: RootUserRepairs", "E3512"),
    "a parameter that nothing uses": (
        "Parameters:\n",
        "Parameters:\n  Unused: {Type: String}\n",
        "W2001",
    ),
}
"""Text of policies/keys.yaml, what stands there instead, and the rule that says so."""


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_template_is_found(what: str, lint: Lint) -> None:
    before, after, rule = BROKEN[what]
    text = (ROOT / "policies" / "keys.yaml").read_text("utf-8")
    assert before in text
    assert rule in {found.partition(" ")[0] for found in lint(text.replace(before, after))}
