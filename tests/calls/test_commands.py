"""``ormer check --access`` and ``ormer upsert --access``, with a file on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ormer.cli.main import main
from ormer.cli.upsert import run_upsert
from ormer.gate.outside import Outside
from ormer.model.environment import Environment
from ormer.run.batches import Batch, Target, only_changed

Documents = dict[str, Any]
PIPELINE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"
JOB = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-execution"
BUILD = "arn:aws:iam::111122223333:role/build"
BUCKETS = ("mlops-dev-eu-west-1-111122223333-data", "mlops-dev-eu-west-1-111122223333-models")
KEYS = (
    "arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-4111-8111-111111111111",
    "arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-4222-8222-222222222222",
)


class Ran(NamedTuple):
    """What came of a run."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    def _run(*arguments: str) -> Ran:
        capfd.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Ran(code, *capfd.readouterr())

    return _run


@pytest.fixture
def folder(
    tmp_path: Path,
    documents: Documents,
    abalone: Documents,
    profile: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A repository with a profile, an access file, the pipeline, and one outside the VPC."""
    bucket = json.dumps(documents["bucket"])
    access = {
        "principals": [
            {"arn": PIPELINE, "identity_policies": ["pipeline.json"]},
            {"arn": JOB, "identity_policies": [documents["job"]]},
        ],
        "resource_policies": [
            *({"resource": f"arn:aws:s3:::{name}", "policy": json.loads(
                bucket.replace("BUCKET", name))} for name in BUCKETS),
            *({"resource": key, "policy": documents["key"]} for key in KEYS),
        ],
        "vpc_endpoints": [
            {"id": "vpce-0a1b2c3d4e5f60001", "service": "s3", "policy": documents["endpoint"]}
        ],
    }  # fmt: skip
    (tmp_path / "pipeline.json").write_text(json.dumps(documents["pipeline"]))
    (tmp_path / "access.yaml").write_text(json.dumps(access))
    (tmp_path / "environment.yaml").write_text(profile)
    (tmp_path / "abalone.json").write_text(json.dumps(abalone))
    del abalone["Steps"][1]["Arguments"]["VpcConfig"]
    (tmp_path / "outside.json").write_text(json.dumps(abalone))
    monkeypatch.chdir(tmp_path)
    return tmp_path


GIVEN = ("--environment", "environment.yaml", "--access", "access.yaml")


def test_check_says_what_would_be_denied(folder: Path, run: Callable[..., Ran]) -> None:
    fine = run("check", "abalone.json", *GIVEN)
    assert fine.code == 0 and "predicted: by access.yaml" in fine.out
    wrong = run("check", "outside.json", *GIVEN)
    assert wrong.code == 1
    assert (
        "  fail     ACC-03   high      AccessDenied is predicted:\n"
        "           ExplicitlyDenied s3:ListBucket arn:aws:s3:::"
    ) in wrong.out
    assert "#resource_policies/1/policy statement OnlyThroughEndpoint" in wrong.out


def test_only_these_controls_and_still_the_predictions(
    folder: Path, run: Callable[..., Ran]
) -> None:
    ran = run("check", "outside.json", *GIVEN, "--control", "KMS-01", "--format", "json")
    found = {f["control"] for f in json.loads(ran.out)["findings"] if f["verdict"] == "fail"}
    assert ran.code == 1 and found == {"ACC-03"}


@pytest.mark.parametrize("where", ["top", "profile"])
def test_the_project_file_names_the_access_file(
    folder: Path, run: Callable[..., Ran], where: str
) -> None:
    if where == "top":
        text = 'definitions = ["*ide.json"]\nenvironment = "environment.yaml"\n'
        text += 'access = "access.yaml"\n'
    else:
        text = 'definitions = ["*ide.json"]\n[profiles.dev]\nenvironment = "environment.yaml"\n'
        text += 'access = "access.yaml"\n'
    (folder / "ormer.toml").write_text(text)
    assert "ACC-03" in run("check").out
    other = run("check", "--access", "nowhere.yaml")
    assert other.code == 2 and other.err.count("\n") == 1 and "nowhere.yaml" in other.err


def test_what_is_predicted_is_explained(run: Callable[..., Ran]) -> None:
    ran = run("explain", "acc-03")
    assert ran.code == 0 and ran.out.startswith("ACC-03  The jobs' roles may read")


BAD = {
    "empty": ("", "--access is empty"),
    "missing": ("missing.yaml", "missing.yaml: no such file"),
    "no access file": ("abalone.json", "abalone.json:1: unknown field"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("verb", ["check", "upsert"])
def test_a_file_that_cannot_be_read_is_one_line(
    case: str, verb: str, folder: Path, run: Callable[..., Ran]
) -> None:
    path, text = BAD[case]
    more = ("--pipeline-name", "abalone", "--role-arn", PIPELINE) if verb == "upsert" else ()
    ran = run(verb, "abalone.json", "--environment", "environment.yaml", "--access", path, *more)
    assert ran.code == 2 and text in ran.err and ran.err.count("\n") == 1


def test_the_output_does_not_replace_the_access_file(folder: Path, run: Callable[..., Ran]) -> None:
    ran = run("check", "abalone.json", *GIVEN, "--output", "access.yaml")
    assert ran.code == 2 and "would replace what is read from it" in ran.err


def test_nothing_is_left_out_as_unchanged() -> None:
    """The policies that an access file names may be in any file, so all is checked again."""
    targets = (Target("abalone.json", "abalone"),)
    batch = Batch("", "environment.yaml", targets, None, None, access="access.yaml")
    assert only_changed([batch], "HEAD") == [batch]


def no_connection(*_: object) -> Any:
    raise AssertionError("the gate called AWS")


@pytest.fixture
def gate(
    folder: Path, environment: Environment, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """``gate(name, ...)``: the gate on a definition of the folder; it may not call AWS."""

    def _gate(name: str, *more: str, role: str = PIPELINE) -> Ran:
        capfd.readouterr()
        data = (folder / name).read_bytes()
        options = ["--pipeline-name", "abalone", "--role-arn", role, "--access", "access.yaml"]
        outside = Outside(connect=no_connection)
        code = run_upsert(data, name, [*options, *more], environment, outside)
        return Ran(code, *capfd.readouterr())

    return _gate


def test_the_gate_refuses_what_cannot_run(gate: Callable[..., Ran]) -> None:
    ran = gate("outside.json")
    assert ran.code == 1 and "ExplicitlyDenied s3:ListBucket arn:aws:s3:::" in ran.out
    assert "nothing is upserted and nothing is started" in ran.err
    assert gate("abalone.json", "--dry-run").code == 0


def test_the_gate_predicts_for_the_role_that_is_given(gate: Callable[..., Ran]) -> None:
    """Not for that of the profile; the job's role may do nothing of what the pipeline's does."""
    ran = gate("abalone.json", "--dry-run", role=JOB)
    assert ran.code == 1
    assert "iam:PassRole on" in ran.out and "Denied sagemaker:CreateProcessingJob arn:" in ran.out


def test_the_gate_asks_for_who_upserts(gate: Callable[..., Ran]) -> None:
    ran = gate("abalone.json", "--dry-run", "--access-principal", JOB)
    assert (
        ran.code == 1 and "ACC-04" in ran.out and "Denied sagemaker:CreatePipeline arn:" in ran.out
    )
    ran = gate("abalone.json", "--dry-run", "--access-principal", BUILD)
    assert ran.code == 1 and f"the access file has no role {BUILD}" in ran.out


def test_who_upserts_needs_an_access_file(folder: Path, run: Callable[..., Ran]) -> None:
    ran = run(
        "upsert", "abalone.json", "--environment", "environment.yaml", "--pipeline-name", "abalone",
        "--role-arn", PIPELINE, "--access-principal", BUILD,
    )  # fmt: skip
    assert ran.code == 2 and "--access-principal needs --access" in ran.err
