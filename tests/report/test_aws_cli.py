"""The AWS CLI call of a request: its words, that the API takes it, and when there is none."""

from __future__ import annotations

import gzip
import json
import shlex
from functools import lru_cache
from importlib import resources
from typing import Any

import pytest
from botocore import xform_name
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from ormer.facts.carriers import load_carriers
from ormer.facts.feasible import feasible
from ormer.facts.iam_actions import service_actions
from ormer.facts.inputs import smallest_input
from ormer.model.authorization import AuthorizationRequest, Context
from ormer.model.principal import principal_from_arn
from ormer.report.aws_cli.line import aws_cli
from ormer.report.aws_cli.sagemaker import command_name
from ormer.report.aws_cli.services import CALLS

ACCOUNT = "444455556666"
ROLE = principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/pipeline")
SAGEMAKER = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:"
KMS = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/00000000-0000-4000-8000-000000000000"
OBJECT, BUCKET = "arn:aws:s3:::data/a b/c.csv", "arn:aws:s3:::data"
FILE = "ormer-counterexample"
BODY = "--cli-input-json"


def line(action: str, resource: str, context: Context | None = None, **more: Any) -> str:
    return aws_cli(AuthorizationRequest(ROLE, action, resource, ACCOUNT, context or {}, **more))


def body(text: str) -> Any:
    words = shlex.split(text)
    assert words[:2] == ["aws", "sagemaker"], text
    return json.loads(words[words.index(BODY) + 1])


@lru_cache
def service_model(name: str) -> ServiceModel:
    folder = resources.files("botocore") / "data" / name
    newest = max(entry.name for entry in folder.iterdir())
    packed = (folder / newest / "service-2.json.gz").read_bytes()
    return ServiceModel(json.loads(gzip.decompress(packed)), name)


@pytest.fixture(scope="module")
def sagemaker() -> ServiceModel:
    return service_model("sagemaker")


def test_commands_are_spelled_as_the_aws_cli_spells_them(sagemaker: ServiceModel) -> None:
    for name in sagemaker.operation_names:
        assert command_name(name) == xform_name(name, "-")


def test_a_training_job_with_keys_and_tags() -> None:
    context: Context = {
        "sagemaker:vpcsubnets": ("subnet-1", "subnet-2"),
        "sagemaker:vpcsecuritygroupids": ("sg-1",),
        "sagemaker:networkisolation": "true",
        "sagemaker:volumekmskey": KMS,  # as the key was called before
        "sagemaker:instancetypes": ("ml.m5.large",),
        "aws:requesttag/team": "it's ours",
        "aws:tagkeys": ("Team",),
        "aws:sourcevpce": "vpce-1",
    }
    text = line("sagemaker:CreateTrainingJob", f"{SAGEMAKER}training-job/mine", context)
    assert text.startswith(
        "aws sagemaker create-training-job --region eu-west-1 --cli-input-json '{"
    )
    input_ = body(text)
    assert input_["TrainingJobName"] == "mine"
    assert input_["VpcConfig"] == {
        "Subnets": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
    }
    assert input_["EnableNetworkIsolation"] is True
    assert input_["ResourceConfig"] == {"VolumeKmsKeyId": KMS, "InstanceType": "ml.m5.large"}
    assert input_["Tags"] == [{"Key": "Team", "Value": "it's ours"}]
    assert input_["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/{FILE}"


@pytest.mark.parametrize(
    "action, resource, context, wanted",
    [
        ("CreateModel", "model/mine", {}, {"ModelName": "mine"}),
        ("CreateEndpoint", "endpoint/mine", {}, {"EndpointName": "mine"}),
        ("CreateEndpoint", "endpoint-config/mine", {}, {"EndpointConfigName": "mine"}),
        ("DescribeDomain", "domain/d-1234", {}, {"DomainId": "d-1234"}),
        (
            "CreateUserProfile",
            "user-profile/d-1234/ann",
            {},
            {"DomainId": "d-1234", "UserProfileName": "ann"},
        ),
        (
            "CreateApp",
            "app/d-1234/ann/JupyterLab/one",
            {},
            {
                "DomainId": "d-1234",
                "UserProfileName": "ann",
                "AppType": "JupyterLab",
                "AppName": "one",
            },
        ),
        (
            "UpdateModelPackage",
            "model-package/group/3",
            {"sagemaker:modelapprovalstatus": "Approved"},
            {
                "ModelPackageArn": f"{SAGEMAKER}model-package/group/3",
                "ModelApprovalStatus": "Approved",
            },
        ),
        (
            "StopPipelineExecution",
            "pipeline/p/execution/e",
            {},
            {"PipelineExecutionArn": f"{SAGEMAKER}pipeline/p/execution/e"},
        ),
        (
            "AddTags",
            "model/mine",
            {"aws:requesttag/a": "b"},
            {"ResourceArn": f"{SAGEMAKER}model/mine", "Tags": [{"Key": "a", "Value": "b"}]},
        ),
        (
            "DeleteTags",
            "model/mine",
            {"aws:tagkeys": ("a",)},
            {"ResourceArn": f"{SAGEMAKER}model/mine", "TagKeys": ["a"]},
        ),
        (
            "CreateDataQualityJobDefinition",
            "data-quality-job-definition/mine",
            {"sagemaker:instancetypes": ("ml.m5.large",)},
            {"JobDefinitionName": "mine"},
        ),
    ],
)
def test_the_resource_is_named_in_the_input(
    action: str, resource: str, context: Context, wanted: dict[str, Any], sagemaker: ServiceModel
) -> None:
    input_ = body(line(f"sagemaker:{action}", SAGEMAKER + resource, context))
    assert {member: input_[member] for member in wanted} == wanted
    assert_valid(sagemaker, action, input_)


@pytest.mark.parametrize(
    "action, resource, context, words",
    [
        ("sagemaker:ListModels", "*", {}, "aws sagemaker list-models"),
        (
            "s3:GetObject",
            OBJECT,
            {"s3:resourceaccount": ACCOUNT, "s3:authtype": "REST-HEADER"},
            f"aws s3api get-object --bucket data --key 'a b/c.csv' {FILE}",
        ),
        (
            "S3:getobject",
            OBJECT,
            {},
            f"aws s3api get-object --bucket data --key 'a b/c.csv' {FILE}",
        ),
        (
            "s3:GetObjectVersion",
            OBJECT,
            {"s3:versionid": "v1"},
            f"aws s3api get-object --bucket data --key 'a b/c.csv' --version-id v1 {FILE}",
        ),
        (
            "s3:PutObject",
            OBJECT,
            {},
            f"aws s3api put-object --bucket data --key 'a b/c.csv' --body {FILE}",
        ),
        (
            "s3:PutObject",
            OBJECT,
            {
                "s3:x-amz-server-side-encryption": "aws:kms",
                "s3:x-amz-server-side-encryption-aws-kms-key-id": KMS,
            },
            f"aws s3api put-object --bucket data --key 'a b/c.csv' --server-side-encryption aws:kms --ssekms-key-id {KMS} --body {FILE}",
        ),
        ("s3:DeleteObject", OBJECT, {}, "aws s3api delete-object --bucket data --key 'a b/c.csv'"),
        (
            "s3:ListBucket",
            BUCKET,
            {"s3:prefix": "home/"},
            "aws s3api list-objects-v2 --bucket data --prefix home/",
        ),
        (
            "s3:PutBucketPolicy",
            BUCKET,
            {},
            f"aws s3api put-bucket-policy --bucket data --policy file://{FILE}.json",
        ),
        (
            "kms:Decrypt",
            KMS,
            {"kms:encryptioncontext:team": "a", "kms:encryptioncontextkeys": ("Team",)},
            f'aws kms decrypt --region eu-west-1 --key-id {KMS} --ciphertext-blob fileb://{FILE} --encryption-context \'{{"Team": "a"}}\'',
        ),
        (
            "kms:Encrypt",
            KMS,
            {"kms:calleraccount": ACCOUNT},
            f"aws kms encrypt --region eu-west-1 --key-id {KMS} --plaintext fileb://{FILE}",
        ),
        (
            "kms:GenerateDataKey",
            KMS,
            {},
            f"aws kms generate-data-key --region eu-west-1 --key-id {KMS} --key-spec AES_256",
        ),
        (
            "kms:CreateGrant",
            KMS,
            {"kms:grantoperations": ("Decrypt", "Encrypt"), "kms:granteeprincipal": ROLE.name},
            f"aws kms create-grant --region eu-west-1 --key-id {KMS} --operations Decrypt Encrypt --grantee-principal {ROLE.name}",
        ),
        (
            "lambda:InvokeFunction",
            f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f",
            {},
            f"aws lambda invoke --region eu-west-1 --function-name arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f {FILE}",
        ),
        (
            "sts:AssumeRole",
            ROLE.name,
            {"sts:externalid": "x"},
            f"aws sts assume-role --role-arn {ROLE.name} --external-id x --role-session-name {FILE}",
        ),
        (
            "sts:AssumeRole",
            ROLE.name,
            {"sts:rolesessionname": "ann"},
            f"aws sts assume-role --role-arn {ROLE.name} --role-session-name ann",
        ),
        (
            "sns:Publish",
            f"arn:aws:sns:eu-west-1:{ACCOUNT}:t",
            {},
            f"aws sns publish --region eu-west-1 --topic-arn arn:aws:sns:eu-west-1:{ACCOUNT}:t --message {FILE}",
        ),
        (
            "sqs:SendMessage",
            f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q",
            {},
            f"aws sqs send-message --region eu-west-1 --queue-url https://sqs.eu-west-1.amazonaws.com/{ACCOUNT}/q --message-body {FILE}",
        ),
        (
            "elasticmapreduce:TerminateJobFlows",
            f"arn:aws:elasticmapreduce:eu-west-1:{ACCOUNT}:cluster/j-1",
            {},
            "aws emr terminate-clusters --region eu-west-1 --cluster-ids j-1",
        ),
    ],
)
def test_lines(action: str, resource: str, context: Context, words: str) -> None:
    assert line(action, resource, context) == words


def test_a_role_is_passed_by_a_training_job() -> None:
    context: Context = {"iam:passedtoservice": "sagemaker.amazonaws.com"}
    assert body(line("iam:PassRole", ROLE.name, context))["RoleArn"] == ROLE.name
    assert line("iam:PassRole", ROLE.name, {"iam:passedtoservice": "lambda.amazonaws.com"}) == ""
    assert line("iam:PassRole", ROLE.name, {"iam:associatedresourcearn": "arn:x"}) == ""
    where = line("iam:PassRole", ROLE.name, {"aws:requestedregion": "eu-west-1"})
    assert " --region eu-west-1 " in where


@pytest.mark.parametrize(
    "action, resource, context",
    [
        ("ec2:RunInstances", "*", {}),
        ("sagemaker:InvokeEndpoint", f"{SAGEMAKER}endpoint/mine", {}),
        ("sagemaker:NoSuchAction", "*", {}),
        ("", "", {}),
        ("sagemaker:CreateModel", f"{SAGEMAKER}model/*", {}),  # no one resource
        ("sagemaker:CreateModel", f"{SAGEMAKER}endpoint/mine", {}),  # nothing names an endpoint
        ("sagemaker:CreateModel", "not an ARN", {}),
        ("sagemaker:CreateModel", f"{SAGEMAKER}model/a/b", {}),
        ("sagemaker:CreateModel", "*", {"sagemaker:rootaccess": "Enabled"}),  # a key of others
        ("sagemaker:CreateModel", "*", {"sagemaker:networkisolation": "maybe"}),
        ("sagemaker:CreateNotebookInstance", "*", {}),  # every one has an instance type
        ("sagemaker:DeleteModel", "*", {"aws:requesttag/a": "b"}),  # takes no tags
        ("sagemaker:AddTags", f"{SAGEMAKER}model/mine", {}),
        ("sagemaker:DeleteTags", f"{SAGEMAKER}model/mine", {}),
        ("s3:GetObject", BUCKET, {}),
        ("s3:ListBucket", OBJECT, {}),
        ("s3:GetObject", "arn:aws:s3:::data/*", {}),
        ("s3:GetObject", OBJECT, {"s3:authtype": "REST-QUERY-STRING"}),
        ("s3:PutObject", OBJECT, {"s3:requestobjecttag/a": "b"}),  # a key that no option fills
        ("s3:GetObjectVersion", OBJECT, {}),
        ("s3:PutObject", OBJECT, {"aws:requesttag/a": "b"}),
        ("s3:GetObject", "arn:aws:s3:::data/-x", {}),  # would be read as an option
        ("s3:GetObject", "arn:aws:s3:::data/--x", {}),
        ("s3:ListBucket", BUCKET, {"s3:prefix": "file://x"}),  # would be read from a file
        ("kms:Decrypt", KMS, {"kms:viaservice": "s3.eu-west-1.amazonaws.com"}),
        ("kms:Decrypt", KMS, {"kms:encryptioncontextkeys": ("team",)}),
        ("kms:CreateGrant", KMS, {"kms:grantisforawsresource": "true"}),
        ("kms:Decrypt", KMS, {"aws:viaawsservice": "true"}),
        ("s3:GetObject", OBJECT, {"aws:calledvia": ("athena.amazonaws.com",)}),
    ],
)
def test_no_line_is_made_up(action: str, resource: str, context: Context) -> None:
    assert line(action, resource, context) == ""


def test_an_uncertain_request_has_no_line() -> None:
    assert line("s3:GetObject", OBJECT) != ""
    assert line("s3:GetObject", OBJECT, uncertain=frozenset(["s3:versionid"])) == ""


def test_every_action_of_sagemaker_has_a_call_that_the_api_takes(sagemaker: ServiceModel) -> None:
    """About each resource type of the Service Authorization Reference, and its required keys."""
    service = service_actions("sagemaker")
    assert service is not None
    made = tried = 0
    for action in service.actions.values():
        if smallest_input(action.name) is None:
            continue
        operation = action.name.partition(":")[2]
        tags: dict[str, Any] = {
            "DeleteTags": {"aws:tagkeys": ("a",)},
            "AddTags": {"aws:requesttag/a": "b"},
        }.get(operation, {})
        context = {**{key: required_value(key) for key in feasible(action.name).required}, **tags}
        for arn in action.arns or ("*",):
            resource = "*" if arn == "*" else named_arn(arn)
            tried += 1
            text = line(action.name, resource, context)
            if text:
                made += 1
                words = shlex.split(text)
                assert words[2] == xform_name(operation, "-")
                assert_valid(sagemaker, operation, body(text) if BODY in words else {})
    assert made / tried > 0.9, f"{made} of {tried}"


def required_value(key: str) -> str | tuple[str, ...]:
    return {
        "sagemaker:instancetypes": ("ml.m5.large",),
        "sagemaker:authmode": "IAM",
        "sagemaker:workteamarn": f"{SAGEMAKER}workteam/private-crowd/w",
        "sagemaker:pipelineversionid": "2",
    }[key]


def named_arn(pattern: str) -> str:
    rest = pattern.partition(":sagemaker:")[2]
    return f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:" + rest.split(":", 2)[2].replace("*", "d-0abc")


def assert_valid(service: ServiceModel, operation: str, input_: Any) -> None:
    shape = service.operation_model(operation).input_shape
    report = ParamValidator().validate(input_, shape)
    assert not report.has_errors(), (operation, report.generate_report())


NAMES = {"s3api": "s3", "emr": None}
RESOURCES = {
    "s3": (OBJECT, BUCKET),
    "kms": (KMS,),
    "lambda": (f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f",),
    "sts": (ROLE.name,),
    "sns": (f"arn:aws:sns:eu-west-1:{ACCOUNT}:t",),
    "sqs": (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q",),
    "elasticmapreduce": (f"arn:aws:elasticmapreduce:eu-west-1:{ACCOUNT}:cluster/j-1",),
    "emr-serverless": (f"arn:aws:emr-serverless:eu-west-1:{ACCOUNT}:/applications/00f1",),
}
VALUES: dict[str, Any] = {
    "kms:grantoperations": ("Decrypt",),
    "kms:scheduledeletionpendingwindowindays": "7",
    "s3:max-keys": "5",
}


@pytest.mark.parametrize("action", sorted(CALLS))
def test_options_are_members_of_the_operation_and_none_is_lacking(action: str) -> None:
    service = action.partition(":")[0]
    needed = {"s3:versionid": "v"} if action.endswith("version") else {}
    made = [text for r in RESOURCES[service] if (text := line(action, r, needed))]
    assert len(made) == 1, "about a bucket or about an object, never both"
    words = shlex.split(made[0])[1:]
    name = NAMES.get(words[0], words[0])
    if name is None:
        return  # the AWS CLI's own commands for Amazon EMR have options of their own
    model = service_model(name)
    operation = {xform_name(o, "-"): o for o in model.operation_names}[words[1]]
    shape = model.operation_model(operation).input_shape
    options = {word for word in words if word.startswith("--")} - {"--region"}
    members = {f"--{xform_name(member, '-')}": member for member in shape.members}
    members = {option.replace("sse-kms", "ssekms"): member for option, member in members.items()}
    assert options <= members.keys()
    required = {
        member
        for member in shape.required_members
        if not shape.members[member].metadata.get("idempotencyToken")  # the AWS CLI fills it
    }
    assert required <= {members[option] for option in options}


@given(
    name=st.from_regex(r"[a-zA-Z0-9]{1,20}", fullmatch=True),
    subnets=st.lists(
        st.from_regex(r"subnet-[0-9a-f]{1,8}", fullmatch=True), min_size=1, max_size=4
    ),
    tag=st.text(st.characters(min_codepoint=32, max_codepoint=1000), min_size=1, max_size=20),
    isolated=st.sampled_from(["true", "false"]),
)
def test_a_shell_gives_back_the_json(
    name: str, subnets: list[str], tag: str, isolated: str
) -> None:
    context: Context = {
        "sagemaker:vpcsubnets": tuple(subnets),
        "sagemaker:vpcsecuritygroupids": ("sg-1",),
        "sagemaker:networkisolation": isolated,
        "aws:requesttag/team": tag,
    }
    input_ = body(line("sagemaker:CreateModel", f"{SAGEMAKER}model/{name}", context))
    assert input_["ModelName"] == name
    assert input_["VpcConfig"] == {"Subnets": subnets, "SecurityGroupIds": ["sg-1"]}
    assert input_["EnableNetworkIsolation"] is (isolated == "true")
    assert input_["Tags"] == [{"Key": "team", "Value": tag}]


def test_a_key_that_is_not_told_is_not_in_the_input() -> None:
    for action in {a for carried in load_carriers().keys.values() for a in carried.actions}:
        context = {key: required_value(key) for key in feasible(action).required}
        text = line(action, "*", context)
        assert text, action
        assert "KmsKey" not in text and "Subnets" not in text, text
