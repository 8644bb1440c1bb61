"""What a pipeline needs, proved for every value; and pipelines whose values can leave what is allowed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ormer.assess.need import ProvingPredictor
from ormer.model.finding import Report, Verdict

Documents = dict[str, Any]
Edit = Callable[[Documents], object]
HERE = Path(__file__).parent
DATA, MODELS = (f"mlops-dev-eu-west-1-111122223333-{name}" for name in ("data", "models"))
PROCESS, TRAIN = "PreprocessAbaloneData", "TrainAbaloneModel"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/22222222-2222-4222-8222-222222222222"
NEW_KEY = "arn:aws:kms:eu-west-1:111122223333:key/99999999-9999-4999-8999-999999999999"


@pytest.fixture
def proved(checked: Any) -> Callable[[Documents], Report]:
    return lambda definition: checked(definition, by=ProvingPredictor)


def wrong(report: Report) -> dict[tuple[str, str, str], str]:
    return {
        (one.control, one.subject, one.verdict.value): one.message
        for one in report.findings
        if one.control.startswith("ACC-") and one.needs_action
    }


def statement(documents: Documents, name: str, sid: str) -> Documents:
    found: Documents = next(s for s in documents[name]["Statement"] if s["Sid"] == sid)
    return found


def parameter(definition: Documents, name: str, type_: str = "String", **more: Any) -> Documents:
    definition["Parameters"].append({"Name": name, "Type": type_, **more})
    return {"Get": f"Parameters.{name}"}


def joined(*values: Any) -> Documents:
    return {"Std:Join": {"On": "/", "Values": list(values)}}


def arguments(definition: Documents, step: int) -> Documents:
    found: Documents = definition["Steps"][step]["Arguments"]
    return found


def test_the_abalone_pipeline_fits(abalone: Documents, proved: Any) -> None:
    report = proved(abalone)
    assert wrong(report) == {}
    proved_, calls = report.proved
    assert proved_ == calls == 125
    said = {one.message for one in report.findings if one.control == "ACC-02" and one.subject}
    assert said == {"fits: allowed whatever is open in it, proved for each of 1 calls"}


def test_without_proofs_nothing_is_said_of_them(abalone: Documents, checked: Any) -> None:
    report = checked(abalone)
    assert report.proved is None
    assert {f.message for f in report.findings if f.control == "ACC-02" and f.subject} == {""}


def bucket(definition: Documents) -> None:
    uri = joined("s3:/", parameter(definition, "InputBucket", DefaultValue=DATA), "abalone")
    arguments(definition, 0)["ProcessingInputs"][0]["S3Input"]["S3Uri"] = uri


def whole_uri(definition: Documents) -> None:
    uri = parameter(definition, "InputUri", DefaultValue=f"s3://{DATA}/abalone")
    arguments(definition, 0)["ProcessingInputs"][0]["S3Input"]["S3Uri"] = uri


def output_bucket(definition: Documents) -> None:
    uri = joined("s3:/", parameter(definition, "OutputBucket", DefaultValue=MODELS), "run")
    arguments(definition, 1)["OutputDataConfig"]["S3OutputPath"] = uri


def output_key(definition: Documents) -> None:
    found = parameter(definition, "OutputKey", DefaultValue=KEY)
    arguments(definition, 1)["OutputDataConfig"]["KmsKeyId"] = found


def job_role(definition: Documents) -> None:
    role = arguments(definition, 1)["RoleArn"]
    arguments(definition, 1)["RoleArn"] = parameter(definition, "JobRole", DefaultValue=role)


BREAKS: dict[str, tuple[Edit, str, str, str]] = {
    "a bucket": (bucket, "ACC-03", PROCESS,
        's3:GetObject on arn:aws:s3:::${pipeline:InputBucket}/abalone/* (input '
        'ProcessingInputs.0.S3Input.S3Uri, through the VPC) with InputBucket "amzn-s3-demo-bucket" '
        "(arn:aws:s3:::amzn-s3-demo-bucket/abalone/*): no statement of the VPC endpoint policy and "
        "of the identity policies or the resource's policy allows it"),
    "a whole URI": (whole_uri, "ACC-03", PROCESS,
        'with InputUri "s3://amzn-s3-demo-bucket" (arn:aws:s3:::amzn-s3-demo-bucket/*): no '),
    "an output's bucket": (output_bucket, "ACC-03", TRAIN,
        's3:PutObject on arn:aws:s3:::${pipeline:OutputBucket}/run/* (output '),
    "an output's key": (output_key, "ACC-03", TRAIN,
        f'with OutputKey "{NEW_KEY}": denied by resource bucket.json statement OnlyWithKey'),
    "the key itself": (output_key, "ACC-03", TRAIN,
        f'kms:GenerateDataKey on ${{pipeline:OutputKey}} (output OutputDataConfig.S3OutputPath) '
        f'with OutputKey "{NEW_KEY}"'),
    "a role": (job_role, "ACC-02", TRAIN,
        'iam:PassRole on ${pipeline:JobRole} (the role of the job) with JobRole '
        '"arn:aws:iam::111122223333:role/example": no statement of the identity policies'),
}  # fmt: skip


@pytest.mark.parametrize("case", BREAKS)
def test_a_value_that_breaks_it_is_shown(
    case: str, abalone: Documents, proved: Any, predict: Any
) -> None:
    edit, rule, subject, text = BREAKS[case]
    edit(abalone)
    before = {(f.control, f.subject): f.verdict for f in predict(abalone)}
    assert before[rule, subject] is Verdict.UNKNOWN
    report = proved(abalone)
    assert text in wrong(report)[rule, subject, "fail"]
    assert report.proved[0] < report.proved[1]
    (finding,) = (f for f in report.findings if (f.control, f.subject) == (rule, subject))
    assert finding.fix.startswith("Leave less open: EnumValues for the parameter")


def only(name: str, sid: str, **members: Any) -> Edit:
    return lambda documents: statement(documents, name, sid).update(members)


def also(name: str, **said: Any) -> Edit:
    return lambda documents: documents[name]["Statement"].append({"Sid": "More", **said})


POLICIES: dict[str, tuple[Edit, str, str, str]] = {
    "a beginning of the input's key": (only("job", "Objects", Resource=[
        f"arn:aws:s3:::{DATA}/abalone/*", f"arn:aws:s3:::{DATA}/AbalonePipeline/*",
        f"arn:aws:s3:::{MODELS}/*"]), "ACC-03", PROCESS,
        f's3:GetObject on arn:aws:s3:::{DATA}/${{pipeline:InputDataKey}}* (input '
        'ProcessingInputs.0.S3Input.S3Uri, through the VPC) with InputDataKey "example" '
        f"(arn:aws:s3:::{DATA}/example*): no statement of the identity policies"),
    "listing below a beginning": (only("job", "List",
        Condition={"StringLike": {"s3:prefix": ["abalone*", "AbalonePipeline*"]}}),
        "ACC-03", PROCESS, '(input ProcessingInputs.0.S3Input.S3Uri, through the VPC) with '
        'InputDataKey "example": no statement of the identity policies'),
    "an object's name": (also("job", Effect="Deny", Action="s3:PutObject",
        Resource=f"arn:aws:s3:::{MODELS}/*.tmp"), "ACC-03", TRAIN,
        "s3:PutObject"),
    "an instance type": (also("pipeline", Effect="Deny", Action="sagemaker:CreateTrainingJob",
        Resource="*", Condition={"ForAnyValue:StringEquals": {
            "sagemaker:InstanceTypes": "ml.m5.2xlarge"}}), "ACC-01", TRAIN,
        "(the step) with sagemaker:instancetypes is ml.m5.2xlarge: denied by identity "
        "pipeline.json statement More"),
}  # fmt: skip


@pytest.mark.parametrize("case", POLICIES)
def test_policies_that_allow_only_some_values(
    case: str, documents: Documents, abalone: Documents, proved: Any, predict: Any
) -> None:
    edit, rule, subject, text = POLICIES[case]
    edit(documents)
    before = {(f.control, f.subject): f.verdict for f in predict(abalone)}
    assert before[rule, subject] is Verdict.UNKNOWN
    assert text in wrong(proved(abalone))[rule, subject, "fail"]


def test_a_value_without_a_list_of_choices(
    documents: Documents, abalone: Documents, proved: Any
) -> None:
    """Without EnumValues any instance type may come; so may any time of an Integer."""
    also("pipeline", Effect="Deny", Action="sagemaker:CreateTrainingJob", Resource="*",
         Condition={"NumericGreaterThan": {"sagemaker:MaxRuntimeInSeconds": "7200"}})(documents)  # fmt: skip
    seconds = parameter(abalone, "Seconds", "Integer", DefaultValue=7200)
    arguments(abalone, 1)["StoppingCondition"]["MaxRuntimeInSeconds"] = seconds
    found = wrong(proved(abalone))
    assert (
        'with Seconds "7201": denied by identity pipeline.json statement More'
        in (found["ACC-01", TRAIN, "fail"])
    )


def test_statements_that_only_together_allow_everything(
    documents: Documents, abalone: Documents, proved: Any, predict: Any
) -> None:
    """The prediction weighs each statement by itself; the proof does not."""
    documents["job"]["Statement"].remove(statement(documents, "job", "List"))
    buckets = [f"arn:aws:s3:::{DATA}", f"arn:aws:s3:::{MODELS}"]
    for operator in ("StringLike", "StringNotLike"):
        also("job", Effect="Allow", Action="s3:ListBucket", Resource=buckets,
             Condition={operator: {"s3:prefix": "abalone/*"}})(documents)  # fmt: skip
    before = {(f.control, f.subject): f.verdict for f in predict(abalone)}
    assert before["ACC-03", PROCESS] is Verdict.UNKNOWN
    report = proved(abalone)
    assert wrong(report) == {}
    assert report.proved == (125, 125)


def test_what_aws_does_not_document_breaks_nothing(
    documents: Documents, abalone: Documents, proved: Any
) -> None:
    """Which service KMS is told of for a volume's grant is not known: that is no one's value."""
    only("job", "Volumes", Condition={"StringEquals": {
        "kms:ViaService": "ec2.eu-west-1.amazonaws.com"}})(documents)  # fmt: skip
    found = wrong(proved(abalone))
    assert {key[2] for key in found} == {"unknown"}
    assert all("kms:ViaService or not" in text for text in found.values())


def test_a_role_that_is_not_known_stays_unknown(
    documents: Documents, abalone: Documents, proved: Any
) -> None:
    """It can be told whether it may be passed, not what it may do."""
    job_role(abalone)
    found = wrong(proved(abalone))
    assert "the access file has no role ${pipeline:JobRole}" in found["ACC-03", TRAIN, "unknown"]


def test_a_denial_needs_no_proof(
    documents: Documents, abalone: Documents, proved: Any, wrong: Any
) -> None:
    documents["job"]["Statement"].remove(statement(documents, "job", "Logs"))
    plain = wrong(copy.deepcopy(abalone))
    report = proved(abalone)
    said = {
        (f.control, f.subject, f.verdict.value): f.message
        for f in report.findings
        if f.control.startswith("ACC-") and f.needs_action
    }
    assert said == plain
    assert json.dumps(report.proved) != "null"


KEYS = ["abalone/x.csv", "abalone", "other/y", "secret/z", "a", "AbalonePipeline/code/x"]
ENDS = ["*", "abalone*", "a*", "A*", "other/*", "?*", "*/*", "secret/*"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    allowed=st.sets(st.sampled_from(ENDS), min_size=1, max_size=3),
    denied=st.sets(st.sampled_from(ENDS[1:]), max_size=1),
)
def test_predictions_of_each_value_agree(
    allowed: set[str],
    denied: set[str],
    documents: Documents,
    abalone: Documents,
    proved: Any,
    predict: Any,
) -> None:
    """What is proved for the parameter is not denied for a value in its place."""
    documents.clear()
    documents.update(json.loads((HERE / "access.json").read_text("utf-8")))
    below = [f"arn:aws:s3:::{DATA}/{end}" for end in sorted(allowed)]
    code = f"arn:aws:s3:::{DATA}/AbalonePipeline/code/*"
    only("job", "Objects", Resource=[*below, code, f"arn:aws:s3:::{MODELS}/*"])(documents)
    for end in denied:
        also("job", Effect="Deny", Action="s3:*", Resource=f"arn:aws:s3:::{DATA}/{end}")(documents)
    found = {(f.control, f.subject): f for f in proved(abalone).findings}["ACC-03", PROCESS]
    verdicts = set()
    for key in KEYS:
        text = json.dumps(abalone).replace('{"Get": "Parameters.InputDataKey"}', json.dumps(key))
        said = {(f.control, f.subject): f.verdict for f in predict(json.loads(text))}
        verdicts.add(said["ACC-03", PROCESS])
    if found.verdict is Verdict.PASS:
        assert Verdict.FAIL not in verdicts
    assert found.verdict is not Verdict.UNKNOWN
