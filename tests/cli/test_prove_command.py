"""``ormer prove``: exit codes, formats, and one clear line for what it cannot read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Run = Callable[..., Any]
ROOT = Path(__file__).parents[2]
NAIVE = ROOT / "tests" / "prove" / "naive"
PROFILE = str(ROOT / "pipelines" / "environment.yaml")
OWN = str(ROOT / "pipelines" / "access.yaml")
ROLE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"


def access(name: str) -> str:
    return str(NAIVE / name / "access.yaml")


@pytest.mark.parametrize(
    "file, control, strict, code",
    [
        (OWN, "ACS-01", False, 0),
        (OWN, "SEC-01", False, 0),
        (OWN, "SEC-01", True, 1),
        (OWN, "CMP-02", False, 1),
        (OWN, "CMP-02", True, 1),
        (access("plain-http"), "NET-01", False, 0),
        (access("plain-http"), "NET-01", True, 1),
        (access("presence-only"), "NET-01", False, 1),
        (access("bool-without-if-exists"), "NET-03", False, 1),
    ],
)
def test_exit_codes(run: Run, file: str, control: str, strict: bool, code: int) -> None:
    more = ["--strict"] if strict else []
    ran = run("prove", "--access", file, "--environment", PROFILE, "--control", control, *more)
    assert ran.code == code
    assert ran.err == ""


def test_one_principal_and_an_access_property(run: Run) -> None:
    ran = run(
        *("prove", "--access", OWN, "--environment", PROFILE, "--format", "json"),
        *("--principal", ROLE, "--control", "ACS-01", "--control", "NET-01"),
    )
    proofs = json.loads(ran.out)["proofs"]
    assert [(each["control"], each["principal"]) for each in proofs] == [
        ("ACS-01", ROLE),
        ("NET-01", ROLE),
    ]


def training(instance: str) -> dict[str, Any]:
    return {"Type": "Training", "Arguments": {"ResourceConfig": {"InstanceType": instance}}}


def test_a_control_of_ones_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "OWN-01.yaml").write_text(
        yaml.safe_dump(
            {
                "id": "OWN-01",
                "title": "No large training jobs",
                "severity": "low",
                "why": "They are dear.",
                "fix": "Take smaller instances.",
                "forbid": [
                    {
                        "Action": "sagemaker:CreateTrainingJob",
                        "Condition": {
                            "ForAnyValue:StringLike": {"sagemaker:InstanceTypes": "ml.p5*"}
                        },
                    }
                ],
                "examples": {
                    "pass": [training("ml.m5.large")],
                    "fail": [training("ml.p5.48xlarge")],
                },
            }
        ),
        encoding="utf-8",
    )
    file = access("presence-only")
    asked = ["--control", "OWN-01", "--controls", str(tmp_path)]
    ran = run("prove", "--access", file, "--environment", PROFILE, *asked)
    assert ran.code == 1
    assert f"{ROLE} can call sagemaker:CreateTrainingJob with sagemaker:InstanceTypes" in ran.out


def test_values_for_templates(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "AWSTemplateFormatVersion: '2010-09-09'\n"
        "Parameters: {Subnet: {Type: String}}\n"
        "Resources:\n"
        "  P:\n"
        "    Type: AWS::IAM::ManagedPolicy\n"
        "    Properties:\n"
        "      PolicyDocument:\n"
        "        Version: '2012-10-17'\n"
        "        Statement:\n"
        "          - Effect: Allow\n"
        "            Action: sagemaker:CreateTrainingJob\n"
        "            Resource: '*'\n"
        "            Condition:\n"
        "              'Null': {'sagemaker:VpcSubnets': 'false'}\n"
        "              'ForAllValues:StringEquals': {'sagemaker:VpcSubnets': !Ref Subnet}\n",
        encoding="utf-8",
    )
    file = tmp_path / "a.yaml"
    file.write_text(
        f"principals: [{{arn: '{ROLE}', identity_policies: ['t.yaml#P']}}]\n", encoding="utf-8"
    )
    asked = ["prove", "--access", str(file), "--environment", PROFILE, "--control", "NET-01"]
    ran = run(*asked)
    assert ran.code == 1 and "${Subnet}" in ran.out and ran.out.startswith("unknown")
    assert run(*asked, "--template-parameter", "Subnet=subnet-0a1b2c3d4e5f60001").code == 0
    ran = run(*asked, "--template-parameter", "Subnet=subnet-0f9e8d7c6b5a43210")
    assert ran.code == 1 and ran.out.startswith("violated")
    values = tmp_path / "values.json"
    values.write_text(json.dumps({"Subnet": "subnet-0a1b2c3d4e5f60001"}), encoding="utf-8")
    assert run(*asked, "--template-parameters", str(values)).code == 0


def template(folder: Path, statements: list[dict[str, Any]]) -> str:
    """An access file with a role that has a template's policy."""
    document = {"Version": "2012-10-17", "Statement": statements}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    body = {"Parameters": {"Jobs": {"Type": "String"}}, "Resources": {"P": policy}}
    (folder / "t.json").write_text(json.dumps(body), encoding="utf-8")
    file = folder / "a.yaml"
    file.write_text(f"principals: [{{arn: '{ROLE}', identity_policies: ['t.json#P']}}]\n")
    return str(file)


def test_a_reason_is_told_once_and_what_gives_the_value(run: Run, tmp_path: Path) -> None:
    actions = ["sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"]
    arn = {"Fn::Sub": "arn:aws:sagemaker:eu-west-1:111122223333:${Jobs}"}
    open_ = {"Sid": "Jobs", "Effect": "Allow", "Action": actions, "Resource": arn}
    asked = ["prove", "--environment", PROFILE, "--control", "NET-01", "--access"]
    ran = run(*asked, template(tmp_path, [open_]))
    assert ran.code == 1
    assert ran.out.count("depends on Jobs") == 1 and "; statement Jobs" not in ran.out
    assert "for sagemaker:CreateProcessingJob, sagemaker:CreateTrainingJob\n" in ran.out
    assert "with --template-parameter: Jobs\n" in ran.out
    assert "instead:" not in ran.out
    (proof,) = json.loads(run(*asked, str(tmp_path / "a.yaml"), "--format", "json").out)["proofs"]
    assert {tuple(each["unbound"]) for each in proof["actions"]} == {("Jobs",), ()}


def test_a_violation_does_not_hide_what_is_not_decided(run: Run, tmp_path: Path) -> None:
    arn = {"Fn::Sub": "arn:aws:sagemaker:eu-west-1:111122223333:${Jobs}"}
    file = template(
        tmp_path,
        [
            {"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": "*"},
            {"Effect": "Allow", "Action": "sagemaker:CreateProcessingJob", "Resource": arn},
        ],
    )
    ran = run("prove", "--access", file, "--environment", PROFILE, "--control", "NET-01")
    assert ran.out.startswith("violated")
    assert "not decided: " in ran.out and "for sagemaker:CreateProcessingJob\n" in ran.out


def test_account_and_region_are_those_of_the_profile(run: Run, tmp_path: Path) -> None:
    arn = {"Fn::Sub": "arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:*"}
    file = template(
        tmp_path,
        [{"Effect": "Allow", "Action": "sagemaker:CreateTrainingJob", "Resource": arn}],
    )
    asked = ["prove", "--environment", PROFILE, "--control", "NET-01", "--access"]
    assert run(*asked, file).out.startswith("violated")
    # not where a principal is in another account: whose is the template's?
    other = "arn:aws:iam::999988887777:role/another"
    Path(file).write_text(
        f"principals: [{{arn: '{ROLE}', identity_policies: ['t.json#P']}}, {{arn: '{other}'}}]\n"
    )
    ran = run(*asked, file, "--principal", ROLE)
    assert ran.out.startswith("unknown") and "depends on AWS::AccountId" in ran.out


def test_the_time_is_over(run: Run) -> None:
    asked = ["--control", "NET-01", "--timeout", "0.000001"]
    ran = run("prove", "--access", access("presence-only"), "--environment", PROFILE, *asked)
    assert ran.code == 1
    assert ran.out.startswith("unknown") and "the time is over; --timeout gives more" in ran.out


def test_the_output_goes_into_a_file(run: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "proofs.json")
    more = ["--control", "ACS-02", "--format", "json", "--output", file]
    ran = run("prove", "--access", OWN, "--environment", PROFILE, *more)
    assert (ran.code, ran.out) == (0, "")
    assert json.loads(Path(file).read_text(encoding="utf-8"))["schema"] == 1


def bad(tmp_path: Path, text: str) -> str:
    path = tmp_path / "access.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    "text, said",
    [
        ("principals: [{identity_policies: []}]", "arn is missing"),
        ("principals: []", "has no principals: there is nothing to prove"),
        ("principals: [{arn: 'arn:aws:s3:::b'}]", "'arn:aws:s3:::b' has no account"),
        (f"principals: [{{arn: '{ROLE}', identity_policies: [none.json]}}]", "no such file"),
        (f"principals: [{{arn: '{ROLE}', tag: {{}}}}]", "unknown field 'tag'"),
        ("principals: [", "access.yaml"),
    ],
)
def test_an_access_file_that_cannot_be_read(run: Run, tmp_path: Path, text: str, said: str) -> None:
    ran = run("prove", "--access", bad(tmp_path, text), "--environment", PROFILE)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("ormer: error: ") and said in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    "asked, said",
    [
        (["--control", "NET-1"], "no control 'NET-1'; did you mean 'NET-"),
        (["--control", "ACS-99"], "no control 'ACS-99'; did you mean 'ACS-0"),
        (["--principal", ROLE + "s"], f"no principal '{ROLE}s'; did you mean '{ROLE}'?"),
        (["--timeout", "soon"], "'soon' is no time in seconds"),
        (["--timeout", "-1"], "'-1' is no time"),
        (["--timeout", "nan"], "'nan' is no time"),
        (["--controls", "nowhere"], "nowhere"),
        (["--template-parameter", "x"], "x"),
        (["--output", OWN], f"--output {OWN} would replace what is read from it"),
        (
            ["--output", str(ROOT / "iam" / "boundary.yaml")],
            "boundary.yaml would replace what is read from it",
        ),
    ],
)
def test_usage(run: Run, asked: list[str], said: str) -> None:
    before = [Path(OWN).read_bytes(), (ROOT / "iam" / "boundary.yaml").read_bytes()]
    ran = run("prove", "--access", OWN, "--environment", PROFILE, "--control", "ACS-02", *asked)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert before == [Path(OWN).read_bytes(), (ROOT / "iam" / "boundary.yaml").read_bytes()]


def test_without_the_solver_one_line_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pysat", None)
    monkeypatch.setitem(sys.modules, "pysat.solvers", None)
    ran = run("prove", "--access", OWN, "--environment", PROFILE)
    assert ran.code == 2
    assert ran.err == ("ormer: error: proofs need a SAT solver: pip install 'ormer[prove]'\n")


def test_who_is_not_in_the_access_file_is_told(run: Run, tmp_path: Path) -> None:
    """Controls of the pipeline alone ask about the profile's roles."""
    text = "principals: [{arn: 'arn:aws:iam::111122223333:role/other', identity_policies: []}]"
    file = bad(tmp_path, text)
    asked = ["--control", "EXT-04"]
    ran = run("prove", "--access", file, "--environment", PROFILE, *asked)
    assert "not asked: EXT-04: nobody to ask about" in ran.out
    assert ran.code == 1 and ran.out.endswith("not proved: nothing was asked\n")
    some = [*asked, "--control", "NET-01"]
    assert run("prove", "--access", file, "--environment", PROFILE, *some).code == 0
    assert run("prove", "--access", file, "--environment", PROFILE, *some, "--strict").code == 1


def test_explain_knows_the_access_properties(run: Run) -> None:
    ran = run("explain", "acs-01")
    assert ran.code == 0
    assert ran.out.startswith("ACS-01  The buckets are reached through the VPC endpoint alone")
    assert "`ormer prove` says whether it holds" in ran.out
    assert "ACS-09" in run("explain").out
    assert "it is detected, not prevented" in run("explain", "IMG-01").out


def test_the_same_again_is_the_same(run_apart: Run) -> None:
    asked = ["prove", "--access", access("presence-only"), "--environment", PROFILE]
    first = run_apart(*asked, "--format", "json", PYTHONHASHSEED="1")
    second = run_apart(*asked, "--format", "json", PYTHONHASHSEED="2")
    assert first.code == second.code == 1
    assert first.out == second.out


@pytest.mark.parametrize("verb", ["prove", "matrix"])
def test_a_report_replaces_none_of_the_controls_it_was_made_from(
    run: Run, tmp_path: Path, verb: str
) -> None:
    own = tmp_path / "NET-01.yaml"
    given = (ROOT / "src/ormer/controls/catalogue/NET-01.yaml").read_text("utf-8")
    own.write_text(given, encoding="utf-8")
    asked = ["--access", OWN, "--environment", PROFILE, "--control", "NET-01"]
    ran = run(verb, *asked, "--controls", str(tmp_path), "--output", str(own))
    assert (ran.code, ran.out) == (2, "")
    assert f"--output {own} would replace what is read from it" in ran.err
    assert own.read_text("utf-8") == given
