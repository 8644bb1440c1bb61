"""The environment profile: what it gives, and every way it can be wrong, with line and field."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ormer.model.errors import InputError
from ormer.read.environment import is_field, read_environment

Refused = Callable[..., str]


class Change(NamedTuple):
    """A change of the example profile that makes it wrong, and what the message says."""

    old: str
    new: str
    parts: tuple[str, ...]


def misspelt(old: str, new: str, line: int, within: str = "") -> Change:
    near = old.rstrip(":")
    where = f" in '{within}'" if within else ""
    unknown = f":{line}: unknown field '{new.rstrip(':')}'{where}; did you mean '{near}'?"
    return Change(old, new, (unknown,))


def without(text: str, field: str) -> Change:
    return Change(text, "", (f"missing field '{field}'",))


VOLUME = '["arn:aws:kms:eu-west-1:111122223333:key/ebs"]'
REGISTRIES = '["141502667606.dkr.ecr.eu-west-1.amazonaws.com"]'

MISSPELT = {
    "acount:": misspelt("account:", "acount:", 2),
    "Region:": misspelt("region:", "Region:", 3),
    "vpcs:": misspelt("vpc:", "vpcs:", 4),
    "subnet:": misspelt("subnets:", "subnet:", 5, "vpc"),
    "security_group:": misspelt("security_groups:", "security_group:", 6, "vpc"),
    "endpoint:": misspelt("endpoints:", "endpoint:", 7, "vpc"),
    "volumes:": misspelt("volume:", "volumes:", 9, "kms"),
    "outputs:": misspelt("output:", "outputs:", 10, "kms"),
    "bucket:": misspelt("buckets:", "bucket:", 11),
    "role:": misspelt("roles:", "role:", 12),
    "executions:": misspelt("execution:", "executions:", 12, "roles"),
    "pipelines:": misspelt("pipeline:", "pipelines:", 12, "roles"),
    "image_registry:": misspelt("image_registries:", "image_registry:", 13),
    "tag:": misspelt("tags:", "tag:", 14),
    "instance_type:": misspelt("instance_types:", "instance_type:", 15),
    "max_instances_count:": misspelt("max_instance_count:", "max_instances_count:", 16),
    "max_runtime_second:": misspelt("max_runtime_seconds:", "max_runtime_second:", 17),
    "function:": misspelt("functions:", "function:", 18),
    "queue:": misspelt("queues:", "queue:", 19),
    "cluster:": misspelt("clusters:", "cluster:", 20),
}
MISSING = {
    "account": without('account: "111122223333"\n', "account"),
    "region": without("region: eu-west-1\n", "region"),
    "vpc.subnets": without("  subnets: [subnet-0aaa, subnet-0bbb]\n", "vpc.subnets"),
    "vpc.security_groups": without("  security_groups: [sg-0aaa]\n", "vpc.security_groups"),
    "kms.volume": without(f"  volume: {VOLUME}\n", "kms.volume"),
    "kms.output": without(
        '  output: ["arn:aws:kms:eu-west-1:111122223333:key/s3"]\n', "kms.output"
    ),
}
ACCOUNT, SUBNETS = '"111122223333"', "[subnet-0aaa, subnet-0bbb]"
FULL_WIDTH = '"' + "".join(chr(ord(digit) + 0xFEE0) for digit in "111122223333") + '"'
FORMS = {
    "a pattern of keys": Change(
        VOLUME,
        '["arn:aws:kms:eu-west-1:111122223333:key/*"]',
        (":9: 'kms.volume' is 'arn:aws:kms",),
    ),
    "a pattern of roles": Change(
        ":role/sm-exec", ":role/*", (":12: 'roles.execution' is 'arn:aws",)
    ),
    "an account of 11 digits": Change(
        ACCOUNT, '"11112222333"', (":2: 'account' is '11112222333'",)
    ),
    "an account with separators": Change(ACCOUNT, "1111_2222_3333", (":2: 'account' is '1111_",)),
    "an account in other digits": Change(ACCOUNT, FULL_WIDTH, (":2: 'account'",)),
    "two accounts": Change(ACCOUNT, '["111122223333", "1"]', (":2: 'account' takes one value",)),
    "no account": Change(ACCOUNT, "", (":2: 'account' is empty",)),
    "a null account": Change(ACCOUNT, "null", (":2: 'account' is empty",)),
    "an account with a line end": Change(ACCOUNT, '"111122223333\\n"', (":2: 'account' is",)),
    "a region that is none": Change(
        "eu-west-1\nvpc", "Ireland\nvpc", (":3: 'region' is 'Ireland'",)
    ),
    "a zone as a region": Change("eu-west-1\nvpc", "eu-west-1a\nvpc", (":3: 'region' is",)),
    "a VPC as a subnet": Change("subnet-0bbb", "vpc-0bbb", (":5: 'vpc.subnets' is 'vpc-0bbb'",)),
    "a pattern of subnets": Change(
        "subnet-0bbb", '"subnet-*"', (":5: 'vpc.subnets' is 'subnet-*'",)
    ),
    "no subnets": Change(SUBNETS, "[]", (":5: 'vpc.subnets' is empty",)),
    "an empty subnet": Change("subnet-0bbb", '""', (":5: 'vpc.subnets' is empty",)),
    "subnets by name": Change(SUBNETS, "{a: subnet-0aaa}", (":5: 'vpc.subnets' is a string or a",)),
    "a list in a list": Change(SUBNETS, "[[subnet-0aaa]]", ("'vpc.subnets'", "line 5")),
    "a group that is none": Change(
        "[sg-0aaa]", "[default]", (":6: 'vpc.security_groups' is 'def",)
    ),
    "an endpoint that is none": Change("vpce-0s3", "s3", (":7: 'vpc.endpoints.s3' is 's3'",)),
    "an alias as a key": Change(VOLUME, "alias/ebs", (":9: 'kms.volume' is", "kms.aliases")),
    "a key id as a key": Change(VOLUME, "1234abcd", (":9: 'kms.volume' is '1234abcd'",)),
    "kms is text": Change(
        f"kms:\n  volume: {VOLUME}", 'kms: "x"\nbuckets2:\n  a: b', (":8: 'kms' is a mapping",)
    ),
    "a bucket with a scheme": Change(
        "data-bucket", '"s3://data"', (":11: 'buckets.data' is 's3:",)
    ),
    "every bucket": Change("data-bucket", '"*"', (":11: 'buckets.data' is '*'",)),
    "a bucket in capitals": Change("data-bucket", "Data", (":11: 'buckets.data' is 'Data'",)),
    "a user as a role": Change(":role/sm-exec", ":user/sm-exec", (":12: 'roles.execution' is",)),
    "every registry": Change(REGISTRIES, '"*"', (":13: 'image_registries' is '*'",)),
    "a registry with a scheme": Change(REGISTRIES, "https://x", (":13: 'image_registries' is",)),
    "an empty tag": Change("mlops,", '"",', (":14: 'tags.EnvironmentName' is empty",)),
    "a count of zero": Change("count: 4", "count: 0", (":16: 'max_instance_count' is '0'",)),
    "a negative count": Change("count: 4", "count: -4", (":16: 'max_instance_count' is '-4'",)),
    "half a machine": Change("count: 4", "count: 1.5", (":16: 'max_instance_count' is '1.5'",)),
    "a function name": Change(
        '["arn:aws:lambda:eu-west-1:111122223333:function:approved"]',
        "[approved]",
        (":18: 'functions' is 'approved', not a Lambda function ARN",),
    ),
    "a queue URL": Change(
        '"arn:aws:sqs:eu-west-1:111122223333:approved"',
        "https://sqs.eu-west-1.amazonaws.com/1/q",
        (":19: 'queues' is", "not an SQS queue ARN"),
    ),
    "a cluster id": Change(
        '"arn:aws:elasticmapreduce:eu-west-1:111122223333:cluster/j-APPROVED"',
        "j-APPROVED",
        (":20: 'clusters' is 'j-APPROVED'",),
    ),
    "a duplicate field": Change(
        "region: eu-west-1\n", "region: a\n" * 2, (":4: duplicate key 'reg",)
    ),
    "a duplicate field inside": Change(
        "  endpoints:", "  subnets: [subnet-0ccc]\n  endpoints:", (":7: duplicate key 'subnets'",)
    ),
    "a tab": Change("  subnets:", "\tsubnets:", (":5: not YAML",)),
    "an open bracket": Change("[sg-0aaa]", "[sg-0aaa", (": not YAML",)),
    "an alias of nothing": Change(SUBNETS, "*subnets", (":5: not YAML: found undefined alias",)),
    "a merge key": Change("vpc:", "<<: {a: b}\nvpc:", (":4: unknown field '<<'",)),
    "a list as a key": Change("vpc:", "? [a]\n: b\nvpc:", (":4: a key that is not text",)),
    "a second document": Change("vpc:", "---\nvpc:", (":4: not YAML: but found another document",)),
    "an unknown assumption": Change(
        "vpc:", "assume: {kms_key_names: newest}\nvpc:", (":4: 'assume.kms_key_names' is 'newest'",)
    ),
    "a disabled control without a reason": Change(
        "vpc:",
        'disabled_controls: {NET-01: ""}\nvpc:',
        (":4: 'disabled_controls.NET-01' is empty",),
    ),
    "a list of disabled controls": Change(
        "vpc:", "disabled_controls: [NET-01]\nvpc:", (":4: 'disabled_controls' is a mapping",)
    ),
}
CHANGES = {**MISSPELT, **{f"no {name}": c for name, c in MISSING.items()}, **FORMS}

WHOLE: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ("empty",)),
    "blank": (b"  \n\n", ("empty",)),
    "only a comment": (b"# nothing\n", ("empty",)),
    "a list": (b"- account\n", ("a profile is a mapping of fields, this is a list",)),
    "text": (b"account\n", ("a profile is a mapping of fields, this is a text",)),
    "not UTF-8": (b'account: "\xff\xff"\n', ("not YAML",)),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00\x00", ("not YAML",)),
    "a control character": (b'account: "\x01"\n', ("not YAML",)),
    "JSON that is cut": (b'{"account": "111122223333", "region"', ("not YAML",)),
    "an alias bomb": (
        b"a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + b"".join(
            b"%c: &%c [" % (n + 1, n + 1) + b",".join([b"*%c" % n] * 10) + b"]\n"
            for n in range(97, 107)
        ),
        ("too large or too deep once aliases are expanded",),
    ),
    "an alias of itself": (b"a: &a [*a]\n", (":1:", "once aliases are expanded")),
    "mappings 2,500 deep": (
        b"\n".join(b" " * n + b"a:" for n in range(2500)),
        ("too large or too deep",),
    ),
    "lists 100,000 deep": (b"a: " + b"[" * 100_000 + b"]" * 100_000, ("deep",)),
    "mappings in one line 100,000 deep": (b"{a: " * 100_000, ("deep",)),
    "5 MB": (b"# " + b"x" * (5 * 2**20), ("larger than 4 MiB",)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_wrong_profile_is_refused_by_the_reader(name: str, profile: str) -> None:
    with pytest.raises(InputError) as error:
        read_environment(changed(profile, CHANGES[name]).encode(), "environment.yaml")
    message = str(error.value)
    assert message.startswith("environment.yaml:") and "\n" not in message
    for part in CHANGES[name].parts:
        assert part in message, message


@pytest.mark.parametrize("name", [n for n in WHOLE if "100,000" not in n])
def test_what_is_no_profile_is_refused_by_the_reader(name: str) -> None:
    text, parts = WHOLE[name]
    with pytest.raises(InputError) as error:
        read_environment(text, "environment.yaml")
    for part in ("environment.yaml:", *parts):
        assert part in str(error.value), str(error.value)


@pytest.mark.parametrize("name", [*CHANGES, *WHOLE])
def test_a_wrong_profile_is_refused_by_the_command(
    name: str, refused: Refused, tmp_path: Path, profile: str
) -> None:
    """The depths are tried here alone: a parser that falls over takes the process with it."""
    target, environment = tmp_path / "pipeline.json", tmp_path / "environment.yaml"
    target.write_text('{"Steps": []}')
    if name in WHOLE:
        text, parts = WHOLE[name]
    else:
        text, parts = changed(profile, CHANGES[name]).encode(), CHANGES[name].parts
    environment.write_bytes(text)
    line = refused(str(target), "--environment", str(environment))
    for part in (str(environment), *parts):
        assert part in line, line


AS_A_USER = ["subnet:", "no region", "a tab", "an alias bomb", "lists 100,000 deep"]


@pytest.mark.parametrize("name", AS_A_USER)
def test_the_command_as_a_user_starts_it_says_the_same(
    name: str, refused: Refused, refused_apart: Refused, tmp_path: Path, profile: str
) -> None:
    target, environment = tmp_path / "pipeline.json", tmp_path / "environment.yaml"
    target.write_text('{"Steps": []}')
    whole = WHOLE[name][0] if name in WHOLE else changed(profile, CHANGES[name]).encode()
    environment.write_bytes(whole)
    arguments = (str(target), "--environment", str(environment))
    assert refused_apart(*arguments) == refused(*arguments)


def test_a_missing_profile_is_named(refused: Refused, tmp_path: Path) -> None:
    target = tmp_path / "pipeline.json"
    target.write_text('{"Steps": []}')
    line = refused(str(target), "--environment", str(tmp_path / "nowhere.yaml"))
    assert f"{tmp_path}/nowhere.yaml: no such file" in line


def test_the_example_profile_is_read(profile: str) -> None:
    read = read_environment(profile.encode(), "environment.yaml")
    assert (read.account, read.region, read.path) == (
        "111122223333",
        "eu-west-1",
        "environment.yaml",
    )
    assert read.sha256 == hashlib.sha256(profile.encode()).hexdigest()
    assert read.lookup("vpc.subnets") == ("subnet-0aaa", "subnet-0bbb")
    assert read.lookup("buckets.*") == ("data-bucket", "models-bucket")
    assert read.mapping("tags") == {"EnvironmentName": ("mlops",), "EnvironmentType": ("dev",)}


def test_a_leaf_may_be_a_text_or_a_list(profile: str) -> None:
    text = profile.replace(SUBNETS, "subnet-0aaa")
    assert read_environment(text.encode(), "e").lookup("vpc.subnets") == ("subnet-0aaa",)


def test_an_unquoted_account_with_a_leading_zero_keeps_its_digits(profile: str) -> None:
    """YAML 1.1 reads 011122223333 as an octal number."""
    text = profile.replace(ACCOUNT, "011122223333")
    assert read_environment(text.encode(), "e").account == "011122223333"


@pytest.mark.parametrize("word", ["no", "on", "null-tag", "1e3", "0x10", "2024-01-01"])
def test_words_that_yaml_would_convert_stay_words(word: str, profile: str) -> None:
    text = profile.replace("EnvironmentType: dev", f"EnvironmentType: {word}")
    assert read_environment(text.encode(), "e").mapping("tags")["EnvironmentType"] == (word,)


def test_aliases_within_the_bound_are_expanded(profile: str) -> None:
    anchored = profile.replace(VOLUME, f"&key {VOLUME}").replace(
        '["arn:aws:kms:eu-west-1:111122223333:key/s3"]', "*key"
    )
    read = read_environment(anchored.encode(), "e")
    assert read.lookup("kms.output") == read.lookup("kms.volume")


def test_what_the_profile_does_not_say_is_not_configured(profile: str) -> None:
    text = profile.replace("max_instance_count: 4\n", "")
    assert read_environment(text.encode(), "e").lookup("max_instance_count") is None


@pytest.mark.parametrize("field", ["functions", "queues", "clusters"])
def test_an_absent_list_of_outside_resources_approves_nothing(field: str, profile: str) -> None:
    lines = [line for line in profile.splitlines() if not line.startswith(f"{field}:")]
    assert read_environment("\n".join(lines).encode(), "e").lookup(field) == ()


def test_listed_aliases_are_approved_for_every_use(profile: str) -> None:
    text = profile.replace("kms:\n", "kms:\n  aliases: [alias/team]\n")
    read = read_environment(text.encode(), "e")
    alias = "arn:aws:kms:eu-west-1:111122223333:alias/team"
    assert alias in (read.lookup("kms.volume") or ())
    assert alias in (read.lookup("kms.output") or ())


@pytest.mark.parametrize(
    "region, partition",
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_partition_follows_the_region(region: str, partition: str, profile: str) -> None:
    text = profile.replace("region: eu-west-1", f"region: {region}")
    assert read_environment(text.encode(), "e").partition == partition


@pytest.mark.parametrize(
    "path, known",
    [
        ("vpc.subnets", True),
        ("buckets.*", True),
        ("buckets.anything", True),
        ("kms.*", True),
        ("tags", True),
        ("vpc.subnet", False),
        ("keys.*", False),
        ("kms.other", False),
        ("", False),
    ],
)
def test_which_paths_are_fields(path: str, known: bool) -> None:
    assert is_field(path) is known


def changed(profile: str, change: Change) -> str:
    assert change.old in profile, f"the example profile has no {change.old!r}"
    return profile.replace(change.old, change.new, 1)
