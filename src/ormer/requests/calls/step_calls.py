"""Calls of the pipeline's role: the step's own one, passing roles, and what goes with them."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.model.call import Call, Kind, Setting
from ormer.model.environment import Environment
from ormer.model.request import Found, Request
from ormer.model.symbol import START, has_symbol
from ormer.requests.authorization import PASS_ROLE
from ormer.requests.calls.elements import member
from ormer.requests.calls.kms_calls import for_volume
from ormer.requests.calls.maker import SECURE, Maker
from ormer.requests.calls.settings import of_tags, settings_of
from ormer.requests.calls.step_facts import (
    EMR_RULE_ACTIONS,
    EMR_RULES,
    FOLLOWING,
    STEPS,
    WITHOUT_RESOURCE,
    StepFacts,
)
from ormer.requests.calls.texts import texts, why_not
from ormer.requests.facet import StepFacet

_GROUP = "ModelPackageGroupName"
_GENERATED = "pipelines-*"
_SERVICE = "iam:passedtoservice"
_ELSEWHERE = ("EMR", "EMRServerless")
_PLAIN = (Setting(SECURE),)


def step_calls(request: Request, environment: Environment) -> Iterator[Call]:
    """What the pipeline's role calls for one request of a step."""
    kind = Kind.ROLE if request.action == PASS_ROLE else Kind.STEP
    maker = Maker(environment, kind, ("",), request.subject, request.place)
    if kind is Kind.ROLE:
        yield from _passing(maker, request)
    elif request.action in STEPS:
        yield from _sagemaker(maker, request, STEPS[request.action])
    elif request.action in WITHOUT_RESOURCE:
        yield from _outside(maker, request)
    elif request.resource is not None:
        yield from _on_resource(maker, request)
    elif request.action != "s3:DeleteObject":  # deleted_calls
        yield maker.undecided(request.action, "the step", "on which resource is not known")


def _passing(maker: Maker, request: Request) -> Iterator[Call]:
    """Source: "Granting a user permissions to pass a role to an AWS service", IAM User Guide."""
    assert request.resource is not None
    value = request.resource.value
    arns = texts(value)
    if arns is None and request.step_type not in _ELSEWHERE:
        arns = ("",) if _is_left_out(request) else None
    settings = (_passed_to(request),)
    for arn in arns or ():
        if arn and not arn.startswith(("arn:", START)):  # EMR knows roles by their names
            where = maker.environment
            arn = f"arn:{where.partition}:iam::{where.account}:role/{arn}"
        yield maker.call(PASS_ROLE, arn, "the role of the job", settings)
    if arns is None:
        yield maker.undecided(PASS_ROLE, "the role of the job", f"which role: {why_not(value)}")


def _passed_to(request: Request) -> Setting:
    """Which of a cluster's roles goes to Amazon EMR and which to Amazon EC2 is not told apart."""
    if request.step_type == "EMR":
        return Setting(SECURE, uncertain=frozenset([_SERVICE]))
    serverless = request.step_type == "EMRServerless"
    service = "emr-serverless" if serverless else "sagemaker"
    return Setting({**SECURE, _SERVICE: f"{service}.amazonaws.com"})


def _is_left_out(request: Request) -> bool:
    """Whether the input has no role, so that the job runs as the pipeline's own."""
    from ormer.requests.paths import raw_nodes  # late: it is rare

    facet = request.facets[0] if request.facets else None
    if not isinstance(facet, StepFacet):
        return False
    root = facet.root
    rest = request.place[len(root.place) :]
    return not any(True for _ in raw_nodes(root.node, root.place, tuple(map(str, rest))))


def _sagemaker(maker: Maker, request: Request, facts: StepFacts) -> Iterator[Call]:
    settings = settings_of(request, maker.environment)
    for arn in _arns(maker, request, facts):
        yield maker.call(request.action, arn, "the step", settings)
        tags = of_tags(settings)
        if tags:
            yield maker.call("sagemaker:AddTags", arn, "its tags", tags)
        if facts.describe:
            yield maker.call(facts.describe, arn, "how it ends", _PLAIN)
    for key in _endpoint_keys(request):
        yield from for_volume(maker, key.value)
    for kind, name in facts.resources:
        for arn in _named(maker, request, kind, name):
            yield maker.call(request.action, arn, "the step", settings)


def _endpoint_keys(request: Request) -> tuple[Found, ...]:
    """The key of an endpoint's storage: who creates the endpoint makes the grant."""
    if request.action != "sagemaker:CreateEndpoint":
        return ()
    return request.facets[0].operand("api:EndpointConfig.KmsKeyId").found


def _arns(maker: Maker, request: Request, facts: StepFacts) -> Iterator[str]:
    """Where the resource will be: under a name that SageMaker makes, or that begins as given."""
    if request.action == "sagemaker:CreateModelPackage":
        groups = _texts_at(request, _GROUP)
        if groups:
            # a group may be named by its ARN
            names = (group.rpartition("model-package-group/")[2] for group in groups)
            yield from (maker.arn("sagemaker", f"model-package/{name}/*") for name in names)
            return
    if not facts.name:
        yield maker.arn("sagemaker", f"{facts.type}/*")
        return
    given = _texts_at(request, facts.name)
    for name in given or (_GENERATED,):
        ending = "" if name.endswith("*") else "*"
        yield maker.arn("sagemaker", f"{facts.type}/{name}{ending}")


def _named(maker: Maker, request: Request, kind: str, name: str) -> Iterator[str]:
    for text in _texts_at(request, name) or ("*",):
        yield maker.arn("sagemaker", f"{kind}/{'*' if has_symbol(text) else text}")


def _texts_at(request: Request, name: str) -> tuple[str, ...] | None:
    facet = request.facets[0] if request.facets else None
    if not isinstance(facet, StepFacet):
        return None
    return texts(member(facet.root, name))


def _outside(maker: Maker, request: Request) -> Iterator[Call]:
    uncertain = frozenset(["aws:tagkeys", "aws:requesttag"])
    yield maker.call(request.action, "*", "the step", (Setting(SECURE, uncertain=uncertain),))
    service = request.action.partition(":")[0]
    for action in WITHOUT_RESOURCE[request.action]:
        made = "/applications/*" if service == "emr-serverless" else "cluster/*"
        yield maker.call(action, maker.arn(service, made), "how it ends", _PLAIN)
    yield from _emr_rules(maker, request)


def _on_resource(maker: Maker, request: Request) -> Iterator[Call]:
    assert request.resource is not None
    value = request.resource.value
    arns = texts(value)
    if arns is None:
        reason = f"on which resource is not known: {why_not(value)}"
        yield maker.undecided(request.action, "the step", reason)
    for arn in arns or ():
        parts = arn.split(":")
        account = parts[4] if len(parts) > 5 and parts[4].isdigit() else ""
        for action in (request.action, *FOLLOWING.get(request.action, ())):
            yield maker.call(action, arn, "the step", _PLAIN, account)
    yield from _emr_rules(maker, request)


def _emr_rules(maker: Maker, request: Request) -> Iterator[Call]:
    for rule in EMR_RULES if request.step_type == "EMR" else ():
        for action in EMR_RULE_ACTIONS:
            yield maker.call(action, maker.arn("events", f"rule/{rule}"), "its end", _PLAIN)
