"""Every interface endpoint lets this account through to what it is for, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from ormer.evaluate.decide import decide
from ormer.model.authorization import PolicySet
from ormer.read.policies.decide_line import read_request
from ormer.read.policies.policy import PolicyKind, PolicyReader

DENIED = "ImplicitlyDenied"
ACCOUNT, STRANGER = "111122223333", "999988887777"
ROLES = f"arn:aws:iam::{ACCOUNT}:role/mlops-dev-"
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
TRUSTING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
"""Keys and roles need a policy of their own that allows."""


def _local(service: str, resource: str) -> str:
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{resource}"


KEY = _local("kms", "key/22222222-2222-4222-8222-222222222222")
IMAGE = "arn:aws:ecr:eu-west-1:141502667606:repository/sagemaker-xgboost"

REACHED = [
    ("SageMakerApi", "sagemaker:CreatePipeline", _local("sagemaker", "pipeline/AbalonePipeline")),
    ("SageMakerApi", "sagemaker:UpdatePipeline", _local("sagemaker", "pipeline/AbalonePipeline")),
    ("SageMakerApi", "sagemaker:DescribeDomain", _local("sagemaker", "domain/d-x")),
    ("SageMakerApi", "sagemaker:ListPipelines", "*"),
    ("SageMakerRuntime", "sagemaker:InvokeEndpoint", _local("sagemaker", "endpoint/x")),
    ("Sts", "sts:AssumeRole", f"{ROLES}sagemaker-data-scientist"),
    ("Sts", "sts:GetCallerIdentity", "*"),
    ("Sts", "sts:GetServiceBearerToken", "*"),
    ("Kms", "kms:Decrypt", KEY),
    ("Kms", "kms:Decrypt", _local("kms", "key/11111111-1111-4111-8111-111111111111")),
    ("Logs", "logs:PutLogEvents", _local("logs", "log-group:/aws/codebuild/x:log-stream:y")),
    ("Monitoring", "cloudwatch:PutMetricData", "*"),
    ("EcrApi", "ecr:BatchGetImage", IMAGE),
    ("EcrApi", "ecr:BatchGetImage", IMAGE.replace("xgboost", "scikit-learn")),
    ("EcrApi", "ecr:GetAuthorizationToken", "*"),
    ("EcrDkr", "ecr:GetDownloadUrlForLayer", IMAGE),
    ("EcrDkr", "ecr:BatchGetImage", IMAGE.replace("xgboost", "scikit-learn")),
    ("Ssm", "ssm:GetParameters", _local("ssm", "parameter/mlops-dev-data-bucket-name")),
    ("CodeBuild", "codebuild:CreateReport", _local("codebuild", "report-group/x")),
    ("CodeBuild", "codebuild:StartBuild", _local("codebuild", "project/x")),
    ("CodePipeline", "codepipeline:GetPipelineState", _local("codepipeline", "x")),
    ("CodeCommit", "codecommit:GetRepository", _local("codecommit", "x")),
    ("GitCodeCommit", "codecommit:GitPull", _local("codecommit", "x")),
    ("CodeArtifactApi", "codeartifact:GetAuthorizationToken", _local("codeartifact", "domain/x")),
    (
        "CodeArtifactApi",
        "codeartifact:GetRepositoryEndpoint",
        _local("codeartifact", "repository/x/y"),
    ),
    ("CodeArtifactApi", "sts:GetServiceBearerToken", "*"),
    (
        "CodeArtifactRepositories",
        "codeartifact:ReadFromRepository",
        _local("codeartifact", "repository/x/y"),
    ),
    (
        "SecretsManager",
        "secretsmanager:GetSecretValue",
        _local("secretsmanager", "secret:mlops-dev-x"),
    ),
    ("Events", "events:PutEvents", _local("events", "event-bus/default")),
    ("Ec2", "ec2:DescribeVpcEndpoints", "*"),
]
BEYOND = [
    ("SageMakerApi", "sagemaker:CreateTrainingJob", _local("sagemaker", "training-job/x")),
    ("SageMakerApi", "sagemaker:CreateNotebookInstance", _local("sagemaker", "x")),
    ("SageMakerApi", "sagemaker:DescribeModel", f"arn:aws:sagemaker:eu-west-1:{STRANGER}:model/x"),
    ("SageMakerRuntime", "sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:eu-west-1:{STRANGER}:endpoint/x"),
    ("Sts", "sts:AssumeRole", f"arn:aws:iam::{STRANGER}:role/mlops-dev-sagemaker-x"),
    ("Sts", "sts:AssumeRole", f"{ROLES}deployment"),
    ("Kms", "kms:Decrypt", _local("kms", "key/33333333-3333-4333-8333-333333333333")),
    ("Kms", "kms:PutKeyPolicy", KEY),
    ("Logs", "logs:PutLogEvents", f"arn:aws:logs:eu-west-1:{STRANGER}:log-group:x"),
    ("Monitoring", "cloudwatch:DeleteAlarms", "*"),
    ("EcrApi", "ecr:PutImage", f"arn:aws:ecr:eu-west-1:{STRANGER}:repository/x"),
    ("EcrApi", "ecr:BatchGetImage", f"arn:aws:ecr:eu-west-1:{STRANGER}:repository/x"),
    ("EcrDkr", "ecr:InitiateLayerUpload", IMAGE),
    ("EcrDkr", "ecr:BatchGetImage", f"arn:aws:ecr:eu-west-1:{STRANGER}:repository/x"),
    ("Ssm", "ssm:GetParameters", _local("ssm", "parameter/other")),
    ("CodeBuild", "codebuild:StartBuild", f"arn:aws:codebuild:eu-west-1:{STRANGER}:project/x"),
    ("CodePipeline", "codepipeline:StartPipelineExecution", f"arn:aws:codepipeline:eu-west-1:{STRANGER}:x"),
    ("CodeCommit", "codecommit:CreateCommit", f"arn:aws:codecommit:eu-west-1:{STRANGER}:x"),
    ("GitCodeCommit", "codecommit:GitPush", f"arn:aws:codecommit:eu-west-1:{STRANGER}:x"),
    ("CodeArtifactApi", "codeartifact:PublishPackageVersion", _local("codeartifact", "package/x")),
    ("CodeArtifactApi", "codeartifact:GetAuthorizationToken", f"arn:aws:codeartifact:eu-west-1:{STRANGER}:domain/x"),
    ("CodeArtifactRepositories", "codeartifact:ReadFromRepository", f"arn:aws:codeartifact:eu-west-1:{STRANGER}:repository/x/y"),
    ("SecretsManager", "secretsmanager:GetSecretValue", _local("secretsmanager", "secret:other")),
    ("SecretsManager", "secretsmanager:PutSecretValue", _local("secretsmanager", "secret:mlops-dev-x")),
    ("Events", "events:PutEvents", f"arn:aws:events:eu-west-1:{STRANGER}:event-bus/x"),
    ("Ec2", "ec2:RunInstances", "*"),
]  # fmt: skip


def _outcome(documents: Any, endpoint: str, action: str, resource: str, account: str) -> str:
    reader = PolicyReader("endpoint")
    everything = reader.policy(EVERYTHING, (), PolicyKind.IDENTITY, "everything")
    document = documents[f"policies/endpoints.yaml#{endpoint}Endpoint"]
    policy = reader.policy(document, (), PolicyKind.GUARDED_RESOURCE, endpoint)
    body = {
        "principal": f"arn:aws:sts::{account}:assumed-role/any/s1",
        "action": action,
        "resource": resource,
        "resourceAccount": account,
        "context": {"aws:PrincipalAccount": account},
    }
    request = read_request({"request": body}, "case")
    trusting = reader.policy(TRUSTING, (), PolicyKind.RESOURCE, "trusting")
    policies = PolicySet(
        identity=(everything,),
        resource=trusting if action.startswith(("kms:", "sts:AssumeRole")) else None,
        endpoint=(policy,),
    )
    return decide(policies, request).outcome.value


def _ids(case: tuple[str, str, str]) -> str:
    return " ".join(case)


@pytest.mark.parametrize("reached", REACHED, ids=_ids)
def test_this_account_reaches_what_the_endpoint_is_for(reached: Any, documents: Any) -> None:
    # A role of this account with every permission: what decides is the endpoint's own policy.
    assert _outcome(documents, *reached, ACCOUNT) == "Allowed"


@pytest.mark.parametrize("reached", REACHED, ids=_ids)
def test_somebody_elses_credentials_reach_nothing(reached: Any, documents: Any) -> None:
    assert _outcome(documents, *reached, STRANGER) == DENIED


@pytest.mark.parametrize("beyond", BEYOND, ids=_ids)
def test_nothing_else_is_reached(beyond: Any, documents: Any) -> None:
    assert _outcome(documents, *beyond, ACCOUNT) == DENIED


def test_each_endpoint_is_in_the_tables(documents: Any) -> None:
    endpoints = {
        name.partition("#")[2].removesuffix("Endpoint")
        for name in documents
        if name.startswith("policies/endpoints.yaml#")
    }
    assert endpoints - {"S3"} == {case[0] for case in REACHED} == {case[0] for case in BEYOND}


@pytest.mark.parametrize("endpoint", sorted({case[0] for case in REACHED}))
def test_whatever_is_weakened_the_tables_notice(endpoint: str, mutants: Any) -> None:
    survivors = []
    for mutant in mutants(f"policies/endpoints.yaml#{endpoint}Endpoint"):
        document = mutant.documents[f"policies/endpoints.yaml#{endpoint}Endpoint"]
        if ": Action without " in mutant.what or not document["Statement"]:
            continue  # fewer actions only close it; a policy of no statement is none
        reached = [case for case in REACHED if case[0] == endpoint]
        beyond = [case for case in BEYOND if case[0] == endpoint]
        if (
            {_outcome(mutant.documents, *case, ACCOUNT) for case in reached} == {"Allowed"}
            and {_outcome(mutant.documents, *case, STRANGER) for case in reached} == {DENIED}
            and {_outcome(mutant.documents, *case, ACCOUNT) for case in beyond} == {DENIED}
        ):
            survivors.append(mutant.what)
    assert survivors == []
