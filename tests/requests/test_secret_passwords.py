"""Passwords, which look like nothing: it is the name beside them that says what they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Says = Callable[..., Any]
WORD = "S3cr3t" + "P4ssw0rd"


def verdicts(says: Says, type: str, **arguments: Any) -> list[str]:
    step = {"Name": "Job", "Type": type, "Arguments": arguments}
    return [said.verdict for said in says("SEC-01", step)]


@pytest.mark.parametrize(
    "value",
    [f"/{WORD}", f"--{WORD}", f"arn:{WORD}", f"\u200b{WORD}", f"${WORD}", f"{{{WORD}}}"]
    + [f"‹{WORD}›", f"<{WORD}>", " 12345678", "+12345678", "-12345678", "12-34-56-78", "123.456"]
    + ["0x1234abcd", f"example-{WORD}", f"line\n{WORD}", f"${{USER}}{WORD}"],
)
@pytest.mark.parametrize("name", ["DB_PASSWORD", "dbPasswd", "DB_PASSWORD2"])
def test_a_password_is_one_whatever_it_looks_like(name: str, value: str, says: Says) -> None:
    assert verdicts(says, "Training", Environment={name: value}) == ["fail"]


@pytest.mark.parametrize(
    "value",
    ["", " ", "true", "None", "${DB_PASSWORD}", "$DB_PASSWORD", "{{ var.password }}"]
    + ["{{resolve:secretsmanager:prod/db:SecretString:password}}", "$(cat /run/secrets/db)"]
    + ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"]
    + ["s3://bucket/passwords1", "/opt/ml/processing/input/password1", "/run/secrets/db1"],
)
def test_a_reference_to_a_password_is_none(value: str, says: Says) -> None:
    assert verdicts(says, "Training", Environment={"DB_PASSWORD": value}) == ["pass"]


@pytest.mark.parametrize(
    "text",
    [f"db_password: {WORD}", f"a: 1\ndb:\n  password: {WORD}\n", f'{{"password": "{WORD}"}}']
    + ['{"password": 12345678}', f'{{\\"password\\": \\"{WORD}\\"}}', f"{{'password': '{WORD}'}}"]
    + [f"jdbc:postgresql://h/db?user=u&password={WORD}", f"export DB_PASSWORD={WORD}"]
    + [f"curl -u admin:{WORD} https://x", f"curl --user=admin:{WORD} x", f"set x=1 pwd={WORD}"]
    + ["--pin 84931", "pwd=hunter2", f"-Dpassword='{WORD} 2'"],
)
def test_a_password_in_a_text_is_found(text: str, says: Says) -> None:
    assert verdicts(says, "Training", Environment={"TEXT": text}) == ["fail"]
    assert verdicts(says, "Lambda", text=text) == ["fail"]


@pytest.mark.parametrize(
    "arguments",
    [["/password", WORD], ["--pin", "-12345678"], ["curl", "-u", f"admin:{WORD}", "https://x"]]
    + [["-v", "--db.password", "12-34-56-78"]],
)
def test_a_password_after_an_option_is_found(arguments: list[str], says: Says) -> None:
    given = {"ContainerArguments": arguments}
    assert verdicts(says, "Processing", AppSpecification=given) == ["fail"]


PAYLOADS: dict[str, Any] = {
    "a number": {"password": 12345678},
    "a structure of a value": {"password": {"value": WORD}},
    "a structure of a text": {"MessageAttributes": {"password": {"StringValue": WORD}}},
    "a name and a value": {"env": [{"name": "DB_PASSWORD", "value": WORD}]},
    "a name, a value and a type": {
        "env": [{"Name": "DB_PASSWORD", "Value": WORD, "Type": "String"}]
    },
    "a name and a number": {"env": [{"name": "DB_PASSWORD", "value": 12345678}]},
    "a list of values": {"parameters": [{"Name": "password", "Values": ["x", WORD]}]},
}


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("type", ["Lambda", "Callback", "EMR"])
def test_a_password_in_a_payload_is_found(type: str, name: str, says: Says) -> None:
    assert verdicts(says, type, **PAYLOADS[name]) == ["fail"]


def test_a_number_of_a_payload_is_no_secret_under_another_name(says: Says) -> None:
    assert verdicts(says, "Lambda", epochs=12345678, auth={"value": "basic"}) == ["pass"]
