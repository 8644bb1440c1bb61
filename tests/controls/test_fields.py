"""What every control file must say."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from ormer.assess.rules import RULES
from ormer.controls.compiled import compiled_text
from ormer.controls.files import compile_catalogue
from ormer.controls.load import Catalogue
from ormer.facts.service import load_service
from ormer.facts.step_types import STEP_TYPES

CONTROLS = json.loads(compiled_text())
OF_THE_DOCUMENT = {"PL-27", "PL-28", "PL-29", "PL-30"}  # document rules, and the gate's comparison
GUARDRAILS = {"exact", "stricter", "weaker", "none"}
ATTACHABLE = {"pipeline", "boundary", "scp"}


def test_the_compiled_catalogue_is_what_the_files_say() -> None:
    committed = (resources.files("ormer.controls") / "catalogue.json").read_text("utf-8")
    assert committed == compile_catalogue()


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: str(c["id"]))
class TestEachControl:
    def test_says_why_and_what_to_write_instead(self, control: dict[str, Any]) -> None:
        assert len(control["why"]) > 40
        assert len(control["fix"]) > 20
        assert not control["title"].endswith("."), "a title is no sentence"

    def test_maps_to_a_framework_and_says_who_mapped_it(self, control: dict[str, Any]) -> None:
        assert control["maps"]
        for entry in control["maps"]:
            assert set(entry) == {"framework", "ids", "by"}
            assert entry["by"] and entry["ids"] and all(isinstance(i, str) for i in entry["ids"])

    def test_shows_what_passes_and_what_fails(self, control: dict[str, Any]) -> None:
        examples = control["examples"]
        assert isinstance(examples["pass"], list) and examples["pass"]
        assert isinstance(examples["fail"], list) and examples["fail"]

    def test_shows_what_cannot_be_decided_or_why_everything_can(
        self, control: dict[str, Any]
    ) -> None:
        unknown = control["examples"]["unknown"]
        assert (isinstance(unknown, str) and "none, " in unknown) or isinstance(unknown, list)

    def test_says_how_it_becomes_a_guardrail(self, control: dict[str, Any]) -> None:
        guardrail = control["guardrail"]
        assert guardrail["form"] in GUARDRAILS
        if guardrail["form"] in ("weaker", "none"):
            assert guardrail["reason"]
        if guardrail["form"] != "none":
            assert guardrail["attach"] and set(guardrail["attach"]) <= ATTACHABLE
        if guardrail["form"] == "stricter":
            assert guardrail["also_denies"]

    def test_gives_a_reason_for_every_exception(self, control: dict[str, Any]) -> None:
        for exception in control.get("except", []):
            assert len(exception["reason"]) > 20

    def test_an_exact_guardrail_uses_keys_that_iam_sees(self, control: dict[str, Any]) -> None:
        """IAM sees no ``api:`` key; a control that needs one cannot be a guardrail as it is.

        What a step asks of other services (a cluster) is beside the guardrail on SageMaker's.
        """
        if control["guardrail"]["form"] == "exact":
            statements = [*control.get("forbid", []), *control.get("require", [])]
            own = [s for s in statements if not str(s["Action"]).startswith(("elastic", "emr"))]
            assert own and "api:" not in json.dumps(own)

    def test_names_only_actions_that_a_pipeline_can_cause(self, control: dict[str, Any]) -> None:
        known = {step.action for step in STEP_TYPES.values()} | set(load_service().actions)
        known |= {step.alternative[1] for step in STEP_TYPES.values()} | {"iam:PassRole"}
        for part in ("forbid", "require"):
            for statement in control.get(part, []):
                actions = statement["Action"]
                for action in actions if isinstance(actions, list) else [actions]:
                    if not action.startswith("@") and "*" not in action:
                        assert action in known, action


def test_every_item_of_the_catalogue_of_pipeline_controls_has_a_control() -> None:
    named = {item for control in CONTROLS for item in control.get("catalogue", [])}
    wanted = {f"PL-{number:02}" for number in range(1, 31)}
    assert wanted - OF_THE_DOCUMENT <= named, sorted(wanted - OF_THE_DOCUMENT - named)
    assert named <= wanted, sorted(named - wanted)


def test_ids_are_unique_and_do_not_meet_those_of_the_document_rules() -> None:
    ids = [control["id"] for control in CONTROLS] + [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert len(ids) > 30


def test_the_loaded_catalogue_is_in_id_order(catalogue: Catalogue) -> None:
    ids = [control.id for control in catalogue.controls]
    assert ids == sorted(control["id"] for control in CONTROLS)
    assert catalogue.overridden == ()


def test_document_rules_say_why_and_what_to_write_instead() -> None:
    for rule in RULES:
        assert len(rule.why) > 40 and len(rule.fix) > 20, rule.id
