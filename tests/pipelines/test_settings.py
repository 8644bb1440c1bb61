"""Where settings come from, and what of a profile a pipeline takes."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ormer.model.environment import Environment
from ormer.model.errors import InputError
from ormer.read.environment import read_environment
from pipelines.settings import COMMON_INSTANCE_TYPES, find_environment, settings_of


def without(profile: Environment, path: str) -> Environment:
    return profile._replace(values={k: v for k, v in profile.values.items() if k != path})


def with_values(profile: Environment, **values: tuple[str, ...]) -> Environment:
    return profile._replace(values={**profile.values, **values})


def test_a_file_is_read(profile: Environment, tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_bytes((Path(__file__).parents[2] / "pipelines" / "environment.yaml").read_bytes())
    for source in (path, str(path)):
        assert find_environment(source, "eu-west-1", None).values == profile.values


def test_a_profile_is_taken_as_it_is(profile: Environment) -> None:
    assert find_environment(profile, None, None) is profile


def test_without_a_source_the_live_project_is_asked(
    profile: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def discover(project_name: str, region: str) -> Environment:
        asked.append((project_name, region))
        return profile

    module = SimpleNamespace(discover=discover)
    monkeypatch.setitem(sys.modules, "ormer.sources.project", module)
    assert find_environment(None, "eu-west-1", "abalone") is profile
    assert asked == [("abalone", "eu-west-1")]


@pytest.mark.parametrize(("region", "project"), [(None, "abalone"), ("eu-west-1", None)])
def test_neither_source_nor_project(region: str | None, project: str | None) -> None:
    with pytest.raises(InputError, match="no settings"):
        find_environment(None, region, project)


def test_another_region_is_refused(profile: Environment) -> None:
    with pytest.raises(InputError, match="is for region eu-west-1, the pipeline is built for us"):
        find_environment(profile, "us-east-1", None)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: No such file"):
        find_environment(tmp_path / "none.yaml", "eu-west-1", None)


def test_the_settings_are_the_profiles(profile: Environment) -> None:
    settings = settings_of(profile)
    assert settings.subnets == profile.lookup("vpc.subnets")
    assert settings.data == "s3://mlops-dev-eu-west-1-111122223333-data"
    assert settings.volume_key != settings.output_key
    assert settings.instance_types == ("ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge")
    assert settings.max_runtime_seconds == 7200
    assert settings.max_instance_count is None
    assert settings.tags == {"EnvironmentName": "mlops", "EnvironmentType": "dev"}


@pytest.mark.parametrize("path", ["buckets.data", "buckets.models", "roles.execution"])
def test_a_field_that_only_building_needs(profile: Environment, path: str) -> None:
    with pytest.raises(InputError, match=f"missing field '{path}'"):
        settings_of(without(profile, path))


def test_optional_fields(profile: Environment) -> None:
    settings = settings_of(without(without(profile, "instance_types"), "max_runtime_seconds"))
    assert settings.instance_types == COMMON_INSTANCE_TYPES
    assert settings.max_runtime_seconds == 3600


@pytest.mark.parametrize(
    ("approved", "expected"),
    [
        (("ml.m5.*",), ("ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge", "ml.m5.4xlarge")),
        (("ml.r5.large", "ml.c5.?xlarge"), ("ml.r5.large", "ml.c5.2xlarge")),
    ],
)
def test_a_choice_is_never_a_pattern(
    profile: Environment, approved: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert settings_of(with_values(profile, instance_types=approved)).instance_types == expected


def test_patterns_that_name_nothing(profile: Environment) -> None:
    with pytest.raises(InputError, match="holds only patterns"):
        settings_of(with_values(profile, instance_types=("ml.zz*",)))


def test_a_bucket_may_have_a_prefix_and_the_first_counts(profile: Environment) -> None:
    environment = with_values(profile, **{"buckets.data": ("first/abalone/", "second")})
    assert settings_of(environment).data == "s3://first/abalone"


def test_the_delivered_profile_is_valid() -> None:
    path = Path(__file__).parents[2] / "pipelines" / "environment.yaml"
    assert read_environment(path.read_bytes(), "profile").account == "111122223333"
