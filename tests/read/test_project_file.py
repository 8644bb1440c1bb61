"""``ormer.toml``: one environment or several profiles, and every way to get it wrong."""

from __future__ import annotations

import pytest

from ormer.model.errors import InputError
from ormer.model.project_file import Definitions, Profile, ProjectFile
from ormer.read.project_file import read_project_file


def read(text: str, path: str = "repo/ormer.toml") -> ProjectFile:
    return read_project_file(text.encode(), path)


def test_one_environment_is_a_profile_without_a_name() -> None:
    found = read(
        'definitions = ["build/*.json", {path = "fraud/definition.json", name = "fraud"}]\n'
        'environment = "environment.yaml"\nwaivers = "waivers.yaml"\ncontrols = "controls"\n'
        'access = "access.yaml"\nprove = true\n'
    )
    assert found == ProjectFile(
        "repo/ormer.toml",
        (
            Profile(
                "",
                "repo/environment.yaml",
                (
                    Definitions("repo/build/*.json"),
                    Definitions("repo/fraud/definition.json", "fraud"),
                ),
                "repo/waivers.yaml",
                "repo/controls",
                access="repo/access.yaml",
                prove=True,
            ),
        ),
    )


def test_a_profile_takes_from_the_file_what_it_does_not_say() -> None:
    dev, prod = read(
        'definitions = ["build/*.json"]\nwaivers = "waivers.yaml"\n'
        '[profiles.dev]\nenvironment = "dev.yaml"\n'
        '[profiles.prod]\nenvironment = "prod.yaml"\ndefinitions = ["prod/*.json"]\n'
        'waivers = "none.yaml"\n',
        "ormer.toml",
    ).profiles
    assert dev == Profile("dev", "dev.yaml", (Definitions("build/*.json"),), "waivers.yaml")
    assert prod == Profile("prod", "prod.yaml", (Definitions("prod/*.json"),), "none.yaml")


def test_an_absolute_path_stays_one() -> None:
    found = read('definitions = ["/a/*.json"]\nenvironment = "/b.yaml"')
    assert found.profiles[0].definitions[0].pattern == "/a/*.json"
    assert found.profiles[0].environment == "/b.yaml"


BASE = 'definitions = ["a.json"]\n'
ENV = 'environment = "e.yaml"\n'


@pytest.mark.parametrize(
    "text, part",
    [
        ("", "no 'environment'"),
        (BASE, "no 'environment'"),
        (ENV, "'definitions' is a list of paths or globs"),
        (ENV + "definitions = []", "'definitions' is a list"),
        (ENV + 'definitions = "a.json"', "'definitions' is a list"),
        (ENV + "definitions = [1]", "'definitions' has 1"),
        (ENV + 'definitions = [{path = "a"}]', "neither a path or glob nor"),
        (ENV + 'definitions = [{path = "a", name = ""}]', "neither a path or glob nor"),
        (ENV + BASE + 'waiver = "w"', "unknown field 'waiver'; did you mean 'waivers'?"),
        (ENV + BASE + "waivers = 1", "'waivers' is a path"),
        (ENV + BASE + 'prove = "yes"', "'prove' is true or false"),
        (BASE + 'environment = ""', "'environment' is a path"),
        (ENV + BASE + '[profiles.dev]\nenvironment = "d"', "'environment' and 'profiles'"),
        (BASE + "[profiles]", "'profiles' is a table of profiles"),
        (BASE + 'profiles = "dev"', "'profiles' is a table of profiles"),
        (BASE + '[profiles]\ndev = "d.yaml"', "'profiles.dev' is a table"),
        (BASE + "[profiles.dev]", "no 'profiles.dev.environment'"),
        (BASE + '[profiles.dev]\nenvironments = "d"', "unknown field 'profiles.dev.environments'"),
        ('[profiles.dev]\nenvironment = "d"', "'profiles.dev.definitions' is a list"),
        ("definitions = [", "not TOML: "),
        ("a = 1\na = 2", "not TOML: "),
        ("x = " + "[" * 100_000, "not TOML: "),
    ],
)
def test_what_is_no_project_file_is_an_error(text: str, part: str) -> None:
    with pytest.raises(InputError) as refused:
        read(text)
    assert str(refused.value).startswith("repo/ormer.toml: ") and part in str(refused.value)
    assert "\n" not in str(refused.value)


def test_bytes_that_are_no_text_are_an_error() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        read_project_file(b"\xff", "ormer.toml")
