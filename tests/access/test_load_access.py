"""An access file with the policies it names, from files of every kind, decided."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.evaluate.open.verdict import decide_access
from ormer.model.authorization import AuthorizationRequest
from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.model.symbol import has_symbol, pieces
from ormer.run.access import load_access

ROLE = "arn:aws:iam::111122223333:role/jobs"
HEAD = f"principals:\n- arn: {ROLE}\n"
TEMPLATE = """\
Parameters: {DataBucket: {Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: "sts:AssumeRole"}]}
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Sid: Read, Effect: Allow, Action: "s3:GetObject", Resource: !Sub "arn:${AWS::Partition}:s3:::${DataBucket}/*"}]
  Bucket:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref DataBucket
      PolicyDocument:
        Statement: [{Sid: Outside, Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", Condition: {StringNotEquals: {aws:SourceVpce: vpce-1}}}]
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties:
      VpcId: vpc-1
      ServiceName: !Sub com.amazonaws.${AWS::Region}.s3
      PolicyDocument: !Sub '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::${DataBucket}/*"}]}'
"""
ALL = (
    HEAD
    + """\
  identity_policies: [t.yaml#Role]
resource_policies: [{resource: "arn:aws:s3:::data", policy: t.yaml#Bucket}]
vpc_endpoints: [{id: vpce-1, service: s3, policy: t.yaml#Endpoint}]
"""
)
PLAN = {
    "format_version": "1.2",
    "planned_values": {
        "root_module": {
            "resources": [
                {
                    "address": "aws_iam_policy.x",
                    "mode": "managed",
                    "type": "aws_iam_policy",
                    "name": "x",
                    "values": {
                        "policy": '{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data/*"}}'
                    },
                }
            ]
        }
    },
}


@pytest.fixture
def decided(folder: Callable[..., Path]) -> Callable[..., tuple[str, tuple[str, ...]]]:
    """``decided(files, resource, vpce, parameters)``: what reading an object comes to, and why."""

    def _decided(
        files: dict[str, Any],
        resource: str = "arn:aws:s3:::data/a",
        vpce: str = "",
        parameters: Any = None,
    ) -> tuple[str, tuple[str, ...]]:
        access = load_access(str(folder(**files) / "access.yaml"), parameters)
        context = {"aws:sourcevpce": vpce} if vpce else {}
        principal = access.holders[ROLE].principal
        request = AuthorizationRequest(
            principal, "s3:GetObject", resource, principal.account, context
        )
        endpoint = access.endpoint_of("s3:GetObject") if vpce else None
        found = decide_access(access, request, endpoint)
        return found.outcome.value, found.why

    return _decided


FILES = {"access__yaml": ALL, "t__yaml": TEMPLATE}
BOUND = {"DataBucket": "data"}


@pytest.mark.parametrize(
    "resource, vpce, parameters, outcome",
    [
        ("arn:aws:s3:::data/a", "vpce-1", BOUND, "Allowed"),
        ("arn:aws:s3:::data/*", "vpce-1", BOUND, "Allowed"),
        ("arn:aws:s3:::data/a", "", BOUND, "ExplicitlyDenied"),
        ("arn:aws:s3:::data/a", "", {}, "ExplicitlyDenied"),
        ("arn:aws:s3:::data/a", "vpce-1", {}, "Unknown"),
        ("arn:aws:s3:::other/a", "vpce-1", BOUND, "ImplicitlyDenied"),
    ],
)
def test_templates_decide(
    decided: Any, resource: str, vpce: str, parameters: Any, outcome: str
) -> None:
    assert decided(FILES, resource, vpce, parameters)[0] == outcome


def test_what_is_not_known_is_named(decided: Any, tmp_path: Path) -> None:
    _, why = decided(FILES, vpce="vpce-1")

    resource = "Resource arn:aws:s3:::${DataBucket}/* depends on DataBucket"
    assert why == (
        f"vpce {tmp_path}/t.yaml#Endpoint statement 0: {resource}",
        f"identity {tmp_path}/t.yaml#Role/data statement Read: {resource}",
    )


def test_parameters_of_the_file_count_and_given_ones_come_first(decided: Any) -> None:
    files = {**FILES, "access__yaml": ALL + "parameters: {DataBucket: data}\n"}
    assert decided(files, vpce="vpce-1")[0] == "Allowed"
    assert decided(files, vpce="vpce-1", parameters={"DataBucket": "x"})[0] == "ImplicitlyDenied"


@pytest.mark.parametrize(
    "reference, files",
    [
        ("plan.json#aws_iam_policy.x", {"plan__json": PLAN}),
        ("managed:AmazonS3ReadOnlyAccess", {}),
        ("doc.json", {"doc__json": {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}}),
        ("{Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}", {}),
    ],
)  # fmt: skip
def test_a_policy_may_stand_in_any_of_these(decided: Any, reference: str, files: Any) -> None:
    text = f"{HEAD}  identity_policies: [{json.dumps(reference) if '{' not in reference else reference}]\n"
    assert decided({"access__yaml": text, **files}) == ("Allowed", ())
    assert decided({"access__yaml": HEAD, **files}) == ("ImplicitlyDenied", ())


def test_a_boundary_a_session_policy_and_an_scp_limit(decided: Any, document: Any) -> None:
    files = {"all__json": document("*"), "sqs__json": document("sqs:*")}
    allowed = f"{HEAD}  identity_policies: [all.json]\n"
    for limit in (
        "  permissions_boundary: {}.json\n",
        "  session_policy: {}.json\n",
        "organization: {{scps: [[{}.json]]}}\n",
    ):
        assert decided({"access__yaml": allowed + limit.format("all"), **files})[0] == "Allowed"
        denied = decided({"access__yaml": allowed + limit.format("sqs"), **files})
        assert denied[0] == "ImplicitlyDenied"


def test_an_rcp_denies(decided: Any, document: Any) -> None:
    text = f"{HEAD}  identity_policies: [all.json]\norganization: {{rcps: [[rcp.json]]}}\n"
    rcp = document("s3:*", Effect="Deny", Principal="*")
    found = decided({"access__yaml": text, "all__json": document("*"), "rcp__json": rcp})
    assert found[0] == "ExplicitlyDenied"


def test_the_policy_of_a_role_is_its_trust_policy(folder: Any) -> None:
    text = f'{HEAD}resource_policies: [{{resource: "{ROLE}", policy: t.yaml#Role}}]\n'
    access = load_access(str(folder(access__yaml=text, t__yaml=TEMPLATE) / "access.yaml"))
    (trust,) = access.resource_policies
    assert trust.policy.statements[0].actions == ("sts:AssumeRole",)


WRONG = [
    ("missing.json", "{access}:3: principals/0/identity_policies/0: {folder}/missing.json: no such file"),
    ("t.yaml#Rolle", "{access}:3: principals/0/identity_policies/0: {folder}/t.yaml#Rolle: no such resource; did you mean 'Role'?"),
    ("t.yaml#Bucket", "{folder}/t.yaml:12: Bucket: AWS::S3::BucketPolicy has a resource's policy, not a policy of principals"),
    ("t.yaml", "{access}:3: principals/0/identity_policies/0: t.yaml is a template: add # and the id of a resource"),
    ("doc.json#Role", "{access}:3: principals/0/identity_policies/0: {folder}/doc.json is neither a template nor a plan"),
    ("doc.json", "{folder}/doc.json: 'a' is no element of a policy; known are Id, Statement, Version"),
    ("'managed:AmazonS3ReadOnlyAcces'", "{access}:3: principals/0/identity_policies/0: managed:AmazonS3ReadOnlyAcces: no AWS managed policy of this name; did you mean 'AmazonS3ReadOnlyAccess'?"),
    ("{Statement: 1}", "{access}:3: principals/0/identity_policies/0: /Statement: is a number, neither an object nor a list"),
]  # fmt: skip


@pytest.mark.parametrize("reference, message", WRONG)
def test_what_cannot_be_read_is_told(folder: Any, reference: str, message: str) -> None:
    text = f"{HEAD}  identity_policies: [{reference}]\n"
    where = folder(access__yaml=text, t__yaml=TEMPLATE, doc__json={"a": 1})
    with pytest.raises(InputError) as error:
        load_access(str(where / "access.yaml"))
    assert str(error.value) == message.format(access=where / "access.yaml", folder=where)


def test_a_managed_policy_is_no_policy_of_a_resource(folder: Any) -> None:
    text = f'{HEAD}resource_policies: [{{resource: "arn:aws:s3:::a", policy: "managed:X"}}]\n'
    path = folder(access__yaml=text) / "access.yaml"
    with pytest.raises(
        InputError, match="managed:X is a policy of principals, not a resource's policy"
    ):
        load_access(str(path))


def test_without_moto_a_managed_policy_names_the_extra(
    folder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ormer.sources import managed_policies

    monkeypatch.setitem(sys.modules, "moto", None)
    managed_policies._policies.cache_clear()
    text = f"{HEAD}  identity_policies: ['managed:ReadOnlyAccess']\n"
    path = folder(access__yaml=text) / "access.yaml"
    with pytest.raises(InputError, match=r"moto, which is missing: pip install 'ormer\[managed-"):
        load_access(str(path))


def test_two_declared_boundaries_are_refused(folder: Any) -> None:
    role = """  {name}:
    Type: AWS::IAM::Role
    Properties: {{AssumeRolePolicyDocument: {{}}, PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
"""
    template = "Resources:\n" + role.format(name="A") + role.format(name="B")
    text = f"{HEAD}  identity_policies: [t.yaml#A, t.yaml#B]\n"
    path = folder(access__yaml=text, t__yaml=template) / "access.yaml"
    with pytest.raises(
        InputError, match="several boundaries are declared: name one as permissions_boundary"
    ):
        load_access(str(path))


@pytest.mark.parametrize("word, answer", [("no", "ExplicitlyDenied"), ("off", "ExplicitlyDenied"), ("yes", "Allowed"), ("'no'", "Allowed")])  # fmt: skip
def test_booleans_are_those_of_yaml_1_1(
    folder: Callable[..., Path], word: str, answer: str
) -> None:
    """CloudFormation makes ``false`` of ``no`` without quotes, and a Deny holds by it."""
    condition = f"Condition: {{Bool: {{aws:SecureTransport: {word}}}}}"
    deny = f'{{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", {condition}}}'
    policy = f"{{Bucket: b, PolicyDocument: {{Statement: [{deny}]}}}}"
    template = f"Resources:\n  B: {{Type: 'AWS::S3::BucketPolicy', Properties: {policy}}}\n"
    inline = '{Statement: {Effect: Allow, Action: "*", Resource: "*"}}'
    for written in ("t.yaml#B", f"{{Statement: [{deny}]}}"):
        resource = f'[{{resource: "arn:aws:s3:::b", policy: {written}}}]'
        text = f"{HEAD}  identity_policies: [{inline}]\nresource_policies: {resource}\n"
        at = folder(t__yaml=template, access__yaml=text) / "access.yaml"
        access = load_access(str(at))
        request = AuthorizationRequest(
            access.holders[ROLE].principal, "s3:GetObject", "arn:aws:s3:::b/x", "111122223333",
            {"aws:securetransport": "false"},
        )  # fmt: skip
        assert decide_access(access, request).outcome.value == answer


@pytest.mark.parametrize(
    ("parameters", "principals", "read"),
    [
        ("", [ROLE], "eu-west-1 111122223333"),
        ('parameters: {"AWS::Region": us-east-1}\n', [ROLE], "us-east-1 111122223333"),
        # whose account the template is deployed in, nobody says
        ("", [ROLE, ROLE.replace("111122223333", "444455556666")], "eu-west-1 AWS::AccountId"),
        ("", [ROLE.replace("111122223333", "444455556666")], "eu-west-1 AWS::AccountId"),
    ],
)
def test_a_profile_says_where_templates_are_deployed(
    folder: Callable[..., Path], parameters: str, principals: list[str], read: str
) -> None:
    arn = {"Fn::Sub": "arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:*"}
    statement = {"Effect": "Allow", "Action": "sagemaker:*", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    managed = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy}}
    made = [f"- {{arn: '{each}', identity_policies: ['t.json#P']}}\n" for each in principals]
    where = folder(t__json={"Resources": {"P": managed}})
    (where / "a.yaml").write_text(f"{parameters}principals:\n{''.join(made)}")
    environment = Environment("111122223333", "eu-west-1", {})
    holder = load_access(str(where / "a.yaml"), None, environment).holders[principals[0]]
    (found,) = holder.identity[0].statements[0].resources or ()
    region, account = read.split()
    shown = pieces(found)[1] if has_symbol(found) else account
    assert (found.split(":")[3], shown) == (region, account)
