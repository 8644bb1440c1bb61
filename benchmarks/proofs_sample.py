"""The documents of a published SageMaker environment, in our own words: its flaws are left in."""

from __future__ import annotations

from typing import Any

from ormer.model.environment import Environment

_TRAIN, _PROCESS = "sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"
_READ, _WRITE, _DELETE = "s3:GetObject", "s3:PutObject", "s3:DeleteObject"


def own_policy(environment: Environment, data: str, models: str) -> dict[str, Any]:
    """Parameters, presence of subnets, code, keys, buckets by their names' beginnings."""
    jobs = [_TRAIN, _PROCESS, "sagemaker:CreateModel", "sagemaker:CreateHyperParameterTuningJob"]
    code = ["GitPull", "GitPush", "GetBranch", "CreateBranch", "GetCommit", "ListRepositories"]
    keys = ["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ListAliases"]
    buckets = [f"{data}*", f"{data}*/*", f"{models}*", f"{models}*/*", "arn:aws:s3:::*sagemaker*/*"]
    parameters = f"arn:aws:ssm:{environment.region}:{environment.account}:parameter/mlops-dev*"
    return _document(
        {"Effect": "Allow", "Action": ["ssm:GetParameter"], "Resource": parameters},
        {
            "Effect": "Deny",
            "Action": [*jobs, "sagemaker:CreateNotebookInstance"],
            "Resource": "*",
            "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}},
        },
        {
            "Effect": "Allow",
            "Action": [*(f"codecommit:{a}" for a in code), *(f"kms:{a}" for a in keys)],
            "Resource": "*",
        },
        {"Effect": "Allow", "Action": [_READ, _WRITE, _DELETE], "Resource": buckets},
        {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:ListAllMyBuckets"], "Resource": "*"},
    )


def closed_bucket(bucket: str, vpce: str) -> dict[str, Any]:
    """Reading, writing and listing through the endpoint alone; deleting is forgotten."""
    return _document(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": [_READ, _WRITE, "s3:ListBucket"],
            "Resource": [bucket, f"{bucket}/*"],
            "Condition": {"StringNotEquals": {"aws:SourceVpce": vpce}},
        }
    )


def endpoint_by_names(*buckets: str) -> dict[str, Any]:
    """The endpoint of the sample: whatever has the names, or SageMaker's, in its name."""
    names = [f"arn:aws:s3:::*{bucket.rpartition(':')[2]}*" for bucket in buckets]
    objects = [_READ, "s3:GetObjectVersion", _WRITE, _DELETE, "s3:ListBucket"]
    named = [*names, *(f"arn:aws:s3:::*{n}*" for n in ("sagemaker", "SageMaker", "aws-glue"))]
    tagged = {"StringEqualsIgnoreCase": {"s3:ExistingObjectTag/SageMaker": "true"}}
    anyone: dict[str, Any] = {"Effect": "Allow", "Principal": "*"}
    return _document(
        {**anyone, "Action": objects, "Resource": named},
        {**anyone, "Action": _READ, "Resource": "*", "Condition": tagged},
    )


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}
