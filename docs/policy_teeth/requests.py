"""The tables of requests (``tests/documents/cases``), and the request that a line of one makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import yaml

from docs.plain_documents import ROOT
from ormer.model.authorization import AuthorizationRequest
from ormer.read.policies.decide_line import read_request

TABLES = ROOT / "tests" / "documents" / "cases"
ACCOUNT, REGION, ORGANIZATION = "111122223333", "eu-west-1", "o-a1b2c3d4e5"
STRANGER = "999988887777"
ROLES = ("execution", "pipeline", "build", "data-scientist", "administrator")
BUCKET = f"arn:aws:s3:::mlops-dev-{REGION}-{ACCOUNT}-"
_ENDPOINT = "vpce-0a1b2c3d4e5f60001"
_SERVICE = ".amazonaws.com"
_BY_SERVICE = ("s3", "ec2", "sagemaker")
_EC2 = ("subnet", "security-group", "network-interface")


class Case(NamedTuple):
    """A line of a table: who does what to which resource from where, and what is decided.

    ``who*`` is the role with a policy that allows everything attached beside its own. ``via``
    is ``outside``, ``vpc``, the service that makes the call, or ``endpoint NAME``. ``given``
    changes the context; a value of None takes a key away. ``by`` are statements that have to be
    among the reasons. ``only`` leaves one layer and allows everything in the others: identity,
    boundary, resource, endpoint, perimeter; ``resource without identity``, for a principal that
    has no policy; or what is made of the controls: ``guardrail boundary``, ``guardrail
    policies``, ``guardrail SCPs``. Two more leave every layer: ``guarded`` attaches the guardrail
    policies where the role takes them, ``generated`` puts the guardrail boundary in place of the
    role's own, too. A table's ``each`` lists layers that decide the same.
    """

    who: str
    does: str
    to: str
    via: str
    given: Mapping[str, Any]
    expect: str
    by: tuple[str, ...]
    only: str

    @property
    def role(self) -> str:
        """Who it is without the mark."""
        return self.who.removesuffix("*")

    @property
    def is_in_vpc(self) -> bool:
        """Whether it takes an endpoint."""
        return self.via == "vpc" or self.via.startswith("endpoint ")


@cache
def cases() -> Mapping[str, Case]:
    """Every case by a name for it."""
    return dict(_cases())


def _cases() -> Iterator[tuple[str, Case]]:
    """Each row, together with what its group says; once more for each layer in ``each``."""
    for path in sorted(TABLES.glob("*.yaml")):
        for group, body in enumerate(yaml.safe_load(path.read_text("utf-8"))):
            shared = {key: value for key, value in body.items() if key not in ("about", "cases")}
            for number, row in enumerate(body["cases"]):
                found = {**shared, **row}
                found["given"] = {**shared.get("given", {}), **row.get("given", {})}
                layers = ("", *found.pop("each", ()))
                changed = " ".join(f"{key}={value}" for key, value in row.get("given", {}).items())
                for only in layers:
                    case = Case(**{"given": {}, "by": (), "only": only, **found})
                    title = f"{case.who} {case.does} {case.to} {case.via} {changed} {only}"
                    yield f"{path.stem}/{group}/{number} {' '.join(title.split())}", case


def arn_of(to: str) -> str:
    """The resource that a table means: ``data/x.csv``, ``role/build``, ``training-job/x``."""
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
        return role_arn(rest)
    service = "ec2" if kind in _EC2 else "sagemaker"
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{to}"


def role_arn(name: str) -> str:
    """A role of the environment, or another one of the account."""
    return f"arn:aws:iam::{ACCOUNT}:role/mlops-dev-{'sagemaker-' if name in ROLES else ''}{name}"


def account_of(resource: str) -> str:
    """Whose a resource is."""
    parts = resource.split(":")
    return parts[4] if len(parts) > 5 and parts[4] else ACCOUNT


def request_of(case: Case) -> AuthorizationRequest:
    """The request that a case is about."""
    arn = arn_of(case.to)
    account = account_of(arn)
    body = {
        "principal": _principal(case.role),
        "action": case.does,
        "resource": arn,
        "resourceAccount": account,
        "context": {name: value for name, value in _context(case, account) if value is not None},
    }
    return read_request({"request": body}, "case")


def _principal(role: str) -> Any:
    if role == "anonymous":
        return {"type": "Anonymous"}
    if role.endswith(_SERVICE):
        return {"type": "Service", "service": role}
    if role == "root":
        return f"arn:aws:iam::{ACCOUNT}:root"
    if role == "stranger":
        return f"arn:aws:sts::{STRANGER}:assumed-role/stranger/s1"
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role_arn(role).rpartition('/')[2]}/s1"


def _context(case: Case, account: str) -> Iterator[tuple[str, Any]]:
    found = {"aws:SecureTransport": "true", "aws:ResourceAccount": account, **_of_caller(case.role)}
    if case.is_in_vpc:
        found["aws:SourceVpce"] = _ENDPOINT
    elif case.via in _BY_SERVICE:
        found["kms:ViaService"] = f"{case.via}.{REGION}.amazonaws.com"
    yield from {**found, **case.given}.items()


def _of_caller(role: str) -> dict[str, str]:
    if role == "anonymous":
        return {}
    if role.endswith(_SERVICE):
        return {"aws:PrincipalIsAWSService": "true"}
    is_stranger = role == "stranger"
    known = {
        "root": f"arn:aws:iam::{ACCOUNT}:root",
        "stranger": f"arn:aws:iam::{STRANGER}:role/stranger",
    }
    return {
        "aws:PrincipalArn": known.get(role) or role_arn(role),
        "aws:PrincipalAccount": STRANGER if is_stranger else ACCOUNT,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalOrgID": "o-stranger123" if is_stranger else ORGANIZATION,
    }
