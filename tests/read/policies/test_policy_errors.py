"""Policies that AWS would refuse: one line that names the file and the place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ormer.model.errors import InputError
from ormer.read.policies.policy import PolicyKind, read_policy

ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
IDENTITY, RESOURCE, GUARDED = PolicyKind
EVERYONE = {**ALLOW, "Principal": "*"}


def text(*statements: Any, **more: Any) -> bytes:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more}).encode()


@pytest.mark.parametrize(
    "content, kind, message",
    [
        (b"", IDENTITY, "p.json: empty"),
        (b"{", IDENTITY, "p.json: not JSON: "),
        (b"\xff", IDENTITY, "p.json: not UTF-8 text (byte 0)"),
        (b'{"Statement": [], "Statement": []}', IDENTITY, "p.json: duplicate name 'Statement'"),
        (b"[" * 100_000, IDENTITY, "p.json: nested too deeply to be read"),
        (b"[]", IDENTITY, "p.json: a policy is a JSON object, this is a list"),
        (b"{}", IDENTITY, "p.json: no Statement: this is not a policy"),
        (b'{"Statement": "x"}', IDENTITY, "p.json: /Statement: is text, neither an object nor"),
        (b'{"Statement": null}', IDENTITY, "p.json: /Statement: is null, neither an object nor"),
        (b'{"Statement": [1]}', IDENTITY, "p.json: /Statement/0: a statement is an object"),
        (text(Version="2012-10-18"), IDENTITY, "p.json: /Version: '2012-10-18' is not 2008-10-17"),
        (text(Version=2012), IDENTITY, "p.json: /Version: 2012 is not 2008-10-17 or"),
        (text(Id=1), IDENTITY, "p.json: /Id: is not text"),
        (text(Statment=[]), IDENTITY, "p.json: 'Statment' is no element of a policy; did you mean"),
        (text({**ALLOW, "Actions": "*"}), IDENTITY, "/Statement/0: 'Actions' is no element of a"),
        (text({**ALLOW, "Effect": "allow"}), IDENTITY, "/Statement/0: Effect is 'allow', not 'A"),
        (text({**ALLOW, "Effect": None}), IDENTITY, "/Statement/0: Effect is null, not 'Allow'"),
        (text({**ALLOW, "Sid": 1}), IDENTITY, "/Statement/0/Sid: is not text"),
        (text({"Effect": "Allow", "Resource": "*"}), IDENTITY, "has neither Action nor NotAction"),
        (text({**ALLOW, "NotAction": "x:y"}), IDENTITY, "/Statement/0: has both Action and NotAc"),
        (text({"Effect": "Deny", "Action": "*"}), IDENTITY, "has neither Resource nor NotResource"),
        (text({**ALLOW, "NotResource": "*"}), IDENTITY, "has both Resource and NotResource"),
        (text({**ALLOW, "Action": 1}), IDENTITY, "/Statement/0/Action: is a number, not text"),
        (text({**ALLOW, "Action": ["*", {}]}), IDENTITY, "/Action/1: is an object, not text"),
        (text({**ALLOW, "Action": "GetObject"}), IDENTITY, "'GetObject' is no action: write servi"),
        (text({**ALLOW, "Action": "s3:"}), IDENTITY, "/Statement/0/Action: 's3:' is no action"),
        (text({**ALLOW, "Resource": None}), IDENTITY, "/Statement/0/Resource: is null, not text"),
        (text(EVERYONE), IDENTITY, "/Statement/0: Principal has no place in a policy of a princip"),
        (text(ALLOW), RESOURCE, "/Statement/0: has no Principal, which a policy of a resource"),
        (text(ALLOW), GUARDED, "/Statement/0: has no Principal, which an endpoint's or an"),
        (
            text({"Effect": "Allow", "Action": "*", "Principal": "*"}),
            GUARDED,
            "/Statement/0: has neither Resource nor NotResource",
        ),
        (text({**EVERYONE, "NotPrincipal": "*"}), RESOURCE, "has both Principal and NotPrincipal"),
        (text({**EVERYONE, "Principal": "x"}), RESOURCE, "/Principal: is 'x', neither '*' nor an"),
        (text({**EVERYONE, "Principal": []}), RESOURCE, "/Principal: is a list, neither '*' nor"),
        (text({**EVERYONE, "Principal": {"Aws": "*"}}), RESOURCE, "'Aws' is no element of a Princ"),
        (text({**EVERYONE, "Principal": {"AWS": 1}}), RESOURCE, "/Principal/AWS: is a number, not"),
        (
            text({**EVERYONE, "Principal": {"AWS": "arn:aws:iam::111111111111:role/*"}}),
            RESOURCE,
            "/Principal/AWS: 'arn:aws:iam::111111111111:role/*': a principal has no wildcard",
        ),
        (
            text({**EVERYONE, "Principal": {"AWS": "some one"}}),
            RESOURCE,
            "'some one' is neither an account nor an ARN",
        ),
        (text({**ALLOW, "Condition": []}), IDENTITY, "/Condition: is a list, not an object"),
        (
            text({**ALLOW, "Condition": {"StringEqual": {}}}),
            IDENTITY,
            "/Statement/0/Condition: 'StringEqual' is no condition operator; did you mean 'StringEq",
        ),
        (text({**ALLOW, "Condition": {"NullIfExists": {}}}), IDENTITY, "'NullIfExists' is no cond"),
        (text({**ALLOW, "Condition": {"ForSome:Bool": {}}}), IDENTITY, "'ForSome:Bool' is no cond"),
        (text({**ALLOW, "Condition": {"Bool": "x"}}), IDENTITY, "/Condition/Bool: is text, not an"),
        (
            text({**ALLOW, "Condition": {"Bool": {"k": ["true", None]}}}),
            IDENTITY,
            "/Statement/0/Condition/Bool/k/1: is null, not text, a number or a boolean",
        ),
        (b'{"Statement": "' + b"x" * 5_000_000 + b'"}', IDENTITY, "p.json: larger than 1 MiB: no "),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_one_line_with_the_file_and_the_place(
    content: bytes, kind: PolicyKind, message: str
) -> None:
    with pytest.raises(InputError) as raised:
        read_policy(content, "p.json", kind)
    line = str(raised.value)
    assert line.startswith("p.json: ") and message in line
    assert "\n" not in line and len(line) < 600


def test_what_aws_takes_is_read() -> None:
    assert read_policy(text(ALLOW), "p").statements[0].actions == ("s3:*",)
    assert read_policy(json.dumps({"Statement": ALLOW}).encode(), "p").version == "2008-10-17"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "AIDAEXAMPLE"}}
    (statement,) = read_policy(text(trust), "p", RESOURCE).statements
    assert statement.resources is None and statement.principals is not None
    assert statement.principals.aws == ("AIDAEXAMPLE",)
