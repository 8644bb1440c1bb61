"""Principals that no policy tells apart share a proof; whatever tells them apart is seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ormer.controls.load import load_catalogue
from ormer.model.access import Access
from ormer.proofs.asked.properties import with_properties
from ormer.proofs.proof import Proof, Verdict
from ormer.proofs.prover import Prover
from ormer.read.environment import read_environment
from ormer.report.proofs import json as proofs_json
from ormer.report.proofs import text as proofs_text
from ormer.run.access import load_access
from ormer.run.prove import Asked, prove

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"
ENVIRONMENT = read_environment(PROFILE.read_bytes(), "environment.yaml")
CONTROLS = [
    one
    for one in with_properties(load_catalogue().controls, ENVIRONMENT)
    if one.id in ("NET-01", "KMS-01", "ACS-05")
]
ONE, OTHER = (f"arn:aws:iam::111122223333:role/team/{name}" for name in ("ann", "bob"))
USERS = [f"arn:aws:iam::111122223333:user/{name}" for name in ("ann", "bob")]
DATA = "arn:aws:s3:::mlops-dev-eu-west-1-111122223333-data"
Body = dict[str, Any]


def allow(action: Any = "*", **more: Any) -> Body:
    return {"Sid": "All", "Effect": "Allow", "Action": action, "Resource": "*", **more}


def deny(operator: str, values: Any, key: str = "aws:PrincipalArn") -> Body:
    jobs = ["sagemaker:CreateTrainingJob", "iam:PassRole"]
    return {**allow(jobs), "Sid": "No", "Effect": "Deny", "Condition": {operator: {key: values}}}


def policy(*statements: Body) -> Body:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(action: Any) -> Body:
    service = {"Service": "sagemaker.amazonaws.com"}
    return policy({"Effect": "Allow", "Action": action, "Principal": service})


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """``write(own, scp=..., more=[...], principals=[...], resources={...})``"""

    def _write(
        *own: Body,
        scp: Body | None = None,
        more: tuple[Body, Body] = ({}, {}),
        principals: tuple[str, str] = (ONE, OTHER),
        resources: dict[str, Body] | None = None,
    ) -> str:
        held = {"identity_policies": [policy(allow(), *own)]}
        made: Body = {
            "principals": [
                {"arn": arn, **held, **each} for arn, each in zip(principals, more, strict=True)
            ],
            "resource_policies": [
                {"resource": arn, "policy": one} for arn, one in (resources or {}).items()
            ],
        }
        if scp is not None:
            made["organization"] = {"scps": [[policy(allow(), scp)]]}
        path = tmp_path / "access.yaml"
        path.write_text(yaml.safe_dump(json.loads(json.dumps(made))), encoding="utf-8")
        return str(path)

    return _write


def proofs(access: Access, names: list[str]) -> list[Proof]:
    found = Prover(access, ENVIRONMENT, CONTROLS, minimal=False).proofs(names)
    return sorted(found, key=lambda one: one.principal)


def _apart(bucket: Body) -> Body:
    return {"resources": {DATA: policy({**bucket, "Resource": f"{DATA}/*"})}}


NAMING_ONE = {**allow("s3:*"), "Principal": {"AWS": ONE}}
NAMING_BOTH = {**allow("s3:*"), "Principal": {"AWS": [ONE, OTHER]}}
BOUNDARY = {"permissions_boundary": policy(allow())}
TAG = {"tags": {"team": "a"}}
TRUSTED = {ONE: trust("sts:AssumeRole"), OTHER: trust("sts:AssumeRole")}
ARN_OF_ALL = "arn:aws:iam::111122223333:role/*"
ALIKE: dict[str, Body] = {
    "nothing but their own": {},
    "a pattern of both ARNs": {"scp": deny("ArnNotLike", ARN_OF_ALL)},
    "an ARN of neither": {"scp": deny("StringNotEquals", "arn:aws:iam::111122223333:role/x")},
    "whether there is an ARN": {"scp": deny("Null", "true")},
    "a bucket that names both": _apart(NAMING_BOTH),
    "their account": {"scp": deny("StringNotEquals", "111122223333", "aws:PrincipalAccount")},
    "the same tags": {"more": (TAG, TAG), "resources": TRUSTED},
    "tags that those of sessions replace": {"more": (TAG, {})},
    "users": {"principals": USERS},
    "trust policies": {"resources": TRUSTED},
}
APART: dict[str, Body] = {
    "the ARN of one": {"scp": deny("ArnNotEquals", ONE)},
    "the ARN of one, in another case": {"scp": deny("StringNotEqualsIgnoreCase", ONE.upper())},
    "a pattern of one": {"scp": deny("StringNotLike", "*/bob")},
    "a pattern of one within a segment": {"scp": deny("ArnNotLike", "*:*:*:*:*:role/?eam/a*")},
    "its own policy": {"own": deny("ArnEquals", OTHER)},
    "a variable": {"scp": deny("StringNotEquals", "${aws:PrincipalArn}", "aws:RequestTag/By")},
    "a user's name": {
        "principals": USERS,
        "scp": deny("StringNotEquals", "${aws:username}", "aws:RequestTag/By"),
    },
    "a condition on a user's name": {
        "principals": USERS,
        "scp": deny("StringNotEquals", "ann", "aws:username"),
    },
    "a bucket that names one": _apart(NAMING_ONE),
    "a bucket that names all but one": _apart(
        {**allow("s3:*"), "Effect": "Deny", "NotPrincipal": {"AWS": [ONE, "111122223333"]}}
    ),
    "a boundary": {"more": (BOUNDARY, {})},
    "a session policy": {"more": ({"session_policy": policy(allow())}, {})},
    "tags": {"more": (TAG, {}), "resources": TRUSTED},
    "who may tag sessions": {
        "resources": {ONE: trust("sts:AssumeRole"), OTHER: trust(["sts:AssumeRole", "sts:Tag*"])}
    },
    "accounts": {"principals": (ONE, OTHER.replace("111122223333", "444455556666"))},
    "kinds": {"principals": (ONE, USERS[1])},
    "sessions": {
        "principals": (
            "arn:aws:sts::111122223333:assumed-role/ann/s",
            "arn:aws:sts::111122223333:assumed-role/bob/s",
        )
    },
    "a role that AWS made": {
        "principals": (ONE, ONE.replace("role/", "role/aws-service-role/sagemaker.amazonaws.com/"))
    },
}


@pytest.mark.parametrize("name", [*ALIKE, *APART])
def test_each_has_the_proof_that_it_has_by_itself(write: Callable[..., str], name: str) -> None:
    given = {**ALIKE, **APART}[name]
    own = [given["own"]] if "own" in given else []
    access = load_access(write(*own, **{k: v for k, v in given.items() if k != "own"}))
    both = proofs(access, list(access.holders))
    alone = [one for arn in sorted(access.holders) for one in proofs(access, [arn])]
    assert len(both) == len(alone) == 2 * len(CONTROLS)
    assert any(one.verdict is Verdict.VIOLATED for one in both)
    for one, by_itself in zip(both, alone, strict=True):
        assert one._replace(like="", actions=()) == by_itself._replace(actions=())
        for action, same in zip(one.actions, by_itself.actions, strict=True):
            assert action._replace(counterexample=None) == same._replace(counterexample=None)
            found, expected = action.counterexample, same.counterexample
            assert (found is None) == (expected is None)
            if found is not None and expected is not None:
                assert found.request.principal.name == one.principal
                assert found.request == expected.request
                assert found.allowed_by == expected.allowed_by
    shared = [one for one in both if one.like]
    assert len(shared) == (len(CONTROLS) if name in ALIKE else 0)


def test_what_is_asked_of_some_actions_is_no_answer_for_others(write: Callable[..., str]) -> None:
    access = load_access(write(deny("Bool", "true", "aws:SecureTransport")))
    prover = Prover(access, ENVIRONMENT, [CONTROLS[0]], minimal=False)
    (whole,) = prover.targets
    one, other = access.holders.values()
    for target in whole.actions:
        part = whole._replace(actions=(target,), unseen=())
        for holder in (one, other, one):
            (found,) = prover.proof(part, holder).actions
            assert found.action == target.action
    assert len(prover.proof(whole, other).actions) == len(whole.actions) + len(whole.unseen)


def test_the_text_says_it_once_and_json_of_each(write: Callable[..., str]) -> None:
    asked = Asked(write(), str(PROFILE), ["NET-01"])
    proving = prove(asked)
    text = proofs_text.render(proving)
    assert text.count("violated  NET-01") == 1
    assert "and so 1 more, from which no policy tells it apart: role/team/bob\n" in text
    assert "1 controls by 2 principals: 2 violated" in text
    one, other = json.loads(proofs_json.render(proving))["proofs"]
    assert (one["principal"], one["like"]) == (ONE, "")
    assert (other["principal"], other["like"]) == (OTHER, ONE)
    assert other["counterexample"]["request"]["principal"] == OTHER
    assert other["fix"] == one["fix"]


def test_what_nobody_can_decide_is_told_once_with_its_reason(write: Callable[..., str]) -> None:
    """Keys whose policies are not listed: for two roles that a policy tells apart."""
    path = write(more=({"permissions_boundary": policy(allow())}, {}))
    proving = prove(Asked(path, str(PROFILE), ["ACS-08"]))
    text = proofs_text.render(proving)
    assert [one.proof.like for one in proving.told] == ["", ""]
    assert text.count("unknown   ACS-08") == 1
    assert "and so 1 more: role/team/bob\n" in text
    assert "not decided: the policy of arn:aws:kms:" in text


def test_what_holds_in_some_worlds_is_shared_too(write: Callable[..., str]) -> None:
    """Its reason names no policy, which are called otherwise where they are the other's."""
    missing = deny("Null", "true", "sagemaker:VpcSubnets")
    approved = list(ENVIRONMENT.lookup("vpc.subnets") or ())
    wrong = deny("ForAnyValue:StringNotEquals", approved, "sagemaker:VpcSubnets")
    tuning = "sagemaker:CreateHyperParameterTuningJob"
    own = ({**each, "Action": tuning} for each in (missing, wrong))
    one, other = prove(Asked(write(*own), str(PROFILE), ["NET-01"])).told
    verdicts = [{each.action: each.verdict for each in t.proof.actions} for t in (one, other)]
    assert verdicts[0] == verdicts[1]
    assert verdicts[0][tuning] is Verdict.UNKNOWN
    assert (one.proof.like, other.proof.like) == ("", ONE)
