"""``ormer check`` on CloudFormation templates and Terraform plans."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
TESTS = Path(__file__).parents[1]
PLAN = "plan.json"
CDK = "cdk.template.json"
SECURE = 'module.training["eu#1"].awscc_sagemaker_pipeline.secure[0]'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, profile: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with the CDK's template, a plan and ``environment.yaml``."""
    for name in (PLAN, CDK):
        shutil.copy(TESTS / "declared" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(run: Run, *arguments: str) -> Any:
    ran = run("check", "--environment", "environment.yaml", "--format", "json", *arguments)
    assert ran.code in (0, 1), ran.err
    return json.loads(ran.out)


def wrong(made: Any, target: str = "") -> set[tuple[str, str]]:
    return {
        (finding["control"], finding["verdict"])
        for finding in made["findings"]
        if finding["verdict"] not in ("pass", "not_applicable")
        and finding["target"].endswith(target)
    }


def refused(run: Run, *arguments: str) -> str:
    ran = run("check", "--environment", "environment.yaml", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("ormer: error: ")
    assert ran.err.count("\n") == 1
    return str(ran.err.removeprefix("ormer: error: ").rstrip("\n"))


def pipeline(body: str, name: str = "it", **more: Any) -> str:
    """A template, in JSON, with a pipeline of this definition."""
    definition = {"PipelineDefinitionBody": {"Fn::Sub": body}}
    properties = {"PipelineName": name, "RoleArn": "r", "PipelineDefinition": definition}
    made = {"Type": "AWS::SageMaker::Pipeline", "Properties": properties}
    return json.dumps({"Resources": {"It": made}, **more})


def test_a_bare_step_in_what_the_cdk_synthesised_is_found(run: Run) -> None:
    made = report(run, CDK)
    assert [(i["target"], i["pipeline"]) for i in made["inputs"]] == [
        (f"{CDK}#BarePipeline", "bare"),
        (f"{CDK}#SecurePipeline", "secure-TrainingStack"),
    ]
    assert wrong(made, "#BarePipeline") == {
        (control, "fail")
        for control in ("KMS-01", "KMS-02", "NET-01", "NET-02", "NET-03", "NET-04", "TAG-01")
    }
    assert wrong(made, "#SecurePipeline") == {("KMS-01", "unknown"), ("NET-01", "unknown")}
    said = {f["control"]: f["message"] for f in made["findings"] if f["verdict"] == "unknown"}
    assert said["NET-01"] == (
        "VpcConfig.Subnets[1] cannot be decided: ${SubnetId} is known only when the template is "
        "deployed"
    )
    assert said["KMS-01"].startswith(
        "ResourceConfig.VolumeKmsKeyId cannot be decided: ${Key961B73FD.Arn}"
    )


def test_what_is_given_decides(run: Run, folder: Path) -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/ebs"
    both = ("--template-parameter", "SubnetId=subnet-0bbb", "--template-parameter")
    target = f"{CDK}#SecurePipeline"
    assert wrong(report(run, target, *both, f"Key961B73FD.Arn={key}")) == set()
    assert wrong(report(run, target, *both, "Key961B73FD.Arn=arn:of:another")) == {
        ("KMS-01", "fail")
    }
    (folder / "p.json").write_text(
        json.dumps([{"ParameterKey": "SubnetId", "ParameterValue": "subnet-0eee"}])
    )
    assert wrong(report(run, target, "--template-parameters", "p.json")) == {
        ("NET-01", "fail"),
        ("KMS-01", "unknown"),
    }
    overridden = ("--template-parameters", "p.json", *both[:2])
    assert wrong(report(run, target, *overridden)) == {("KMS-01", "unknown")}


def test_a_bare_step_in_a_plan_is_found(run: Run) -> None:
    made = report(run, f"{PLAN}#aws_sagemaker_pipeline.bare")
    assert ("NET-01", "fail") in wrong(made)
    assert (made["inputs"][0]["pipeline"], made["inputs"][0]["line"]) == ("bare", 1)


def test_a_pipeline_in_a_module_of_a_plan_passes(run: Run) -> None:
    made = report(run, f"{PLAN}#{SECURE}")
    assert made["inputs"][0]["target"] == f"{PLAN}#{SECURE}"
    assert wrong(made) == set()


def test_the_definition_of_the_repository_checks_the_same_inside_a_template(
    run: Run, folder: Path
) -> None:
    text = (TESTS / "definitions" / "v2" / "abalone.json").read_text()
    (folder / "it.json").write_text(text)
    body = "".join(f"          {line}\n" for line in text.replace("${", "${!").split("\n"))
    head = "Resources:\n  It:\n    Type: AWS::SageMaker::Pipeline\n    Properties:\n"
    tail = "      PipelineName: it\n      PipelineDefinition:\n        PipelineDefinitionBody: !Sub |\n"
    (folder / "t.yaml").write_text(head + tail + body)
    (folder / "t.json").write_text(pipeline(text.replace("${", "${!")))
    alone = report(run, "it.json")
    for name in ("t.yaml", "t.json"):
        inside = report(run, f"{name}#It")
        assert inside["summary"] == alone["summary"]
        assert inside["summary"]["pass"] > 50
        for one, other in zip(alone["findings"], inside["findings"], strict=True):
            assert {**one, "target": ""} == {**other, "target": ""}


def test_the_digest_is_that_of_what_would_be_sent(run: Run, folder: Path) -> None:
    (folder / "t.json").write_text(pipeline('{"Version": "${AWS::Region}", "Steps": []}'))
    (made,) = report(run, "t.json")["inputs"]
    sent = b'{"Version": "eu-west-1", "Steps": []}'
    assert made["sha256"] == sha256(sent).hexdigest()
    assert (made["file"], made["kind"], made["pipeline"]) == ("t.json", "pipeline-definition", "it")


def test_the_text_names_file_and_line(run: Run, folder: Path) -> None:
    text = "Resources:\n  It:\n    Type: AWS::SageMaker::Pipeline\n    Properties:\n      PipelineName: it\n"
    text += "      PipelineDefinition:\n        PipelineDefinitionBody: '{\"Steps\": []}'\n"
    (folder / "t.yaml").write_text(text)
    ran = run("check", "t.yaml", "--environment", "environment.yaml")
    assert ran.code == 0
    assert ran.out.startswith("t.yaml#It (at t.yaml:7): 38 controls on 0 requests")


def test_an_open_number_is_unknown_and_a_given_one_is_judged(run: Run, folder: Path) -> None:
    step = '{"Name": "T", "Type": "Training", "Arguments": {"ResourceConfig": {"InstanceCount": ${N}}}}'
    (folder / "t.json").write_text(
        pipeline(f'{{"Steps": [{step}]}}', Parameters={"N": {"Type": "Number"}})
    )
    arguments = ("t.json", "--control", "CMP-02")
    assert wrong(report(run, *arguments)) >= {("CMP-02", "unknown")}
    given = (*arguments, "--template-parameter")
    assert ("CMP-02", "fail") in wrong(report(run, *given, "N=99"))
    assert not {w for w in wrong(report(run, *given, "N=1")) if w[0] == "CMP-02"}


def test_a_whole_structure_that_is_open_is_unknown(run: Run, folder: Path) -> None:
    step = '{"Name": "T", "Type": "Training", "Arguments": {"VpcConfig": ${Network}}}'
    parameters = {"Network": {"Type": "String"}}
    (folder / "t.json").write_text(pipeline(f'{{"Steps": [{step}]}}', Parameters=parameters))
    found = wrong(report(run, "t.json", "--control", "NET-01", "--control", "NET-02"))
    assert {w for w in found if w[0].startswith("NET")} == {
        ("NET-01", "unknown"),
        ("NET-02", "unknown"),
    }


def test_a_reference_that_a_definition_only_writes_like_ours_leads_nowhere(
    run: Run, folder: Path
) -> None:
    step = '{"Name": "T", "Type": "Training", "Arguments": {"RoleArn": {"Get": "Template.X"}}}'
    (folder / "t.json").write_text(pipeline(f'{{"Steps": [{step}]}}'))
    assert ("DOC-04", "fail") in wrong(report(run, "t.json"))


def test_an_open_text_that_may_be_a_secret_is_unknown(run: Run, folder: Path) -> None:
    def found(value: str, name: str) -> set[tuple[str, str]]:
        step = {"Name": "T", "Type": "Training", "Arguments": {"Environment": {name: value}}}
        body = json.dumps({"Steps": [step]})
        (folder / "t.json").write_text(pipeline(body, Parameters={"P": {"Type": "String"}}))
        return {w for w in wrong(report(run, "t.json", "--control", "SEC-01")) if w[0] == "SEC-01"}

    assert found("${P}", "DB_PASSWORD") == {("SEC-01", "unknown")}
    assert found("{{resolve:secretsmanager:db}}", "MODE") == {("SEC-01", "unknown")}
    assert found("${P}", "MODE") == set()


@pytest.mark.parametrize(
    "default, expected",
    [("{{resolve:secretsmanager:db}}", {("SEC-01", "unknown")}), ("${P}-x", set())],
)
def test_an_open_default_that_may_be_a_secret_is_unknown(
    run: Run, folder: Path, default: str, expected: set[tuple[str, str]]
) -> None:
    parameter = {"Name": "Mode", "Type": "String", "DefaultValue": default}
    environment = {"MODE": {"Get": "Parameters.Mode"}}
    step = {"Name": "T", "Type": "Training", "Arguments": {"Environment": environment}}
    body = json.dumps({"Parameters": [parameter], "Steps": [step]})
    (folder / "t.json").write_text(pipeline(body, Parameters={"P": {"Type": "String"}}))
    found = wrong(report(run, "t.json", "--control", "SEC-01"))
    assert {one for one in found if one[0] == "SEC-01"} == expected


def test_a_definition_and_a_place_of_one_is_refused(run: Run, folder: Path) -> None:
    made = json.loads(pipeline('{"Steps": []}'))
    definition = made["Resources"]["It"]["Properties"]["PipelineDefinition"]
    definition["PipelineDefinitionS3Location"] = {"Bucket": "b", "Key": "k"}
    (folder / "t.json").write_text(json.dumps(made))
    assert refused(run, "t.json") == (
        "t.json:1: It: has PipelineDefinitionBody and PipelineDefinitionS3Location: which one counts?"
    )


def test_sarif_points_into_the_file(run: Run, folder: Path) -> None:
    text = (TESTS / "definitions" / "v2" / "training_bare.json").read_text()
    body = "".join(f"          {line}\n" for line in text.split("\n"))
    head = "Resources:\n  It:\n    Type: AWS::SageMaker::Pipeline\n    Properties:\n"
    tail = "      PipelineName: it\n      PipelineDefinition:\n        PipelineDefinitionBody: |\n"
    (folder / "t.yaml").write_text(head + tail + body)
    ran = run("check", "t.yaml", CDK, "--environment", "environment.yaml", "--format", "sarif")
    (made,) = json.loads(ran.out)["runs"]
    assert [a["location"]["uri"] for a in made["artifacts"]] == ["t.yaml", CDK]
    assert [a["mimeType"] for a in made["artifacts"]] == ["application/yaml", "application/json"]
    assert all("hashes" not in artifact for artifact in made["artifacts"])
    (image,) = [r for r in made["results"] if r["ruleId"] == "IMG-01"]
    place = image["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "t.yaml", "index": 0}
    line = (folder / "t.yaml").read_text().split("\n")[place["region"]["startLine"] - 1]
    assert "TrainingImage" in line
    of_cdk = [
        r
        for r in made["results"]
        if r["locations"][0]["physicalLocation"]["artifactLocation"]["index"]
    ]
    lines = {r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in of_cdk}
    source = (folder / CDK).read_text().split("\n")
    assert {source[line - 1].strip() for line in lines} == {'"PipelineDefinitionBody": {'}


REFUSED = {
    "a logical id that is not there": (f"{CDK}#BarePipelin", f"{CDK}: no pipeline 'BarePipelin'; did you mean 'BarePipeline'?"),
    "another resource": (f"{CDK}#Data666C94C7", f"{CDK}:13: 'Data666C94C7' is a AWS::S3::Bucket, not a pipeline"),
    "a definition in S3": (f"{PLAN}#aws_sagemaker_pipeline.stored", f"{PLAN}:1: aws_sagemaker_pipeline.stored: its definition is in Amazon S3: check the file that is put there"),
    "a definition after the apply": (f"{PLAN}#aws_sagemaker_pipeline.later", "pipeline_definition is ${plan:aws_sagemaker_pipeline.later.pipeline_definition}, known only when it is deployed"),
    "a part of a file that is not there": ("none.yaml#It", "none.yaml: no such file"),
    "a part of a definition": ("d.json#It", "d.json: neither a template nor a plan: #It is not in it"),
    "a template with no pipeline": ("empty.yaml", "empty.yaml: declares no SageMaker pipeline"),
    "a definition that is no text": ("object.json", "object.json:1: It: PipelineDefinitionBody is a structure, not a text; make it a text with Fn::ToJsonString"),
    "a definition that is no JSON": ("broken.json", "broken.json:1: It: not JSON"),
    "open steps": ("open.json", "open.json:1: It: /Steps is ${S}, known only when the template is deployed"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(run: Run, folder: Path, name: str) -> None:
    (folder / "d.json").write_text('{"Steps": []}')
    (folder / "empty.yaml").write_text("Resources:\n  B: {Type: AWS::S3::Bucket}\n")
    made = json.loads(pipeline(""))
    made["Resources"]["It"]["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"] = {
        "Steps": []
    }
    (folder / "object.json").write_text(json.dumps(made))
    (folder / "broken.json").write_text(pipeline('{"Steps": [}'))
    (folder / "open.json").write_text(
        pipeline('{"Steps": ${S}}', Parameters={"S": {"Type": "String"}})
    )
    target, said = REFUSED[name]
    assert said in refused(run, target)


def test_a_parameter_that_is_malformed_is_refused(run: Run) -> None:
    assert (
        refused(run, CDK, "--template-parameter", "x")
        == "--template-parameter: 'x' is not NAME=VALUE"
    )
    assert refused(run, CDK, "--template-parameters", "none.json") == "none.json: no such file"


def test_to_json_string_and_a_template_on_standard_input(run_apart: Run, profile: str) -> None:
    step = {"Name": "T", "Type": "Training", "Arguments": {"EnableNetworkIsolation": True}}
    body = {"Fn::ToJsonString": {"Version": "2020-12-01", "Steps": [step]}}
    made = json.loads(pipeline(""))
    made["Transform"] = "AWS::LanguageExtensions"
    made["Resources"]["It"]["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"] = body
    given = json.dumps(made).encode()
    arguments = ("check", "-", "--environment", profile, "--control", "NET-03")
    ran = run_apart(*arguments, stdin=given)
    assert (ran.code, ran.err) == (0, "")
    assert "standard input#It (at standard input:1)" in ran.out


def test_upsert_takes_no_template(run: Run) -> None:
    options = ("--environment", "environment.yaml", "--pipeline-name", "p", "--role-arn", "r")
    for target, said in (
        (CDK, f"{CDK}: a CloudFormation template, not a pipeline definition"),
        (PLAN, f"{PLAN}: a Terraform plan, not a pipeline definition"),
        (f"{CDK}#BarePipeline", "a part of another file; upsert takes a definition's own file"),
    ):
        ran = run("upsert", target, *options)
        assert ran.code == 2
        assert said in ran.err


class TestProjectFile:
    """Templates in ``ormer.toml``."""

    def write(self, folder: Path, definitions: str, more: str = "") -> None:
        text = f'definitions = [{definitions}]\nenvironment = "environment.yaml"\n{more}'
        (folder / "ormer.toml").write_text(text)

    def inputs(self, run: Run, *arguments: str) -> list[tuple[str, str]]:
        ran = run("check", "--format", "json", *arguments)
        assert ran.code in (0, 1), ran.err
        return [(i["target"], i["pipeline"]) for i in json.loads(ran.out)["inputs"]]

    def test_parts_and_names(self, run: Run, folder: Path) -> None:
        self.write(folder, f'"{CDK}#BarePipeline", {{path = "{CDK}#SecurePipeline", name = "s"}}')
        both = [(f"{CDK}#BarePipeline", "bare"), (f"{CDK}#SecurePipeline", "s")]
        assert self.inputs(run) == both
        assert self.inputs(run, f"{CDK}#SecurePipeline") == both[1:]

    def test_one_name_for_several_pipelines_is_refused(self, run: Run, folder: Path) -> None:
        self.write(folder, f'{{path = "{CDK}", name = "s"}}')
        ran = run("check")
        assert ran.code == 2
        assert "2 pipelines with one name: add # and one of BarePipeline, SecurePipeline" in ran.err

    def test_two_pipelines_of_one_name_are_refused(self, run: Run, folder: Path) -> None:
        (folder / "bare.json").write_text('{"Steps": []}')
        self.write(folder, f'"bare.json", "{CDK}"')
        ran = run("check")
        assert ran.code == 2
        assert f"two pipelines are named 'bare': bare.json and {CDK}#BarePipeline" in ran.err
        made = run(
            "check", "bare.json", CDK, "--environment", "environment.yaml", "--format", "json"
        )
        assert [i["pipeline"] for i in json.loads(made.out)["inputs"]] == [
            "bare", f"{CDK}#BarePipeline", "secure-TrainingStack",
        ]  # fmt: skip

    def test_parameters(self, run: Run, folder: Path) -> None:
        (folder / "parameters.yaml").write_text("SubnetId: subnet-0eee\n")
        more = 'template_parameters = "parameters.yaml"\n'
        self.write(folder, f'"{CDK}#SecurePipeline"', more)
        ran = run("check", "--format", "json")
        assert ("NET-01", "fail") in wrong(json.loads(ran.out))
        ran = run("check", "--format", "json", "--template-parameter", "SubnetId=subnet-0aaa")
        assert not {w for w in wrong(json.loads(ran.out)) if w[0] == "NET-01"}

    def test_a_baseline_accepts_what_a_template_has_today(self, run: Run, folder: Path) -> None:
        self.write(folder, f'"{CDK}"', 'waivers = "waivers.yaml"\n')
        (folder / "waivers.yaml").write_text("waivers: []\n")
        options = ("--owner", "me", "--until", "2999-01-01")
        assert run("check", "--write-baseline", "new.yaml", *options).code == 0
        (folder / "new.yaml").replace(folder / "waivers.yaml")
        assert run("check").code == 0
        ran = run("check", "--template-parameter", "SubnetId=subnet-0eee")
        assert ran.code == 1, "another value is other evidence"

    def test_a_part_is_checked_against_the_profile_that_has_the_file(
        self, run: Run, folder: Path
    ) -> None:
        for name in ("dev", "prod"):
            shutil.copy(folder / "environment.yaml", folder / f"{name}.yaml")
        (folder / "d.json").write_text('{"Steps": []}')
        (folder / "ormer.toml").write_text(
            f'[profiles.dev]\nenvironment = "dev.yaml"\ndefinitions = ["d.json"]\n'
            f'[profiles.prod]\nenvironment = "prod.yaml"\ndefinitions = ["{CDK}"]\n'
        )
        assert self.inputs(run, f"{CDK}#BarePipeline") == [(f"{CDK}#BarePipeline", "bare")]
        ran = run("check", f"{PLAN}#x")
        assert (ran.code, "in no profile of ormer.toml" in ran.err) == (2, True)

    def test_only_what_changed(self, run: Run, folder: Path) -> None:
        (folder / "p.yaml").write_text("SubnetId: subnet-0aaa\n")
        self.write(folder, f'"{CDK}#SecurePipeline"', 'template_parameters = "p.yaml"\n')
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-C", str(folder)]
        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
            subprocess.run([*git, *command], check=True, capture_output=True)
        assert self.inputs(run, "--changed-since", "HEAD") == []
        (folder / "p.yaml").write_text("SubnetId: subnet-0bbb\n")
        assert len(self.inputs(run, "--changed-since", "HEAD")) == 1
        subprocess.run([*git, "checkout", "-q", "."], check=True, capture_output=True)
        (folder / CDK).write_text((folder / CDK).read_text() + "\n")
        assert len(self.inputs(run, "--changed-since", "HEAD")) == 1


def test_a_file_may_have_a_number_sign_in_its_name(run: Run, folder: Path) -> None:
    (folder / "a#b.json").write_text('{"Steps": []}')
    (folder / CDK).rename(folder / "c#d.json")
    assert report(run, "a#b.json")["inputs"][0]["target"] == "a#b.json"
    assert report(run, "c#d.json#BarePipeline")["inputs"][0]["file"] == "c#d.json"


def test_a_glob_may_name_one_part_in_each_file(run: Run, folder: Path) -> None:
    shutil.copy(folder / CDK, folder / "other.template.json")
    made = report(run, "*.template.json#BarePipeline")
    assert [i["target"] for i in made["inputs"]] == [
        f"{CDK}#BarePipeline",
        "other.template.json#BarePipeline",
    ]
    assert [i["pipeline"] for i in made["inputs"]] == ["bare", "other.template.json#BarePipeline"]


def test_the_report_does_not_replace_what_is_read(run: Run, folder: Path) -> None:
    (folder / "p.json").write_text("{}")
    for path in ("p.json", CDK):
        arguments = ("--template-parameters", "p.json", "--output", path)
        assert "would replace what is read" in refused(run, f"{CDK}#BarePipeline", *arguments)
