"""Where a document stands in ``pipelines/access.yaml``, and the access with another one there."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from docs.plain_documents import PROFILE, ROOT
from docs.policy_teeth.documents import BOUNDARY_PACK, IAM_PACK, SCP_PACK, TRUST, pack, policies
from ormer.guardrails.projection import Kind
from ormer.model.access import Access, Holder
from ormer.model.authorization import Level
from ormer.model.environment import Environment
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Statement
from ormer.model.principal import principal_from_arn
from ormer.run.access import load_access
from ormer.run.check import load_environment

_ALL = Statement("All", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ())
EVERYTHING = Policy("every permission", CURRENT_VERSION, (_ALL,))


class Stage(NamedTuple):
    """An access in which policies are named as the documents are.

    ``kind`` is of the guardrails in it; ``is_alone`` says that nothing else limits anybody.
    """

    kind: Kind
    is_alone: bool
    access: Access

    def with_policy(self, document: str, policy: Policy) -> Access:
        """The access with another policy in place of the document."""
        return _mapped(self.access, lambda one: policy if one.name == document else one)


@cache
def environment() -> Environment:
    """The example environment."""
    return load_environment(str(PROFILE))


@cache
def stages() -> tuple[Stage, ...]:
    """The example environment as it is; with the guardrails that it does without; and alone.

    Alone, a role that has every permission has one set of guardrails and nothing else.
    """
    loaded = load_access(str(ROOT / "pipelines" / "access.yaml"))
    whole = _mapped(loaded, _as_document)
    jobs = [arn for field in _JOBS for arn in environment().lookup(field) or ()]
    boundary = (policies()[BOUNDARY_PACK],)
    limited = {
        arn: holder._replace(boundary=boundary) if arn in jobs else holder
        for arn, holder in whole.holders.items()
    }
    organisation = (Level("root", (EVERYTHING, *_pack(SCP_PACK))),)
    holder = Holder(principal_from_arn(jobs[0]), {}, (EVERYTHING,))
    alone = Access({holder.principal.name: holder}, organization=whole.organization)
    identity = holder._replace(identity=(EVERYTHING, *_pack(IAM_PACK)))
    return (
        Stage(Kind.IAM, False, whole),
        Stage(Kind.BOUNDARY, False, whole._replace(holders=limited)),
        Stage(Kind.SCP, False, whole._replace(scps=organisation)),
        Stage(Kind.IAM, True, _held_by(alone, identity)),
        Stage(Kind.BOUNDARY, True, _held_by(alone, holder._replace(boundary=boundary))),
        Stage(Kind.SCP, True, alone._replace(scps=organisation)),
    )


_JOBS = ("roles.execution", "roles.pipeline")


def _held_by(access: Access, holder: Holder) -> Access:
    return access._replace(holders={holder.principal.name: holder})


def _pack(prefix: str) -> tuple[Policy, ...]:
    return tuple(policies()[name] for name in pack(prefix))


def _as_document(policy: Policy) -> Policy:
    """The document of this repository that a policy of the access file was read from.

    The access file resolves the templates with parameters of its own: they have to come to the
    same. Raises ValueError if they do not.
    """
    for name, document in policies().items():
        if _is_of(policy.name, name):
            if document.statements != policy.statements:
                raise ValueError(f"{policy.name} is not {name}: parameters differ")
            return document
    raise ValueError(f"{policy.name} is no document of this repository")


def _is_of(called: str, document: str) -> bool:
    return called.endswith(document.removesuffix(TRUST))


def _mapped(access: Access, change: Callable[[Policy], Policy]) -> Access:
    """The access with each policy changed."""

    def several(found: tuple[Policy, ...]) -> tuple[Policy, ...]:
        return tuple(change(one) for one in found)

    def levels(found: tuple[Level, ...]) -> tuple[Level, ...]:
        return tuple(one._replace(policies=several(one.policies)) for one in found)

    holders = {
        arn: one._replace(
            identity=several(one.identity),
            boundary=None if one.boundary is None else several(one.boundary),
        )
        for arn, one in access.holders.items()
    }
    return access._replace(
        holders=holders,
        resource_policies=tuple(
            one._replace(policy=change(one.policy)) for one in access.resource_policies
        ),
        endpoints=tuple(one._replace(policy=change(one.policy)) for one in access.endpoints),
        scps=levels(access.scps),
        rcps=levels(access.rcps),
    )
