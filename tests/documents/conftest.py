"""The documents of ``iam/`` and ``policies/``, resolved for the example environment, and decided."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple, Optional

import pytest
import yaml

from ormer.evaluate.decide import Evaluator
from ormer.model.authorization import AuthorizationRequest, Decision, Level, PolicySet
from ormer.model.policy import Policy
from ormer.read.policies.decide_line import read_request
from ormer.read.policies.policy import PolicyKind, PolicyReader

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, REGION, ORGANIZATION = "111122223333", "eu-west-1", "o-a1b2c3d4e5"
STRANGER = "999988887777"
ROLES = ("execution", "pipeline", "build", "data-scientist", "administrator")
ENDPOINT = "vpce-0a1b2c3d4e5f60001"
BUCKET = f"arn:aws:s3:::mlops-dev-{REGION}-{ACCOUNT}-"
IMAGES = f"arn:aws:ecr:{REGION}:141502667606:repository/"
"""SageMaker's own images, in an account of AWS whose repositories let every account pull."""
_PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
_TRUSTED = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def _one(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


GUARDRAILS = {
    path.relative_to(ROOT).as_posix(): json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "iam/guardrails").glob("*.json"))
}
GUARDED = tuple(
    role
    for role in ROLES
    if "!Ref GuardrailPolicyArns" in (ROOT / f"iam/{role}-role.yaml").read_text("utf-8")
)
"""The roles that guardrails can be attached to."""
GENERATED = "iam/guardrails/boundary.json"
FIXED = {
    **GUARDRAILS,
    "everything": _one(Action="*", Resource="*"),
    "images": _one(Principal="*", Action=_PULL),
    "trusting": _one(Principal=_TRUSTED, Action="*", Resource="*"),
}
"""What is not in the repository: full access, SageMaker's images, a key that trusts the account."""
POLICY_PROPERTIES = ("PolicyDocument", "KeyPolicy", "AssumeRolePolicyDocument", "Content")

Documents = dict[str, Any]
"""A policy document by ``FILE#LogicalId``; a trust policy by ``FILE#LogicalId.trust``."""


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, each as the long form."""


def _tag(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt":
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tag)


class _Resolver:
    """The few intrinsics that these templates use, by a template's parameters."""

    def __init__(self, template: dict[str, Any], given: Mapping[str, str]) -> None:
        self.template = template
        self.values: dict[str, Any] = {
            "AWS::AccountId": ACCOUNT,
            "AWS::Region": REGION,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NoValue": None,
        }
        for name, declared in template["Parameters"].items():
            text = given[name]
            many = "List" in declared["Type"]
            self.values[name] = [item for item in text.split(",") if item] if many else text

    def name(self, name: str) -> Any:
        if name in self.values:
            return self.values[name]
        body = self.template["Resources"][name.removesuffix(".Arn")]
        bucket = self.value(body["Properties"]["BucketName"])
        return f"arn:aws:s3:::{bucket}" if name.endswith(".Arn") else bucket

    def value(self, found: Any) -> Any:
        if isinstance(found, list):
            return [self.value(item) for item in found]
        if not isinstance(found, dict):
            return found
        if len(found) == 1:
            ((key, inner),) = found.items()
            if key in ("Ref", "Fn::GetAtt"):
                return self.name(inner if key == "Ref" else ".".join(inner))
            if key in ("Fn::Join", "Fn::Split"):
                by, what = inner[0], self.value(inner[1])
                return by.join(what) if key == "Fn::Join" else what.split(by)
            if key == "Fn::Sub":
                return self.substituted(inner)
        return {key: self.value(inner) for key, inner in found.items()}

    def substituted(self, text: str) -> str:
        head, *rest = text.split("${")
        return head + "".join(
            (f"${{{name[1:]}}}" if name.startswith("!") else self.name(name)) + tail
            for name, _, tail in (part.partition("}") for part in rest)
        )


def _parameters(folder: str) -> dict[str, str]:
    entries = json.loads((ROOT / folder / "parameters.json").read_text("utf-8"))
    return {entry["ParameterKey"]: entry["ParameterValue"] for entry in entries}


def _resolve() -> Documents:
    found: Documents = {}
    for folder in ("iam", "policies"):
        given = _parameters(folder)
        for path in sorted((ROOT / folder).glob("*.yaml")):
            template = yaml.load(path.read_text("utf-8"), _Loader)
            resolver = _Resolver(template, given)
            for logical_id, body in template["Resources"].items():
                for name in POLICY_PROPERTIES:
                    if name in body.get("Properties", {}):
                        suffix = ".trust" if name == "AssumeRolePolicyDocument" else ""
                        document = resolver.value(body["Properties"][name])
                        found[f"{folder}/{path.name}#{logical_id}{suffix}"] = document
    return found


@pytest.fixture(scope="session")
def documents() -> Documents:
    """Every policy document of every template."""
    return _resolve()


@pytest.fixture(scope="session")
def templates() -> dict[str, Any]:
    """Every template, its intrinsics in the long form, by file."""
    return {
        f"{folder}/{path.name}": yaml.load(path.read_text("utf-8"), _Loader)
        for folder in ("iam", "policies")
        for path in sorted((ROOT / folder).glob("*.yaml"))
    }


@pytest.fixture(scope="session")
def parameters() -> dict[str, dict[str, str]]:
    """The parameters of the example environment, by folder."""
    return {folder: _parameters(folder) for folder in ("iam", "policies")}


class Case(NamedTuple):
    """A line of a table: who does what to which resource from where, and what is decided.

    ``who*`` is the role with a policy that allows everything attached beside its own.
    ``given`` changes the context; a value of None takes a key away. ``by`` are statements
    that have to be among the reasons. ``only`` leaves one layer (identity, boundary,
    resource, endpoint, perimeter) and allows everything in the others; a table's ``each``
    lists the layers that decide the same alone. Two more words leave all layers: ``guarded`` attaches
    the generated guardrails where the role takes them, ``generated`` the generated boundary as well.
    """

    who: str
    does: str
    to: str
    via: str
    given: Mapping[str, Any]
    expect: str
    by: tuple[str, ...]
    only: str


def _arn(to: str) -> str:
    if to.startswith("arn:") or to == "*":
        return to
    kind, _, rest = to.partition("/")
    if kind in ("data", "models", "artifacts"):
        return BUCKET + to
    if to in ("output-key", "volume-key"):
        digit = "2" if to == "output-key" else "1"
        key = "-".join((digit * 8, digit * 4, "4" + digit * 3, "8" + digit * 3, digit * 12))
        return f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}"
    if kind == "role":
        return _role(rest)
    service = "ec2" if kind in ("subnet", "security-group", "network-interface") else "sagemaker"
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{to}"


def _role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/mlops-dev-{'sagemaker-' if name in ROLES else ''}{name}"


def _principal(who: str) -> Any:
    who = who.removesuffix("*")
    if who == "anonymous":
        return {"type": "Anonymous"}
    if who.endswith(".amazonaws.com"):
        return {"type": "Service", "service": who}
    if who == "root":
        return f"arn:aws:iam::{ACCOUNT}:root"
    if who == "stranger":
        return f"arn:aws:sts::{STRANGER}:assumed-role/stranger/s1"
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{_role(who).rpartition('/')[2]}/s1"


def _account(resource: str) -> str:
    parts = resource.split(":")
    return parts[4] if len(parts) > 5 and parts[4] else ACCOUNT


def _context(case: Case, account: str) -> dict[str, Any]:
    context: dict[str, Any] = {"aws:SecureTransport": "true", "aws:ResourceAccount": account}
    if case.who.endswith(".amazonaws.com"):
        context["aws:PrincipalIsAWSService"] = "true"
    elif case.who != "anonymous":
        home = STRANGER if case.who == "stranger" else ACCOUNT
        roles = {
            "root": f"arn:aws:iam::{ACCOUNT}:root",
            "stranger": f"arn:aws:iam::{STRANGER}:role/stranger",
        }
        context["aws:PrincipalArn"] = roles.get(case.who) or _role(case.who.removesuffix("*"))
        context["aws:PrincipalAccount"] = home
        context["aws:PrincipalIsAWSService"] = "false"
        context["aws:PrincipalOrgID"] = "o-stranger123" if home == STRANGER else ORGANIZATION
    if case.via == "vpc":
        context["aws:SourceVpce"] = ENDPOINT
    elif case.via in ("s3", "ec2", "sagemaker"):
        context["kms:ViaService"] = f"{case.via}.{REGION}.amazonaws.com"
    for key, value in case.given.items():
        if value is None:
            context.pop(key, None)
        else:
            context[key] = value
    return context


def _resource_policy(resource: str) -> Optional[str]:
    for name, logical_id in (("data", "DataBucketPolicy"), ("models", "ModelsBucketPolicy")):
        if resource.partition("/")[0] == BUCKET + name:
            return f"policies/buckets.yaml#{logical_id}"
    for to, logical_id in (("output-key", "OutputKey"), ("volume-key", "VolumeKey")):
        if resource == _arn(to):
            return f"policies/keys.yaml#{logical_id}"
    if resource.startswith(IMAGES):
        return "images"
    for name in ROLES:
        if resource == _role(name):
            return f"iam/{name}-role.yaml#{_logical(name)}Role.trust"
    return None


def _logical(role: str) -> str:
    return "".join(part.capitalize() for part in role.split("-"))


def _endpoint(case: Case) -> Optional[str]:
    name = {"s3": "S3", "sagemaker": "SageMakerApi", "kms": "Kms", "sts": "Sts", "ssm": "Ssm"}.get(
        case.does.partition(":")[0]
    )
    return f"policies/endpoints.yaml#{name}Endpoint" if case.via == "vpc" and name else None


def _own_policy(documents: Documents, role: str) -> list[str]:
    name = f"iam/{role}-role.yaml#{_logical(role)}Policy"
    return [name] if name in documents else []


class Layers(NamedTuple):
    """The documents that a case meets, by name; None is a layer that is not there."""

    identity: tuple[str, ...]
    boundary: Optional[str]
    resource: Optional[str]
    endpoint: Optional[str]
    perimeter: Optional[str]

    def names(self) -> set[str]:
        """Every document of every layer."""
        return {name for name in (*self.identity, *self[1:]) if name is not None}


def _layers(documents: Documents, case: Case) -> Layers:
    role = case.who.removesuffix("*")
    arn = _arn(case.to)
    own = tuple(_own_policy(documents, role))
    everything = ("everything",) if role != case.who or role not in (*ROLES, "anonymous") else ()
    found = Layers(
        (*own, *everything),
        "iam/boundary.yaml#Boundary" if role in ROLES else None,
        _resource_policy(arn),
        _endpoint(case),
        "policies/organization.yaml#DataPerimeter" if _account(arn) == ACCOUNT else None,
    )
    if not case.only:
        return found
    if case.only in ("guarded", "generated"):
        more = (name for name in GUARDRAILS if name != GENERATED and role in GUARDED)
        boundary = GENERATED if case.only == "generated" else found.boundary
        return found._replace(identity=(*found.identity, *more), boundary=boundary)
    trusting = "trusting" if arn.split(":")[2] in ("kms", "iam") else None
    alone = {
        "identity": Layers(found.identity, None, trusting, None, None),
        "boundary": Layers(("everything",), found.boundary, trusting, None, None),
        "resource": Layers(("everything",), None, found.resource, None, None),
        "endpoint": Layers(("everything",), None, None, found.endpoint, None),
        "perimeter": Layers(("everything",), None, trusting, None, found.perimeter),
    }
    return alone[case.only]


class _Reader:
    """Reads each document once; a mutant has other documents under some of the names."""

    def __init__(self) -> None:
        self.read: dict[tuple[int, PolicyKind], tuple[Any, Policy]] = {}
        self.evaluators: dict[tuple[int, ...], Evaluator] = {}

    def policy(self, documents: Documents, name: str, kind: PolicyKind) -> Policy:
        document = FIXED.get(name) or documents[name]
        key = (id(document), kind)
        if key not in self.read:
            self.read[key] = (document, PolicyReader(name).policy(document, (), kind, name))
        return self.read[key][1]

    def evaluator(self, documents: Documents, layers: Layers) -> Evaluator:
        key = tuple(
            id(FIXED.get(name) or documents[name]) if name else 0
            for name in (*layers.identity, "", *layers[1:])
        )
        if key not in self.evaluators:
            self.evaluators[key] = Evaluator(self.policies(documents, layers))
        return self.evaluators[key]

    def policies(self, documents: Documents, layers: Layers) -> PolicySet:
        def one(name: Optional[str], kind: PolicyKind) -> Optional[Policy]:
            return None if name is None else self.policy(documents, name, kind)

        boundary = one(layers.boundary, PolicyKind.IDENTITY)
        endpoint = one(layers.endpoint, PolicyKind.GUARDED_RESOURCE)
        perimeter = one(layers.perimeter, PolicyKind.GUARDED_RESOURCE)
        return PolicySet(
            identity=tuple(
                self.policy(documents, name, PolicyKind.IDENTITY) for name in layers.identity
            ),
            boundary=None if boundary is None else (boundary,),
            resource=one(layers.resource, PolicyKind.RESOURCE),
            endpoint=None if endpoint is None else (endpoint,),
            rcps=() if perimeter is None else (Level("root", (perimeter,)),),
        )


Decided = Callable[[Documents, Case], Decision]


@pytest.fixture(scope="session")
def decided() -> Decided:
    """``decided(documents, case)``: what all the documents that the case meets decide."""
    reader = _Reader()

    prepared: dict[int, tuple[AuthorizationRequest, Layers]] = {}

    def _decided(documents: Documents, case: Case) -> Decision:
        found = prepared.get(id(case))
        if found is None:
            found = prepared[id(case)] = (_request(case), _layers(documents, case))
        request, layers = found
        return reader.evaluator(documents, layers).decide(request)

    return _decided


def _request(case: Case) -> AuthorizationRequest:
    arn = _arn(case.to)
    account = _account(arn)
    body = {
        "principal": _principal(case.who),
        "action": case.does,
        "resource": arn,
        "resourceAccount": account,
        "context": _context(case, account),
    }
    return read_request({"request": body}, "case")


@pytest.fixture(scope="session")
def meets(documents: Documents) -> Callable[[Case], set[str]]:
    """``meets(case)``: the names of the documents that it meets."""
    return lambda case: _layers(documents, case).names()


def _cases() -> Iterator[tuple[str, Case]]:
    """Each row, together with what its group says; once more for each layer in ``each``."""
    for path in sorted((Path(__file__).parent / "cases").glob("*.yaml")):
        for group, body in enumerate(yaml.safe_load(path.read_text("utf-8"))):
            shared = {key: value for key, value in body.items() if key not in ("about", "cases")}
            for number, row in enumerate(body["cases"]):
                found = {**shared, **row}
                found["given"] = {**shared.get("given", {}), **row.get("given", {})}
                changed = " ".join(f"{key}={value}" for key, value in row.get("given", {}).items())
                for only in ("", *found.pop("each", ())):
                    case = Case(**{"given": {}, "by": (), "only": only, **found})
                    title = f"{case.who} {case.does} {case.to} {case.via} {changed} {only}"
                    yield f"{path.stem}/{group}/{number} {' '.join(title.split())}", case


CASES = dict(_cases())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each case is a test of what takes ``case``."""
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", CASES.values(), ids=CASES.keys())


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    """Every case of every table."""
    return tuple(CASES.values())


class Mutant(NamedTuple):
    """Documents with one thing weakened; ``what`` says which.

    ``touches`` says of an action whether the weakened statement is about it at all.
    """

    what: str
    documents: Documents
    touches: Callable[[str], bool]


@pytest.fixture(scope="session")
def mutants(documents: Documents) -> Callable[[str], Iterator[Mutant]]:
    """``mutants(name)``: a document without a statement, condition or value, or widened."""

    def _mutants(name: str) -> Iterator[Mutant]:
        for index, statement in enumerate(documents[name]["Statement"]):
            sid = statement.get("Sid", str(index))
            for what, changed in _weaker(statement):
                document = copy.deepcopy(documents[name])
                document["Statement"][index : index + 1] = changed
                yield Mutant(
                    f"{name} {sid}: {what}", {**documents, name: document}, _touches(statement)
                )

    return _mutants


def _touches(statement: dict[str, Any]) -> Callable[[str], bool]:
    actions = statement.get("Action", "*")
    globs = [actions] if isinstance(actions, str) else actions
    return lambda action: any(fnmatchcase(action.lower(), glob.lower()) for glob in globs)


def _weaker(statement: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield "dropped", []
    if statement["Effect"] == "Deny":
        yield "Deny to Allow", [{**statement, "Effect": "Allow"}]
    conditions = statement.get("Condition", {})
    for operator, block in conditions.items():
        for key in block:
            smaller = {inner: value for inner, value in block.items() if inner != key}
            rest = {**conditions, operator: smaller}
            if not smaller:
                del rest[operator]
            without = {k: v for k, v in statement.items() if k != "Condition"}
            yield (
                f"without {operator} {key}",
                [{**without, **({"Condition": rest} if rest else {})}],
            )
    if "Resource" in statement and statement["Resource"] != "*" and statement["Effect"] == "Allow":
        yield "on every resource", [{**statement, "Resource": "*"}]
    for element in ("Action", "NotAction", "Resource", "NotResource"):
        values = statement.get(element)
        for value in values if isinstance(values, list) and len(values) > 1 else ():
            fewer = [item for item in values if item != value]
            yield f"{element} without {value}", [{**statement, element: fewer}]
