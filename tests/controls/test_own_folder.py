"""A user's own folder of controls: what it adds and replaces, and every way it can be broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ormer.controls.load import Catalogue, load_catalogue, only
from ormer.model.errors import InputError

Write = Callable[..., Path]
FORBID = 'forbid: [{Action: "sagemaker:CreateTrainingJob"}]'


def test_a_new_id_is_added(write: Write, catalogue: Catalogue) -> None:
    mine = load_catalogue(str(write("MY-01", FORBID)))
    assert {c.id for c in mine.controls} - {c.id for c in catalogue.controls} == {"MY-01"}
    assert mine.overridden == ()
    assert mine.digest != catalogue.digest


def test_a_known_id_is_replaced_and_said_so(write: Write, catalogue: Catalogue) -> None:
    mine = load_catalogue(str(write("NET-01", FORBID)))
    replaced = next(c for c in mine.controls if c.id == "NET-01")
    assert mine.overridden == ("NET-01",)
    assert replaced.title == "A control of our own"
    assert replaced.source.endswith("NET-01.yaml")
    assert len(mine.controls) == len(catalogue.controls)


def test_the_digest_is_that_of_the_content_and_not_of_the_folder(
    write: Write, tmp_path: Path
) -> None:
    folder = write("MY-01", FORBID)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "MY-01.yaml").write_bytes((folder / "MY-01.yaml").read_bytes())
    assert load_catalogue(str(folder)).digest == load_catalogue(str(copy)).digest
    write("MY-01", FORBID + "\nknown_misses: [this]")
    assert load_catalogue(str(folder)).digest != load_catalogue(str(copy)).digest


def test_other_files_in_the_folder_do_no_harm(write: Write) -> None:
    folder = write("MY-01", FORBID)
    (folder / "README.md").write_text("words")
    assert "MY-01" in {c.id for c in load_catalogue(str(folder)).controls}


def test_the_yml_ending_is_read_too(write: Write) -> None:
    folder = write("MY-01", FORBID, file="MY-01.yml")
    assert "MY-01" in {c.id for c in load_catalogue(str(folder)).controls}


def test_only_keeps_the_named_controls_and_gives_them_a_digest_of_their_own(
    catalogue: Catalogue,
) -> None:
    two = only(catalogue, ["NET-01", "KMS-01"])
    assert [c.id for c in two.controls] == ["KMS-01", "NET-01"]
    assert two.digest != catalogue.digest


def test_only_refuses_an_unknown_id_and_suggests_the_near_one(catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match=r"no control 'NET-07'; did you mean 'NET-0\d'"):
        only(catalogue, ["NET-07"])


FORBID_ON = 'forbid: [{{Action: "sagemaker:CreateTrainingJob", Condition: {{{0}}}}}]'
BROKEN = {
    "unknown field": (FORBID + "\nrationale: x", "unknown field 'rationale'; known are"),
    "nothing forbidden": ("", "MY-01: forbids nothing: no statement under forbid or require"),
    "no statements": ("forbid: []\nrequire: []", "MY-01: forbids nothing"),
    "forbid is no list": ("forbid: {Action: x}", "forbid is a list"),
    "a statement is text": ("forbid: [words]", "a statement is a mapping"),
    "no Action": ("forbid: [{Condition: {}}]", "a statement is a mapping with Action"),
    "unknown statement field": (
        'forbid: [{Action: "sagemaker:CreateModel", Effect: Deny}]',
        "unknown field 'Effect'",
    ),
    "no action at all": ('forbid: [{Action: "CreateModel"}]', "'CreateModel' is not an action"),
    "unknown operator": (
        FORBID_ON.format('StringEqual: {"sagemaker:InstanceTypes": x}'),
        "unknown condition operator 'StringEqual'",
    ),
    "unsupported operator": (
        FORBID_ON.format('DateGreaterThan: {"sagemaker:InstanceTypes": x}'),
        "unknown condition operator 'DateGreaterThan'",
    ),
    "unknown set operator": (
        FORBID_ON.format('"ForSomeValues:StringEquals": {"sagemaker:InstanceTypes": x}'),
        "unknown condition operator 'ForSomeValues:StringEquals'",
    ),
    "Null has no IfExists": (
        FORBID_ON.format('NullIfExists: {"sagemaker:InstanceTypes": "true"}'),
        "unknown condition operator 'NullIfExists'",
    ),
    "unknown key": (
        FORBID_ON.format('StringEquals: {"sagemaker:InstanceType": x}'),
        "no action of a pipeline carries the condition key 'sagemaker:InstanceType'",
    ),
    "key of another service": (
        FORBID_ON.format('StringEquals: {"s3:prefix": x}'),
        "no action of a pipeline carries the condition key 's3:prefix'",
    ),
    "unknown carried key": (
        'forbid: [{Action: "@sagemaker:Nothing"}]',
        "no action of a pipeline carries the condition key 'sagemaker:Nothing'",
    ),
    "unknown profile field": (
        FORBID_ON.format('StringEquals: {"sagemaker:InstanceTypes": "${env.instance_type}"}'),
        "${env.instance_type} is no field of a profile",
    ),
    "unknown profile section": (
        FORBID_ON.format('StringEquals: {"sagemaker:InstanceTypes": "${env.keys.*}"}'),
        "${env.keys.*} is no field of a profile",
    ),
    "Null of a word": (
        FORBID_ON.format('"Null": {"sagemaker:InstanceTypes": "yes"}'),
        "Null takes true or false, not 'yes'",
    ),
    "Bool of a word": (
        FORBID_ON.format('Bool: {"sagemaker:NetworkIsolation": enabled}'),
        "Bool takes true or false, not 'enabled'",
    ),
    "a number that is none": (
        FORBID_ON.format('NumericGreaterThan: {"sagemaker:MaxRuntimeInSeconds": hour}'),
        "NumericGreaterThan takes numbers, not 'hour'",
    ),
    "Condition is a list": (
        'forbid: [{Action: "sagemaker:CreateModel", Condition: []}]',
        "Condition is a mapping of operators",
    ),
    "an operator without keys": (FORBID_ON.format("StringEquals: {}"), "is a mapping of keys"),
    "no values": (
        FORBID_ON.format('StringEquals: {"sagemaker:InstanceTypes": []}'),
        "is not a value or a list of values",
    ),
    "unknown facet": (
        'forbid: [{Action: "sagemaker:CreateModel", facet: job}]',
        "facet is 'job', not request or member",
    ),
    "a requirement without a form": (
        'require: [{Action: "sagemaker:CreateModel", Key: "api:X"}]',
        "a requirement has one of OneOf, Like, Is, AtMost, Present",
    ),
    "a requirement with two forms": (
        'require: [{Action: "sagemaker:CreateModel", Key: "api:X", Is: true, Present: true}]',
        "a requirement has one of",
    ),
    "a requirement without Key": (
        'require: [{Action: "sagemaker:CreateModel", Is: true}]',
        "a requirement is a mapping with Action and Key",
    ),
    "an exception that is none": (
        FORBID + "\nexcept: [words]",
        "a statement is a mapping",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_control_is_refused(name: str, write: Write) -> None:
    rest, message = BROKEN[name]
    refused(write("MY-01", rest), "MY-01.yaml", message)


@pytest.mark.parametrize("field", ["title", "severity", "why", "fix", "examples", "id"])
def test_a_missing_field_is_named(field: str, write: Write) -> None:
    file = write("MY-01", FORBID) / "MY-01.yaml"
    kept = [line for line in file.read_text().splitlines() if not line.startswith(f"{field}:")]
    file.write_text("\n".join(kept))
    refused(file.parent, "MY-01.yaml", f"no {field}")


def test_an_unknown_severity_is_named_with_the_known_ones(write: Write) -> None:
    file = write("MY-01", FORBID) / "MY-01.yaml"
    file.write_text(file.read_text().replace("severity: low", "severity: minor"))
    refused(
        file.parent, "MY-01.yaml", "severity is 'minor', not one of critical, high, medium, low"
    )


@pytest.mark.parametrize(
    "text, message",
    [
        ("id: [\n", ":2: not YAML"),
        ("a: 1\n---\nb: 2", ":2: not YAML: but found another document"),
        ("a: 1\na: 2", ":2: duplicate key 'a'"),
        ("- a", "a control is a mapping of fields"),
        ("", "empty"),
        ("\t- a", ":1: not YAML"),
    ],
    ids=["syntax", "two documents", "duplicate key", "list", "empty", "tab"],
)
def test_what_is_no_control_file_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "MY-01.yaml").write_text(text)
    refused(tmp_path, "MY-01.yaml", message)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MY-01.yaml").write_bytes(b"id: \xff\xfe")
    refused(tmp_path, "MY-01.yaml", "not YAML")


def test_a_file_named_after_something_else_is_refused(write: Write) -> None:
    refused(write("MY-01", FORBID, file="MY-02.yaml"), "MY-02.yaml", "holds control 'MY-01'")


def test_an_id_in_two_files_is_refused(write: Write) -> None:
    write("MY-01", FORBID)
    refused(write("MY-01", FORBID, file="MY-01.yml"), "MY-01.yml", "a second control MY-01")


def test_an_overridden_id_in_two_files_is_refused(write: Write) -> None:
    write("NET-01", FORBID)
    refused(write("NET-01", FORBID, file="NET-01.yml"), "NET-01.yml", "a second control NET-01")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, str(tmp_path), "no control files")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "nowhere", "no folder of controls")


def test_a_file_instead_of_a_folder_is_refused(write: Write) -> None:
    file = write("MY-01", FORBID) / "MY-01.yaml"
    refused(file, "MY-01.yaml", "no folder of controls")


def test_one_broken_file_among_good_ones_stops_everything(write: Write) -> None:
    """None is ever left out in silence."""
    write("MY-01", FORBID)
    refused(write("MY-02", "forbid: []"), "MY-02.yaml", "forbids nothing")


def test_a_directory_named_like_a_control_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MY-01.yaml").mkdir()
    refused(tmp_path, "MY-01.yaml", "directory")


def refused(folder: Path, *parts: str) -> None:
    with pytest.raises(InputError) as error:
        load_catalogue(str(folder))
    message = str(error.value)
    assert "\n" not in message
    for part in parts:
        assert part in message, message


def test_a_statement_of_a_package_control_can_be_copied_into_a_folder(tmp_path: Path) -> None:
    """What the package itself uses is what a user may write."""
    for control in load_catalogue().controls:
        (tmp_path / f"{control.id}.yaml").write_text(json.dumps(control.raw), encoding="utf-8")
    mine = load_catalogue(str(tmp_path))
    assert len(mine.overridden) == len(mine.controls)
    assert [c.forbid for c in mine.controls] == [c.forbid for c in load_catalogue().controls]


def test_what_a_hidden_structure_may_hold_is_judged_by_every_statement(
    write: Write, judge: Callable[..., list[Any]]
) -> None:
    """One statement is about another member and passes; the other cannot tell, and that counts."""
    folder = write(
        "MY-01",
        'forbid:\n- {facet: member, Action: "sagemaker:CreateTrainingJob", Condition: '
        '{StringEquals: {"api:Shape": KmsKeyId, "api:Member": Nothing}}}\n'
        '- {facet: member, Action: "sagemaker:CreateTrainingJob", Condition: '
        '{StringEquals: {"api:Shape": S3Uri, "api:Value": "s3://x"}}}',
    )
    arguments = {"OutputDataConfig": {"Get": "Steps.Other.OutputDataConfig"}}
    step = {"Name": "T", "Type": "Training", "Arguments": arguments}
    other = {"Name": "Other", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}}
    found = judge(folder, "MY-01", other, step)
    assert [f.verdict.value for f in found if f.subject == "T"] == ["unknown"]
