"""Which policies reach which requests, and what no policy takes away.

Sources: "Service control policies" and "Resource control policies" in the AWS Organizations User
Guide; "Key policies in AWS KMS"; and those that each function names.
"""

from __future__ import annotations

from ormer.model.access import Access
from ormer.model.principal import Kind, Principal
from ormer.prove.formula import Formula, all_of, any_of, negation
from ormer.prove.pattern import arn_of, glob, literal
from ormer.prove.views import RESOURCE, Request

_RCP_SERVICES = (
    *("s3", "sts", "kms", "sqs", "secretsmanager", "ecr", "aoss"),
    *("cognito-identity", "cognito-idp", "dynamodb", "logs"),
)
_TRUST = ("assumerole", "assumerolewithsaml", "assumerolewithwebidentity")
TRUST_ACTIONS = tuple(
    f"sts:{name}" for name in (*_TRUST, "tagsession", "setsourceidentity", "setcontext")
)
_KEY = arn_of("*:*:*:*:*:key/*")
_OWN_POLICY = ("s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy")
"""What the root user of a bucket's account can always do, whatever the bucket's policy denies."""


def may_be_of(action: str, arn: str) -> bool:
    """Whether an action, in lower case, can be about the resource at all, by its service: that of
    ``kafka-cluster:Connect`` is a cluster of ``kafka``."""
    if arn.count(":") < 5:
        return True
    own, other = f"{action.partition(':')[0]}-", f"{arn.split(':')[2]}-"
    return other == "iam-" or own.startswith(other) or other.startswith(own)


def may_need_own_policy(action: str) -> bool:
    """Whether an action, in lower case, may be one that a resource's own policy has the last word
    about, in the same account as well: of a KMS key, or of a role."""
    return action.startswith("kms:") or action in TRUST_ACTIONS


def needs_nothing(action: str, principal: Principal) -> bool:
    """Whether nobody needs a permission for it, and an endpoint's policy alone is in its way
    ("GetCallerIdentity" and "GetSessionToken" in the AWS STS API Reference; the latter is for
    users; "Control access to AWS STS with VPC endpoint policies"). In lower case."""
    if action == "sts:getsessiontoken":
        return principal.kind in (Kind.USER, Kind.ROOT)
    return action == "sts:getcalleridentity" and principal.kind is not Kind.ANONYMOUS


def is_spared(action: str, principal: Principal) -> bool:
    """Whether no policy of a bucket of the principal's account keeps it from an action, in lower
    case ("PutBucketPolicy" in the Amazon S3 API Reference)."""
    return principal.kind is Kind.ROOT and action in _OWN_POLICY


def scps_reach(principal: Principal, access: Access) -> bool:
    """Whether SCPs reach the principal at all."""
    is_management = principal.account == access.management_account
    return bool(principal.account) and not principal.service_linked and not is_management


def is_under_scps(request: Request, may: bool) -> Formula:
    """Where the access's SCPs are its account's: another account may be in another unit, or outside
    of the organisation."""
    space = request.space
    if space.is_under_scps:
        return True
    return negation(request.unsure(f"account {space.principal.account} is under other SCPs", may))


def rcps_reach(action: str, principal: Principal) -> bool:
    """Whether RCPs decide of an action, in lower case. ``kms:RetireGrant`` "is not effective in an
    RCP" ("Resource control policies in AWS KMS")."""
    supported = action.partition(":")[0] in _RCP_SERVICES
    return supported and action != "kms:retiregrant" and not principal.service_linked


def is_of_organization(request: Request, access: Access, may: bool) -> Formula:
    """Where RCPs reach the resource: not the management account's, nor a key that AWS manages, nor
    one outside of the organisation, of which another account's may be ("Resources and entities not
    restricted by RCPs")."""
    unreached = [request.managed_by(access.management_account)]
    if not request.space.is_of_organization:
        outside = request.unsure("the other account is outside of the organization", may)
        unreached.append(all_of((request.foreign, outside)))
    if request.space.action.lower().startswith("kms:"):
        known = any_of(request.atoms.matches(RESOURCE, literal(a)) for a in request.space.owned)
        managed = request.unsure("AWS manages the key", may)
        unreached.append(all_of((negation(known), managed)))
    return negation(any_of(unreached))


def needs_own_policy(request: Request) -> Formula:
    """Where the resource is a KMS key or, for becoming a role, a role."""
    action, matches = request.space.action.lower(), request.atoms.matches
    if action.startswith("kms:"):
        return matches(RESOURCE, _KEY)
    if action in TRUST_ACTIONS:
        return matches(RESOURCE, glob("*:role/*"))
    return False
