"""The checks by file and logical id: their setting, their lines, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ormer.model.errors import InputError
from ormer.run.declared_checks import from_variables

ROOT = Path(__file__).resolve().parents[2]
PROFILE = str(ROOT / "pipelines" / "environment.yaml")
TEMPLATE = """Resources:
  Any:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: iam:PassRole, Resource: !Sub "arn:aws:iam::${AWS::AccountId}:role/${Roles}"}
Parameters:
  Roles: {Type: String}
"""


@pytest.fixture
def template(tmp_path: Path) -> str:
    """A template with one policy, whose roles a parameter names."""
    path = tmp_path / "template.yaml"
    path.write_text(TEMPLATE)
    return str(path)


def test_a_parameter_decides(template: str, tmp_path: Path) -> None:
    assert from_variables({}).troubles("ORMER_4", template, "Any") == ()
    for value, good in (("sm-exec", True), ("*", False)):
        given = tmp_path / f"{good}.json"
        given.write_text(json.dumps({"Roles": value}))
        checks = from_variables({"ORMER_TEMPLATE_PARAMETERS": str(given)})
        assert (checks.troubles("ORMER_4", template, "Any") == ()) is good


def test_a_finding_has_its_line_and_place(template: str, tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    given.write_text('{"Roles": "*"}')
    checks = from_variables({"ORMER_TEMPLATE_PARAMETERS": str(given)})
    (found,) = checks.troubles("ORMER_4", template, "Any")
    assert (found.line, found.place) == (5, "/PolicyDocument")


def test_the_account_is_the_profiles(tmp_path: Path) -> None:
    text = TEMPLATE.replace("${AWS::AccountId}", "111122223333").replace("${Roles}", "*")
    path = tmp_path / "template.yaml"
    path.write_text(text)
    assert from_variables({}).troubles("ORMER_4", str(path), "Any") == ()
    checks = from_variables({"ORMER_ENVIRONMENT": PROFILE})
    assert checks.troubles("ORMER_4", str(path), "Any") != ()


def test_a_resource_that_may_not_be_there_is_checked(tmp_path: Path) -> None:
    text = TEMPLATE.replace("    Properties:", "    Condition: Some\n    Properties:", 1)
    text = text.replace("${Roles}", "*")
    path = tmp_path / "template.yaml"
    path.write_text(text + "Conditions:\n  Some: !Equals [!Ref Roles, x]\n")
    assert from_variables({}).troubles("ORMER_4", str(path), "Any") != ()


def test_properties_that_only_the_deployment_knows_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "Parameters: {P: {Type: String}}\n"
        "Resources:\n"
        "  Some: {Type: AWS::S3::Bucket, Properties: !Ref P}\n"
        "  Any: {Type: AWS::S3::BucketPolicy, Properties: !Ref P}\n"
    )
    with pytest.raises(InputError, match="template.yaml:4: Any: its properties are known only"):
        from_variables({}).troubles("ORMER_2", str(path), "Any")


BAD = {
    "a profile that is not there": ({"ORMER_ENVIRONMENT": "nowhere.yaml"}, "nowhere.yaml"),
    "parameters that are not there": ({"ORMER_TEMPLATE_PARAMETERS": "none.json"}, "none.json"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_setting_that_cannot_be_read_is_an_error_each_time(what: str, template: str) -> None:
    variables, message = BAD[what]
    checks = from_variables(variables)
    for _ in range(2):
        with pytest.raises(InputError, match=message):
            checks.troubles("ORMER_4", template, "Any")


def test_a_pipeline_without_a_profile_is_an_error(template: str) -> None:
    with pytest.raises(InputError, match="ORMER_ENVIRONMENT names no environment profile"):
        from_variables({}).troubles("ORMER_1", template, "Any")


def test_a_resource_that_is_not_there_is_an_error(template: str) -> None:
    with pytest.raises(InputError, match="no such resource; did you mean 'Any'"):
        from_variables({}).troubles("ORMER_4", template, "Anyy")


def test_a_check_that_does_not_exist_is_an_error(template: str) -> None:
    with pytest.raises(KeyError):
        from_variables({}).troubles("ORMER_99", template, "Any")
