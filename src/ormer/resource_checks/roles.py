"""Policies of IAM: which role may be passed, which jobs may be started, who may assume a role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ormer.evaluate.decide import Evaluator
from ormer.model.attached_policy import Attached
from ormer.model.authorization import Outcome, PolicySet
from ormer.model.policy import Policy
from ormer.model.resource import Declared, Resource
from ormer.resource_checks.callers import (
    NOBODY,
    SAGEMAKER,
    Caller,
    everything,
    insider,
    nobody,
    outsider,
    request,
    sagemaker_for,
)
from ormer.resource_checks.contexts import contexts
from ormer.resource_checks.finding import Finding, Stack
from ormer.resource_checks.settled import settled

_ROLES = (NOBODY, f"service-role/{NOBODY}", "Administrator")
_JOBS = {
    "sagemaker:CreateTrainingJob": "training-job",
    "sagemaker:CreateProcessingJob": "processing-job",
    "sagemaker:CreateHyperParameterTuningJob": "hyper-parameter-tuning-job",
    "sagemaker:CreateAutoMLJobV2": "automl-job",
    "sagemaker:CreateModel": "model",
    "sagemaker:CreateNotebookInstance": "notebook-instance",
}
"""Actions whose requests carry the condition keys of a network, and what they make."""
_NO_NETWORK = ("sagemaker:vpcsubnets", "sagemaker:vpcsecuritygroupids")


def named_roles_only(declared: Declared, resource: Resource, stack: Stack) -> Iterator[Finding]:
    """iam:PassRole lets SageMaker have named roles alone.

    Source: "Grant a user permissions to pass a role to an AWS service", IAM User Guide.
    """
    for each in settled(declared, resource, Attached.IDENTITY):
        for role in _ROLES:
            arn = f"arn:{stack.partition}:iam::{stack.account}:role/{role}"
            fixed = {"iam:passedtoservice": SAGEMAKER}
            if _allows(each.policy, "iam:PassRole", arn, stack, fixed):
                yield Finding(each.place, f"role/{role}, which nobody named, may go to SageMaker")
                break


def jobs_in_a_network(declared: Declared, resource: Resource, stack: Stack) -> Iterator[Finding]:
    """No job, model or notebook without subnets and security groups may be made.

    Source: "Run training and processing jobs in an Amazon VPC only" among the examples of
    "Identity-based policies for Amazon SageMaker AI", and its condition keys
    sagemaker:VpcSubnets and sagemaker:VpcSecurityGroupIds.
    """
    for each in settled(declared, resource, Attached.IDENTITY):
        for action, kind in _JOBS.items():
            where = f"arn:{stack.partition}:sagemaker:{stack.region}:{stack.account}"
            for name in (NOBODY, f"pipelines-{NOBODY}"):
                arn = f"{where}:{kind}/{name}"
                if _allows(each.policy, action, arn, stack, {}, _NO_NETWORK):
                    yield Finding(each.place, f"{action} is allowed without subnets: {arn}")
                    break


def trust_of_this_account(
    declared: Declared, resource: Resource, stack: Stack
) -> Iterator[Finding]:
    """Nobody outside assumes the role, and SageMaker does so for this account alone.

    Sources: "The confused deputy problem", IAM User Guide; "Cross-Service Confused Deputy
    Prevention", Amazon SageMaker AI Developer Guide.
    """
    stranger = outsider(stack)
    deputy = sagemaker_for(stranger.principal.account, stack.region, stack)
    role = f"arn:{stack.partition}:iam::{stack.account}:role/{NOBODY}"
    for each in settled(declared, resource, Attached.TRUST):
        for caller in (stranger, nobody(), deputy):
            if _assumes(each.policy, caller, role, stack):
                yield Finding(each.place, f"{caller.title} may assume the role")


def _allows(
    policy: Policy,
    action: str,
    resource: str,
    stack: Stack,
    fixed: Mapping[str, str],
    without: tuple[str, ...] = (),
) -> bool:
    evaluator = Evaluator(PolicySet(identity=(policy,)))
    caller = insider(stack)
    for context in contexts(policy, fixed):
        there = {key: value for key, value in context.items() if key not in without}
        asked = request(caller, action, resource, stack.account, there)
        if evaluator.decide(asked).outcome is Outcome.ALLOWED:
            return True
    return False


def _assumes(policy: Policy, caller: Caller, role: str, stack: Stack) -> bool:
    evaluator = Evaluator(PolicySet(identity=(everything(False),), resource=policy))
    return any(
        evaluator.decide(request(caller, "sts:AssumeRole", role, stack.account, context)).outcome
        is Outcome.ALLOWED
        for context in contexts(policy, {})
    )
