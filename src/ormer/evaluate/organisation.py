"""Whom and what an organisation's policies reach.

Sources: "Service control policies (SCPs)" and "Resource control policies (RCPs)" in the AWS
Organizations User Guide.
"""

from __future__ import annotations

from ormer.model.principal import Kind, Principal

RCP_SERVICES = frozenset(
    ("s3", "sts", "kms", "sqs", "secretsmanager")
    + ("ecr", "aoss", "cognito-identity", "cognito-idp", "dynamodb", "logs")
)
"""The services of "List of AWS services that support RCPs": five at first, and later additions."""


def scps_reach(principal: Principal, management_account: str) -> bool:
    """SCPs limit users, roles and the root user of member accounts, and no one else.

    "SCPs do not affect users or roles in the management account" nor "any service-linked role";
    services and anonymous callers belong to no account.
    """
    if principal.service_linked or not principal.account:
        return False
    return principal.account != management_account


def rcps_reach(principal: Principal, action: str, account: str, management_account: str) -> bool:
    """RCPs limit whoever asks for a resource of a member account and a supported service.

    They do not "impact the effective permissions of service-linked roles" or "affect resources
    in the management account".
    """
    if principal.service_linked or (account and account == management_account):
        return False
    if action == "kms:retiregrant":  # "not effective in an RCP" (AWS KMS Developer Guide)
        return False
    return action.partition(":")[0] in RCP_SERVICES


def has_identity(principal: Principal) -> bool:
    """Whether policies of an identity apply to it: not to a service, nor to an anonymous caller.

    A federated identity has no policies until it has become a role.
    """
    return principal.kind not in (Kind.SERVICE, Kind.ANONYMOUS, Kind.FEDERATED)
