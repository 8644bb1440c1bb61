"""The rules of which keys a request can have: as distilled, reviewed examples, and the algebra."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import pytest

from ormer.facts.carriers import load_carriers
from ormer.facts.distill_feasible import (
    CLOSED,
    GROWING,
    distill_feasible,
    enum_of,
)
from ormer.facts.feasible import Feasible, KeyType, feasible
from ormer.facts.key_table import KeyTable
from ormer.facts.member_path import entails, is_certain, member_path

NETWORK = frozenset(["sagemaker:vpcsubnets", "sagemaker:vpcsecuritygroupids"])
FILE_SYSTEM = frozenset(f"sagemaker:filesystem{part}" for part in ("id", "type", "accessmode"))
SHAPES: dict[str, dict[str, Any]] = {
    "Input": {
        "type": "structure",
        "required": ["Must", "Many", "Some"],
        "members": {
            "Must": {"shape": "Inner"},
            "May": {"shape": "Inner"},
            "Many": {"shape": "OneOrMore"},
            "Some": {"shape": "AnyNumber"},
            "Text": {"shape": "Text"},
        },
    },
    "Inner": {
        "type": "structure",
        "required": ["Name", "Empty", "Odd", "Ids"],
        "members": {
            "Name": {"shape": "Text"},
            "Other": {"shape": "Text"},
            "Empty": {"shape": "MaybeEmpty"},
            "Odd": {"shape": "JavaPattern"},
            "Ids": {"shape": "Ids"},
        },
    },
    "OneOrMore": {"type": "list", "min": 1, "member": {"shape": "Inner"}},
    "AnyNumber": {"type": "list", "member": {"shape": "Inner"}},
    "Ids": {"type": "list", "min": 1, "member": {"shape": "Text"}},
    "Text": {"type": "string", "min": 1},
    "MaybeEmpty": {"type": "string", "min": 0, "pattern": ".*"},
    "JavaPattern": {"type": "string", "pattern": r"\p{L}+"},
}


def test_feasible_json_is_what_distill_makes() -> None:
    committed = json.loads((resources.files("ormer.facts") / "feasible.json").read_bytes())
    made = distill_feasible()
    assert made.keys() == committed.keys()
    for part in made:
        assert made[part] == committed[part], f"feasible.json: {part} is out of date"


def test_every_pair_of_the_carriers_has_a_type() -> None:
    pairs = 0
    for key, carried in load_carriers().keys.items():
        for action in carried.actions:
            pairs += 1
            type_ = feasible(action).keys[key.lower()]
            assert carried.type == ("ArrayOf" if type_.is_multivalued else "") + type_.kind
    assert pairs > 150


@pytest.mark.parametrize(
    "action", ["s3:GetObject", "sagemaker:DescribeModel", "sagemaker:None", ""]
)
def test_an_action_without_facts_has_no_rule(action: str) -> None:
    assert feasible(action) == Feasible()


def test_an_action_is_found_in_any_case() -> None:
    assert feasible("SageMaker:createmodel") == feasible("sagemaker:CreateModel") != Feasible()


@pytest.mark.parametrize(
    "action, key, type_",
    [
        ("CreateTrainingJob", "VpcSubnets", KeyType("String", True)),
        ("CreateTrainingJob", "VolumeKmsKeyArn", KeyType("ARN", False)),
        ("CreateTrainingJob", "NetworkIsolation", KeyType("Bool", False)),
        ("CreateTrainingJob", "MaxRuntimeInSeconds", KeyType("Numeric", False)),
        ("CreateApp", "ImageArns", KeyType("ARN", True)),
    ],
)
def test_types(action: str, key: str, type_: KeyType) -> None:
    assert feasible(f"sagemaker:{action}").keys[f"sagemaker:{key}".lower()] == type_


@pytest.mark.parametrize(
    "action, required",
    [
        ("CreateNotebookInstance", {"sagemaker:instancetypes"}),
        ("CreateTransformJob", {"sagemaker:instancetypes"}),
        ("CreateDomain", {"sagemaker:authmode"}),
        ("CreateLabelingJob", {"sagemaker:workteamarn"}),
        ("CreateTrainingJob", set()),  # InstanceType or InstanceGroups: neither is required
        ("CreateEndpointConfig", set()),
        ("CreateHyperParameterTuningJob", set()),
        ("UpdateNotebookInstance", set()),
    ],
)
def test_required(action: str, required: set[str]) -> None:
    assert feasible(f"sagemaker:{action}").required == required


@pytest.mark.parametrize(
    "action, together",
    [
        ("CreateTrainingJob", {NETWORK, FILE_SYSTEM}),
        ("CreateModel", {NETWORK}),
        ("CreateProcessingJob", {NETWORK}),
        ("CreateCluster", {NETWORK}),  # three paths, that pair off
        ("CreateNotebookInstance", set()),  # SubnetId and SecurityGroupIds: separate members
        ("CreateDomain", set()),  # subnets of the domain, groups of its users
        ("UpdateDomain", set()),
        ("CreateUserProfile", set()),
        ("CreateJob", set()),  # a text that no service model describes
    ],
)
def test_together(action: str, together: set[frozenset[str]]) -> None:
    assert set(feasible(f"sagemaker:{action}").together) == together


@pytest.mark.parametrize(
    "action, key, implied",
    [
        ("CreateTrainingJob", "FileSystemDirectoryPath", FILE_SYSTEM),
        (
            "CreateFeatureGroup",
            "FeatureGroupOfflineStoreKmsKeyArn",
            {"sagemaker:featuregroupofflinestores3uri"},
        ),
        # a flag that is not set may be shown as false, with no offline store at all
        ("CreateFeatureGroup", "FeatureGroupDisableGlueTableCreation", set()),
        ("CreateMonitoringSchedule", "MaxRuntimeInSeconds", {"sagemaker:instancetypes"}),
        ("CreateMonitoringSchedule", "NetworkIsolation", set()),
        ("CreateTrainingJob", "VolumeKmsKeyArn", set()),
        ("CreateTrainingJob", "FileSystemId", set()),  # DirectoryPath may be an empty text
    ],
)
def test_implies(action: str, key: str, implied: set[str]) -> None:
    rules = feasible(f"sagemaker:{action}").implies
    assert rules.get(f"sagemaker:{key}".lower(), set()) == implied


@pytest.mark.parametrize(
    "action, key, values",
    [
        ("CreateNotebookInstance", "DirectInternetAccess", ("Disabled", "Enabled")),
        ("CreateNotebookInstance", "MinimumInstanceMetadataServiceVersion", ("1", "2")),
        (
            "UpdateModelPackage",
            "ModelApprovalStatus",
            ("Approved", "PendingManualApproval", "Rejected"),
        ),
        ("CreateTrainingJob", "FileSystemAccessMode", ("ro", "rw")),
        ("CreateTrainingJob", "NetworkIsolation", ("false", "true")),
        ("CreateTrainingJob", "InstanceTypes", None),  # grows with each release
        ("CreateTrainingJob", "FileSystemType", None),
        ("CreateTrainingJob", "VpcSubnets", None),
    ],
)
def test_values(action: str, key: str, values: Any) -> None:
    assert feasible(f"sagemaker:{action}").values.get(f"sagemaker:{key}".lower()) == values


def test_every_key_with_an_enum_is_reviewed(table: KeyTable, model: dict[str, Any]) -> None:
    """A key whose members botocore lists is closed or growing: someone has to say which."""
    listed = set()
    for (key, action), entry in table.mapped.items():
        for path in entry.members:
            named = path.removeprefix("shape ")
            if named == path and not table.job_definitions.get(action):
                root = model["operations"][action]["input"]["shape"]
                parts = member_path(model["shapes"], root, path)
                named = parts[-1].shape if parts else ""
            if named in model["shapes"] and enum_of(model["shapes"][named]):
                listed.add(key)
    assert listed == CLOSED | GROWING
    assert not CLOSED & GROWING


def test_no_rule_is_about_a_renamed_key_or_a_bool() -> None:
    carriers = load_carriers()
    renamed = {key.lower() for key in carriers.renamed}
    for action in carriers.actions:
        facts = feasible(action)
        grouped = frozenset[str]().union(*facts.together, facts.required, *facts.implies.values())
        assert not grouped & renamed
        for key in frozenset(facts.implies).union(*facts.together):
            assert facts.keys[key].kind != "Bool"
        assert grouped | facts.implies.keys() | facts.values.keys() <= facts.keys.keys()


@pytest.mark.parametrize(
    "path, certain",
    [
        ("Must.Name", True),
        ("Must.Ids[]", True),
        ("Many[].Name", True),
        ("Some[].Name", False),  # the list is required and may be empty
        ("May.Name", False),
        ("Must.Other", False),
        ("Must.Empty", False),  # an empty text may be no value
        ("Must.Odd", False),  # a pattern that cannot be read promises nothing
        ("Text", False),
    ],
)
def test_a_path_is_certain_only_if_all_of_it_is(path: str, certain: bool) -> None:
    assert is_certain(member_path(SHAPES, "Input", path)) is certain


@pytest.mark.parametrize(
    "path, other, holds",
    [
        ("May.Other", "May.Name", True),
        ("May.Name", "May.Other", False),
        ("May.Other", "May.Empty", False),
        ("Some[].Other", "Some[].Name", True),  # of the same element
        ("May.Ids[]", "May.Name", True),
        ("May.Name", "May.Ids[]", True),
        ("May.Name", "Some[].Name", False),
        ("Text", "Must.Name", True),
    ],
)
def test_a_value_entails_another_in_the_same_structure(path: str, other: str, holds: bool) -> None:
    first, second = (member_path(SHAPES, "Input", p) for p in (path, other))
    assert entails(first, second) is holds


def test_what_no_service_model_describes_entails_nothing() -> None:
    known = member_path(SHAPES, "Input", "Must.Name")
    unknown = member_path(SHAPES, "Input", "Text.Anything")
    assert unknown == ()
    assert not is_certain(unknown)
    assert not entails(known, unknown) and not entails(unknown, known)
