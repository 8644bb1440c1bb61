"""``ormer compare`` and ``ormer reach``: exit codes, reports, and what cannot run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pysat")

READ = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}
WRITE = {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
ROLE = "arn:aws:iam::111122223333:role/jobs"


@pytest.fixture
def policy(tmp_path: Path) -> Callable[..., str]:
    """``policy("old.json", statement, ...)``: its path."""

    def _policy(name: str, *statements: Any) -> str:
        path = tmp_path / name
        path.write_text(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
        return str(path)

    return _policy


@pytest.fixture
def access(tmp_path: Path, policy: Callable[..., str]) -> Callable[..., str]:
    """``access("access.yaml", statement, ...)``: the path of an access file of one role."""

    def _access(name: str, *statements: Any, arn: str = ROLE) -> str:
        policy(f"{name}.json", *statements)
        path = tmp_path / name
        path.write_text(f"principals:\n  - {{arn: '{arn}', identity_policies: [{name}.json]}}\n")
        return str(path)

    return _access


def test_two_policies(run: Any, policy: Callable[..., str]) -> None:
    old, new = policy("old.json", READ), policy("new.json", READ, WRITE)
    found = run("compare", old, new)
    assert found.code == 1
    assert "NEW     arn:aws:iam::111122223333:role/compared\n        s3:PutObject\n" in found.out
    assert "statement Write" in found.out
    assert "more is allowed of 1 action, less of no actions" in found.out
    back = run("compare", new, old)
    assert back.code == 0
    assert "gone    " in back.out and "less of 1 action" in back.out
    assert run("compare", old, old).code == 0


def test_as_json_with_a_principal(run: Any, policy: Callable[..., str]) -> None:
    old, new = policy("old.json", READ), policy("new.json", WRITE)
    made = json.loads(run("compare", old, new, "--principal", ROLE, "--format", "json").out)
    assert made["summary"]["allowed"] == made["summary"]["noLongerAllowed"] == 1
    (change,) = made["allowed"]
    assert change["request"]["principal"] == ROLE
    assert change["actions"] == ["s3:PutObject"]


def test_access_files(run: Any, access: Callable[..., str]) -> None:
    old = access("old.yaml", READ)
    new = access("new.yaml", READ, arn="arn:aws:iam::111122223333:role/other")
    found = run("compare", old, new)
    assert found.code == 1
    assert f"principal removed: {ROLE}" in found.out
    assert "principal added: arn:aws:iam::111122223333:role/other" in found.out


def test_redundant(run: Any, access: Callable[..., str]) -> None:
    never = {**READ, "Sid": "Never", "Effect": "Deny"}
    again = {**never, "Sid": "Again", "Resource": "*"}
    assert run("compare", "--redundant", access("one.yaml", READ, never)).code == 0
    found = run("compare", "--redundant", access("two.yaml", READ, never, again))
    assert found.code == 1
    assert "redundant identity" in found.out and "2 redundant" in found.out
    made = json.loads(
        run("compare", "--redundant", access("two.yaml", READ, never), "--format", "json").out
    )
    assert made["summary"]["needed"] == 1


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_is_one(run: Any, access: Callable[..., str], seconds: str) -> None:
    """Not a number would never be over."""
    path = access("access.yaml", READ)
    for verb in (["reach", "s3:GetObject", "*", "--access", path], ["compare", path, path]):
        ran = run(*verb, "--timeout", seconds)
        assert (ran.code, ran.out) == (2, "") and ran.err.count("\n") == 1
        assert f"'{seconds}' is no time in seconds" in ran.err


def test_reach(run: Any, access: Callable[..., str]) -> None:
    path = access("access.yaml", READ)
    found = run("reach", "s3:GetObject", "arn:aws:s3:::a/*", "--access", path)
    assert found.code == 0
    assert (
        f"yes: {ROLE}\n    s3:GetObject\n    example: s3:GetObject on arn:aws:s3:::a/" in found.out
    )
    made = json.loads(run("reach", "s3:PutObject", "*", "--access", path, "--format", "json").out)
    assert [one["can"] for one in made["principals"]] == ["no"]
    late = run("reach", "s3:GetObject", "*", "--access", path, "--timeout", "0.000001")
    assert late.code == 1
    assert "not known: the time is over" in late.out


def test_what_cannot_run(
    run: Any, policy: Callable[..., str], access: Callable[..., str], tmp_path: Path
) -> None:
    one, file = policy("one.json", READ), access("access.yaml", READ)
    template = tmp_path / "template.yaml"
    template.write_text("Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties: {}\n")
    cases = (
        (("compare", one), "give OLD and NEW"),
        (("compare", one, file), "is an access file and"),
        (("compare", one, str(tmp_path / "none")), "no such file"),
        (("compare", str(template), one), "add # and the id of a resource"),
        (("compare", "--redundant", file, file), "--redundant is about one access file"),
        (("compare", file, file, "--principal", "arn:aws:iam::1:role/x"), "neither"),
        (("compare", one, one, "--principal", "me"), "is not the ARN of a principal"),
        (("reach", "s3:Nothing", "*", "--access", file), "no service has such an action"),
        (("reach", "s3:GetObject", "bucket", "--access", file), "neither an ARN"),
        (("reach", "s3:GetObject", "*", "--access", file, "--principal", "x"), "does not have it"),
    )
    for arguments, why in cases:
        found = run(*arguments)
        assert found.code == 2, arguments
        assert why in found.err, arguments
        assert found.err.count("\n") == 1


def test_reach_tells_at_once_what_is_prevented_alike(
    run: Any, access: Callable[..., str], tmp_path: Path
) -> None:
    many = {**READ, "Action": ["s3:Get*", "s3:PutObject"], "Resource": "*"}
    ran = run("reach", "s3:Get*", "arn:aws:s3:::a/b", "--access", access("access.yaml", many))
    assert ran.code == 0 and ran.out.startswith("s3:Get* on arn:aws:s3:::a/b\n\nyes: ")
    assert ran.out.count("prevented by: no request of the action is about such a resource") == 1
    (tmp_path / "nobody.yaml").write_text("principals: []\n")
    ran = run("reach", "s3:GetObject", "*", "--access", str(tmp_path / "nobody.yaml"))
    assert ran.out.endswith("nobody to ask about: the access file has no principals\n")
