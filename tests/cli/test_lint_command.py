"""``ormer lint``: findings with lines, witnesses that ``ormer decide`` confirms, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.run.lint import LARGEST_LINTED

OPEN = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::d/*",
}
PASS = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
GOOD = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::d/*"}
BAD = [
    {
        "Effect": "Deny",
        "Action": "sagemaker:CreateTransformJob",
        "Resource": "*",
        "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}},
    },
    {
        "Effect": "Deny",
        "Action": "sagemaker:CreateTrainingJob",
        "Resource": "*",
        "Condition": {"Null": {"sagemaker:VolumeKmsKey": "true"}},
    },
    {
        "Effect": "Allow",
        "Action": ["s3:HeadObject", "iam:PassRole", "kms:Decrypt"],
        "Resource": "*",
    },
    {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::*ml*",
        "Condition": {"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}},
    },
    {
        "Effect": "Deny",
        "Action": "sagemaker:CreateModel",
        "Resource": "*",
        "Condition": {"ForAllValues:StringNotEquals": {"sagemaker:VpcSubnets": "subnet-1"}},
    },
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::h/${aws:username}/*"},
]


@pytest.fixture
def policy(tmp_path: Path) -> Callable[..., str]:
    """``policy(statement, ...)``: a file with a policy of these statements."""

    def _policy(*statements: Any, name: str = "policy.json", version: str = "2012-10-17") -> str:
        body = {"Version": version, "Statement": list(statements)}
        (tmp_path / name).write_text(json.dumps(body, indent=2))
        return str(tmp_path / name)

    return _policy


def test_a_finding_has_rule_place_line_witness_and_what_to_write(run: Any, policy: Any) -> None:
    path = policy(PASS)
    ran = run("lint", path)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "high      LNT-15  statement 0: any role may be passed",
        f"          at /Statement/0/Resource, {path} line 7",
        "          gets through (Allowed): iam:PassRole on arn:aws:iam::111122223333:role/Administrator by arn:aws:sts::111122223333:assumed-role/example/session",
        "          instead: Name the roles in Resource, and the services by iam:PassedToService.",
        "",
        f"{path} (identity policy, 1 statement): 1 finding",
    ]


def test_nothing_found_is_exit_code_0(run: Any, policy: Any) -> None:
    path = policy(GOOD)
    assert run("lint", path) == (0, f"{path} (identity policy, 1 statement): no findings\n", "")


def test_every_witness_is_a_line_that_decide_answers_as_claimed(
    run: Any, policy: Any, tmp_path: Path
) -> None:
    files = [policy(*BAD, name="a.json", version="2008-10-17"), policy(OPEN, name="b.json")]
    ran = run("lint", *files, "--format", "json")
    assert ran.code == 1
    report = json.loads(ran.out)
    witnesses = [f["witness"] for f in report["findings"] if f["witness"] is not None]
    assert len({f["rule"] for f in report["findings"] if f["witness"]}) >= 8
    lines = tmp_path / "lines.jsonl"
    lines.write_text(
        "".join(json.dumps({"id": n, **w["line"]}) + "\n" for n, w in enumerate(witnesses))
    )
    answered = run("decide", str(lines))
    assert answered.code == 0
    answers = [json.loads(line) for line in answered.out.splitlines()]
    assert [a["decision"] for a in answers] == [w["decision"] for w in witnesses]
    assert {w["decision"] for w in witnesses} == {"Allowed", "ExplicitlyDenied", "ImplicitlyDenied"}


def test_json_says_what_was_linted_and_counts(run: Any, policy: Any) -> None:
    path = policy(OPEN)
    report = json.loads(run("lint", path, "--format", "json").out)
    assert report["inputs"][0].keys() == {"target", "sha256", "kind"}
    assert report["inputs"][0]["kind"] == "resource"
    (finding,) = report["findings"]
    assert (finding["rule"], finding["location"], finding["line"]) == (
        "LNT-12",
        "/Statement/0/Principal",
        6,
    )
    assert report["summary"] == {
        "critical": 1,
        "high": 0,
        "medium": 0,
        "low": 0,
        "witnessed": 1,
        "findings": 1,
    }


def test_the_kind_decides_the_layer(run: Any, policy: Any) -> None:
    everyone = policy({**OPEN, "Resource": "*"})
    assert "LNT-12" in run("lint", everyone).out
    ran = run("lint", everyone, "--kind", "endpoint", "--format", "json")
    (finding,) = json.loads(ran.out)["findings"]
    assert finding["rule"] == "LNT-13"
    assert "vpcEndpointPolicies" in finding["witness"]["line"]


def test_a_file_that_is_named_twice_is_linted_once(run: Any, policy: Any) -> None:
    path = policy(PASS)
    log = json.loads(run("lint", path, path, "--format", "sarif").out)
    assert len(log["runs"][0]["artifacts"]) == len(log["runs"][0]["results"]) == 1


def test_a_rule_can_be_left_out(run: Any, policy: Any) -> None:
    assert run("lint", policy(PASS), "--ignore", "lnt-15").code == 0


def test_standard_input_is_a_file_too(run_apart: Any) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": PASS}).encode()
    ran = run_apart("lint", "-", stdin=text)
    assert ran.code == 1
    assert "at /Statement/Resource, standard input line 1" in ran.out


def test_the_report_goes_to_a_file_and_never_over_a_policy(
    run: Any, policy: Any, tmp_path: Path
) -> None:
    path, out = policy(PASS), tmp_path / "report.txt"
    assert run("lint", path, "--output", str(out)).out == ""
    assert "LNT-15" in out.read_text()
    ran = run("lint", path, "--output", path)
    assert (ran.code, "would replace what is read" in ran.err) == (2, True)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"{", "not JSON: "),
        (b"[]", "a policy is a JSON object, this is a list"),
        (b"{}", "no Statement: this is not a policy"),
        (b'{"Statement": 5}', "/Statement: is a number, neither an object nor a list"),
        (b'{"Statement": {"Effect": "Allow", "Action": "x:y"}}', "/Statement: has neither Resource nor NotResource"),
        (b'{"Statement": {"Effect": "Allow", "Action": "x:y", "Resource": "*", "Condition": {"Equals": {}}}}', "'Equals' is no condition operator"),
        (b'{"a": ' * 20_000, "nested too deeply to be read"),
        (b" " * (LARGEST_LINTED + 1), "larger than"),
        (b'{"Statement": ["' + b"x" * 5 * 2**20 + b'"]}', "larger than"),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_one_line_and_exit_code_2(
    run: Any, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content)
    ran = run("lint", str(path))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"ormer: error: {path}: ")
    assert message in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["no.json"], "no.json: no such file"),
        (["--ignore", "LNT-99"], "'LNT-99' is no rule of lint; did you mean"),
        (["--kind", "bucket"], "invalid choice: 'bucket'"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    run: Any, policy: Any, arguments: list[str], message: str
) -> None:
    ran = run("lint", policy(PASS), *arguments)
    assert ran.code == 2
    assert message in ran.err


def test_a_policy_has_no_parts(run: Any, policy: Any) -> None:
    path = policy(PASS)
    ran = run("lint", f"{path}#BucketPolicy")
    why = f"{path}#BucketPolicy: {path} is neither a template nor a plan: nothing after #"
    assert ran == (2, "", f"ormer: error: {why}\n")


def test_one_bad_file_among_good_ones_leaves_no_report(
    run: Any, policy: Any, tmp_path: Path
) -> None:
    out = tmp_path / "report.txt"
    ran = run("lint", policy(PASS), str(tmp_path / "missing.json"), "--output", str(out))
    assert (ran.code, out.exists()) == (2, False)
