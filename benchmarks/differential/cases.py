"""Random cases for ``ormer decide`` and for its peer: the same seed, the same cases.

Every layer, every operator, wildcards, variables, both versions of the language; the values
are few, so that policies and requests meet often and every outcome is common.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

Case = dict[str, Any]
Document = dict[str, Any]

ACCOUNTS = ("111111111111", "222222222222")
NAMES = ("ann", "bob")
ACTIONS = (
    *("s3:GetObject", "s3:PutObject", "s3:ListBucket", "kms:Decrypt", "kms:GenerateDataKey"),
    *("sqs:SendMessage", "sts:AssumeRole", "sagemaker:CreateTrainingJob", "ec2:RunInstances"),
)
ACTION_PATTERNS = (
    *("*", "s3:*", "s3:Get*", "S3:getobject", "s3:?etObject", "s3:*Object", "kms:*", "kms:De*"),
    *("sqs:*", "sts:AssumeRole", "sagemaker:Create*", "ec2:Run*", "s3:Put*", "s3:List*"),
)
RESOURCES = {
    "s3": ("arn:aws:s3:::data", "arn:aws:s3:::data/ann/x", "arn:aws:s3:::data/bob/y"),
    "kms": ("arn:aws:kms:eu-west-1:{account}:key/k1", "arn:aws:kms:eu-west-1:{account}:key/k2"),
    "sqs": ("arn:aws:sqs:eu-west-1:{account}:jobs",),
    "sts": ("arn:aws:iam::{account}:role/target",),
    "sagemaker": ("arn:aws:sagemaker:eu-west-1:{account}:training-job/ann-1",),
    "ec2": ("arn:aws:ec2:eu-west-1:{account}:instance/i-1",),
}
RESOURCE_PATTERNS = (
    *("*", "arn:aws:s3:::data", "arn:aws:s3:::data/*", "arn:aws:s3:::dat?/ann/*", "arn:aws:s3:::*"),
    *("arn:aws:s3:::data/${aws:username}/*", "arn:aws:s3:::data/${aws:PrincipalTag/t, 'bob'}/*"),
    *("arn:aws:kms:*:*:key/*", "arn:aws:kms:eu-west-1:111111111111:key/k1", "arn:aws:sqs:*:*:*"),
    *("arn:aws:iam::*:role/t*", "arn:aws:sagemaker:*:*:training-job/*", "arn:aws:s3:::DATA/*"),
    *("arn:aws:s3:::data/*/${*}", "arn:aws:ec2:eu-west-?:*:instance/*"),
)
TEXTS = ("red", "Red", "blue", "r", "redder", "")
TEXT_PATTERNS = ("red", "RED", "r*", "*e*", "?ed", "blue", "${aws:PrincipalTag/t}", "r${*}", "*")
ARNS = ("arn:aws:s3:::data", "arn:aws:iam::111111111111:role/a", "arn:aws:sns:eu-west-1:1:t:u", "k")
ARN_PATTERNS = (
    *("arn:aws:s3:::data", "arn:aws:iam::*:role/*", "arn:aws:sns:*:*:*", "arn:aws:sns:*:t:u"),
    *("arn:*:s3:::d*", "arn:aws:iam::111111111111:role/${aws:username}", "arn:aws:s3:*"),
)
NUMBERS = ("0", "5", "10", "-3", "5.0", "5.5", "x")
DATES = (
    *("2026-01-01T00:00:00Z", "2026-06-30T12:00:00Z", "2026-01-01", "2026-01-01T01:00:00+01:00"),
    *("2027-01-01T00:00:00.000Z", "someday"),
)
ADDRESSES = ("10.0.0.1", "192.168.1.7", "2001:db8::1", "8.8.8.8", "none")
NETWORKS = ("10.0.0.0/8", "192.168.1.0/24", "2001:db8::/32", "8.8.8.8", "0.0.0.0/0", "10.1.2.3/8")
BYTES = ("YWJj", "YWI=", "")
BOOLEANS = ("true", "false", "True")
TEXT_OPERATORS = (
    *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
    *("StringLike", "StringNotLike"),
)
ARN_OPERATORS = ("ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike")
ORDERS = (
    *("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"),
)
RARE = {
    ACTION_PATTERNS: ("*:Get*", "*:*"),
    RESOURCE_PATTERNS: ("arn:aws:*/k1", "arn:aws:iam:*:role/target"),
    TEXT_PATTERNS: ("${list:text}", "${list:text, 'red'}", "${x:none, 'red'}", "${x:none,'blue'}"),
    DATES: ("1767225600", "2026"),
    BYTES: ("###",),
    BOOLEANS: ("${x:bool}",),
}
"""Patterns that the two evaluators are known to read differently, and some like them."""
OPERATORS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    ("text", TEXT_OPERATORS, TEXT_PATTERNS, TEXTS),
    ("arn", ARN_OPERATORS, ARN_PATTERNS, ARNS),
    ("number", tuple(f"Numeric{order}" for order in ORDERS), NUMBERS, NUMBERS),
    ("date", tuple(f"Date{order}" for order in ORDERS), DATES, DATES),
    ("ip", ("IpAddress", "NotIpAddress"), NETWORKS, ADDRESSES),
    ("binary", ("BinaryEquals",), BYTES, BYTES),
    ("bool", ("Bool",), BOOLEANS, BOOLEANS),
)


def cases(seed: int, count: int) -> Iterator[Case]:
    """``count`` cases; each one is drawn from its own number, so that one can be made again."""
    for number in range(count):
        yield case(seed, number)


def case(seed: int, number: int) -> Case:
    """One case of a campaign."""
    return _Draw(random.Random(f"{seed}/{number}")).case(number)


class _Draw:
    """One case's draws."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.some = draw.choice

    def often(self, chance: float) -> bool:
        return self.draw.random() < chance

    def case(self, number: int) -> Case:
        action = self.some(ACTIONS)
        account = self.some(ACCOUNTS)
        resource = self.some(RESOURCES[action.split(":")[0]]).format(account=account)
        made: Case = {
            "id": str(number),
            "request": {
                "principal": self.principal(),
                "action": action,
                "resource": resource,
                "resourceAccount": account,
                "context": self.context(),
            },
        }
        if isinstance(made["request"]["principal"], str):
            self.limits(made)
        if self.often(0.5):
            made["resourcePolicy"] = self.document(True, 0.7)
        if self.often(0.2):
            made["vpcEndpointPolicies"] = [self.everyone(self.document(True, 0.9))]
        if self.often(0.25):
            made["scps"] = [self.level(n, False) for n in range(self.draw.randint(1, 3))]
        if self.often(0.2):
            made["rcps"] = [self.level(n, True) for n in range(self.draw.randint(1, 2))]
        return made

    def limits(self, made: Case) -> None:
        """What belongs to the principal, if it has an identity."""
        made["identityPolicies"] = self.documents(2, False, 0.75)
        if self.often(0.15):
            made["sessionPolicy"] = self.document(False, 0.9)
        if self.often(0.2):
            made["permissionBoundaries"] = [self.document(False, 0.9)]

    def principal(self) -> Any:
        account, name = self.some(ACCOUNTS), self.some(NAMES)
        kind = self.draw.random()
        if kind < 0.01:
            return f"arn:aws:sts::{account}:assumed-role/AWSServiceRoleForX/s1"
        if kind < 0.35:
            return f"arn:aws:iam::{account}:user/{name}"
        if kind < 0.9:
            if self.often(0.4):
                return f"arn:aws:iam::{account}:role/{name}"
            return f"arn:aws:sts::{account}:assumed-role/{name}/s1"
        if kind < 0.94:
            return {"type": "Anonymous"}
        if kind < 0.98:
            return {"type": "Service", "service": "lambda.amazonaws.com"}
        return f"arn:aws:iam::{account}:root"

    def level(self, number: int, for_resources: bool) -> Case:
        policies = [{"Version": "2012-10-17", "Statement": [self.full(for_resources)]}]
        if for_resources:
            policies = []
        elif self.often(0.15):
            policies = [self.document(False, 0.9)]
        if self.often(0.4):
            document = self.document(for_resources, 0.0)
            policies.append(self.everyone(document) if for_resources else document)
        return {"id": f"level{number}", "policies": policies}

    def full(self, for_resources: bool) -> Document:
        full: Document = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        return {**full, "Principal": "*"} if for_resources else full

    def documents(self, most: int, for_resources: bool, allow: float) -> list[Document]:
        number = self.draw.randint(0 if self.often(0.3) else 1, most)
        return [self.document(for_resources, allow) for _ in range(number)]

    def document(self, for_resources: bool, allow: float) -> Document:
        version = self.some(("2012-10-17",) * 12 + ("2008-10-17", None))
        statements = [
            self.statement(for_resources, self.often(allow)) for _ in range(self.draw.randint(1, 3))
        ]
        made: Document = {} if version is None else {"Version": version}
        made["Statement"] = statements[0] if len(statements) == 1 else statements
        return made

    def everyone(self, document: Document) -> Document:
        found = document["Statement"]
        for statement in found if isinstance(found, list) else [found]:
            statement.pop("NotPrincipal", None)
            statement["Principal"] = "*"
        return document

    def statement(self, for_resources: bool, allow: bool) -> Document:
        made: Document = {"Effect": "Allow" if allow else "Deny"}
        if self.often(0.3):
            made["Sid"] = f"S{self.draw.randint(0, 99)}"
        wide = allow and self.often(0.7)
        made["NotAction" if self.often(0.1) else "Action"] = (
            "*" if wide else self.one_or_more(ACTION_PATTERNS)
        )
        made["NotResource" if self.often(0.1) else "Resource"] = (
            "*" if self.often(0.7 if wide else 0.4) else self.one_or_more(RESOURCE_PATTERNS)
        )
        if for_resources:
            element = "NotPrincipal" if not allow and self.often(0.05) else "Principal"
            made[element] = self.who()
        block: Document = {}
        while self.often(0.3 if allow else 0.6) and len(block) < 3:
            self.condition(block)
        if block:
            made["Condition"] = block
        return made

    def one_or_more(self, among: tuple[str, ...]) -> str | list[str]:
        if among in RARE and self.often(0.02):
            among = (*among, *RARE[among] * 4)
        if self.often(0.5):
            return self.some(among)
        return self.draw.sample(among, self.draw.randint(1, 3))

    def who(self) -> Any:
        if self.often(0.3):
            return "*" if self.often(0.5) else {"AWS": "*"}
        if self.often(0.1):
            return {"Service": self.some(("lambda.amazonaws.com", "s3.amazonaws.com"))}
        account, name = self.some(ACCOUNTS), self.some(NAMES)
        among = (
            *(account, f"arn:aws:iam::{account}:root", f"arn:aws:iam::{account}:user/{name}"),
            *(f"arn:aws:iam::{account}:role/{name}", f"arn:aws:iam::{account}:role/{name}"),
            f"arn:aws:sts::{account}:assumed-role/{name}/s1",
        )
        return {"AWS": self.one_or_more(among)}

    def condition(self, block: Document) -> None:
        if self.often(0.12):
            block.setdefault("Null", {})[self.key("text")] = self.some(("true", "false"))
            return
        kind, operators, patterns, _ = self.some(OPERATORS)
        operator = self.some(operators) + ("IfExists" if self.often(0.15) else "")
        multiple = self.often(0.25)
        if multiple:
            operator = f"{self.some(('ForAllValues', 'ForAnyValue'))}:{operator}"
        key = self.key(kind, multiple if self.often(0.9) else not multiple)
        block.setdefault(operator, {})[key] = self.one_or_more(patterns)

    def key(self, kind: str, multiple: bool = False) -> str:
        key = f"{'list' if multiple else 'x'}:{kind}"
        return key.upper() if self.often(0.1) else key

    def context(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for kind, _, _, values in OPERATORS:
            if self.often(0.7):
                made[f"x:{kind}"] = self.some(values)
            if self.often(0.6):
                made[f"list:{kind}"] = self.draw.sample(values, self.draw.randint(0, 2))
        if self.often(0.7):
            made["aws:username"] = self.some(NAMES)
        if self.often(0.6):
            made["aws:PrincipalTag/t"] = self.some(("red", "r*", "bob"))
        return made
