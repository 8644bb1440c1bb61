"""The documents: within AWS's limits, the same each time, and those committed are current."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from ormer.controls.grammar import control_of
from ormer.controls.load import Catalogue
from ormer.facts.carriers import load_carriers
from ormer.guardrails.actions import compressed
from ormer.guardrails.boundary import ALLOWED
from ormer.guardrails.generate import generate
from ormer.guardrails.limits import LIMITS, size_of, text_of
from ormer.guardrails.projection import Kind
from ormer.guardrails.render import files
from ormer.guardrails.statements import as_json
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.read.environment import read_environment

ROOT = Path(__file__).parents[2]
COMMITTED = {
    Kind.IAM: "iam/guardrails/guardrails-*.json",
    Kind.BOUNDARY: "iam/guardrails/boundary.json",
    Kind.SCP: "policies/scp/guardrails-*.json",
}


@pytest.mark.parametrize("kind", Kind)
def test_what_is_committed_is_what_is_generated(kind: Kind, catalogue: Catalogue) -> None:
    """If this fails: tox -e generate."""
    profile = ROOT / "pipelines" / "environment.yaml"
    made = generate(kind, catalogue, read_environment(profile.read_bytes(), "environment.yaml"))
    there = {path.name: path.read_text("utf-8") for path in ROOT.glob(COMMITTED[kind])}
    assert there == files(made, "json")
    assert not made.no_room


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("wildcards", [False, True])
def test_every_document_is_within_the_limits(kind: Kind, wildcards: bool, denier: Any) -> None:
    made = denier(kind, wildcards).made
    assert 0 < len(made.documents) <= LIMITS[kind].documents
    for document in made.documents:
        text = text_of(kind, document.content)
        assert json.loads(text) == document.content
        without_spaces = len(json.dumps(document.content, separators=(",", ":")))
        assert document.size == (len(text) if kind is Kind.SCP else without_spaces)
        assert document.size <= LIMITS[kind].size


@pytest.mark.parametrize("kind", Kind)
def test_the_same_each_time(
    kind: Kind, catalogue: Catalogue, environment: Environment, denier: Any
) -> None:
    assert files(generate(kind, catalogue, environment), "json") == files(denier(kind).made, "json")


@pytest.mark.parametrize("kind", Kind)
def test_every_statement_names_its_control_and_has_a_name_of_its_own(
    kind: Kind, denier: Any
) -> None:
    made = denier(kind).made
    sids = [
        s["Sid"] for d in made.documents for s in d.content["Statement"] if s["Effect"] == "Deny"
    ]
    assert len(set(sids)) == len(sids)
    assert {one.sid for one in made.statements} == set(sids)
    for one in made.statements:
        assert one.sid.startswith(one.control.replace("-", "")) and one.sid.isalnum()


@pytest.mark.parametrize("kind", [Kind.IAM, Kind.SCP])
def test_names_are_written_out_where_there_is_room(kind: Kind, denier: Any) -> None:
    made = denier(kind).made
    assert not made.has_wildcards
    text = "".join(files(made, "json").values())
    assert "Create*" not in text and denier(kind, wildcards=True).made.has_wildcards
    assert len(denier(kind, wildcards=True).made.documents) < len(made.documents)


@pytest.mark.parametrize("key", sorted(load_carriers().keys))
def test_wildcards_match_these_actions_and_no_other(key: str) -> None:
    carriers = load_carriers()
    wanted = carriers.keys[key].actions
    patterns = compressed(wanted, carriers.actions)
    assert {a for a in carriers.actions for p in patterns if fnmatchcase(a, p)} >= set(wanted)
    matched = {a for a in carriers.actions if any(fnmatchcase(a, p) for p in patterns)}
    assert matched <= set(wanted) | (set(patterns) & set(wanted))
    assert sum(map(len, patterns)) <= sum(map(len, wanted))
    assert compressed(reversed(wanted), carriers.actions) == patterns


def test_a_null_condition_is_only_on_actions_that_have_the_key(denier: Any) -> None:
    """On another action the key is always missing, and a Deny would always apply."""
    keys = load_carriers().keys
    old = {old: new for new, old in load_carriers().renamed.items()}
    seen = 0
    for document in denier(Kind.IAM).made.documents:
        for statement in document.content["Statement"]:
            for operator, block in statement.get("Condition", {}).items():
                for key in block:
                    name = old.get(key, key)
                    if name not in keys:
                        assert name.startswith("aws:RequestTag/")
                        continue
                    actions = statement["Action"]
                    for action in [actions] if isinstance(actions, str) else actions:
                        assert action in keys[name].actions, (statement["Sid"], operator, key)
                        seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    "names, present, absent",
    [("new", "VolumeKmsKeyArn", 'VolumeKmsKey"'), ("old", 'VolumeKmsKey"', "VolumeKmsKeyArn")],
)
def test_a_profile_that_pins_the_names_gets_one_name(
    profile: str, catalogue: Catalogue, names: str, present: str, absent: str
) -> None:
    pinned = read_environment(f"{profile}\nassume: {{kms_key_names: {names}}}\n".encode(), "e")
    made = generate(Kind.IAM, catalogue, pinned)
    text = "".join(files(made, "json").values())
    assert present in text and absent not in text
    assert made.assumed == {"kms_key_names": names}


def test_where_neither_name_is_filled_there_is_nothing_to_ask_for(
    profile: str, catalogue: Catalogue
) -> None:
    pinned = read_environment(f"{profile}\nassume: {{kms_key_names: neither}}\n".encode(), "e")
    made = generate(Kind.IAM, catalogue, pinned)
    assert made.left_out["KMS-01"] == made.left_out["KMS-02"]
    assert "fills neither name" in made.left_out["KMS-01"]


@pytest.mark.parametrize("count, left_out", [(20, ("NET-04",)), (60, ("NET-01",))])
def test_what_has_no_room_is_left_out_and_said(
    profile: str, catalogue: Catalogue, count: int, left_out: tuple[str, ...]
) -> None:
    """The least severe, or what is too large by itself."""
    subnets = ", ".join(f"subnet-{number:017d}" for number in range(count))
    large = profile.replace("subnet-0aaa, subnet-0bbb", subnets)
    made = generate(Kind.BOUNDARY, catalogue, read_environment(large.encode(), "e"))
    assert made.no_room == left_out
    for name in left_out:
        assert made.left_out[name] == "no room: a role has one boundary of at most 6144 characters"
        assert name not in made.projections
    assert made.documents[0].size <= 6144


def test_a_statement_that_fits_nowhere_is_an_error(profile: str, catalogue: Catalogue) -> None:
    subnets = ", ".join(f"subnet-{number:017d}" for number in range(600))
    large = profile.replace("subnet-0aaa, subnet-0bbb", subnets)
    with pytest.raises(
        InputError, match="NET-01: a statement of it is larger than any policy may be"
    ):
        generate(Kind.IAM, catalogue, read_environment(large.encode(), "e"))


def test_a_large_statement_is_split_by_its_actions(profile: str, catalogue: Catalogue) -> None:
    subnets = ", ".join(f"subnet-{number:017d}" for number in range(200))
    large = profile.replace("subnet-0aaa, subnet-0bbb", subnets)
    made = generate(Kind.IAM, catalogue, read_environment(large.encode(), "e"))
    whole = next(one for one in made.statements if one.sid == "NET01b")
    parts = [s for d in made.documents for s in d.content["Statement"] if s["Sid"] == "NET01b"]
    assert len(parts) > 1
    assert sorted(a for part in parts for a in part["Action"]) == list(whole.actions)


def test_a_value_that_iam_would_take_for_a_variable_is_an_error(
    profile: str, catalogue: Catalogue
) -> None:
    odd = read_environment(profile.replace("dev}", '"${aws:username}"}').encode(), "e")
    with pytest.raises(InputError, match="TAG-01: .* would be a policy variable"):
        generate(Kind.IAM, catalogue, odd)


def test_a_disabled_and_an_unconfigured_control_are_named(
    profile: str, catalogue: Catalogue
) -> None:
    text = (
        profile.replace("max_runtime_seconds: 86400\n", "")
        + "disabled_controls: {NET-03: agreed}\n"
    )
    made = generate(Kind.IAM, catalogue, read_environment(text.encode(), "e"))
    assert made.left_out["NET-03"] == "disabled by the profile: agreed"
    assert made.left_out["CMP-04"] == "not configured: the profile has no max_runtime_seconds"


def test_an_empty_list_approves_nothing(profile: str, catalogue: Catalogue) -> None:
    text = "\n".join(
        line for line in profile.splitlines() if not line.startswith(("functions", "file_systems"))
    )
    made = generate(Kind.IAM, catalogue, read_environment(text.encode(), "e"))
    by_sid = {one.sid: as_json(one) for one in made.statements}
    assert by_sid["EXT01a"] == {
        "Sid": "EXT01a",
        "Effect": "Deny",
        "Action": "lambda:InvokeFunction",
        "Resource": "*",
    }
    assert by_sid["EXT08a"]["Condition"] == {"Null": {"sagemaker:FileSystemId": "false"}}


def test_nothing_to_deny_is_an_error(environment: Environment, catalogue: Catalogue) -> None:
    only = tuple(control for control in catalogue.controls if control.id == "IMG-01")
    with pytest.raises(InputError, match="no control is left"):
        generate(Kind.SCP, catalogue._replace(controls=only), environment)


def test_a_flag_of_which_only_one_half_is_forbidden_is_stricter(
    environment: Environment, catalogue: Catalogue
) -> None:
    """Missing and false may look the same, so that both are denied, and it is said."""
    content = {
        "id": "OWN-01", "title": "t", "severity": "low", "why": "w", "fix": "f", "examples": {"pass": []},
        "forbid": [{"Action": "@sagemaker:NetworkIsolation", "Condition": {"Null": {"sagemaker:NetworkIsolation": "true"}}}],
        "guardrail": {"form": "stricter", "attach": ["scp"], "also_denies": "false"},
    }  # fmt: skip
    made = generate(
        Kind.SCP, catalogue._replace(controls=(control_of(content, "own"),)), environment
    )
    of_training = next(p for p in made.projections["OWN-01"] if p.action.endswith("TrainingJob"))
    assert of_training.form.value == "stricter" and "may look the same" in of_training.also[0]


@pytest.mark.parametrize(
    "kind, resource",
    [
        (Kind.IAM, "AWS::IAM::ManagedPolicy"),
        (Kind.BOUNDARY, "AWS::IAM::ManagedPolicy"),
        (Kind.SCP, "AWS::Organizations::Policy"),
    ],
)
def test_a_template_has_a_resource_for_each_document(
    denier: Any, kind: Kind, resource: str
) -> None:
    made = denier(kind).made
    (text,) = files(made, "cloudformation").values()
    template = json.loads(text)
    member = "Content" if kind is Kind.SCP else "PolicyDocument"
    found = [
        r["Properties"][member] for r in template["Resources"].values() if r["Type"] == resource
    ]
    assert found == [document.content for document in made.documents]
    assert set(template["Outputs"]) == set(template["Resources"])


def test_the_boundary_starts_with_what_it_allows(denier: Any) -> None:
    (document,) = denier(Kind.BOUNDARY).made.documents
    allow, *denies = document.content["Statement"]
    assert allow["Effect"] == "Allow" and allow["Action"] == list(ALLOWED)
    assert all(statement["Effect"] == "Deny" for statement in denies)
    assert not any(action in ("*", "sagemaker:*", "s3:*", "iam:*") for action in ALLOWED)
    assert size_of(Kind.BOUNDARY, document.content) == document.size
