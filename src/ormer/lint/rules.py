"""The rules of policy lint: ids and texts."""

from __future__ import annotations

from ormer.model.finding import Severity
from ormer.model.lint import LintRule

_REFERENCE = "Service Authorization Reference: Actions, resources, and condition keys"
_OPERATORS = "IAM User Guide: IAM JSON policy elements: Condition operators"
_SETS = "IAM User Guide: Set operators for multivalued context keys"
_LOGIC = "IAM User Guide: Conditions with multiple context keys or values"
_GLOBAL = "IAM User Guide: AWS global condition context keys"

KEY = LintRule(
    "LNT-01",
    "Actions carry the condition keys that are asked of them",
    Severity.HIGH,
    "A request has only the keys that its action carries. Of another key, an Allow grants nothing "
    "or narrows nothing, and a Deny never fires or always does.",
    _REFERENCE,
    "Ask for a key that the reference lists with the action, or split the statement by action.",
)
DEPRECATED = LintRule(
    "LNT-02",
    "Condition keys are current",
    Severity.HIGH,
    "A key that the reference calls deprecated may be filled no more: a request then holds only "
    "its successor, and the condition sees a missing key.",
    _REFERENCE,
    "Name the successor; while both may be filled, name both, each in an operator of its own.",
)
ACTION = LintRule(
    "LNT-03",
    "Actions exist",
    Severity.HIGH,
    "A statement about an action that does not exist is about nothing. Names of API operations "
    "are not always names of actions: HeadObject asks for s3:GetObject.",
    _REFERENCE,
    "Write the action's name as the reference has it.",
)
OPERATOR = LintRule(
    "LNT-04",
    "Operators fit the type of their key",
    Severity.HIGH,
    "An operator compares values of one kind. A network compared as text, a wildcard under "
    "StringEquals or a bare id under ArnEquals never match what they seem to say.",
    _OPERATORS,
    "Use the operator of the key's type: IpAddress, ArnLike, Bool, a Numeric or a Date one; "
    "StringLike where the value has a wildcard.",
)
SET_OPERATOR = LintRule(
    "LNT-05",
    "Set operators stand with multivalued keys, and only with them",
    Severity.HIGH,
    "An operator for single values matches no multivalued key, even negated, and ForAllValues on "
    "a single-valued key holds where the key is missing.",
    _SETS,
    "Write ForAnyValue: or ForAllValues: before the operator of a multivalued key, and neither "
    "before that of another.",
)
CONJUNCTION = LintRule(
    "LNT-06",
    "A Deny asks for one requirement a statement",
    Severity.HIGH,
    "The keys of a Condition are joined by AND. A Deny with two requirements in one Null or "
    "negated operator fires only where both are broken: meeting either is enough.",
    _LOGIC,
    "Give each requirement a Deny statement of its own.",
)
EXCEPTION = LintRule(
    "LNT-07",
    "No Deny is opened by a tag or by being a service's call",
    Severity.MEDIUM,
    "Each negated condition of a Deny is a way out of it by itself. A principal's tag is chosen by "
    "whoever may tag the role or pass a session tag, and aws:ViaAWSService is true of every "
    "service that calls on somebody's behalf.",
    _GLOBAL,
    "Name the principals by aws:PrincipalArn, and the services by aws:CalledVia.",
)
PRESENCE = LintRule(
    "LNT-08",
    "Network and KMS keys are held against values",
    Severity.HIGH,
    "A condition that only asks whether there is a subnet, an endpoint or a KMS key accepts "
    "any: those of another account, too.",
    _OPERATORS + " (Null)",
    "Add a condition with the approved values.",
)
FOR_ALL = LintRule(
    "LNT-09",
    "An Allow with ForAllValues asks that the key is there",
    Severity.MEDIUM,
    "ForAllValues holds where the key is missing or empty, so that the Allow grants more than the "
    "values it lists.",
    _SETS,
    'Add "Null": {KEY: "false"} to the statement.',
)
VARIABLES = LintRule(
    "LNT-10",
    "Variables stand in version 2012-10-17",
    Severity.HIGH,
    "In version 2008-10-17, which is that of a policy without Version, ${...} is text and no "
    "variable: what it should match is not matched.",
    "IAM User Guide: IAM JSON policy elements: Version",
    'Write "Version": "2012-10-17".',
)
VERSION = LintRule(
    "LNT-11",
    "A policy names its version",
    Severity.LOW,
    "A policy without Version is of version 2008-10-17: the first variable that somebody adds to "
    "it will be text.",
    "IAM User Guide: IAM JSON policy elements: Version",
    'Write "Version": "2012-10-17".',
)
PRINCIPAL = LintRule(
    "LNT-12",
    "An Allow for everyone has a condition that keeps strangers out",
    Severity.CRITICAL,
    "A wildcard Principal takes in every account, and for some services everyone on the internet. "
    "Conditions that a caller can fulfil at will, such as a user agent, keep nobody out.",
    "IAM User Guide: AWS JSON policy elements: Principal",
    "Name the accounts or roles, or ask for aws:PrincipalOrgID, aws:PrincipalAccount or "
    "aws:SourceVpce.",
)
BUCKET = LintRule(
    "LNT-13",
    "Buckets that are named by a wildcard are held to an account",
    Severity.HIGH,
    "Anyone can make a bucket whose name matches a wildcard, in an account of their own, open it, "
    "and take in what is written to it.",
    "IAM User Guide: " + "AWS global condition context keys (aws:ResourceAccount)",
    "Name the buckets, or ask for aws:ResourceAccount or aws:ResourceOrgID.",
)
ABSENT = LintRule(
    "LNT-14",
    "A missing key does not escape a Deny",
    Severity.MEDIUM,
    "Bool, and ForAnyValue even where it is negated, are false of a missing key: a Deny does not "
    "fire on the request that leaves the setting out.",
    _OPERATORS + " (IfExists, Null)",
    'Use the IfExists form, or add a Deny with "Null": {KEY: "true"}.',
)
PASS_ROLE = LintRule(
    "LNT-15",
    "iam:PassRole names its roles",
    Severity.HIGH,
    "Whoever may pass any role to a service can run code with the rights of every role there "
    "is that the service may assume.",
    "IAM User Guide: Grant a user permissions to pass a role to an AWS service",
    "Name the roles in Resource, and the services by iam:PassedToService.",
)
SIBLING = LintRule(
    "LNT-16",
    "A Deny covers the actions that do the same",
    Severity.MEDIUM,
    "s3:GetObjectVersion reads what s3:GetObject reads, s3:DeleteObject destroys what s3:PutObject "
    "may not replace. A list that has one and not the other leaves the way open.",
    _REFERENCE,
    "Add the missing action, or deny s3:* and name what is excepted.",
)
ALL_DIFFER = LintRule(
    "LNT-17",
    "A Deny is not ended by one good value among bad ones",
    Severity.HIGH,
    "ForAllValues with a negated operator asks that every value is a bad one: a request with one "
    "approved value and one that is not gets past the Deny.",
    _SETS,
    "Write ForAnyValue: instead, and deny the missing key in a statement of its own.",
)
UNKNOWN = LintRule(
    "LNT-18",
    "What a policy says is known before it is deployed",
    Severity.LOW,
    "An action, a condition or a whole statement that only a deployment will know may be anything: "
    "the statement is not linted.",
    "AWS CloudFormation Template Reference Guide: Condition functions",
    "Give what it depends on by --template-parameter NAME=VALUE.",
)

LINT_RULES = (
    *(KEY, DEPRECATED, ACTION, OPERATOR, SET_OPERATOR, CONJUNCTION, EXCEPTION, PRESENCE, FOR_ALL),
    *(VARIABLES, VERSION, PRINCIPAL, BUCKET, ABSENT, PASS_ROLE, SIBLING, ALL_DIFFER),
    UNKNOWN,
)
"""All of them, in the order of their ids."""
