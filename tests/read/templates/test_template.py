"""CloudFormation templates as files: what they declare, on which lines, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ormer.model.errors import InputError
from ormer.model.resource import Declared
from ormer.model.symbol import readable
from ormer.read.templates.template import read_template

DECLARED = Path(__file__).parents[2] / "declared"
YAML = """\
Parameters:
  Env: {Type: String}
Conditions:
  Never: !Equals [a, b]
  Perhaps: !Equals [!Ref Env, prod]
Resources:
  Gone:
    Type: AWS::S3::Bucket
    Condition: Never
  Maybe:
    Type: AWS::S3::Bucket
    Condition: Perhaps
  Data:
    Type: AWS::S3::BucketPolicy
    DependsOn: [Maybe]
    Properties:
      Bucket: !Ref Maybe
      PolicyDocument:
        Statement:
          - !Ref AWS::NoValue
          - Effect: Deny
            Action: "s3:*"
          - Fn::If:
              - Never
              - Effect: Allow
              - Effect: Deny
"""


def read(text: str, **given: str) -> Declared:
    return read_template(text.encode(), "t.yaml", given)


def refusal(text: str | bytes) -> str:
    with pytest.raises(InputError) as refused:
        read_template(text.encode() if isinstance(text, str) else text, "t.yaml", {})
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_resource_with_a_false_condition_is_not_there_and_one_with_an_open_one_says_so() -> None:
    declared = read(YAML)
    assert {id: one.condition for id, one in declared.resources.items()} == {
        "Maybe": "Perhaps",
        "Data": "",
    }
    assert read(YAML, Env="prod").resources["Maybe"].condition == ""
    assert list(read(YAML, Env="dev").resources) == ["Data"]


def test_the_lines_are_those_of_what_is_made() -> None:
    policy = read(YAML).resources["Data"]
    statement = ("PolicyDocument", "Statement")
    assert policy.properties["PolicyDocument"]["Statement"] == [
        {"Effect": "Deny", "Action": "s3:*"},
        {"Effect": "Deny"},
    ]
    lines = [(), ("Bucket",), (*statement, 0), (*statement, 0, "Action"), (*statement, 1)]
    assert [policy.line(place) for place in lines] == [13, 17, 21, 22, 26]
    assert policy.line((*statement, 0, "Action", "nothing")) == 22


def test_json_says_the_same_as_yaml_and_has_lines() -> None:
    text = """{
\t"Resources": {
\t\t"B": {"Type": "AWS::S3::Bucket",
\t\t\t"Properties": {"BucketName": {"Fn::Sub": "x-${AWS::Region}"},
\t\t\t\t"Tags": []}}}}"""
    bucket = read_template(b"\xef\xbb\xbf" + text.encode(), "t.json", {"AWS::Region": "r"})
    assert bucket.resources["B"].properties == {"BucketName": "x-r", "Tags": []}
    assert [bucket.resources["B"].line(p) for p in [(), ("BucketName",), ("Tags",)]] == [3, 4, 5]


def test_aliases_are_what_they_stand_for() -> None:
    text = "Resources:\n  A: &a {Type: X, Properties: {P: 1}}\n  B: *a\n"
    assert read(text).resources["B"].properties == {"P": 1}


def test_a_serverless_template_may_have_names_that_it_does_not_show() -> None:
    head = "Transform: AWS::Serverless-2016-10-31\n"
    body = "Resources:\n  A: {Type: X, Properties: {P: !Ref FunctionRole}}\n"
    assert readable(read(head + body).resources["A"].properties["P"]) == "${FunctionRole}"
    assert "FunctionRole" in refusal(body)


def test_what_the_cdk_synthesised() -> None:
    text = (DECLARED / "cdk.template.json").read_bytes()
    given = {"AWS::Region": "eu-west-1", "AWS::URLSuffix": "amazonaws.com"}
    declared = read_template(text, "cdk.template.json", given)
    pipelines = [r for r in declared.resources.values() if r.type == "AWS::SageMaker::Pipeline"]
    assert [one.id for one in pipelines] == ["BarePipeline", "SecurePipeline"]
    role = readable(pipelines[0].properties["RoleArn"])
    assert role == "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/sm-pipeline"
    body = pipelines[1].properties["PipelineDefinition"]["PipelineDefinitionBody"]
    arguments = json.loads(readable(body))["Steps"][0]["Arguments"]
    assert arguments["OutputDataConfig"]["S3OutputPath"] == "s3://models-bucket/models"
    assert arguments["ResourceConfig"]["VolumeKmsKeyId"] == "${Key961B73FD.Arn}"
    line = pipelines[0].line(("PipelineDefinition", "PipelineDefinitionBody"))
    assert text.decode().split("\n")[line - 1].strip() == '"PipelineDefinitionBody": {'
    assert declared.resources["CDKMetadata"].condition == ""
    assert "CDKMetadata" not in read_template(text, "t", {"AWS::Region": "mars-1"}).resources
    assert read_template(text, "t", {}).resources["CDKMetadata"].condition == "CDKMetadataAvailable"


A = "  A: {Type: X, Properties: {P: !Ref B}}\n"
REFUSED = {
    "nothing": ("", "t.yaml: empty"),
    "a text": ("hello", "no Resources: this is not a CloudFormation template"),
    "a list": ("[1]", "no Resources"),
    "no resources": ("AWSTemplateFormatVersion: x\n", "no Resources"),
    "not YAML": ("Resources:\n  A: [\n", "t.yaml:3: not YAML"),
    "not JSON": ('{"Resources": {', "t.yaml: not JSON"),
    "a name twice in JSON": ('{"Resources": {\n"A": {}, "A": {}}}', "duplicate name 'A'"),
    "a logical id twice": (f"Resources:\n{A}  B: {{Type: X}}\n{A}", "t.yaml:4: duplicate key 'A'"),
    "two documents": ("Resources: {}\n---\nResources: {}\n", "t.yaml:2"),
    "a parameter that is a resource": (
        "Parameters: {A: {Type: String}}\nResources:\n  A: {Type: X}\n",
        "t.yaml:3: 'A' is a parameter and a resource",
    ),
    "a resource with no type": ("Resources:\n  A: {Properties: {}}\n", "t.yaml:2: resource 'A' has no Type"),
    "a resource that is a text": ("Resources:\n  A: x\n", "t.yaml:2: resource 'A' has no Type"),
    "a parameter with no type": (
        "Parameters: {E: {}}\nResources:\n  A: {Type: X, Properties: {P: !Ref E}}\n",
        "t.yaml:1: parameter 'E' has no Type",
    ),
    "parameters that are a list": ("Parameters: []\nResources: {}\n", "Parameters is not a mapping"),
    "a circle of two": (
        f"Resources:\n{A}  B: {{Type: X, DependsOn: A}}\n",
        "t.yaml:2: a circle of references: A -> B -> A",
    ),
    "a resource that is its own": (
        "Resources:\n  A: {Type: X, Properties: {P: !GetAtt A.Arn}}\n",
        "t.yaml:2: a circle of references: A -> A",
    ),
    "names in a circle": (
        "Resources:\n"
        "  A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${B}x'}}\n"
        "  B: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${A}x'}}\n",
        "a circle of references: B -> A -> B",
    ),
    "a path of itself": (
        "Resources:\n"
        "  A: {Type: 'AWS::IAM::Role', Properties: {RoleName: r, Path: !GetAtt A.Arn}}\n"
        "  B: {Type: X, Properties: {P: !GetAtt A.Arn}}\n",
        "t.yaml:2: a circle of references: A -> A",
    ),
    "conditions in a circle": (
        "Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n"
        "Resources:\n  R: {Type: X, Condition: A}\n",
        "t.yaml:2: a circle of conditions: A -> B -> A",
    ),
    "a condition of nothing": ("Resources:\n  R: {Type: X, Condition: A}\n", "there is no condition 'A'"),
    "a condition that is none": (
        "Conditions: {A: yes}\nResources:\n  R: {Type: X, Condition: A}\n",
        "a condition is one of Fn::Equals",
    ),
    "a dependence on nothing": ("Resources:\n  R: {Type: X, DependsOn: S}\n", "DependsOn 'S', which is no resource"),
    "a macro": ("Transform: Mine\nResources: {}\n", "t.yaml:1: the macro Mine may rewrite all of it"),
    "a macro with parameters": (
        "Transform:\n  - {Name: 'AWS::Include', Parameters: {Location: s3://x}}\nResources: {}\n",
        "the macro AWS::Include may rewrite all of it",
    ),
    "a macro over all of it": (
        "'Fn::Transform': {Name: 'AWS::Include'}\nResources: {}\n",
        "t.yaml:1: Fn::Transform may rewrite what stands beside it",
    ),
    "a macro beside properties": (
        "Resources:\n  A:\n    Type: X\n    Properties: {B: c}\n    Fn::Transform: {Name: 'AWS::Include'}\n",
        "t.yaml:5: Fn::Transform may rewrite what stands beside it",
    ),
    "a macro in a mapping": (
        "Mappings:\n  M:\n    k:\n      v: w\n      Fn::Transform: {Name: 'AWS::Include'}\nResources: {}\n",
        "t.yaml:5: Fn::Transform may rewrite what stands beside it",
    ),
    "included resources": (
        "Resources:\n  'Fn::Transform': {Name: 'AWS::Include'}\n",
        "t.yaml:2: Fn::Transform adds resources",
    ),
    "a loop of resources": ("Resources:\n  'Fn::ForEach::X': [A, [b], {}]\n", "adds resources"),
    "too deep": ("Resources: " + "[" * 99 + "]" * 99, "too large or too deep"),
    "too deep in JSON": ('{"Resources": ' + "[" * 99 + "]" * 99 + "}", "too deep"),
    "a character of ours in JSON": ('{"Resources": {"A": {"Type": "\\ue000"}}}', "private use area"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, said = REFUSED[name]
    found = refusal(text)
    assert found.startswith("t.yaml")
    assert said in found


def test_a_chain_without_end_is_refused() -> None:
    buckets = "".join(
        f"  B{i}: {{Type: 'AWS::S3::Bucket', Properties: {{BucketName: !Sub '${{B{i + 1}}}x'}}}}\n"
        for i in range(2000)
    )
    last = "  B2000: {Type: 'AWS::S3::Bucket', Properties: {BucketName: x}}\n"
    said = refusal(f"Resources:\n{buckets}{last}")
    assert said == "t.yaml: references or conditions that lead too far"


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["Resources: {}", "a0: &a0 [x]"]
    for level in range(1, 12):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]")
    assert "too large or too deep once aliases are expanded" in refusal("\n".join(lines))


def test_a_file_that_is_too_large_is_refused() -> None:
    assert refusal(b"#" * (4 * 2**20 + 1)) == "t.yaml: larger than 4 MiB"


def test_a_circle_that_conditions_exclude_is_none() -> None:
    """Only one of the two references is there, whatever the condition."""
    text = (
        "Parameters: {E: {Type: String}}\nConditions: {C: !Equals [!Ref E, x]}\nResources:\n"
        "  A: {Type: X, Properties: {P: !If [C, !Ref B, 1]}}\n"
        "  B: {Type: X, Properties: {P: !If [C, 1, !Ref A]}}\n"
    )
    assert set(read(text).resources) == {"A", "B"}
    assert read(text, E="x").resources["B"].properties == {"P": 1}


def test_lists_with_something_open_are_not_said_to_differ() -> None:
    text = (
        "Parameters: {E: {Type: String}}\n"
        "Conditions: {C: !Equals [[!Ref E], [x]], D: !Equals [[a], [x]]}\n"
        "Resources:\n  A: {Type: X, Condition: C}\n  B: {Type: X, Condition: D}\n"
    )
    assert {name: one.condition for name, one in read(text).resources.items()} == {"A": "C"}
    assert read(text, E="x").resources["A"].condition == ""
