"""Everything that one file attaches to a role or a user."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.model.policy import Policy
from ormer.model.resource import Declared, Resource
from ormer.model.symbol import symbol
from ormer.read.policies.held import held_policies, may_be_equal

DOC: dict[str, Any] = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
INLINE = [{"PolicyName": "own", "PolicyDocument": DOC}]
REF = symbol("Role")


def held(resources: dict[str, tuple[str, Any]], asked: str = "Role", **given: str) -> Any:
    made = {name: Resource(name, kind, body, {}) for name, (kind, body) in resources.items()}
    declared = Declared("t", made)
    return held_policies(declared, asked, lambda name: Policy(f"managed:{name}", "", ()), given)


def shown(policies: Any) -> list[str]:
    """Each policy's name, with ``?`` where none of its statements surely holds."""
    return [
        f"{one.name}?" if any(not condition.values for s in one.statements for condition in s.conditions) else one.name
        for one in policies
    ]  # fmt: skip


AWS = "arn:aws:iam::aws:policy/"
CASES: list[tuple[str, dict[str, tuple[str, Any]], list[str]]] = [
    ("its own", {"Role": ("AWS::IAM::Role", {"Policies": INLINE})}, ["t#Role/own"]),
    ("an AWS managed policy", {"Role": ("AWS::IAM::Role", {"ManagedPolicyArns": [f"{AWS}service-role/X"]})}, ["managed:X"]),
    ("an AWS managed policy of an open partition", {"Role": ("AWS::IAM::Role", {"ManagedPolicyArns": [f"arn:{symbol('AWS::Partition')}:iam::aws:policy/X"]})}, ["managed:X"]),
    ("a managed policy that is not here", {"Role": ("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::111122223333:policy/x"]})}, ["t#Role/arn:aws:iam::111122223333:policy/x?"]),
    ("open managed policies", {"Role": ("AWS::IAM::Role", {"ManagedPolicyArns": symbol("Arns")})}, ["t#Role/${Arns}?"]),
    ("a managed policy of the file by reference", {"Role": ("AWS::IAM::Role", {"ManagedPolicyArns": [symbol("P")]}), "P": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": DOC})}, ["t#P"]),
    ("a managed policy of the file by name", {"Role": ("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::1:policy/p"]}), "P": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": DOC, "ManagedPolicyName": "p"})}, ["t#P"]),
    ("an AWS managed policy with the name of one of the file", {"Role": ("AWS::IAM::Role", {"ManagedPolicyArns": [f"{AWS}X"]}), "P": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": DOC, "ManagedPolicyName": "X"})}, ["managed:X"]),
    ("a policy that names it by reference", {"Role": ("AWS::IAM::Role", {}), "P": ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Roles": [REF]})}, ["t#P"]),
    ("a policy that names it by name", {"Role": ("AWS::IAM::Role", {"RoleName": "r"}), "P": ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Roles": ["q", "r"]})}, ["t#P"]),
    ("a policy that names another", {"Role": ("AWS::IAM::Role", {"RoleName": "r"}), "P": ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Roles": ["q"]})}, []),
    ("a policy that names a user of the same name", {"Role": ("AWS::IAM::Role", {"RoleName": "r"}), "P": ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Users": ["r"]})}, []),
    ("a policy that names another role of the file", {"Role": ("AWS::IAM::Role", {}), "Other": ("AWS::IAM::Role", {}), "P": ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Roles": [symbol("Other")]})}, []),
    ("a policy that may name it", {"Role": ("AWS::IAM::Role", {"RoleName": "r"}), "P": ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Roles": [symbol("Name")]})}, ["t#P?"]),
    ("a policy of roles that are open", {"Role": ("AWS::IAM::Role", {}), "P": ("AWS::IAM::RolePolicy", {"PolicyDocument": DOC, "RoleName": symbol("Name")})}, ["t#P?"]),
    ("a policy of another with an open name", {"Role": ("AWS::IAM::Role", {"RoleName": f"{symbol('E')}-exec"}), "P": ("AWS::IAM::RolePolicy", {"PolicyDocument": DOC, "RoleName": f"{symbol('E')}-pipe"})}, []),
    ("a user's groups", {"Role": ("AWS::IAM::User", {"Groups": [symbol("G")]}), "G": ("AWS::IAM::Group", {"Policies": INLINE, "ManagedPolicyArns": [f"{AWS}X"]})}, ["t#G/own", "managed:X"]),
    ("a user's group that is not here", {"Role": ("AWS::IAM::User", {"Groups": ["g"]})}, ["t#Role/g?"]),
    ("a user that is added to a group", {"Role": ("AWS::IAM::User", {}), "G": ("AWS::IAM::Group", {"GroupName": "g", "Policies": INLINE}), "A": ("AWS::IAM::UserToGroupAddition", {"GroupName": "g", "Users": [REF]})}, ["t#G/own"]),
    ("a user that may be added to a group", {"Role": ("AWS::IAM::User", {"UserName": "u"}), "G": ("AWS::IAM::Group", {"GroupName": "g", "Policies": INLINE}), "A": ("AWS::IAM::UserToGroupAddition", {"GroupName": "g", "Users": [symbol("User")]})}, ["t#G/own?"]),
    ("Terraform by name", {"Role": ("aws_iam_role", {"name": "r"}), "P": ("aws_iam_role_policy", {"policy": DOC, "role": "r"}), "Q": ("aws_iam_role_policy", {"policy": DOC, "role": "q"})}, ["t#P"]),
    ("Terraform with an open role", {"Role": ("aws_iam_role", {"name": "r"}), "P": ("aws_iam_role_policy", {"policy": DOC, "role": symbol("plan:P.role")})}, ["t#P?"]),
    ("Terraform attachments that are all", {"Role": ("aws_iam_role", {"name": "r"}), "A": ("aws_iam_role_policy_attachments_exclusive", {"role_name": "r", "policy_arns": [f"{AWS}X", symbol("plan:p.arn")]}), "B": ("aws_iam_role_policy_attachments_exclusive", {"role_name": "q", "policy_arns": [f"{AWS}Y"]})}, ["managed:X", "t#A/${plan:p.arn}?"]),
    ("Terraform attachments", {"Role": ("aws_iam_role", {"name": "r"}), "A": ("aws_iam_role_policy_attachment", {"role": "r", "policy_arn": f"{AWS}X"}), "B": ("aws_iam_role_policy_attachment", {"role": "r", "policy_arn": symbol("plan:B.policy_arn")})}, ["managed:X", "t#B/${plan:B.policy_arn}?"]),
]  # fmt: skip


@pytest.mark.parametrize("resources, expected", [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_is_attached(resources: Any, expected: list[str]) -> None:
    found = held(resources)
    assert shown(found.identity) == expected
    assert found.boundary is None


@pytest.mark.parametrize(
    "kind, member, value, expected",
    [
        ("AWS::IAM::Role", "PermissionsBoundary", f"{AWS}X", ["managed:X"]),
        ("AWS::IAM::Role", "PermissionsBoundary", symbol("P"), ["t#P"]),
        ("AWS::IAM::User", "PermissionsBoundary", symbol("Arn"), ["t#Role/${Arn}?"]),
        ("aws_iam_role", "permissions_boundary", "arn:aws:iam::1:policy/b", ["t#Role/arn:aws:iam::1:policy/b?"]),
    ],
)  # fmt: skip
def test_a_boundary_is_never_left_out(kind: str, member: str, value: str, expected: Any) -> None:
    policy = ("AWS::IAM::ManagedPolicy", {"PolicyDocument": DOC})
    found = held({"Role": (kind, {member: value}), "P": policy})
    assert shown(found.boundary) == expected


E, F = symbol("E"), symbol("F")


@pytest.mark.parametrize(
    "one, other, may",
    [
        ("a", "a", True), ("a", "b", False), (E, "a", True), (E, F, True), (f"a{E}", "b", False),
        (f"{E}a", "b", False), (f"{E}-a", f"{E}-b", False), (f"{E}-a-{F}", f"{E}-b-{F}", False),
        (f"ab{E}bc", "abc", False), (f"ab{E}bc", "abbc", True), (f"{E}a", f"{F}ba", True),
    ],
)  # fmt: skip
def test_names_that_may_be_the_same(one: str, other: str, may: bool) -> None:
    assert may_be_equal(one, other) is may
    assert may_be_equal(other, one) is may


def test_a_reference_that_is_given_still_attaches() -> None:
    """What a Ref to the role is, is given, so the policies that name it have that text."""
    arn = "arn:aws:iam::111122223333:policy/made-1"
    resources = {
        "Role": ("AWS::IAM::Role", {"ManagedPolicyArns": [arn]}),
        "P": ("AWS::IAM::Policy", {"PolicyDocument": DOC, "Roles": ["jobs"]}),
        "M": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": DOC}),
    }
    assert shown(held(resources, Role="jobs", M=arn).identity) == ["t#M", "t#P"]
    assert shown(held(resources, Role="other", M="arn:x").identity) == [f"t#Role/{arn}?"]


def test_a_user_that_a_condition_adds_to_a_group() -> None:
    addition = Resource("A", "AWS::IAM::UserToGroupAddition", {"GroupName": "g", "Users": ["u"]}, {}, "IsProd")  # fmt: skip
    user = Resource("Role", "AWS::IAM::User", {"UserName": "u"}, {})
    group = Resource("G", "AWS::IAM::Group", {"GroupName": "g", "Policies": INLINE}, {})
    declared = Declared("t", {one.id: one for one in (addition, user, group)})
    (policy,) = held_policies(declared, "Role", lambda name: Policy(name, "", ()), {}).identity
    assert policy.statements[0].conditions[-1].key == symbol("Condition:IsProd")
