"""Requests that a prover overlooks easily; each was, or could be, the hole in a wrong proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.symbol import symbol
from ormer.model.world import ABSENT, BOTH, FALSE, World
from ormer.prove.request_space import KeyFacts, Route

Ask = Callable[..., Any]
OWN, OTHER = "111122223333", "999988887777"
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
MANY, ONE = KeyFacts(True), KeyFacts(False)
S = symbol("S")


def allow(**more: Any) -> dict[str, Any]:
    """An Allow of everything, but for what is said."""
    opposites = {f"Not{name}": name for name in ("Action", "Resource", "Principal")}
    dropped = {opposites[name] for name in more if name in opposites}
    return {**{key: value for key, value in ALL.items() if key not in dropped}, **more}


def deny(**more: Any) -> dict[str, Any]:
    """A Deny of everything, but for what is said."""
    return {**allow(**more), "Effect": "Deny"}


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


def test_a_resource_of_the_management_account_is_not_reached_by_rcps(question: Ask) -> None:
    denied = [deny(Principal="*")]
    for may_be_foreign, management, expected in (
        (True, OTHER, "allowed"),
        (True, "", "allowed"),
        (False, OTHER, "not allowed"),
        (False, OWN, "allowed"),
    ):
        asked = question(rcp=denied, management=management, may_be_foreign=may_be_foreign)
        assert asked.ask({}) == expected, (may_be_foreign, management)
    named = question(
        rcp=denied,
        management=OTHER,
        may_be_foreign=True,
        keys={"aws:resourceaccount": ONE},
        always=frozenset(("aws:resourceaccount",)),
    )
    assert named.ask(when("StringNotEquals", "aws:ResourceAccount", OTHER)) == "allowed"
    assert named.is_unshown  # in an account outside of the organisation
    assert named.ask(when("StringEquals", "aws:ResourceAccount", OTHER)) == "allowed"
    assert not named.is_unshown
    assert named.found.account == OTHER
    keys = {"arns": ("arn:*:kms:*:*:key/*",), "action": "kms:Decrypt", "may_be_foreign": True}
    by_arn = question(rcp=denied, management=OTHER, **keys)
    assert by_arn.ask({"Resource": f"arn:aws:kms:*:{OTHER}:key/*"}) == "allowed"
    assert not by_arn.is_unshown
    assert by_arn.ask({"NotResource": f"arn:aws:kms:*:{OTHER}:key/*"}) == "allowed"
    assert by_arn.is_unshown


def test_rcps_do_not_reach_a_key_that_aws_manages(question: Ask) -> None:
    key = f"arn:aws:kms:r:{OWN}:key/k"
    shown = {key: [ALL | {"Principal": {"AWS": OWN}}]}
    made: dict[str, Any] = {
        "action": "kms:Decrypt",
        "arns": ("arn:*:kms:*:*:key/*",),
        "rcp": [deny(Principal="*")],
        "owned": (key,),
        "resources": shown,
    }
    assert question(**made).ask({"Resource": key}) == "not allowed"
    asked = question(**made)
    assert asked.ask({"NotResource": key}) == "allowed" and asked.is_unshown


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringLikeIfExists"])
def test_an_operator_for_one_value_may_read_a_list(question: Ask, operator: str) -> None:
    """Nobody documents how; a Deny does not count on it, an Allow may let through."""
    condition = {operator: {"x:many": "a"}, "Null": {"x:many": "false"}}
    asked = question(identity=[allow(Condition=condition)], keys={"x:many": MANY})
    assert asked.ask() == "allowed" and asked.is_unshown
    denied = question(identity=[ALL, deny(Condition=condition)], keys={"x:many": MANY})
    assert denied.ask(when("Null", "x:many", "false")) == "allowed"


def test_what_aws_has_is_in_nobodys_account(question: Ask) -> None:
    hub = "arn:aws:sagemaker:r:aws:hub-content/h/c/1"
    asked = question(
        "sagemaker:DescribeHubContent",
        identity=[allow(Resource=hub)],
        arns=("arn:*:sagemaker:*:*:hub-content/*/*/*",),
        may_be_foreign=True,
    )
    assert asked.ask() == "allowed" and asked.found.resource == hub
    parameter = "arn:aws:ssm:r::parameter/aws/service/x"
    asked = question(
        "ssm:GetParameter",
        identity=[allow(Resource=parameter)],
        arns=("arn:*:ssm:*:*:parameter/*",),
    )
    assert asked.ask() == "allowed" and asked.found.resource == parameter


def test_an_empty_value_is_no_value_for_all_values(question: Ask) -> None:
    """An empty text as a single value, as the tag of a request can have."""
    asked = question(
        identity=[allow(**when("ForAllValues:StringEquals", "x:tag", "a"))], keys={"x:tag": ONE}
    )
    assert (
        asked.ask(when("StringNotEquals", "x:tag", "a"), when("Null", "x:tag", "true")) == "allowed"
    )
    only = (
        when("Null", "x:tag", "false")["Condition"]
        | when("StringNotEquals", "x:tag", "a")["Condition"]
    )
    assert asked.ask({"Condition": only}) == "allowed"
    assert asked.found.seen == {"x:tag": ""}


def test_a_key_that_is_there_has_a_value(question: Ask) -> None:
    asked = question(keys={"x:one": ONE})
    assert asked.ask(when("Null", "x:one", "false")) == "allowed"
    assert asked.found.seen["x:one"]


def test_values_that_only_differ_by_the_version_of_their_policies(question: Ask) -> None:
    """One text is two in two versions: each needs a value of its own, with too few none is found."""
    condition = {
        "ForAnyValue:StringEquals": {"x:many": "${*}"},
        "ForAnyValue:StringLike": {"x:many": "${?}"},
    }
    asked = question(
        identity=[allow(Condition=condition)],
        boundary=[allow(Condition=condition)],
        versions={"boundary": "2008-10-17"},
        keys={"x:many": MANY},
    )
    assert asked.ask() == "allowed"
    assert {"*", "${*}", "?"} <= set(asked.found.seen["x:many"])


def test_values_that_a_key_needs_under_both_its_names(question: Ask) -> None:
    asked = question(
        identity=[allow(**when("ForAnyValue:StringEquals", "x:old", "a"))],
        boundary=[allow(**when("ForAnyValue:StringEquals", "x:new", "b"))],
        session=[allow(**when("ForAnyValue:StringEquals", "x:old", "c"))],
        keys={"x:new": MANY},
        renamed={"x:old": "x:new"},
        world=World(key_names=BOTH),
    )
    assert asked.ask() == "allowed"
    assert set(asked.found.really["x:new"]) == {"a", "b", "c"}


def test_more_values_than_are_tried_are_unknown(question: Ask) -> None:
    def needing(count: int) -> str:
        conditions = [
            when("ForAnyValue:StringEquals", "x:many", f"v{n}")["Condition"] for n in range(count)
        ]
        statements = [
            deny(Condition={"ForAllValues:StringNotEquals": {"x:many": f"v{n}"}})
            for n in range(count)
        ]
        assert conditions
        return str(
            question(identity=[ALL, *statements], keys={"x:many": MANY}).ask(
                when("ForAllValues:StringNotEquals", "x:many", "v0")
            )
        )

    assert needing(3) == "not allowed"
    assert needing(20) == "unknown"


def test_a_multivalued_key_has_a_value_for_each_that_there_has_to_be(question: Ask) -> None:
    statements = [
        deny(**when("ForAllValues:StringNotLike", "x:many", f"{letter}*")) for letter in "abcde"
    ]
    asked = question(identity=[ALL, *statements], keys={"x:many": MANY})
    assert asked.ask(when("ForAnyValue:StringLike", "x:many", "*z")) == "allowed"
    values = asked.found.seen["x:many"]
    assert {value[0] for value in values} >= set("abcde") and any(v.endswith("z") for v in values)


@pytest.mark.parametrize(
    ("operators", "expected"),
    [
        (("NumericEquals", "StringNotEquals"), "unknown"),  # 5.0 is such a value
        (("NumericEquals", "StringEquals"), "allowed"),
        (("NumericLessThan", "StringEquals"), "not allowed"),
        (("NumericEquals", "StringNotLike"), "unknown"),
    ],
)
def test_a_key_compared_as_a_number_and_as_text(
    question: Ask, operators: tuple[str, str], expected: str
) -> None:
    statements = [allow(Condition={operators[0]: {"x:n": "5"}, operators[1]: {"x:n": "5"}})]
    assert (
        question(identity=statements, keys={"x:n": KeyFacts(False, kind="number")}).ask()
        == expected
    )


@pytest.mark.parametrize("kind", ["", "number", "date", "ip"])
def test_there_is_another_value_than_those_named(question: Ask, kind: str) -> None:
    statements = [
        deny(**when("StringEquals", "x:n", "1", "1000001", "198.51.100.7", "2001:db8::7"))
    ]
    asked = question(identity=[ALL, *statements], keys={"x:n": KeyFacts(False, kind=kind)})
    assert asked.ask(when("Null", "x:n", "false")) == "allowed"


def test_addresses_are_told_apart_across_conditions(question: Ask) -> None:
    statements = [allow(Condition={"IpAddress": {"x:ip": "10.0.0.0/8"}})]
    statements += [
        deny(**when("IpAddress", "x:ip", block)) for block in ("10.0.0.0/9", "10.192.0.0/10")
    ]
    asked = question(identity=statements, keys={"x:ip": KeyFacts(False, kind="ip")})
    assert asked.ask() == "allowed"
    assert asked.found.seen["x:ip"].startswith("10.1")
    closed = [*statements, deny(**when("IpAddress", "x:ip", "10.128.0.0/10"))]
    assert (
        question(identity=closed, keys={"x:ip": KeyFacts(False, kind="ip")}).ask() == "not allowed"
    )


def test_an_arn_that_is_in_doubt_in_one_segment_only(question: Ask) -> None:
    """Of a value whose service differs, a variable that does not resolve elsewhere says nothing."""
    pattern = "arn:aws:iam::${x:none}:role/a"
    statements = [allow(**when("ArnNotLike", "x:arn", pattern))]
    asked = question(identity=statements, keys={"x:arn": ONE})
    for arn, is_doubtful in (("s3:::*", False), ("iam::*:role/a", True), ("iam::*:role/b", False)):
        assert asked.ask(when("ArnLike", "x:arn", f"arn:aws:{arn}")) == "allowed"
        assert asked.is_unshown is is_doubtful, arn


def test_a_variable_of_a_key_that_is_never_there(question: Ask) -> None:
    statements = [allow(Resource="arn:aws:s3:::data/${x:none}/*")]
    assert question(identity=statements).ask() == "not allowed"
    assert question(identity=statements, keys={"x:none": ONE}).ask() == "allowed"
    default = [allow(Resource="arn:aws:s3:::data/${x:none, 'd'}/*")]
    assert question(identity=default).ask() == "allowed"


@pytest.mark.parametrize(
    "statements",
    [
        [ALL, deny(NotResource="arn:aws:s3:::data/${x:none}/*")],
        [ALL, deny(Resource=["*", "arn:aws:s3:::data/${x:none}/*"])],
        [ALL, deny(**when("StringNotEquals", "x:one", "${x:none}"))],
        [allow(NotResource="arn:aws:s3:::${x:none}")],
    ],
)
def test_a_statement_that_does_not_resolve_may_be_invalid(
    question: Ask, statements: list[dict[str, Any]]
) -> None:
    """ "If AWS cannot resolve a variable this might cause the entire statement to be invalid": a
    Deny proves nothing then, and an Allow may grant. No evaluator can replay it."""
    asked = question(identity=statements, keys={"x:one": ONE})
    assert asked.ask() == "allowed"
    assert asked.is_unshown


def test_a_statement_that_resolves_in_every_request_is_valid(question: Ask) -> None:
    statements = [ALL, deny(Resource=["*", "arn:aws:s3:::data/${x:one}/*"])]
    assert question(identity=statements, keys={"x:one": ONE}).ask() == "allowed", "without x:one"
    always = question(identity=statements, keys={"x:one": ONE}, always=frozenset(["x:one"]))
    assert always.ask() == "not allowed"
    assert question(identity=statements, fixed={"x:one": "a"}).ask() == "not allowed"


@pytest.mark.parametrize(
    "element",
    [
        {"Action": f"s3:{S}"},
        {"Action": S},
        {"NotAction": S, "Action": None},
        {"Resource": f"arn:aws:s3:::{S}/*"},
        {"Resource": f"arn:aws:s3:::${{aws:PrincipalTag/{S}}}/x"},
        {"NotResource": f"arn:aws:s3:::{S}/*", "Resource": None},
        when("StringEquals", "x:one", S),
        when("StringNotEquals", "x:one", S),
        when("StringEquals", f"x:{S}", "a"),
        when("NumericLessThan", "x:one", S),
        when("IpAddress", "x:one", S),
        when("Bool", "x:one", S),
        when("Null", "x:one", S),
        when("ForAllValues:StringEquals", "x:many", S),
        when("ArnNotLike", "x:one", f"arn:aws:iam::{S}:role/a"),
    ],
)
def test_what_hangs_on_a_symbol_may_be_allowed_and_is_not_surely_denied(
    question: Ask, element: dict[str, Any]
) -> None:
    def made(effect: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in {**effect, **element}.items() if value is not None}

    keys = {"x:one": ONE, "x:many": MANY}
    assert question(identity=[made(ALL)], keys=keys).ask() == "allowed"
    assert question(identity=[ALL, made(deny())], keys=keys).ask() == "allowed"


def test_a_principal_that_is_a_symbol_may_be_everyone_whom_no_boundary_limits(
    question: Ask,
) -> None:
    grant = {"arn:aws:s3:::b": [allow(Principal={"AWS": S})]}
    asked = question(identity=[], boundary=[deny(Action="s3:PutObject")], resources=grant)
    assert asked.ask() == "allowed"
    named = {"arn:aws:s3:::b": [allow(Principal={"AWS": f"arn:aws:iam::{OWN}:{S}"})]}
    assert (
        question(identity=[], boundary=[deny(Action="s3:PutObject")], resources=named).ask()
        == "not allowed"
    )
    assert question(identity=[], resources=named).ask() == "allowed"


def test_a_policy_that_names_a_session_of_the_role_lets_it_in(question: Ask) -> None:
    session = f"arn:aws:sts::{OWN}:assumed-role/exec/s1"
    grant = {"arn:aws:s3:::b": [allow(Principal={"AWS": session})]}
    assert question(identity=[], resources=grant).ask() == "allowed"
    other = {"arn:aws:s3:::b": [allow(Principal={"AWS": session.replace("exec", "else")})]}
    assert question(identity=[], resources=other).ask() == "not allowed"


@pytest.mark.parametrize(("allowed", "expected"), [([], "allowed"), ([ALL], "allowed")])
def test_a_key_whose_policy_nobody_shows_may_trust_the_account(
    question: Ask, allowed: list[Any], expected: str
) -> None:
    arns = ("arn:*:kms:*:*:key/*",)
    asked = question("kms:Decrypt", identity=allowed, arns=arns)
    assert asked.ask() == expected
    shown = {f"arn:aws:kms:r:{OWN}:key/k": [deny(Principal="*")]}
    named = question("kms:Decrypt", identity=allowed, arns=arns, resources=shown)
    assert named.ask({"Resource": f"arn:aws:kms:r:{OWN}:key/k"}) == "not allowed"


def test_a_resource_policy_that_can_be_replayed_is_found_before_one_that_nobody_shows(
    question: Ask,
) -> None:
    shown = {f"arn:aws:kms:r:{OWN}:key/zz": [allow(Principal="*")]}
    asked = question("kms:Decrypt", arns=("arn:*:kms:*:*:key/*",), resources=shown)
    assert asked.ask() == "allowed"
    assert asked.found.resource == f"arn:aws:kms:r:{OWN}:key/zz"


def test_another_accounts_resource_needs_both_and_a_policy_that_is_listed_counts(
    question: Ask,
) -> None:
    arn = f"arn:aws:kms:r:{OTHER}:key/k"
    made: dict[str, Any] = {"action": "kms:Decrypt", "arns": ("arn:*:kms:*:*:key/*",)}
    foreign = {"Resource": arn}
    assert question(**made).ask(foreign) == "not allowed"
    made["may_be_foreign"] = True
    assert question(**made).ask(foreign) == "allowed", "its owner may allow it"
    assert question(identity=[], **made).ask(foreign) == "not allowed"
    nobody = {arn: [allow(Principal={"AWS": OTHER})]}
    assert question(resources=nobody, **made).ask(foreign) == "not allowed"
    account = {arn: [allow(Principal={"AWS": OWN})]}
    assert question(resources=account, **made).ask(foreign) == "allowed"
    itself = {arn: [allow(Principal="*")]}
    assert question(identity=[], resources=itself, **made).ask(foreign) == "not allowed"


def test_a_flag_is_false_only_for_actions_that_have_it(question: Ask) -> None:
    statements = [ALL, deny(**when("Bool", "x:flag", "false"))]
    made = {
        "identity": statements,
        "flags": frozenset(("x:flag",)),
        "world": World(absent_boolean=FALSE),
    }
    assert question(**made).ask() == "allowed"
    carried = {"x:flag": KeyFacts(False, ("false", "true"))}
    unset = when("Null", "x:flag", "true")
    assert question(keys=carried, **made).ask(unset) == "not allowed"
    absent = {**made, "world": World(absent_boolean=ABSENT)}
    assert question(keys=carried, **absent).ask(unset) == "allowed"
    assert (
        question(keys=carried, **made).ask(when("BoolIfExists", "x:flag", "false")) == "not allowed"
    )


def test_one_of_several_definitions_hides_behind_another(question: Ask) -> None:
    statements = [
        ALL,
        deny(**when("StringNotEquals", "x:one", "good")),
        deny(**when("Null", "x:one", "true")),
    ]
    bad = when("StringNotEqualsIfExists", "x:one", "good")
    made: dict[str, Any] = {"identity": statements, "keys": {"x:one": ONE}}
    assert question(**made).ask(bad) == "not allowed"
    made["has_definitions"] = True
    assert question(**made).ask(bad) == "allowed"
    assert question(world=World(job_definitions=ABSENT), **made).ask(bad) == "allowed"
    assert (
        question(required=frozenset(("x:one",)), **made).ask(when("Null", "x:one", "true"))
        == "not allowed"
    )


def test_facts_that_contradict_themselves_prove_nothing(question: Ask) -> None:
    asked = question(required=frozenset(("x:never",)))
    assert asked.ask() == "unknown"
    assert asked.why == "what is known of the action's requests contradicts itself"


def test_an_action_that_nobody_knows_is_about_any_resource(question: Ask) -> None:
    asked = question("new:Thing", identity=[allow(Resource="arn:aws:new:::a*")], arns=None)
    assert asked.ask() == "allowed"
    assert asked.found.resource.startswith("arn:aws:new:::a")
    assert (
        question("new:Thing", identity=[allow(Resource="x")], arns=None).ask({"NotResource": "x"})
        == "not allowed"
    )


def test_traffic_takes_the_listed_endpoint_another_one_or_none(question: Ask) -> None:
    endpoint = [allow(Principal="*", **when("StringEquals", "x:one", "a"))]
    made: dict[str, Any] = {"endpoint": endpoint, "route": Route("vpce-1", ("vpce-1", "vpce-2"))}
    keys = {
        "x:one": ONE,
        "aws:sourcevpce": ONE,
        "aws:sourcevpc": ONE,
        "aws:sourceip": KeyFacts(False, kind="ip"),
    }
    not_a = {"StringNotEqualsIfExists": {"x:one": "a"}}
    asked = question(keys=keys, **made)
    assert asked.ask({"Condition": not_a}) == "allowed", "not through the endpoint"
    through = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    assert asked.ask({"Condition": {**not_a, **through}}) == "not allowed"
    other = {"StringEquals": {"aws:SourceVpce": "vpce-3"}}
    assert asked.ask({"Condition": {**not_a, **other}}) == "allowed"
    of_another_service = {"StringEquals": {"aws:SourceVpce": "vpce-2"}}
    assert asked.ask({"Condition": {**not_a, **of_another_service}}) == "not allowed"
    both = {"Null": {"aws:SourceIp": "false"}, "StringLike": {"aws:SourceVpc": "*"}}
    assert asked.ask({"Condition": both}) == "not allowed"


def test_an_account_in_a_gateway_endpoints_policy_is_its_root_user_alone(question: Ask) -> None:
    endpoint = [allow(Principal={"AWS": OWN})]
    route = Route("vpce-1", ("vpce-1",))
    keys = {"aws:sourcevpce": ONE}
    through = when("StringEquals", "aws:SourceVpce", "vpce-1")
    asked = question(endpoint=endpoint, route=route, keys=keys)
    assert asked.ask(through) == "allowed"  # in an interface endpoint's, and nobody tells which
    assert asked.is_unshown
    root = f"arn:aws:iam::{OWN}:root"
    assert (
        question(principal=root, endpoint=endpoint, route=route, keys=keys).ask(through)
        == "allowed"
    )
    named = [ALL | {"Principal": "*"}, deny(Principal={"AWS": OWN})]
    denied = question(endpoint=named, route=route, keys=keys)
    assert denied.ask(through) == "allowed" and denied.is_unshown


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (f"arn:aws:iam::{OWN}:role/exec", "not allowed"),
        (f"arn:aws:iam::{OWN}:root", "not allowed"),
        (f"arn:aws:iam::{OTHER}:role/exec", "allowed"),
        (f"arn:aws:iam::{OWN}:role/aws-service-role/x/AWSServiceRoleForX", "allowed"),
        (f"arn:aws:sts::{OWN}:assumed-role/exec/s", "not allowed"),
    ],
)
def test_whom_scps_reach(question: Ask, principal: str, expected: str) -> None:
    assert question(principal=principal, scp=[deny()], management=OTHER).ask() == expected


def test_a_session_is_known_by_its_roles_arn_with_any_path(question: Ask) -> None:
    session = f"arn:aws:sts::{OWN}:assumed-role/exec/s"
    made: dict[str, Any] = {
        "principal": session,
        "keys": {"aws:principalarn": ONE},
        "always": frozenset(("aws:principalarn",)),
    }

    def denied_but_for(arn: str) -> Any:
        return question(identity=[ALL, deny(**when("ArnNotLike", "aws:PrincipalArn", arn))], **made)

    assert denied_but_for(session).ask() == "not allowed"
    assert denied_but_for(f"arn:aws:iam::{OWN}:role/exec").ask() == "allowed"
    assert denied_but_for(f"arn:aws:iam::{OWN}:role/team/*").ask() == "allowed"
    assert denied_but_for(f"arn:aws:iam::{OWN}:role/team/else").ask() == "not allowed"


def test_empty_lists_of_values(question: Ask) -> None:
    keys = {"x:one": ONE}
    for operator, expected in (
        *(("StringEquals", "not allowed"), ("StringNotEquals", "allowed")),
        *(
            ("ForAllValues:StringEquals", "allowed"),
            ("Null", "not allowed"),
            ("Bool", "not allowed"),
        ),
    ):
        assert question(identity=[allow(**when(operator, "x:one"))], keys=keys).ask() == expected


def test_the_empty_text_is_a_value_of_its_own(question: Ask) -> None:
    keys = {"x:one": ONE}
    asked = question(identity=[allow(**when("StringLike", "x:one", ""))], keys=keys)
    assert asked.ask(when("StringNotLike", "x:one", "?*")) == "allowed"
    assert asked.ask(when("StringLike", "x:one", "?*")) == "not allowed"


def test_the_key_of_the_resources_account_says_what_its_arn_says(question: Ask) -> None:
    """Else another account's key would pass for the partner's: a violation that cannot be."""
    partner = "444455556666"
    made: dict[str, Any] = {
        "action": "kms:Decrypt",
        "arns": ("arn:*:kms:*:*:key/*",),
        "may_be_foreign": True,
        "keys": {"aws:resourceaccount": ONE},
        "always": frozenset(("aws:resourceaccount",)),
        "identity": [ALL, deny(**when("StringNotEquals", "aws:ResourceAccount", OWN, partner))],
    }
    elsewhere = {"NotResource": [f"arn:aws:kms:*:{OWN}:*", f"arn:aws:kms:*:{partner}:*"]}
    assert question(**made).ask(elsewhere) == "not allowed"
    assert question(**made).ask({"Resource": f"arn:aws:kms:*:{partner}:*"}) == "allowed"
    assert question(**made).ask({"Resource": f"arn:aws:kms:r:{OTHER}:key/k"}) == "not allowed"


def test_what_nobody_knows_to_have_one_value_may_be_shown_as_a_list(question: Ask) -> None:
    both = {
        "ForAnyValue:StringEquals": {"x:one": "a"},
        "ForAnyValue:StringLike": {"x:one": "b"},
    }
    made: dict[str, Any] = {"identity": [allow(Condition=both)], "has_definitions": True}
    single = when("StringLike", "x:one", "*")
    unknown = question(keys={"x:one": KeyFacts(None)}, **made)
    assert unknown.ask(single) == "allowed"
    assert set(unknown.found.seen["x:one"]) == {"a", "b"}
    assert question(keys={"x:one": ONE}, **made).ask(single) == "not allowed"


@pytest.mark.parametrize(
    ("action", "kind", "expected"),
    [
        ("iam:GetPolicyVersion", "policy", "allowed"),
        ("iam:GenerateServiceLastAccessedDetails", "policy", "allowed"),
        ("iam:CreatePolicyVersion", "policy", "not allowed"),
        ("iam:SetDefaultPolicyVersion", "policy", "not allowed"),
        ("iam:UntagPolicy", "policy", "not allowed"),
        ("iam:PassRole", "role", "not allowed"),
        ("iam:CreateAccessKey", "user", "not allowed"),
    ],
)
def test_what_aws_has_in_iam_are_policies_that_nobody_else_changes(
    question: Ask, action: str, kind: str, expected: str
) -> None:
    own_is_denied = [ALL, deny(Resource=f"arn:aws:iam::{OWN}:*")]
    asked = question(action, identity=own_is_denied, arns=(f"arn:*:iam::*:{kind}/*",))
    assert asked.ask() == expected


def test_many_overlapping_patterns_end_with_the_time(question: Ask) -> None:
    """The value has to hold each of 20 characters, in any order, and not any two side by side."""
    letters = "abcdefghijklmnopqrst"
    statements = [deny(**when("StringNotLike", "x:one", f"*{letter}*")) for letter in letters]
    statements += [
        deny(**when("StringLike", "x:one", f"*{one}?{other}*"))
        for one in letters
        for other in letters
    ]
    asked = question(identity=[ALL, *statements], keys={"x:one": ONE})
    assert asked.ask(seconds=0.2) == "unknown"
    assert asked.why in ("the time is over", "x:one: too many patterns to tell apart")


@pytest.mark.parametrize(
    ("action", "owner", "resource", "apart"),
    [
        ("sagemaker:DescribeModelPackage", "model-package-group/g", "model-package/g/1", "g2/1"),
        ("glue:GetTable", "catalog", "table/d/t", "job/j"),
    ],
)
def test_a_policy_is_met_by_what_its_resource_holds(
    question: Ask, action: str, owner: str, resource: str, apart: str
) -> None:
    start = f"arn:aws:{action.partition(':')[0]}:r:{OWN}:"
    shown = {start + owner: [allow(Principal={"AWS": f"arn:aws:iam::{OWN}:role/exec"})]}
    asked = question(action, identity=[], resources=shown, arns=None)
    assert asked.ask({"Resource": start + resource}) == "allowed"
    assert asked.ask({"Resource": start + apart}) == "not allowed"
    name = asked.holder.principal.name
    assert asked.access.policies(name, start + resource, None).resource is not None
    assert asked.access.policies(name, start + apart, None).resource is None
