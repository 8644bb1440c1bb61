"""``ormer decide``: lines in, answers out in the same order, and what happens to a wrong line."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ormer

Run = Callable[..., Any]
SOURCES = Path(ormer.__file__).parents[1]
USER = "arn:aws:iam::111111111111:user/ann"
REQUEST = {"principal": USER, "action": "s3:GetObject", "resource": "arn:aws:s3:::data/a"}
FULL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
DENY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}],
}


def line(**more: Any) -> str:
    return json.dumps({"id": "1", "request": REQUEST, "identityPolicies": [FULL], **more})


@pytest.fixture
def decide(run: Run, tmp_path: Path) -> Callable[..., Any]:
    """``decide(line, ...)``: the run, and its answers."""

    def _decide(*lines: str, options: tuple[str, ...] = ()) -> Any:
        path = tmp_path / "requests.jsonl"
        path.write_text("\n".join(lines))
        return run("decide", str(path), *options)

    return _decide


def answers(ran: Any) -> list[Any]:
    return [json.loads(each) for each in ran.out.splitlines()]


def test_an_answer_is_the_contract(decide: Callable[..., Any]) -> None:
    ran = decide(
        line(),
        line(id=2, scps=[{"id": "root", "policies": [FULL, DENY]}]),
        line(identityPolicies=[]),
    )
    assert (ran.code, ran.err) == (0, "")
    policy = "identityPolicies/0"
    allow = {"layer": "identity", "policy": policy, "statement": "0", "effect": "Allow"}
    deny = {"layer": "scp", "policy": "root/1", "statement": "No", "effect": "Deny"}
    allowed, explicit, implicit = answers(ran)
    assert allowed == {"id": "1", "decision": "Allowed", "reasons": [allow]}
    assert explicit == {
        "id": 2,
        "decision": "ExplicitlyDenied",
        "reasons": [deny],
        "change": ["scp root/1 statement No would have to go, or not match"],
    }
    assert implicit == {
        "id": "1",
        "decision": "ImplicitlyDenied",
        "reasons": [],
        "change": [
            "the identity policies or the resource's policy would have to allow s3:GetObject on "
            "arn:aws:s3:::data/a"
        ],
    }


@pytest.mark.parametrize(
    "wrong, message",
    [
        ("nope", "not JSON"),
        ("[]", "is a list, not an object with a request"),
        ("{}", "/request: is null, not an object"),
        (line(idenityPolicies=[]), "'idenityPolicies' is unknown here; did you mean 'identityP"),
        (line(identityPolicies={}), "/identityPolicies: is an object, not a list"),
        (line(identityPolicies=[{}]), "/identityPolicies/0: no Statement: this is not a policy"),
        (line(scps=[FULL]), '/scps/0: is not {"id": ..., "policies": [...]}'),
        (line(scps=[{"id": 1, "policies": []}]), "/scps/0/id: is not text"),
        (line(resourcePolicy=FULL), "/resourcePolicy/Statement: has no Principal"),
        (line(managementAccount="1"), "/managementAccount: is not an account of 12 digits"),
        (line(publicAccessBlock=1), "/publicAccessBlock: is a number, not an object"),
        (line(publicAccessBlock={"All": True}), "/publicAccessBlock: 'All' is unknown here"),
        (
            line(publicAccessBlock={"RestrictPublicBuckets": "true"}),
            "/publicAccessBlock/RestrictPublicBuckets: is neither true nor false",
        ),
        (line(request={**REQUEST, "principal": "ann"}), "'ann' is not the ARN of a principal"),
        (line(request={**REQUEST, "principal": "arn:aws:iam::1:user/a"}), "has no account of 12"),
        (
            line(request={**REQUEST, "principal": "arn:aws:iam::111111111111:group/a"}),
            "is not the ARN of a user, a role, a session or the root user",
        ),
        (line(request={**REQUEST, "principal": {"type": "Nobody"}}), "/type: is not one of Anonym"),
        (line(request={**REQUEST, "principal": {"type": "Service"}}), "/service: is null, not a"),
        (line(request={**REQUEST, "action": "GetObject"}), "'GetObject' is not one action"),
        (line(request={**REQUEST, "action": "s3:*"}), "'s3:*' is not one action"),
        (line(request={**REQUEST, "resource": ""}), "/request/resource: is text, not a text"),
        (line(request={**REQUEST, "resourceAccount": 1}), "/resourceAccount: is not an account"),
        (line(request={**REQUEST, "region": "x"}), "/request: 'region' is unknown here"),
        (line(request={**REQUEST, "context": []}), "/request/context: is a list, not an object"),
        (line(request={**REQUEST, "context": {"k": {}}}), "/request/context/k: is neither text"),
        (line(request={**REQUEST, "context": {"k": "1", "K": "2"}}), "'K' is there twice"),
        (line(pad="x" * 5_000_000), "larger than 1 MiB"),
    ],
    ids=lambda value: value[:60],
)
def test_a_wrong_line_is_an_error_in_its_place_and_the_others_are_decided(
    wrong: str, message: str, decide: Callable[..., Any]
) -> None:
    ran = decide(line(id="a"), wrong, line(id="b"))
    first, bad, last = answers(ran)
    assert (first["id"], first["decision"]) == ("a", "Allowed")
    assert (last["id"], last["decision"]) == ("b", "Allowed")
    assert set(bad) == {"id", "error"} and message in bad["error"]
    assert "requests.jsonl: line 2" in bad["error"] and "\n" not in bad["error"]
    assert ran.code == 2 and ran.err.count("\n") == 1
    assert ran.err.startswith("ormer: error: 1 of 3 lines could not be decided, the first: ")


def test_the_id_of_a_wrong_line_is_kept(decide: Callable[..., Any]) -> None:
    assert answers(decide(line(id="x", request={})))[0]["id"] == "x"


def test_blank_lines_have_no_answer_and_still_count(decide: Callable[..., Any]) -> None:
    ran = decide("", line(), "  ", "nope")
    assert len(answers(ran)) == 2 and "line 4: " in ran.err


def test_no_lines_are_no_answers(decide: Callable[..., Any]) -> None:
    assert decide("")[:] == (0, "", "")


@pytest.mark.parametrize("name, message", [("none.jsonl", "no such file"), (".", "cannot be read")])
def test_2_where_there_is_no_file(name: str, message: str, run: Run, tmp_path: Path) -> None:
    ran = run("decide", str(tmp_path / name))
    assert ran.code == 2 and ran.out == "" and message in ran.err and ran.err.count("\n") == 1


def test_standard_input_is_the_default(run_apart: Run) -> None:
    ran = run_apart("decide", stdin=(line() + "\n").encode())
    assert (ran.code, answers(ran)[0]["decision"]) == (0, "Allowed")


def test_values_that_only_python_calls_equal_are_different_policies(
    decide: Callable[..., Any],
) -> None:
    def policy(value: Any) -> str:
        statement = {**FULL["Statement"], "Condition": {"StringEquals": {"x:k": value}}}
        request = {**REQUEST, "context": {"x:k": "true"}}
        return line(request=request, identityPolicies=[{"Statement": statement}])

    decisions = [each["decision"] for each in answers(decide(policy(True), policy(1)))]
    assert decisions == ["Allowed", "ImplicitlyDenied"]


def test_explain_is_for_people(decide: Callable[..., Any]) -> None:
    condition = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    statements = [
        {"Sid": "Other", "Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
        {"Sid": "Elsewhere", "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b"},
        {
            "Sid": "Inside",
            "Effect": "Allow",
            "Action": "*",
            "Resource": "*",
            "Condition": condition,
        },
    ]
    who = {"Sid": "Who", "Effect": "Allow", "Action": "*", "Resource": "*"}
    other = {**who, "Principal": {"AWS": "222222222222"}}
    ran = decide(
        line(identityPolicies=[{"Statement": statements}], resourcePolicy={"Statement": other}),
        line(id="deny", identityPolicies=[FULL, DENY]),
        "nope",
        options=("--explain",),
    )
    assert ran.out.splitlines()[:12] == [
        f"1: ImplicitlyDenied: {USER} s3:GetObject arn:aws:s3:::data/a",
        "  to change: the identity policies or the resource's policy would have to allow "
        "s3:GetObject on arn:aws:s3:::data/a",
        "    identity identityPolicies/0 statement Other (Allow): not about this action "
        "(Action ec2:*)",
        "    identity identityPolicies/0 statement Elsewhere (Allow): not about this resource "
        "(Resource arn:aws:s3:::b)",
        "    identity identityPolicies/0 statement Inside (Allow): StringEquals aws:SourceVpce "
        "vpce-1: aws:SourceVpce is not in the request",
        "    resource resourcePolicy statement Who (Allow): not about this principal",
        f"deny: ExplicitlyDenied: {USER} s3:GetObject arn:aws:s3:::data/a",
        "  denied by identity identityPolicies/1 statement No",
        "  to change: identity identityPolicies/1 statement No would have to go, or not match",
        "    identity identityPolicies/0 statement 0 (Allow): applies",
        "    identity identityPolicies/1 statement No (Deny): applies",
        ran.out.splitlines()[11],
    ]
    assert ran.out.splitlines()[11].startswith("Error: ")


def test_memory_does_not_grow_with_the_lines(tmp_path: Path) -> None:
    """Each line has policies of its own, so nothing can be kept by being met again."""

    def peak(count: int) -> int:
        path = tmp_path / f"{count}.jsonl"
        with path.open("w") as file:
            for number in range(count):
                policy = {**FULL, "Id": f"policy-{number}"}
                file.write(line(id=number, identityPolicies=[policy]) + "\n")
        code = (
            "import resource, sys; from ormer.cli.main import main; "
            "main(['decide', sys.argv[1]]); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)],
            capture_output=True,
            env={"PYTHONPATH": str(SOURCES)},
            check=True,
        )
        assert done.stdout.count(b"\n") == count
        return int(done.stderr)

    assert resource.getpagesize() > 0
    assert peak(20_000) < peak(200) + 6 * 1024
