"""``ormer init``: from a project's name to its environment profile, or one clear line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ormer.cli import init
from ormer.embedded.aws import EmbeddedAws
from ormer.model.environment import Environment
from ormer.model.errors import AwsError, InputError
from ormer.read.environment import read_environment
from ormer.sources.profile_yaml import profile_yaml
from ormer.sources.project import discover, explore

PROFILE = Path(__file__).parents[2] / "pipelines" / "environment.yaml"

NOT_FOUND_IN_AWS = {
    "roles.pipeline",
    "instance_types",
    "max_instance_count",
    "max_runtime_seconds",
    "model_package_groups",
}


@pytest.fixture(scope="module")
def environment() -> Environment:
    return read_environment(PROFILE.read_bytes(), PROFILE.name)


@pytest.fixture(scope="module")
def aws(environment: Environment) -> Iterator[EmbeddedAws]:
    with EmbeddedAws(environment) as embedded:
        yield embedded


class Changed:
    """Clients whose answers are changed on the way, to show what is missing."""

    def __init__(self, aws: EmbeddedAws, service: str, operation: str, change: Any) -> None:
        self.aws, self.service, self.operation, self.change = aws, service, operation, change

    def __call__(self, service: str) -> Any:
        client = self.aws.client(service)
        if service == self.service:
            event = f"after-call.{service}.{self.operation}"
            client.meta.events.register(event, lambda parsed, **_: self.change(parsed))
        return client


def test_the_profile_of_the_project_is_found(aws: EmbeddedAws, environment: Environment) -> None:
    found = explore("abalone", clients=aws.client)
    assert {
        path: strings
        for path, strings in environment.values.items()
        if path not in NOT_FOUND_IN_AWS
    } == dict(found.environment.values)
    assert set(found.left_out) == NOT_FOUND_IN_AWS
    assert found.environment.account == environment.account


def test_discover_is_the_environment_alone(aws: EmbeddedAws, environment: Environment) -> None:
    found = discover("abalone", clients=aws.client, domain_id="d-mlops-dev")
    assert found.lookup("vpc.subnets") == environment.lookup("vpc.subnets")


def test_the_project_is_not_asked_where_the_domain_is_given(aws: EmbeddedAws) -> None:
    assert discover("nothing", clients=aws.client, domain_id="d-mlops-dev").region == "eu-west-1"


def without(*path: str) -> Any:
    def change(parsed: dict[str, Any]) -> None:
        for name in path[:-1]:
            parsed = parsed[name]
        parsed.pop(path[-1])

    return change


def emptied(*path: str) -> Any:
    def change(parsed: dict[str, Any]) -> None:
        for name in path[:-1]:
            parsed = parsed[name]
        parsed[path[-1]] = type(parsed[path[-1]])()

    return change


@pytest.mark.parametrize(
    ("operation", "change", "said"),
    [
        ("ListTags", emptied("Tags"), "shows no tag sagemaker:domain-arn"),
        ("DescribeDomain", without("SubnetIds"), "DescribeDomain shows no SubnetIds"),
        (
            "DescribeDomain",
            emptied("DefaultUserSettings", "SecurityGroups"),
            "DescribeDomain shows no DefaultUserSettings.SecurityGroups",
        ),
        (
            "DescribeDomain",
            emptied("DefaultUserSettings", "ExecutionRole"),
            "DescribeDomain shows no DefaultUserSettings.ExecutionRole",
        ),
    ],
)
def test_what_is_missing_or_empty_is_named(
    aws: EmbeddedAws, operation: str, change: Any, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        discover("abalone", clients=Changed(aws, "sagemaker", operation, change))


@pytest.mark.parametrize("name", ["EnvironmentName", "EnvironmentType"])
def test_a_missing_domain_tag_is_named(aws: EmbeddedAws, name: str) -> None:
    def drop(parsed: dict[str, Any]) -> None:
        parsed["Tags"] = [tag for tag in parsed["Tags"] if tag["Key"] != name]

    with pytest.raises(InputError, match=f"domain/d-mlops-dev: ListTags shows no tag {name}"):
        discover("abalone", clients=Changed(aws, "sagemaker", "ListTags", drop))


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("empty", [True, False])
def test_a_missing_or_empty_ssm_parameter_is_named(
    aws: EmbeddedAws, number: int, empty: bool
) -> None:
    names = []

    def change(parsed: dict[str, Any]) -> None:
        names.append(parsed["Parameters"][number]["Name"])
        if empty:
            parsed["Parameters"][number]["Value"] = " "
        else:
            del parsed["Parameters"][number]

    with pytest.raises(InputError) as error:
        discover("abalone", clients=Changed(aws, "ssm", "GetParameters", change))
    assert str(error.value) == f"SSM parameter {names[0]} is missing or empty (GetParameters)"


def test_an_alias_instead_of_a_key_is_refused(aws: EmbeddedAws) -> None:
    def change(parsed: dict[str, Any]) -> None:
        for parameter in parsed["Parameters"]:
            if parameter["Name"].endswith("kms-s3-key-arn"):
                parameter["Value"] = "alias/s3"

    with pytest.raises(InputError, match="'kms.output' is 'alias/s3', not a KMS key ARN"):
        discover("abalone", clients=Changed(aws, "ssm", "GetParameters", change))


def test_an_unknown_project_is_an_aws_error(aws: EmbeddedAws) -> None:
    with pytest.raises(AwsError, match="^DescribeProject of project nothing: ValidationException"):
        discover("nothing", clients=aws.client)


def test_no_s3_endpoint_is_left_out_with_the_reason(aws: EmbeddedAws) -> None:
    clients = Changed(aws, "ec2", "DescribeVpcEndpoints", emptied("VpcEndpoints"))
    found = explore("abalone", clients=clients)
    assert found.environment.lookup("vpc.endpoints.s3") is None
    assert "shows none available for S3 in vpc-" in found.left_out["vpc.endpoints.s3"]


def test_an_s3_endpoint_that_may_not_be_seen_is_left_out_with_the_reason(
    aws: EmbeddedAws,
) -> None:
    def refuse(parsed: Any) -> None:
        error = {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}
        raise ClientError(error, "DescribeVpcEndpoints")

    found = explore("abalone", clients=Changed(aws, "ec2", "DescribeVpcEndpoints", refuse))
    assert "needs ec2:DescribeVpcEndpoints" in found.left_out["vpc.endpoints.s3"]


def test_yaml_nests_dotted_paths_and_quotes_every_string() -> None:
    values = {
        "account": ("000000000042",),
        "vpc.subnets": ("subnet-1", "subnet-2"),
        "vpc.endpoints.s3": ("vpce-1",),
        "vpc.endpoints.kms": ("vpce-2",),
        "kms.output": ("no",),
        "tags.EnvironmentName": ('a"b: c # d',),
    }
    assert profile_yaml(values, "found") == (
        "# found\n"
        'account: "000000000042"\n'
        "vpc:\n"
        '  subnets: ["subnet-1", "subnet-2"]\n'
        "  endpoints:\n"
        '    s3: "vpce-1"\n'
        '    kms: "vpce-2"\n'
        "kms:\n"
        '  output: "no"\n'
        "tags:\n"
        '  EnvironmentName: "a\\"b: c # d"\n'
    )


def arguments(output: Path, force: bool = False) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    init.add_parser(parser.add_subparsers(), "")
    argv = ["init", "--project-name", "abalone", "--output", str(output)]
    return parser.parse_args(argv + (["--force"] if force else []))


def test_init_writes_a_profile_that_can_be_read(
    aws: EmbeddedAws, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "environment.yaml"
    assert init.write_profile(arguments(output), aws.client) == 0
    written = read_environment(output.read_bytes(), "written")
    assert written.one("buckets.data") == "mlops-dev-eu-west-1-111122223333-data"
    captured = capsys.readouterr()
    assert captured.out.startswith(f"wrote {output}\n  account: 111122223333\n")
    assert captured.err.count("left out ") == 5


def test_init_replaces_a_file_only_when_forced(aws: EmbeddedAws, tmp_path: Path) -> None:
    output = tmp_path / "environment.yaml"
    output.write_text("mine")
    with pytest.raises(InputError, match="exists already; --force replaces it"):
        init.write_profile(arguments(output), aws.client)
    assert output.read_text() == "mine"
    assert init.write_profile(arguments(output, force=True), aws.client) == 0
    assert "111122223333" in output.read_text()
