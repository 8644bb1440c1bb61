"""Large policy sets for provers: what a platform's role has once many teams share it.

Every team has ten statements: its data, its models, its jobs in the approved network and types,
its execution role, keys, logs, images, and Denies that its administrators asked for. The seed is
fixed, so that the same number of statements are always the same ones. Two teams have a flaw each,
somewhere in the middle: one starts jobs with ``ForAllValues`` and no ``Null`` beside it, one writes
with ``StringEqualsIfExists`` on ``aws:SourceVpce``.
"""

from __future__ import annotations

import random
from typing import Any

from ormer.model.environment import Environment

ROLE = "arn:aws:iam::111122223333:role/mlops-dev-sagemaker-pipeline"
VIOLATED = frozenset(
    [
        ("NET-01", "sagemaker:CreateTrainingJob"),
        ("NET-02", "sagemaker:CreateTrainingJob"),
        ("ACS-01", "s3:PutObject"),
        ("ACS-05", "iam:PassRole"),
    ]
)
"""What is to be found: the two flaws, and that the role passes a role for each team."""
_PER_TEAM = 10
_PER_POLICY = 20
_WORDS = (
    *("abalone", "basket", "churn", "demand", "energy", "fraud", "growth", "housing", "intent"),
    *("journey", "kiosk", "leads", "margin", "network", "offers", "pricing", "quality", "returns"),
    *("stock", "traffic", "uplift", "vision", "weather", "yield"),
)
_STATIONS = ("dev", "test", "stage", "prod", "lab", "shared")
_LOG_ACTIONS = ("CreateLogGroup", "CreateLogStream", "PutLogEvents", "DescribeLogStreams")
_ECR_ACTIONS = ("BatchGetImage", "GetDownloadUrlForLayer", "BatchCheckLayerAvailability")
_DANGEROUS = (
    *("CreateNotebookInstance", "CreatePresignedNotebookInstanceUrl", "CreateCodeRepository"),
    *("CreateWorkteam", "CreateLabelingJob", "CreateHumanTaskUi", "CreateFlowDefinition"),
)

Document = dict[str, Any]


def generated(statements: int, environment: Environment) -> list[Document]:
    """Policies with so many statements together. ``statements`` is a multiple of 20."""
    choose = random.Random(statements)
    teams = statements // _PER_TEAM
    made = [
        statement
        for number in range(teams)
        for statement in _team(number, teams, environment, choose)
    ]
    return [
        {"Version": "2012-10-17", "Statement": made[start : start + _PER_POLICY]}
        for start in range(0, len(made), _PER_POLICY)
    ]


def _team(number: int, teams: int, environment: Environment, choose: random.Random) -> list[Any]:
    name = f"{choose.choice(_WORDS)}-{choose.choice(_STATIONS)}-{number:03}"
    title = "".join(part.title() for part in name.split("-"))
    is_lax_network, is_lax_way = number == teams // 3, number == teams // 2
    account, region = environment.account, environment.region
    values = environment.values
    data, models = values["buckets.data"][0], values["buckets.models"][0]
    vpce = {"aws:SourceVpce": values["vpc.endpoints.s3"][0]}
    tagged = {f"aws:ResourceTag/{choose.choice(('Team', 'Project'))}": name}
    others = [f"{choose.choice(_WORDS)}-{number + k + 1:03}" for k in range(choose.randint(2, 4))]
    here = {"aws:RequestedRegion": [region, "us-east-1"]}
    jobs = [f"arn:aws:sagemaker:{region}:{account}:{k}-job/{name}-*" for k in _KINDS]

    def of(what: str, effect: str, actions: list[str], resources: list[str], **when: Any) -> Any:
        statement = {"Sid": f"{title}{what}", "Effect": effect, "Action": actions}
        statement["Resource"] = resources
        return {**statement, **({"Condition": when} if when else {})}

    there = {"sagemaker:VpcSubnets": "false", "sagemaker:VpcSecurityGroupIds": "false"}
    network = {
        "ForAllValues:StringEquals": {
            "sagemaker:VpcSubnets": list(values["vpc.subnets"]),
            "sagemaker:VpcSecurityGroupIds": list(values["vpc.security_groups"]),
        },
        **({} if is_lax_network else {"Null": there}),
        "ForAllValues:StringLike": {
            "sagemaker:InstanceTypes": choose.sample(
                list(values["instance_types"]), choose.randint(1, 3)
            )
        },
        "StringEquals": {"aws:RequestTag/Team": name},
    }
    write = "StringEqualsIfExists" if is_lax_way else "StringEquals"
    objects = [f"arn:aws:s3:::{data}/{name}/*", f"arn:aws:s3:::{data}/shared/{name[:4]}*"]
    outputs = [f"arn:aws:s3:::{models}/{name}/*", f"arn:aws:s3:::{models}/{name}-*/output/*"]
    reads = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging"]
    writes = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    starts = ["sagemaker:CreateTrainingJob", "sagemaker:CreateProcessingJob"]
    key_id = f"{choose.getrandbits(32):08x}-0000-4000-8000-{number:012}"
    key = f"arn:aws:kms:{region}:{account}:key/{key_id}"
    logs = f"arn:aws:logs:{region}:{account}:log-group:/aws/sagemaker/*"
    images = [f"arn:aws:ecr:{region}:{account}:repository/{name}/*" for name in (name, *others)]
    passed = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    via = {"StringLike": {"kms:ViaService": [f"s3.{region}.amazonaws.com", "ec2.*.amazonaws.com"]}}
    theirs = [f"arn:aws:s3:::{data}/{other}/private/*" for other in others]
    return [
        of("ReadsItsData", "Allow", reads, objects, StringEquals={**vpce, **here}),
        of("WritesItsModels", "Allow", writes, outputs, **{write: vpce}),
        of("StartsJobs", "Allow", starts, jobs, **network),
        of("FollowsJobs", "Allow", [f"sagemaker:{v}*" for v in ("Describe", "Stop")], jobs),
        of("PassesItsRole", "Allow", ["iam:PassRole"], [f"{ROLE}-{name}"], **passed),
        of("UsesItsKey", "Allow", ["kms:Decrypt", "kms:GenerateDataKey*"], [key], **via),
        of("Logs", "Allow", [f"logs:{a}" for a in _LOG_ACTIONS], [logs, f"{logs}:log-stream:*"]),
        of("PullsImages", "Allow", [f"ecr:{a}" for a in _ECR_ACTIONS], images, StringEquals=tagged),
        of(
            "NotTheirs", "Deny", ["s3:*"], theirs, StringNotEquals={"aws:PrincipalTag/Team": others}
        ),
        of(
            "NoOtherTools", "Deny", [f"sagemaker:{a}" for a in _DANGEROUS], ["*"], StringEquals=here
        ),
    ]


_KINDS = ("training", "processing")
