"""Inputs to start from: as distilled, valid by botocore and by a walk of their own, and with
every condition key put in, taken out, and read back through the key table's paths."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from ormer.facts.carriers import load_carriers
from ormer.facts.distill_inputs import distill_inputs
from ormer.facts.feasible import feasible
from ormer.facts.inputs import set_key, smallest_input, with_tags, without_key
from ormer.facts.key_table import KeyTable

CARRIERS = load_carriers()
PAIRS = [(action, key) for key, carried in CARRIERS.keys.items() for action in carried.actions]
KMS = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000"
ARN = "arn:aws:sagemaker:us-east-1:111122223333:"
VALUES = {
    "AcceleratorTypes": ["ml.eia1.medium"],
    "CustomerMetadataPropertiesToRemove": ["owner"],
    "CustomerMetadataProperties/${MetadataKey}": ["mlops"],
    "FeatureGroupOfflineStoreS3Uri": ["s3://amzn-s3-demo-bucket/x"],
    "FileSystemDirectoryPath": ["/data"],
    "FileSystemId": ["fs-0123456789abcdef0"],
    "FileSystemType": ["EFS"],
    "ImageArns": [f"{ARN}image/one", f"{ARN}image/two"],
    "ImageVersionArns": [f"{ARN}image-version/one/1", f"{ARN}image-version/two/2"],
    "InstanceTypes": ["ml.m5.xlarge"],
    "KeepAlivePeriod": ["60"],
    "MaxRuntimeInSeconds": ["3600"],
    "ModelLifeCycle:Stage": ["Development"],
    "ModelLifeCycle:StageStatus": ["Approved"],
    "PipelineVersionId": ["7"],
    "ServerlessMaxConcurrency": ["5"],
    "ServerlessMemorySize": ["2048"],
    "StudioLifecycleConfigArns": [f"{ARN}studio-lifecycle-config/one"],
    "VpcSecurityGroupIds": ["sg-0aaa", "sg-0bbb"],
    "VpcSubnets": ["subnet-0aaa", "subnet-0bbb"],
    "WorkteamArn": [f"{ARN}workteam/private-crowd/one"],
}


@pytest.fixture(scope="module")
def service(model: dict[str, Any]) -> ServiceModel:
    return ServiceModel(model, "sagemaker")


def values_for(action: str, key: str) -> list[str]:
    listed = feasible(action).values.get(key.lower())
    if listed:
        return [listed[-1]]
    if key.endswith("KmsKeyArn"):
        return [KMS]
    values = VALUES[key.removeprefix("sagemaker:")]
    has_one = action == "sagemaker:CreateApp" or (
        key.endswith("VpcSubnets") and "Notebook" in action
    )
    return values[:1] if has_one else values


def named(key: str) -> str:
    return key.replace("${MetadataKey}", "Owner")


def test_inputs_json_is_what_distill_makes() -> None:
    committed = json.loads((resources.files("ormer.facts") / "inputs.json").read_bytes())
    made = distill_inputs()
    assert made.keys() == committed.keys()
    for part in made:
        assert made[part] == committed[part], f"inputs.json: {part} is out of date"


def test_every_operation_that_is_an_action_has_a_valid_input(service: ServiceModel) -> None:
    actions = [a for a in CARRIERS.actions if a[10:] in service.operation_names]
    assert len(actions) > 400
    for action in actions:
        input_ = smallest_input(action)
        assert input_ is not None, action
        assert not complaints(service, action, input_), action


def test_other_actions_have_none() -> None:
    for action in ("sagemaker:InvokeEndpoint", "s3:GetObject", ""):
        assert smallest_input(action) is None


def test_a_smallest_input_has_the_required_keys_and_no_other(
    model: dict[str, Any], table: KeyTable
) -> None:
    for action in {action for action, _ in PAIRS}:
        input_ = smallest_input(action)
        assert present(model, table, action, input_) == feasible(action).required, action


@pytest.mark.parametrize("action, key", PAIRS)
def test_a_key_is_put_in_and_taken_out(
    action: str, key: str, service: ServiceModel, model: dict[str, Any], table: KeyTable
) -> None:
    start = smallest_input(action)
    assert start is not None
    before = json.dumps(start)
    values = values_for(action, key)
    made = set_key(start, action, named(key), values)
    assert json.dumps(start) == before, "the input given was changed"
    assert complaints(service, action, made) == []
    assert sorted(set(read(model, table, action, key, made))) == sorted(values)
    assert_rules_hold(action, present(model, table, action, made))
    if key.lower() in feasible(action).required:
        with pytest.raises(ValueError, match=f"every input of {action} has {key}"):
            without_key(made, action, key)
        return
    bare = without_key(made, action, named(key))
    assert complaints(service, action, bare) == []
    assert read(model, table, action, key, bare) == []
    assert_rules_hold(action, present(model, table, action, bare))


@pytest.mark.parametrize("action", sorted({action for action, _ in PAIRS}))
def test_no_valid_input_breaks_a_rule_of_feasible(
    action: str, service: ServiceModel, model: dict[str, Any], table: KeyTable
) -> None:
    """Random inputs of the service model, valid by botocore, against what is said of all."""
    shapes = model["shapes"]
    root = model["operations"][action[10:]]["input"]["shape"]
    chance = random.Random(action)
    for _ in range(60):
        input_ = grown(shapes, root, chance, chance.choice((0.1, 0.3, 0.6)), 0)
        assert_rules_hold(action, present(model, table, action, input_))


def test_a_false_rule_would_be_found(model: dict[str, Any], table: KeyTable) -> None:
    """The test above can fail: of CreateNotebookInstance subnets and groups are not together."""
    root = model["operations"]["CreateNotebookInstance"]["input"]["shape"]
    chance = random.Random(1)
    seen = set()
    for _ in range(60):
        input_ = grown(model["shapes"], root, chance, 0.3, 0)
        keys = present(model, table, "sagemaker:CreateNotebookInstance", input_)
        seen.add(("sagemaker:vpcsubnets" in keys, "sagemaker:vpcsecuritygroupids" in keys))
    assert len(seen) == 4


def test_several_values_take_the_list_among_the_members() -> None:
    action, key = "sagemaker:CreateTrainingJob", "sagemaker:InstanceTypes"
    one = set_key(smallest_input(action) or {}, action, key, ["ml.m5.large"])
    assert one["ResourceConfig"]["InstanceType"] == "ml.m5.large"
    two = set_key(one, action, key, ["ml.m5.large", "ml.m5.xlarge"])
    assert "InstanceType" not in two["ResourceConfig"]
    groups = two["ResourceConfig"]["InstanceGroups"]
    assert [group["InstanceType"] for group in groups] == ["ml.m5.large", "ml.m5.xlarge"]


def test_each_element_of_a_list_gets_a_value() -> None:
    action = "sagemaker:CreateEndpointConfig"
    input_ = smallest_input(action) or {}
    input_ = set_key(input_, action, "sagemaker:InstanceTypes", ["ml.m5.large", "ml.m5.xlarge"])
    input_ = set_key(input_, action, "sagemaker:ServerlessMemorySize", ["2048"])
    variants = input_["ProductionVariants"]
    assert [v["ServerlessConfig"]["MemorySizeInMB"] for v in variants] == [2048, 2048]


def test_the_text_of_a_job_document_is_written_as_json() -> None:
    action = "sagemaker:CreateJob"
    input_ = smallest_input(action) or {}
    made = set_key(input_, action, "sagemaker:VpcSubnets", ["subnet-1", "subnet-2"])
    made = set_key(made, action, "sagemaker:OutputKmsKeyArn", [KMS])
    assert json.loads(made["JobConfigDocument"]) == {
        "VpcConfig": {"Subnets": ["subnet-1", "subnet-2"]},
        "OutputDataConfig": {"KmsKeyArn": KMS},
    }
    assert "Subnets" not in without_key(made, action, "sagemaker:VpcSubnets")["JobConfigDocument"]


def test_names_are_taken_in_any_case_and_as_they_were_before() -> None:
    start = smallest_input("SAGEMAKER:createtrainingjob") or {}
    new = set_key(start, "sagemaker:CreateTrainingJob", "sagemaker:VolumeKmsKeyArn", [KMS])
    old = set_key(start, "sagemaker:createtrainingjob", "sagemaker:volumekmskey", [KMS])
    assert new == old and new["ResourceConfig"]["VolumeKmsKeyId"] == KMS


@pytest.mark.parametrize(
    "key, values, message",
    [
        (
            "sagemaker:NetworkIsolation",
            ["maybe"],
            "sagemaker:NetworkIsolation is true or false, not 'maybe'",
        ),
        (
            "sagemaker:MaxRuntimeInSeconds",
            ["long"],
            r"MaxRuntimeInSeconds is a number \(integer\), not 'long'",
        ),
        ("sagemaker:VpcSubnets", [], "sagemaker:VpcSubnets needs a value"),
        (
            "sagemaker:OutputKmsKeyArn",
            [KMS, KMS],
            "sagemaker:OutputKmsKeyArn has 2 values, and its members take 1",
        ),
        (
            "sagemaker:RootAccess",
            ["Enabled"],
            "no member of sagemaker:CreateTrainingJob is known to fill sagemaker:RootAccess",
        ),
    ],
)
def test_what_cannot_be_put_in_is_an_error(key: str, values: list[str], message: str) -> None:
    start = smallest_input("sagemaker:CreateTrainingJob") or {}
    with pytest.raises(ValueError, match=message):
        set_key(start, "sagemaker:CreateTrainingJob", key, values)


def test_tags() -> None:
    action = "sagemaker:CreateModel"
    made = with_tags(smallest_input(action) or {}, action, {"team": "mlops"})
    assert made["Tags"] == [{"Key": "team", "Value": "mlops"}]
    with pytest.raises(ValueError, match="sagemaker:DeleteModel takes no tags"):
        with_tags({}, "sagemaker:DeleteModel", {"team": "mlops"})


def test_tags_validate_wherever_they_are_taken(service: ServiceModel) -> None:
    taking = 0
    for action in CARRIERS.actions:
        input_ = smallest_input(action)
        if input_ is None:
            continue
        try:
            made = with_tags(input_, action, {"team": "mlops"})
        except ValueError:
            continue
        taking += 1
        assert complaints(service, action, made) == []
    assert taking > 50


def assert_rules_hold(action: str, keys: set[str]) -> None:
    facts = feasible(action)
    assert facts.required <= keys
    for group in facts.together:
        assert not group & keys or group <= keys, (group, keys)
    for key, implied in facts.implies.items():
        assert key not in keys or implied <= keys, (key, implied, keys)


def complaints(service: ServiceModel, action: str, input_: Any) -> list[str]:
    shape = service.operation_model(action[10:]).input_shape
    found = ParamValidator().validate(input_, shape)
    return [found.generate_report()] if found.has_errors() else list(walk(shape, input_))


def walk(shape: Any, value: Any) -> Iterator[str]:
    """What botocore's validator leaves to the service: lengths, numbers, enums and patterns."""
    facts = shape.metadata
    if shape.type_name == "structure":
        for member, own in value.items():
            yield from walk(shape.members[member], own)
    elif shape.type_name in ("list", "map"):
        if not facts.get("min", 0) <= len(value) <= facts.get("max", len(value)):
            yield f"{shape.name} has {len(value)} elements"
        for own in value if shape.type_name == "list" else value.values():
            yield from walk(shape.member if shape.type_name == "list" else shape.value, own)
    elif shape.type_name == "string":
        if not facts.get("min", 0) <= len(value) <= facts.get("max", len(value)):
            yield f"{shape.name} is {len(value)} long"
        if shape.enum and value not in shape.enum:
            yield f"{shape.name} is none of its enum: {value}"
        if "pattern" in facts and not re.fullmatch(readable(facts["pattern"]), value):
            yield f"{shape.name} does not match {facts['pattern']}: {value}"
    elif not facts.get("min", value) <= value <= facts.get("max", value):
        yield f"{shape.name} is {value}"


def readable(pattern: str) -> str:
    """A pattern as Python reads it: the classes of letters, separators and digits by name."""
    pattern = pattern.replace(r"\p{L}", r"\w").replace(r"\p{Z}", r"\s").replace(r"\p{N}", r"\d")
    return re.sub(r"\)\$\{\d+,\d+\}$", ")", pattern)


def present(model: dict[str, Any], table: KeyTable, action: str, input_: Any) -> set[str]:
    """The keys of the key table that the input has a value for."""
    keys = {f"sagemaker:{key}" for key, owner in table.mapped if f"sagemaker:{owner}" == action}
    return {key.lower() for key in keys if read(model, table, action, key, input_)}


def read(model: dict[str, Any], table: KeyTable, action: str, key: str, input_: Any) -> list[str]:
    """The key's values in the input, by the key table's paths or shapes."""
    entry = table.mapped[key.removeprefix("sagemaker:"), action[10:]]
    root = model["operations"][action[10:]]["input"]["shape"]
    found: list[Any] = []
    for path in entry.members:
        if path.startswith("shape "):
            found += of_shape(model["shapes"], root, input_, path.removeprefix("shape "))
            continue
        for start in table.job_definitions.get(action[10:], ("",)):
            found += at(
                input_, f"{start}.{path}".strip(".").replace("[]", "").replace("{}", "").split(".")
            )
    texts = [str(v).lower() if isinstance(v, bool) else str(v) for v in found]
    return [text for text in texts if text]


def at(node: Any, members: list[str]) -> list[Any]:
    if isinstance(node, list):
        return [value for element in node for value in at(element, members)]
    if not members:
        return list(node.values()) if isinstance(node, dict) else [] if node is None else [node]
    if isinstance(node, str):
        node = json.loads(node)
    return at(node.get(members[0]), members[1:]) if isinstance(node, dict) else []


def of_shape(shapes: dict[str, Any], name: str, node: Any, wanted: str) -> list[Any]:
    shape = shapes[name]
    if name == wanted:
        return [node]
    if shape["type"] == "structure":
        targets = [(shape["members"][m]["shape"], v) for m, v in node.items()]
    elif shape["type"] == "list":
        targets = [(shape["member"]["shape"], v) for v in node]
    else:
        return []
    return [value for target, own in targets for value in of_shape(shapes, target, own, wanted)]


def grown(
    shapes: dict[str, Any], name: str, chance: random.Random, share: float, depth: int
) -> Any:
    """A random value of a shape that has what the service model requires; texts may be empty
    where nothing forbids it."""
    shape = shapes[name]
    kind = shape["type"]
    if kind == "structure":
        share = share if depth < 8 else 0
        wanted = [
            m for m in shape["members"] if m in shape.get("required", ()) or chance.random() < share
        ]
        return {
            m: grown(shapes, shape["members"][m]["shape"], chance, share, depth + 1) for m in wanted
        }
    if kind == "list":
        length = max(shape.get("min", 0), chance.choice((0, 1, 2)) if depth < 8 else 0)
        return [
            grown(shapes, shape["member"]["shape"], chance, share, depth + 1)
            for _ in range(min(length, 2))
        ]
    if kind == "map":
        return {}
    if kind == "boolean":
        return chance.random() < 0.5
    if kind == "string":
        may_be_empty = shape.get("min", 0) == 0 and "enum" not in shape
        if name == "JobConfigDocument":
            return "{}"
        if may_be_empty and chance.random() < 0.3:
            try:
                return "" if re.fullmatch(shape.get("pattern", ""), "") else "x"
            except re.error:
                return ""
        return "x"
    return 1
