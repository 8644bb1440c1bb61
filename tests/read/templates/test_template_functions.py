"""Each function of a CloudFormation template: what it is, and what stays open."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ormer.model.errors import InputError
from ormer.model.symbol import has_symbol, readable
from ormer.read.templates.template import read_template

HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Open: {Type: String}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /images/one}
  Count: {Type: Number, Default: 3}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
  Unknown: !Equals [!Ref Open, x]
  Same: !Equals [!Ref Open, !Ref Open]
  Either: !Or [!Condition IsDev, !Condition Unknown]
  Both: !And [!Condition IsDev, !Condition Unknown]
Mappings:
  Accounts: {eu-west-1: {Id: "0123", List: [x, y]}, us-east-1: {Id: "0456"}}
Resources:
  Data: {Type: "AWS::S3::Bucket", Properties: {BucketName: !Sub "data-${Env}"}}
  Made: {Type: "AWS::S3::Bucket"}
  Role: {Type: "AWS::IAM::Role", Properties: {RoleName: jobs, Path: /ml/}}
  Policy: {Type: "AWS::IAM::ManagedPolicy", Properties: {ManagedPolicyName: deny}}
  Queue: {Type: "AWS::SQS::Queue", Properties: {QueueName: q}}
  Topic: {Type: "AWS::SNS::Topic"}
  Function: {Type: "AWS::Lambda::Function", Properties: {FunctionName: f}}
  Key: {Type: "AWS::KMS::Key"}
  It:
    Type: Custom::It
    Properties:
      It: """


class Case(NamedTuple):
    """A value as it is written, what it is (symbols as ``${name}``), and what is given."""

    text: str
    value: Any
    given: dict[str, Any] = {}


REGION = {"AWS::Region": "eu-west-1"}
HERE = {**REGION, "AWS::Partition": "aws", "AWS::AccountId": "111122223333"}
CASES = {
    "Ref of a default": Case("!Ref Env", "dev"),
    "Ref of a given value": Case("!Ref Env", "prod", {"Env": "prod"}),
    "Ref of an empty given value": Case("!Ref Open", "", {"Open": ""}),
    "Ref of an open parameter": Case("!Ref Open", "${Open}"),
    "Ref of a list": Case("!Ref Zones", ["a", "b", "c"]),
    "Ref of an open list": Case("!Ref Subnets", "${Subnets}"),
    "Ref of a given list": Case("!Ref Subnets", ["s1", "s2"], {"Subnets": "s1,s2"}),
    "Ref of a parameter store value": Case("!Ref Image", "${resolve:ssm:/images/one}"),
    "a given parameter store value": Case("!Ref Image", "i", {"resolve:ssm:/images/one": "i"}),
    "the name of a store value is no value": Case("!Ref Image", "${resolve:ssm:/x}", {"Image": "/x"}),
    "Ref of a pseudo parameter": Case('!Ref "AWS::Region"', "${AWS::Region}"),
    "a given pseudo parameter": Case('!Ref "AWS::Region"', "eu-west-1", REGION),
    "NoValue as a property": Case('{A: !Ref "AWS::NoValue", B: 1}', {"B": 1}),
    "NoValue in a list": Case('[a, !Ref "AWS::NoValue", b]', ["a", "b"]),
    "Ref of a bucket": Case("!Ref Data", "data-dev"),
    "Ref of a bucket with no name": Case("!Ref Made", "${Made}"),
    "Ref of a queue": Case(
        "!Ref Queue", "https://sqs.${AWS::Region}.${AWS::URLSuffix}/${AWS::AccountId}/q"
    ),
    "Ref of a managed policy": Case("!Ref Policy", "arn:aws:iam::111122223333:policy/deny", HERE),
    "Ref of a topic with no name": Case("!Ref Topic", "${Topic}"),
    "a resource that is given": Case("!Ref Made", "b", {"Made": "b"}),
    "GetAtt of a bucket": Case("!GetAtt Data.Arn", "arn:${AWS::Partition}:s3:::data-dev"),
    "GetAtt of a bucket with no name": Case("!GetAtt Made.Arn", "arn:aws:s3:::${Made}", HERE),
    "GetAtt of a role": Case("!GetAtt [Role, Arn]", "arn:aws:iam::111122223333:role/ml/jobs", HERE),
    "GetAtt of a queue": Case("!GetAtt Queue.Arn", "arn:aws:sqs:eu-west-1:111122223333:q", HERE),
    "GetAtt of a function": Case(
        '{"Fn::GetAtt": [Function, Arn]}', "arn:aws:lambda:eu-west-1:111122223333:function:f", HERE
    ),
    "GetAtt of a key": Case("!GetAtt Key.Arn", "${Key.Arn}"),
    "GetAtt of a given key": Case("!GetAtt Key.Arn", "arn:k", {"Key.Arn": "arn:k"}),
    "GetAtt that nobody knows": Case("!GetAtt Data.WebsiteURL", "${Data.WebsiteURL}"),
    "Sub": Case('!Sub "${Env}-${Data.Arn}-${AWS::Region}"', "dev-arn:aws:s3:::data-dev-eu-west-1", HERE),
    "Sub with variables": Case('!Sub ["${A}${Env}", {A: !Ref Count}]', "3dev"),
    "Sub of what is no variable": Case('!Sub "${!Env} $Env {Env}"', "${Env} $Env {Env}"),
    "Sub of what is open": Case('!Sub "x-${Open}-y"', "x-${Open}-y"),
    "Join": Case("!Join [-, [a, !Ref Env, 1, true]]", "a-dev-1-true"),
    "Join of a list": Case('!Join ["", !Ref Zones]', "abc"),
    "Join of an open list": Case('!Join [",", !Ref Subnets]', "${Join:,:${Subnets}}"),
    "Split": Case("!Split [/, a/b]", ["a", "b"]),
    "Split of what is open": Case('!Split ["/", !Ref Open]', "${Split:/:${Open}}"),
    "Select": Case("!Select [1, !Ref Zones]", "b"),
    "Select of a split": Case('!Select ["0", !Split [/, a/b]]', "a"),
    "Select of an open list": Case("!Select [0, !Ref Subnets]", "${Select:0:${Subnets}}"),
    "If that holds": Case("!If [IsDev, yes-it-is, !Ref Open]", "yes-it-is"),
    "If that does not": Case("!If [IsProd, 1, [2]]", [2]),
    "If by a given condition": Case("!If [Unknown, 1, 2]", 1, {"Condition:Unknown": "true"}),
    "If with one value": Case("!If [Unknown, a, a]", "a"),
    "If that is open": Case("!If [Unknown, a, b]", "${If:Unknown:/Resources/It/Properties/It/Fn::If}"),
    "If of one symbol with itself": Case("!If [Same, 1, 2]", 1),
    "If of Or": Case("!If [Either, 1, 2]", 1),
    "If of And": Case("!If [Both, 1, 2]", "${If:Both:/Resources/It/Properties/It/Fn::If}"),
    "FindInMap": Case('!FindInMap [Accounts, !Ref "AWS::Region", Id]', "0123", REGION),
    "FindInMap of a list": Case("!FindInMap [Accounts, eu-west-1, List]", ["x", "y"]),
    "FindInMap with a default": Case(
        "!FindInMap [Accounts, nowhere, Id, {DefaultValue: none}]", "none"
    ),
    "FindInMap of what is open": Case(
        '!FindInMap [Accounts, !Ref "AWS::Region", Id]', "${FindInMap:Accounts.${AWS::Region}.Id}"
    ),
    "ImportValue": Case('!ImportValue {"Fn::Sub": "${Env}-vpc"}', "${ImportValue:dev-vpc}"),
    "a given ImportValue": Case("!ImportValue vpc", "v", {"ImportValue:vpc": "v"}),
    "Base64": Case("!Base64 abc", base64.b64encode(b"abc").decode()),
    "Base64 of what is open": Case("!Base64 {Ref: Open}", "${Base64:${Open}}"),
    "GetAZs": Case('!GetAZs ""', "${GetAZs:''}"),
    "Cidr": Case("!Cidr [10.0.0.0/16, 2, 8]", "${Cidr:['10.0.0.0/16', 2, 8]}"),
    "Transform": Case("!Transform {Name: 'AWS::Include'}", "${Transform:/Resources/It/Properties/It/Fn::Transform}"),
    "ToJsonString": Case(
        '{"Fn::ToJsonString": {a: [!Ref Env, 1, true, 1.5], b: !Ref Open}}',
        '{"a":["dev",1,true,1.5],"b":"${Open}"}',
    ),
    "Length": Case('{"Fn::Length": !Ref Zones}', 3),
    "a dynamic reference": Case('"x{{resolve:ssm:/a:1}}"', "x${resolve:ssm:/a:1}"),
    "a dynamic reference that is put together": Case(
        '!Sub "{{resolve:secretsmanager:${Env}}}"', "${resolve:secretsmanager:dev}"
    ),
    "a Condition that is no function": Case('{Condition: {Bool: {"a": "true"}}}', {"Condition": {"Bool": {"a": "true"}}}),
    "an account with a leading zero": Case("012345678901", "012345678901"),
    "a date": Case("2012-10-17", "2012-10-17"),
}  # fmt: skip


def shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shown(below) for name, below in value.items()}
    if isinstance(value, list):
        return [shown(below) for below in value]
    return readable(value) if isinstance(value, str) else value


def it(text: str, **more: Any) -> Any:
    declared = read_template((HEAD + text + "\n").encode(), "t.yaml", more.get("values", {}))
    return declared.resources["It"].properties["It"]


@pytest.mark.parametrize("name", CASES)
def test_function(name: str) -> None:
    case = CASES[name]
    assert shown(it(case.text, values=case.given)) == case.value


def test_what_is_known_has_no_symbol_and_what_is_open_has_one() -> None:
    assert not has_symbol(it("!Ref Env"))
    assert has_symbol(it("!Ref Open"))


REFUSED = {
    "a Ref to nothing": ("!Ref Emv", "t.yaml:31: Ref to 'Emv', which this template does not have; did you mean 'Env'?"),
    "a GetAtt of nothing": ("!GetAtt Rolle.Arn", "did you mean 'Role'?"),
    "a Sub of nothing": ('!Sub "${Nothing}"', "t.yaml:31: Fn::Sub of 'Nothing'"),
    "a Sub that names nothing": ('!Sub "${a-b}"', "write ${!a-b} for the text itself"),
    "a Sub of a list": ('!Sub "${Zones}"', "Fn::Sub needs a text"),
    "a Join of a structure": ('!Join ["", [{A: 1}]]', "Fn::Join needs a text"),
    "a Join of one": ("!Join [a]", "Fn::Join takes a delimiter and a list of values"),
    "a Select too far": ("!Select [3, !Ref Zones]", "the list has 3 values, counted from 0"),
    "a map that is not there": ("!FindInMap [Nowhere, a, b]", "there is no such map in Mappings"),
    "a key that is not there": ("!FindInMap [Accounts, a, b]", "there is no such key in Mappings"),
    "a condition that is not there": ("!If [IsPrd, 1, 2]", "did you mean 'IsProd'?"),
    "an If of two": ("!If [IsProd, 1]", "Fn::If takes a condition and two values"),
    "a function that is none": ('{"Fn::Joyn": [a]}', "Fn::Joyn is no intrinsic function; did you mean 'Fn::Join'?"),
    "a tag that is none": ("!Reff Env", "t.yaml:31: !Reff is no tag of CloudFormation; did you mean '!Ref'?"),
    "a function beside others": ('{"Fn::Sub": a, B: 1}', "Fn::Sub stands beside other members"),
    "a function of conditions": ("!Equals [a, b]", "Fn::Equals belongs in Conditions"),
    "a loop": ('{"Fn::ForEach::X": [a, [b], {}]}', "is resolved by CloudFormation alone"),
    "a merge": ("{<<: {a: 1}}", "a hash merge (<<)"),
    "a binary": ("!!binary YQ==", "binary is no tag of CloudFormation"),
    "a name twice": ("{A: 1, A: 2}", "t.yaml:31: duplicate key 'A'"),
    "a character of ours": ('"\\uE000x"', "private use area"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, said = REFUSED[name]
    with pytest.raises(InputError) as refused:
        it(text)
    assert said in str(refused.value)
    assert str(refused.value).startswith("t.yaml:")
    assert "\n" not in str(refused.value)


def test_a_value_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(InputError, match=r"t.yaml:4: Env cannot be 'test'"):
        it("!Ref Env", values={"Env": "test"})


def test_a_bomb_of_names_is_refused() -> None:
    """Each bucket is named after the next, twenty times over."""
    lines = ["Resources:"]
    for number in range(8):
        name = f"!Sub '{('${B' + str(number + 1) + '}') * 20}'" if number < 7 else "x" * 20
        bucket = f"Type: 'AWS::S3::Bucket', Properties: {{BucketName: {name}}}"
        lines.append(f"  B{number}: {{{bucket}}}")
    with pytest.raises(InputError, match="far too much text"):
        read_template("\n".join(lines).encode(), "t.yaml", {})


@given(st.text(st.characters(exclude_categories=["Cs", "Co", "Cc"])))
def test_a_given_text_comes_through_as_it_is(text: str) -> None:
    if "{{resolve:" not in text:
        assert it('!Sub "<${Open}>"', values={"Open": text}) == f"<{text}>"


@given(st.lists(st.text("ab/", max_size=4), min_size=1, max_size=5))
def test_what_is_joined_splits_again(parts: list[str]) -> None:
    listed = "[" + ", ".join(f'"{part}"' for part in parts) + "]"
    assert it(f'!Split ["|", !Join ["|", {listed}]]') == parts
