"""The arguments of an EMR step's command: options, the application, what it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
PARAMETERS = [
    {"Name": "Free", "Type": "String", "DefaultValue": "s3://data-bucket/x"},
    {"Name": "Good", "Type": "String", "EnumValues": ["s3://data-bucket/x"]},
    {"Name": "Away", "Type": "String", "EnumValues": ["s3://elsewhere/x"]},
    {"Name": "Rest", "Type": "String", "EnumValues": ["/elsewhere/x.py", "/elsewhere/y.py"]},
    {"Name": "Mode", "Type": "String", "EnumValues": ["client", "cluster"]},
    {"Name": "Option", "Type": "String", "EnumValues": ["--jars", "cluster"]},
    {"Name": "Cores", "Type": "Integer", "DefaultValue": 4},
]
FREE = {"Get": "Parameters.Free"}
CORES = {"Get": "Parameters.Cores"}
RUN = {"Get": "Execution.PipelineExecutionId"}
SCRIPT = "s3://data-bucket/script.py"
PLACE = "/Steps/1/Arguments/StepConfig/HadoopJarStep/Args/"
RANK = ("pass", "unknown", "fail")
Verdicts = dict[int, str]


def joined(*values: Any, on: str = "") -> dict[str, Any]:
    return {"Std:Join": {"On": on, "Values": list(values)}}


@pytest.fixture
def verdicts(says: Says) -> Callable[[list[Any]], Verdicts]:
    """The worst verdict on each argument, by its index."""

    def _verdicts(arguments: list[Any]) -> Verdicts:
        ask = {"Name": "Ask", "Type": "Lambda", "FunctionArn": "arn:f", "Arguments": {}}
        config = {"HadoopJarStep": {"Jar": "command-runner.jar", "Args": arguments}}
        step = {"Name": "Run", "Type": "EMR", "Arguments": {"ClusterId": "j", "StepConfig": config}}
        found: Verdicts = {}
        for said in says("S3-01", ask, step, of="Run", Parameters=PARAMETERS):
            if said.verdict != "not_applicable":
                index = int(said.location.removeprefix(PLACE))
                found[index] = max(said.verdict, found.get(index, "pass"), key=RANK.index)
        return found

    return _verdicts


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["spark-submit", SCRIPT], {1: "pass"}),
        (["spark-submit", FREE], {1: "fail"}),
        (["spark-submit", "--py-files", FREE, SCRIPT], {2: "fail", 3: "pass"}),
        ([joined("--jars=", FREE), SCRIPT], {0: "fail", 1: "pass"}),
        (["spark-submit", SCRIPT, "--date", FREE], {1: "pass"}),
        (["spark-submit", SCRIPT, "s3://elsewhere/x"], {1: "pass", 2: "fail"}),
        (["spark-submit", {"Get": "Parameters.Away"}], {1: "fail"}),
        (["spark-submit", {"Get": "Parameters.Mode"}, SCRIPT], {2: "pass"}),
        (["spark-submit", CORES, SCRIPT], {2: "pass"}),
        (["--name", RUN, SCRIPT], {2: "pass"}),
        ([{"Get": "Steps.Ask.OutputParameters['script']"}], {0: "unknown"}),
    ],
)
def test_what_a_command_runs_is_judged_and_not_what_it_is_told(
    arguments: list[Any], expected: Verdicts, verdicts: Callable[[list[Any]], Verdicts]
) -> None:
    """Options up to the application may load code from anywhere; then come its own arguments."""
    assert verdicts(arguments) == expected


DEPENDENCY = "s3://data-bucket/dependency.zip"


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["spark-submit", "--py-files", DEPENDENCY, FREE], {2: "pass", 3: "fail"}),
        (["spark-submit", "--name", "--jars", FREE], {3: "fail"}),
        (["spark-submit", "--verbose", SCRIPT, FREE], {2: "pass"}),
        (["spark-submit", {"Get": "Parameters.Option"}, DEPENDENCY, FREE], {2: "pass", 3: "fail"}),
        (["spark-submit", joined("--", CORES), DEPENDENCY, FREE], {2: "pass", 3: "fail"}),
        (["hive", "-f", SCRIPT, FREE], {2: "pass", 3: "fail"}),
        (["s3-dist-cp", "--src", SCRIPT, "--dest", FREE], {2: "pass", 4: "fail"}),
        (["spark-submit", "/usr/lib/x.jar", FREE], {}),
        (["spark-submit", {"Get": "Parameters.None"}, SCRIPT], {1: "unknown", 2: "pass"}),
        (["spark-submit", [FREE], SCRIPT], {1: "unknown", 2: "pass"}),
        (["spark-submit", None, DEPENDENCY, FREE], {2: "pass", 3: "fail"}),
    ],
)
def test_the_value_of_an_option_is_not_the_application(
    arguments: list[Any], expected: Verdicts, verdicts: Callable[[list[Any]], Verdicts]
) -> None:
    assert verdicts(arguments) == expected


@pytest.mark.parametrize("option", ["--jars", "--py-files", "--files", "--repositories"])
def test_code_that_an_option_loads_is_in_an_approved_bucket(
    option: str, verdicts: Callable[[list[Any]], Verdicts]
) -> None:
    for url in ("https://elsewhere.s3.amazonaws.com/x.jar", "http://elsewhere.example/x"):
        assert verdicts(["spark-submit", option, url, SCRIPT]) == {2: "fail", 3: "pass"}
        assert verdicts(["spark-submit", f"{option}={url}", SCRIPT]) == {1: "fail", 2: "pass"}


def test_an_application_from_the_web_is_not_approved(
    verdicts: Callable[[list[Any]], Verdicts],
) -> None:
    arguments = ["spark-submit", "https://s3.eu-west-1.amazonaws.com/elsewhere/x.py"]
    assert verdicts(arguments) == {1: "fail"}


def test_an_address_that_an_application_is_told_loads_no_code(
    verdicts: Callable[[list[Any]], Verdicts],
) -> None:
    assert verdicts(["spark-submit", SCRIPT, "https://service.example"]) == {1: "pass"}


@pytest.mark.parametrize(
    "argument, expected",
    [
        (joined("s3://data-bucket/a.jar", FREE, on=","), "fail"),
        (joined("s3://data-bucket/", FREE, ".jar"), "fail"),
        (joined("s3://data-bucket/", {"Get": "Steps.Ask.OutputParameters['v']"}), "unknown"),
        (joined("s3://data-bucket/", RUN, ".jar"), "pass"),
        (joined("s3://data-bucket/", CORES, ".jar"), "pass"),
        (joined("s3://data-bucket/", {"Get": "Parameters.Mode"}, ".jar"), "pass"),
    ],
)
def test_a_list_of_jars_is_approved_if_nothing_can_add_to_it(
    argument: Any, expected: str, verdicts: Callable[[list[Any]], Verdicts]
) -> None:
    """A caller's text may have a comma in it; a number, an enum and an id of the run have none."""
    found = verdicts(["spark-submit", "--jars", argument, SCRIPT])
    assert found == {2: expected, 3: "pass"}


@pytest.mark.parametrize("option", ["--num-executors", "--executor-memory", "--name", "--class"])
def test_an_option_of_spark_submit_that_takes_no_place_may_be_chosen(
    option: str, verdicts: Callable[[list[Any]], Verdicts]
) -> None:
    assert verdicts(["spark-submit", option, FREE, SCRIPT]) == {3: "pass"}
    assert verdicts(["spark-submit", joined(f"{option}=", FREE), SCRIPT]) == {2: "pass"}


@pytest.mark.parametrize(
    "conf, expected",
    [
        (joined("spark.app.date=", FREE), ""),
        (joined("spark.executor.memory=", FREE), ""),
        (joined("spark.jars=", FREE), "fail"),
        (joined("spark.jars.packages=", FREE), "fail"),
        (joined("spark.submit.pyFiles=", FREE), "fail"),
        (joined("spark.files=", FREE), "fail"),
        (joined("spark.yarn.dist.archives=", FREE), "fail"),
        (joined("spark.sql.warehouse.dir=", FREE), "fail"),
        (joined("spark.", FREE, "=x"), "fail"),
        (FREE, "fail"),
        ("spark.jars=https://elsewhere.example/x.jar", "fail"),
        ("spark.app.place=s3://elsewhere/x", "fail"),
    ],
)
def test_a_property_of_spark_is_a_place_by_its_key(
    conf: Any, expected: str, verdicts: Callable[[list[Any]], Verdicts]
) -> None:
    index = {2: expected} if expected else {}
    assert verdicts(["spark-submit", "--conf", conf, SCRIPT]) == {**index, 3: "pass"}
