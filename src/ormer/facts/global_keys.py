"""The global condition keys: their types, and which of them every request carries.

Source: "AWS global condition context keys" in the IAM User Guide (data type, value type and
availability of each key; cross-service keys at its end).
"""

from __future__ import annotations

from typing import NamedTuple

STRING, ARN, BOOL, NUMBER = "String", "ARN", "Bool", "Numeric"
DATE, ADDRESS, STRINGS, ARNS = "Date", "IPAddress", "ArrayOfString", "ArrayOfARN"


class GlobalKey(NamedTuple):
    """A key, its type as the reference spells types, and whether signed requests always have it."""

    key: str
    type: str
    always: bool = False


_KEYS = (
    GlobalKey("aws:PrincipalArn", ARN, always=True),
    GlobalKey("aws:PrincipalAccount", STRING, always=True),
    GlobalKey("aws:PrincipalOrgID", STRING),
    GlobalKey("aws:PrincipalOrgPaths", STRINGS),
    GlobalKey("aws:PrincipalTag/", STRING),
    GlobalKey("aws:PrincipalIsAWSService", BOOL, always=True),
    GlobalKey("aws:PrincipalServiceName", STRING),
    GlobalKey("aws:PrincipalServiceNamesList", STRINGS),
    GlobalKey("aws:PrincipalType", STRING, always=True),
    GlobalKey("aws:userid", STRING, always=True),
    GlobalKey("aws:username", STRING),
    GlobalKey("aws:AssumedRoot", BOOL),
    GlobalKey("aws:FederatedProvider", STRING),
    GlobalKey("aws:TokenIssueTime", DATE),
    GlobalKey("aws:MultiFactorAuthAge", NUMBER),
    GlobalKey("aws:MultiFactorAuthPresent", BOOL),
    GlobalKey("aws:ChatbotSourceArn", ARN),
    GlobalKey("aws:Ec2InstanceSourceVpc", STRING),
    GlobalKey("aws:Ec2InstanceSourcePrivateIPv4", ADDRESS),
    GlobalKey("aws:SourceIdentity", STRING),
    GlobalKey("aws:SignInSessionArn", ARN),
    GlobalKey("aws:SourceIp", ADDRESS),
    GlobalKey("aws:SourceVpc", STRING),
    GlobalKey("aws:SourceVpcArn", ARN),
    GlobalKey("aws:SourceVpce", STRING),
    GlobalKey("aws:VpceAccount", STRING),
    GlobalKey("aws:VpceOrgID", STRING),
    GlobalKey("aws:VpceOrgPaths", STRINGS),
    GlobalKey("aws:VpcSourceIp", ADDRESS),
    GlobalKey("aws:ResourceAccount", STRING, always=True),
    GlobalKey("aws:ResourceOrgID", STRING),
    GlobalKey("aws:ResourceOrgPaths", STRINGS),
    GlobalKey("aws:CalledVia", STRINGS),
    GlobalKey("aws:CalledViaFirst", STRING),
    GlobalKey("aws:CalledViaLast", STRING),
    GlobalKey("aws:ViaAWSService", BOOL, always=True),
    GlobalKey("aws:CalledViaAWSMCP", STRING),
    GlobalKey("aws:ViaAWSMCPService", BOOL),
    GlobalKey("aws:CurrentTime", DATE, always=True),
    GlobalKey("aws:EpochTime", DATE, always=True),
    GlobalKey("aws:IsMcpServiceAction", BOOL),
    GlobalKey("aws:referer", STRING),
    GlobalKey("aws:RequestedRegion", STRING, always=True),
    GlobalKey("aws:SecureTransport", BOOL),
    GlobalKey("aws:SourceAccount", STRING),
    GlobalKey("aws:SourceArn", ARN),
    GlobalKey("aws:SourceOrgID", STRING),
    GlobalKey("aws:SourceOrgPaths", STRINGS),
    GlobalKey("aws:SourceOwner", STRING),
    GlobalKey("aws:UserAgent", STRING),
    GlobalKey("codebuild:BuildArn", ARN),
    GlobalKey("codebuild:ProjectArn", ARN),
    GlobalKey("ec2:RoleDelivery", NUMBER),
    GlobalKey("ec2:SourceInstanceArn", ARN),
    GlobalKey("glue:CredentialIssuingService", STRING),
    GlobalKey("glue:RoleAssumedBy", STRING),
    GlobalKey("identitystore:UserId", STRING),
    GlobalKey("lambda:SourceFunctionArn", ARN),
    GlobalKey("sso:ApplicationArn", ARN),
    GlobalKey("ssm:SourceInstanceArn", ARN),
)
GLOBAL_KEYS = {entry.key.lower(): entry for entry in _KEYS}
"""By the key in lower case. A key that ends with ``/`` is continued by a tag's name."""

_WITHOUT_ACCOUNT = frozenset(
    ("auditmanager", "detective", "ds", "ebs", "ec2", "es", "events", "guardduty", "macie2")
    + ("route53", "securityhub", "workspaces")
)
"""Services of which some actions "don't support" aws:ResourceAccount (its Availability)."""


def always_there(action: str) -> frozenset[str]:
    """The keys, in lower case, that every signed request of an action has."""
    found = frozenset(key for key, one in GLOBAL_KEYS.items() if one.always)
    if action.partition(":")[0].lower() in _WITHOUT_ACCOUNT:
        return found - {"aws:resourceaccount"}
    return found


TAG_KEYS = {
    "aws:requesttag/": STRING,
    "aws:resourcetag/": STRING,
    "aws:tagkeys": STRINGS,
}
"""Global by name, but carried by the actions alone that the reference lists with them."""


def global_key(key: str) -> GlobalKey | None:
    """The global key that ``key`` is, whatever its case; None for a service's or an unknown one."""
    folded = key.lower()
    prefix, slash, rest = folded.partition("/")
    if slash and not rest:
        return None
    return GLOBAL_KEYS.get(prefix + slash)
