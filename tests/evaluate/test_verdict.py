"""Decisions about parts that are not known: what is certain, what is not, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.evaluate.open.verdict import decide_access, decide_symbolic
from ormer.model.access import Access, Holder, ResourcePolicy
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.policy import Policy
from ormer.model.principal import ANONYMOUS, principal_from_arn
from ormer.model.symbol import symbol

ACCOUNT = "111122223333"
ROLE = principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/jobs")
BUCKET, ENDPOINT = symbol("DataBucket"), symbol("S3Endpoint")
OBJECT = "arn:aws:s3:::data/abalone/train.csv"


def request(resource: str = OBJECT, **more: Any) -> AuthorizationRequest:
    made = AuthorizationRequest(ROLE, "s3:GetObject", resource, ACCOUNT, {})
    return made._replace(**more)


def allow(resource: Any = "*", condition: Any = None, effect: str = "Allow", **more: Any) -> Any:
    made = {"Sid": "Read", "Effect": effect, "Action": "s3:GetObject", "Resource": resource, **more}
    return made if condition is None else {**made, "Condition": condition}


def identity(*statements: Any) -> dict[str, Any]:
    return {"identityPolicies": [{"Version": "2012-10-17", "Statement": list(statements)}]}


ELEMENT = "identity identityPolicies statement Read: "
CASES = [
    ("a Resource with the bucket open", [allow(f"arn:aws:s3:::{BUCKET}/*")], request(),
     "Unknown", f"{ELEMENT}Resource arn:aws:s3:::${{DataBucket}}/* depends on DataBucket"),
    ("the same open bucket on both sides", [allow(f"arn:aws:s3:::{BUCKET}/*")],
     request(f"arn:aws:s3:::{BUCKET}/x"), "Allowed", ""),
    ("two open buckets", [allow(f"arn:aws:s3:::{BUCKET}/*")],
     request(f"arn:aws:s3:::{symbol('Other')}/x"),
     "Unknown", f"{ELEMENT}Resource arn:aws:s3:::${{DataBucket}}/* depends on DataBucket, Other"),
    ("an open bucket of another service", [allow(f"arn:aws:sqs:::{BUCKET}")], request(),
     "ImplicitlyDenied", ""),
    ("everything is allowed, whichever bucket", [allow("*")], request(f"{BUCKET}/x"), "Allowed", ""),
    ("a form within the Resource", [allow("arn:aws:s3:::data/*")],
     request("arn:aws:s3:::data/abalone/*"), "Allowed", ""),
    ("a form wider than the Resource", [allow("arn:aws:s3:::data/abalone/*")],
     request("arn:aws:s3:::data/*"), "Unknown",
     f"{ELEMENT}Resource arn:aws:s3:::data/abalone/* is about a part of arn:aws:s3:::data/*"),
    ("a form beside the Resource", [allow("arn:aws:s3:::data/abalone/*")],
     request("arn:aws:s3:::data/wine/*"), "ImplicitlyDenied", ""),
    ("a form that a Deny meets", [allow("*"), allow("arn:aws:s3:::data/secret/*", effect="Deny")],
     request("arn:aws:s3:::data/*"), "Unknown",
     f"{ELEMENT}Resource arn:aws:s3:::data/secret/* is about a part of arn:aws:s3:::data/*"),
    ("a form that a Deny includes", [allow("*"), allow("arn:aws:s3:::data/*", effect="Deny")],
     request("arn:aws:s3:::data/a/*"), "ExplicitlyDenied", ""),
    ("an action without resource is allowed on * alone", [allow("arn:aws:s3:::data/*")],
     request("*"), "ImplicitlyDenied", ""),
    ("a Deny outside an open endpoint",
     [allow("*"), allow("*", {"StringNotEquals": {"aws:SourceVpce": ENDPOINT}}, "Deny")],
     request(context={"aws:sourcevpce": "vpce-1"}), "Unknown",
     f"{ELEMENT}StringNotEquals aws:SourceVpce ${{S3Endpoint}}: depends on S3Endpoint"),
    ("a Deny outside an open endpoint, through none",
     [allow("*"), allow("*", {"StringNotEquals": {"aws:SourceVpce": ENDPOINT}}, "Deny")],
     request(), "ExplicitlyDenied", ""),
    ("a positive operator with another value that matches",
     [allow("*", {"StringEquals": {"aws:SourceVpce": [ENDPOINT, "vpce-1"]}})],
     request(context={"aws:sourcevpce": "vpce-1"}), "Allowed", ""),
    ("a key that may be there or not",
     [allow("*", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})],
     request(uncertain=frozenset({"aws:sourceip"})), "Unknown",
     f"{ELEMENT}IpAddress aws:SourceIp 10.0.0.0/8: the request may have aws:SourceIp or not"),
    ("a key that may be there, and IfExists with its value",
     [allow("*", {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}})],
     request(context={"aws:sourcevpce": "vpce-1"}, uncertain=frozenset({"aws:sourcevpce"})),
     "Allowed", ""),
    ("an open value of the request",
     [allow("*", {"StringLike": {"s3:prefix": "abalone/*"}})],
     request(context={"s3:prefix": f"abalone/{symbol('Run')}"}), "Allowed", ""),
    ("an open value of the request that no value has",
     [allow("*", {"StringLike": {"s3:prefix": "wine/*"}})],
     request(context={"s3:prefix": f"abalone/{symbol('Run')}"}), "ImplicitlyDenied", ""),
    ("a variable whose value is open", [allow("arn:aws:s3:::data/${aws:PrincipalTag/team}/*")],
     request(context={"aws:principaltag/team": symbol("Team")}), "Unknown",
     f"{ELEMENT}Resource arn:aws:s3:::data/${{aws:PrincipalTag/team}}/* depends on Team"),
    ("ForAllValues of an empty value", [allow("*", {"ForAllValues:StringEquals": {"x:text": "red"}})],
     request(context={"x:text": ""}), "Allowed", ""),
    ("ForAllValues of a value that may be empty",
     [allow("*", {"ForAllValues:StringEquals": {"x:text": "red"}})],
     request(context={"x:text": symbol("Text")}), "Unknown",
     f"{ELEMENT}ForAllValues:StringEquals x:text red: depends on Text"),
    ("ForAllValues of no values holds of an empty value alone",
     [allow("*", {"ForAllValues:StringEquals": {"x:text": []}})],
     request(context={"x:text": symbol("Text")}), "Unknown",
     f"{ELEMENT}ForAllValues:StringEquals x:text: depends on Text"),
    ("an Allow with a negated operator on what is no ARN",
     [allow("*", {"ArnNotLike": {"aws:SourceArn": "k"}})],
     request(context={"aws:sourcearn": symbol("Source")}), "ImplicitlyDenied", ""),
    ("an Allow with a negated operator on what may be no ARN",
     [allow("*", {"ArnNotLike": {"aws:SourceArn": f"x{symbol('Name')}"}})],
     request(context={"aws:sourcearn": "arn:aws:s3:::data"}), "Unknown",
     f"{ELEMENT}ArnNotLike aws:SourceArn x${{Name}}: depends on Name"),
    ("an ARN with open segments",
     [allow("*", {"ArnLike": {"aws:SourceArn": f"arn:{symbol('AWS::Partition')}:iam::*:role/*"}})],
     request(context={"aws:sourcearn": f"arn:{symbol('AWS::Partition')}:iam::1:role/{symbol('R')}"}),
     "Allowed", ""),
    ("an ARN of another service with open segments",
     [allow("*", {"ArnLike": {"aws:SourceArn": f"arn:{symbol('AWS::Partition')}:iam::*:role/*"}})],
     request(context={"aws:sourcearn": f"arn:{symbol('AWS::Partition')}:s3:::{symbol('B')}"}),
     "ImplicitlyDenied", ""),
    ("an empty variable takes its default, an open one may",
     [allow("arn:aws:s3:::data/${aws:PrincipalTag/team, 'abalone'}/*", effect="Deny"), allow("*")],
     request(context={"aws:principaltag/team": symbol("Team")}), "Unknown",
     f"{ELEMENT}Resource arn:aws:s3:::data/${{aws:PrincipalTag/team, 'abalone'}}/* depends on Team"),
    ("a variable that is open, or its default, that both match",
     [allow("arn:aws:s3:::data/abalone/*${aws:PrincipalTag/team, ''}*"), allow("*")],
     request(context={"aws:principaltag/team": symbol("Team")}), "Allowed", ""),
    ("an open variable that is empty does not resolve, and NotResource then denies",
     [allow("*"), {"Sid": "Read", "Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::${aws:PrincipalTag/team}*/*"}],
     request(f"arn:aws:s3:::{symbol('Team')}/a", context={"aws:principaltag/team": symbol("Team")}), "Unknown",
     f"{ELEMENT}NotResource arn:aws:s3:::${{aws:PrincipalTag/team}}*/* depends on Team"),
    ("an open action", [{**allow(), "Action": f"s3:{symbol('Verb')}Object"}], request(),
     "Unknown", f"{ELEMENT}Action s3:${{Verb}}Object depends on Verb"),
    ("an open effect", [{**allow(), "Effect": symbol("Effect")}], request(),
     "Unknown", f"{ELEMENT}StringEquals ${{Effect}}: depends on Effect"),
    ("a statement that is not known, beside a Deny that is",
     [symbol("Statement"), allow("*", effect="Deny")], request(), "ExplicitlyDenied", ""),
    ("an open condition block", [allow("*", symbol("Condition"))], request(),
     "Unknown", f"{ELEMENT}StringEquals ${{Condition}}: depends on Condition"),
    ("open values of Null", [allow("*", {"Null": {"aws:SourceVpce": symbol("Flag")}})], request(),
     "Unknown", f"{ELEMENT}Null aws:SourceVpce ${{Flag}}: depends on Flag"),
]  # fmt: skip


@pytest.mark.parametrize(
    "statements, asked, outcome, why", [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_certain_and_why_it_is_not(
    policy_set: Callable[[Any], Any], statements: Any, asked: Any, outcome: str, why: str
) -> None:
    decided = decide_symbolic(policy_set(identity(*statements)), asked)
    assert (decided.outcome.value, list(decided.why)) == (outcome, [why] if why else [])


def test_a_statement_that_is_not_known_may_allow_and_may_deny(
    policy_set: Callable[[Any], Any],
) -> None:
    alone = decide_symbolic(policy_set(identity(symbol("All"))), request())
    beside = decide_symbolic(policy_set(identity(symbol("All"), allow("*"))), request())
    assert (alone.outcome, beside.outcome) == (Outcome.UNKNOWN, Outcome.UNKNOWN)
    assert (
        beside.why[0] == "identity identityPolicies statement ${All}: Action ${All} depends on All"
    )


@pytest.mark.parametrize(
    "principal, outcome",
    [
        ({"AWS": f"arn:aws:iam::{ACCOUNT}:role/{symbol('Role')}"}, "Unknown"),
        ({"AWS": symbol("Role.Arn")}, "Unknown"),
        ({"AWS": [symbol("Role.Arn"), ROLE.name]}, "Allowed"),
        ({"AWS": f"arn:aws:iam::999999999999:role/{symbol('Role')}"}, "ImplicitlyDenied"),
        ({"Service": symbol("Service")}, "ImplicitlyDenied"),
        (symbol("Principal"), "Unknown"),
        ("*", "Allowed"),
    ],
)
def test_who_a_bucket_policy_may_name(
    policy_set: Callable[[Any], Any], principal: Any, outcome: str
) -> None:
    statement = {**allow("arn:aws:s3:::data/*"), "Principal": principal}
    policies = policy_set({"resourcePolicy": {"Statement": statement}})
    decided = decide_symbolic(policies, request())
    assert decided.outcome.value == outcome
    assert all("Principal" in line and "depends on" in line for line in decided.why)


@pytest.mark.parametrize(
    "principal, outcome",
    [(symbol("Who"), "Unknown"), (f"arn:aws:iam::{symbol('A')}:root", "ImplicitlyDenied")],
)
def test_a_symbol_may_be_everyone(
    policy_set: Callable[[Any], Any], principal: str, outcome: str
) -> None:
    statement = {**allow("*"), "Principal": {"AWS": principal}}
    policies = policy_set({"resourcePolicy": {"Statement": statement}})
    decided = decide_symbolic(policies, request(principal=ANONYMOUS))
    assert decided.outcome.value == outcome


@pytest.mark.parametrize(
    "role, outcome",
    [
        (f"arn:aws:iam::{ACCOUNT}:role/path/{symbol('Name')}", "Unknown"),
        (f"arn:aws:iam::{ACCOUNT}:role/{symbol('Path')}/jobs", "Unknown"),
        (f"arn:aws:iam::{ACCOUNT}:role/{symbol('Path')}/other", "ImplicitlyDenied"),
    ],
)
def test_a_session_is_of_a_role_whose_path_may_be_open(
    policy_set: Callable[[Any], Any], role: str, outcome: str
) -> None:
    session = principal_from_arn(f"arn:aws:sts::{ACCOUNT}:assumed-role/jobs/s1")
    statement = {**allow("*"), "Principal": {"AWS": role}}
    policies = policy_set({"resourcePolicy": {"Statement": statement}})
    decided = decide_symbolic(policies, request(principal=session))
    assert decided.outcome.value == outcome


@pytest.mark.parametrize(
    "resource, outcome",
    [
        ("arn:aws:kms:eu-west-1:111122223333:alias/data", "Allowed"),
        ("arn:aws:kms:eu-west-1:111122223333:key/*", "ImplicitlyDenied"),
        (f"arn:aws:kms:{symbol('AWS::Region')}:111122223333:key/1", "ImplicitlyDenied"),
        (symbol("Key.Arn"), "Unknown"),
    ],
)
def test_what_may_be_a_key_may_need_its_own_policy(
    policy_set: Callable[[Any], Any], resource: str, outcome: str
) -> None:
    policies = policy_set(identity({**allow(), "Action": "kms:*"}))
    decided = decide_symbolic(policies, request(resource, action="kms:Decrypt"))
    assert decided.outcome.value == outcome
    if outcome == "Unknown":
        assert decided.why == ("it depends on which resource ${Key.Arn} is",)


@pytest.mark.parametrize("account, outcome", [(ACCOUNT, "Allowed"), (symbol("Account"), "Unknown")])
def test_the_account_of_the_resource_may_be_open(
    policy_set: Callable[[Any], Any], account: str, outcome: str
) -> None:
    decided = decide_symbolic(policy_set(identity(allow("*"))), request(account=account))
    assert decided.outcome.value == outcome
    if outcome == "Unknown":
        assert decided.why == (f"it depends on the account of {OBJECT}",)


def test_a_public_bucket_with_open_conditions_may_be_restricted(
    policy_set: Callable[[Any], Any],
) -> None:
    condition = {"StringEquals": {"aws:SourceVpce": ["vpce-1", ENDPOINT]}}
    statement = {**allow("arn:aws:s3:::data/*", condition), "Principal": "*"}
    line = {"resourcePolicy": {"Statement": statement}, **identity(allow("*"))}
    line["publicAccessBlock"] = {"RestrictPublicBuckets": True}
    asked = request(account="999999999999", context={"aws:sourcevpce": "vpce-1"})
    decided = decide_symbolic(policy_set(line), asked)
    assert decided.outcome is Outcome.UNKNOWN
    assert decided.why == (
        "RestrictPublicBuckets: whether the bucket's policy is public depends on its symbols",
    )


@pytest.fixture
def access(policy_set: Callable[[Any], Any]) -> Access:
    """One role that may read everything, and a bucket whose policy denies it."""
    policies = policy_set(identity(allow("*"))).identity
    deny = {**allow("*", effect="Deny"), "Principal": "*"}
    closed: Policy = policy_set({"resourcePolicy": {"Statement": deny}}).resource
    holder = Holder(ROLE, {}, policies)
    return Access({ROLE.name: holder}, (ResourcePolicy("arn:aws:s3:::data", closed),))


@pytest.mark.parametrize(
    "resource, outcome",
    [
        ("arn:aws:s3:::data/a", "ExplicitlyDenied"),
        ("arn:aws:s3:::data/*", "ExplicitlyDenied"),
        ("arn:aws:s3:::models/*", "Allowed"),
        (f"arn:aws:s3:::data/{symbol('Run')}", "ExplicitlyDenied"),
        (f"arn:aws:s3:::{BUCKET}/a", "Unknown"),
        (symbol("Anything"), "Unknown"),
        (f"arn:{symbol('AWS::Partition')}:s3:::models/a", "Allowed"),
        ("arn:aws:s3:::d*z", "Unknown"),
    ],
)
def test_an_open_bucket_may_have_any_policy(access: Access, resource: str, outcome: str) -> None:
    decided = decide_access(access, request(resource))
    assert decided.outcome.value == outcome
    if outcome == "Unknown":
        assert decided.why[0].startswith("it depends on which resource ")


def test_a_principal_that_the_access_file_lacks_has_no_decision(access: Access) -> None:
    other = principal_from_arn(f"arn:aws:iam::{ACCOUNT}:role/other")
    with pytest.raises(KeyError):
        decide_access(access, request(principal=other))
