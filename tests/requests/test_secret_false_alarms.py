"""What looks like a secret and is none: digests, versions, queries, the names of places."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
COMMIT = hashlib.sha1(b"x", usedforsecurity=False).hexdigest()
MD5 = hashlib.md5(b"x", usedforsecurity=False).hexdigest()
SHA256 = hashlib.sha256(b"x").hexdigest()
VERSION = "3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo"
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def verdicts(says: Says, **arguments: Any) -> list[str]:
    step = {"Name": "Job", "Type": "Processing", "Arguments": arguments}
    return [said.verdict for said in says("SEC-01", step)]


@pytest.mark.parametrize(
    "name, value",
    [("GIT_SHA", COMMIT), ("DATA_MD5", MD5), ("DIGEST", SHA256), ("DIGEST", f"sha256:{SHA256}")]
    + [("IMAGE", f"1.dkr.ecr.eu-west-1.amazonaws.com/repo@sha256:{SHA256}"), ("RUN", UUID)]
    + [("IMAGE", f"IMAGE=repo@sha256:{SHA256}"), ("ETAG", f'"{MD5}"'), ("X", f"--git-sha {COMMIT}")]
    + [("X", f"GIT_SHA={COMMIT}"), ("X", f'{{"commit": "{COMMIT}"}}'), ("X", f"a\nsha: {COMMIT}")]
    + [("DATA", f"s3://bucket/key.csv?versionId={VERSION}")]
    + [("SQL", "select * from t where key = 'a1'"), ("AUTHOR", "bob-1")]
    + [("SECRETS_MANAGER", "prod/db1"), ("X", "SECRETS_MANAGER=prod/db1"), ("SECRET_NAME", "db-1")]
    + [("TOKEN_URL", "https://auth.internal/oauth2"), ("X", '{"tokenizer": "bert1", "tokens": 5}')]
    + [
        ("X", "docker run -u 1000:1000 x"),
        ("X", "the password is reset"),
        ("USE_PASSWORD", "true"),
    ],
)
def test_what_is_no_secret_passes(name: str, value: str, says: Says) -> None:
    assert verdicts(says, Environment={name: value}) == ["pass"]
    assert verdicts(says, AppSpecification={"ContainerArguments": [f"--{name}", value]}) == ["pass"]
    assert verdicts(says, Tags=[{"Key": name, "Value": value}]) == ["pass"]


def test_the_commit_of_a_model_passes(says: Says) -> None:
    told = {
        "CommitId": COMMIT,
        "GeneratedBy": f"arn:aws:codebuild:eu-west-1:111122223333:build/{UUID}",
    }
    step = {"Name": "Job", "Type": "RegisterModel", "Arguments": {"MetadataProperties": told}}
    assert [said.verdict for said in says("SEC-01", step)] == ["pass"]


@pytest.mark.parametrize("value", [COMMIT, MD5, SHA256, UUID])
@pytest.mark.parametrize("name", ["API_KEY", "TOKEN", "DB_PASSWORD"])
def test_a_digest_under_a_name_that_says_secret_is_one(name: str, value: str, says: Says) -> None:
    assert verdicts(says, Environment={name: value}) == ["fail"]
    assert verdicts(says, Environment={"X": f"{name}={value}"}) == ["fail"]
    assert verdicts(says, Environment={"X": f"--{name} {value}"}) == ["fail"]
    assert verdicts(says, Environment={"X": f'{{"{name}": "{value}"}}'}) == ["fail"]


def test_a_digest_as_the_password_of_an_address_is_one(says: Says) -> None:
    assert verdicts(says, Environment={"X": f"https://user:{MD5}@host/x"}) == ["fail"]
