"""Functions, queues and clusters: the ARN of what a step calls outside SageMaker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:approved"
URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/approved"


def function(arn: Any) -> dict[str, Any]:
    return {"Name": "Call", "Type": "Lambda", "FunctionArn": arn, "Arguments": {}}


def callback(url: Any) -> dict[str, Any]:
    return {"Name": "Call", "Type": "Callback", "SqsQueueUrl": url, "Arguments": {}}


def parameter(*values: str) -> list[dict[str, Any]]:
    entry: dict[str, Any] = {"Name": "P", "Type": "String", "DefaultValue": values[0]}
    return [{**entry, "EnumValues": list(values)}]


@pytest.mark.parametrize(
    "arn, verdict",
    [
        (FUNCTION, "pass"),
        (FUNCTION + ":1", "fail"),
        (FUNCTION + "2", "fail"),
        (FUNCTION.replace("approved", "other"), "fail"),
        (FUNCTION.replace("111122223333", "999999999999"), "fail"),
        ("approved", "fail"),
        ({"Get": "Parameters.Free"}, "fail"),
        ({"Get": "Steps.Nope.X"}, "unknown"),
        ({"Get": "Execution.PipelineName"}, "unknown"),
        ("", "unknown"),
        (None, "unknown"),
        (5, "unknown"),
    ],
)
def test_a_function_is_on_the_list(arn: Any, verdict: str, says: Says) -> None:
    parameters = [{"Name": "Free", "Type": "String", "DefaultValue": FUNCTION}]
    (said,) = says("EXT-01", function(arn), Parameters=parameters)
    assert (said.verdict, said.location) == (verdict, "/Steps/0/FunctionArn"), said.message


def test_a_step_without_a_function_is_unknown(says: Says) -> None:
    step = {"Name": "Call", "Type": "Lambda", "Arguments": {}}
    assert [s.verdict for s in says("EXT-01", step)] == ["unknown"]


def test_an_enum_of_functions_is_worth_what_its_functions_are_worth(says: Says) -> None:
    step = function({"Get": "Parameters.P"})
    assert [s.verdict for s in says("EXT-01", step, Parameters=parameter(FUNCTION))] == ["pass"]
    mixed = parameter(FUNCTION, FUNCTION + "2")
    assert [s.verdict for s in says("EXT-01", step, Parameters=mixed)] == ["fail"]


@pytest.mark.parametrize(
    "url, verdict",
    [
        (URL, "pass"),
        ("https://eu-west-1.queue.amazonaws.com/111122223333/approved", "pass"),
        (URL.replace("approved", "other"), "fail"),
        (URL.replace("111122223333", "999999999999"), "fail"),
        (URL.replace("eu-west-1", "us-east-1"), "fail"),
        ("https://sqs.eu-west-1.amazonaws.com.evil.example/111122223333/approved", "unknown"),
        ("https://evil.example/sqs.eu-west-1.amazonaws.com/111122223333/approved", "unknown"),
        (URL + "/more", "unknown"),
        (URL.replace("https:", "http:"), "unknown"),
        (URL + "\n", "unknown"),
        ("approved", "unknown"),
        ("", "unknown"),
        ({"Get": "Execution.PipelineName"}, "unknown"),
        ({"Get": "Parameters.Free"}, "fail"),
    ],
)
def test_a_queue_is_on_the_list(url: Any, verdict: str, says: Says) -> None:
    parameters = [{"Name": "Free", "Type": "String", "DefaultValue": URL}]
    (said,) = says("EXT-02", callback(url), Parameters=parameters)
    assert (said.verdict, said.location) == (verdict, "/Steps/0/SqsQueueUrl"), said.message


def test_a_fifo_queue_has_a_dot_in_its_name(says: Says, profile: str) -> None:
    text = profile.replace(
        "sqs:eu-west-1:111122223333:approved", "sqs:eu-west-1:111122223333:q.fifo"
    )
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/q.fifo"
    assert [s.verdict for s in says("EXT-02", callback(url), environment=text)] == ["pass"]


def test_a_queue_in_china_is_of_its_partition(says: Says, profile: str) -> None:
    text = profile.replace("region: eu-west-1", "region: cn-north-1").replace(
        "arn:aws:sqs:eu-west-1", "arn:aws-cn:sqs:cn-north-1"
    )
    url = "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/approved"
    assert [s.verdict for s in says("EXT-02", callback(url), environment=text)] == ["pass"]


@pytest.mark.parametrize(
    "values, verdict", [((URL,), "pass"), ((URL, URL + "2"), "fail"), ((URL + "2",), "fail")]
)
def test_an_enum_of_queues_is_worth_what_its_queues_are_worth(
    values: tuple[str, ...], verdict: str, says: Says
) -> None:
    step = callback({"Get": "Parameters.P"})
    (said,) = says("EXT-02", step, Parameters=parameter(*values))
    assert said.verdict == verdict, said


def test_a_queue_of_an_approved_account_with_a_name_known_at_run_time_is_unknown(
    says: Says,
) -> None:
    values = [
        "https://sqs.eu-west-1.amazonaws.com/111122223333/",
        {"Get": "Execution.PipelineName"},
    ]
    (said,) = says("EXT-02", callback({"Std:Join": {"On": "", "Values": values}}))
    assert said.verdict == "unknown", said


@pytest.mark.parametrize(
    "type, arguments, verdict",
    [
        ("EMR", {"ClusterId": "j-APPROVED"}, "pass"),
        ("EMR", {"ClusterId": "j-OTHER"}, "fail"),
        ("EMR", {"ClusterId": {"Get": "Parameters.P"}}, "fail"),
        ("EMR", {"ClusterId": {"Get": "Execution.PipelineName"}}, "unknown"),
        ("EMR", {"ClusterId": {"Std:Join": {"On": "-", "Values": ["j", "APPROVED"]}}}, "pass"),
        ("EMR", {"ClusterId": ""}, "unknown"),
        ("EMR", {}, "unknown"),
        ("EMRServerless", {"ApplicationId": "approved"}, "pass"),
        ("EMRServerless", {"ApplicationId": "other"}, "fail"),
        ("EMRServerless", {}, "unknown"),
    ],
)
def test_a_cluster_or_application_is_on_the_list(
    type: str, arguments: dict[str, Any], verdict: str, says: Says, profile: str
) -> None:
    application = "arn:aws:emr-serverless:eu-west-1:111122223333:/applications/approved"
    text = profile.replace('cluster/j-APPROVED"', f'cluster/j-APPROVED", "{application}"')
    step = {"Name": "Run", "Type": type, "Arguments": arguments}
    parameters = [{"Name": "P", "Type": "String"}]
    (said,) = says("EXT-03", step, environment=text, Parameters=parameters)
    assert said.verdict == verdict, said


@pytest.mark.parametrize(
    "type, config", [("EMR", "ClusterConfig"), ("EMRServerless", "ApplicationConfig")]
)
def test_a_step_that_creates_one_is_refused_as_such(type: str, config: str, says: Says) -> None:
    step = {"Name": "Run", "Type": type, "Arguments": {config: {}}}
    assert [s.verdict for s in says("EXT-04", step)] == ["fail"]


@pytest.mark.parametrize(
    "subnets, verdict",
    [
        ({}, "fail"),
        ({"Ec2SubnetId": "subnet-0aaa"}, "pass"),
        ({"Ec2SubnetId": "subnet-0zzz"}, "fail"),
        ({"Ec2SubnetIds": ["subnet-0aaa", "subnet-0bbb"]}, "pass"),
        ({"Ec2SubnetIds": ["subnet-0aaa", "subnet-0zzz"]}, "fail"),
        ({"Ec2SubnetId": "subnet-0aaa", "Ec2SubnetIds": ["subnet-0zzz"]}, "fail"),
    ],
)
def test_the_subnets_of_a_new_cluster(subnets: dict[str, Any], verdict: str, says: Says) -> None:
    step = {"Name": "Run", "Type": "EMR", "Arguments": {"ClusterConfig": {"Instances": subnets}}}
    assert [s.verdict for s in says("NET-01", step)] == [verdict]


@pytest.mark.parametrize(
    "list_name, control, step",
    [
        ("functions", "EXT-01", function(FUNCTION)),
        ("queues", "EXT-02", callback(URL)),
        (
            "clusters",
            "EXT-03",
            {"Name": "R", "Type": "EMR", "Arguments": {"ClusterId": "j-APPROVED"}},
        ),
    ],
)
def test_without_a_list_nothing_is_approved(
    list_name: str, control: str, step: dict[str, Any], says: Says, profile: str
) -> None:
    lines = [line for line in profile.splitlines() if not line.startswith(f"{list_name}:")]
    (said,) = says(control, step, environment="\n".join(lines))
    assert said.verdict == "fail"
