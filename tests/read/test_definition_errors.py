"""What is no pipeline definition is refused with one line that says what and where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from ormer.model.errors import InputError
from ormer.read.definition import read_definition

Refused = Callable[..., str]
MIB = 2**20


class Case(NamedTuple):
    """Bytes that are no definition, and the parts of the message that say what and where."""

    text: bytes
    parts: tuple[str, ...]


def case(text: str | bytes, *parts: str) -> Case:
    return Case(text.encode() if isinstance(text, str) else text, parts)


def steps(*bodies: str) -> str:
    return '{"Version": "2020-12-01", "Steps": [' + ", ".join(bodies) + "]}"


def fail(name: str) -> str:
    return f'{{"Name": "{name}", "Type": "Fail", "Arguments": {{}}}}'


def condition(name: str, inner: str, branch: str = "IfSteps") -> str:
    return f'{{"Name": "{name}", "Type": "Condition", "Arguments": {{"{branch}": [{inner}]}}}}'


NESTED = fail("Deep")
for _level in range(70):
    NESTED = condition(f"C{_level}", NESTED)

CASES: dict[str, Case] = {
    "empty": case(b"", "empty"),
    "blank": case(b" \n\t\r\n", "empty"),
    "truncated": case(b'{"Version": "2020-12-01", "Steps": [{"Na', "not JSON", "line 1 column"),
    "truncated on line 3": case(b'{"Version": "x",\n"Steps": [\n{"Name": ', "line 3 column"),
    "binary": case(b"\x89PNG\r\n\x1a\n\x00\x00\xff", "not UTF-8 text (byte 0)"),
    "latin-1": case('{"Steps": [], "x": "é"}'.encode("latin-1"), "not UTF-8 text (byte 20)"),
    "utf-16": case('{"Steps": []}'.encode("utf-16"), "not UTF-8 text (byte 0)"),
    "byte order mark": case(b'\xef\xbb\xbf{"Steps": []}', "not JSON", "line 1 column 1"),
    "yaml": case("Version: 2020-12-01\nSteps: []\n", "not JSON", "line 1 column 1"),
    "trailing words": case('{"Steps": []} and more', "not JSON", "Extra data", "column 15"),
    "two documents": case('{"Steps": []}{"Steps": []}', "not JSON", "column 14"),
    "trailing comma": case('{"Steps": [],}', "not JSON", "line 1 column"),
    "a control character": case('{"Steps": [], "x": "\x01"}', "not JSON", "line 1 column"),
    "a list": case("[]", "a definition is a JSON object, this is a list"),
    "text": case('"Steps"', "a definition is a JSON object, this is text"),
    "a number": case("5", "a definition is a JSON object, this is a number"),
    "null": case("null", "a definition is a JSON object, this is null"),
    "true": case("true", "a definition is a JSON object, this is true or false"),
    "no Steps": case("{}", "no Steps"),
    "a policy": case('{"Version": "2012-10-17", "Statement": []}', "no Steps"),
    "nested 100,000 deep": case("[" * 100_000 + "]" * 100_000, "nested too deeply"),
    "objects 100,000 deep": case('{"a":' * 100_000 + "1" + "}" * 100_000, "nested too deeply"),
    "50 MB": case(b'{"Steps": [], "x": "' + b"x" * (50 * MIB) + b'"}', "larger than 32 MiB"),
    "a duplicate name": case(
        '{"Steps": [],\n "Version": "1",\n "Version": "2"}', "duplicate name 'Version'"
    ),
    "a duplicate name deep inside": case(
        steps('{"Name": "A", "Type": "Training", "Arguments": {"RoleArn": "a", "RoleArn": "b"}}'),
        "duplicate name 'RoleArn'",
    ),
    "NaN": case('{"Steps": [], "x": NaN}', "NaN is not a JSON number"),
    "Infinity": case('{"Steps": [], "x": Infinity}', "Infinity is not a JSON number"),
    "-Infinity": case('{"Steps": [], "x": -Infinity}', "-Infinity is not a JSON number"),
    "a huge integer": case('{"Steps": [], "x": ' + "1" * 10_000 + "}", "not JSON", "digits"),
    "Steps is an object": case('{"Steps": {}}', "/Steps is an object, not a list of steps"),
    "Steps is null": case('{"Steps": null}', "/Steps is null, not a list of steps"),
    "a step is text": case(steps(fail("A"), '"B"'), "/Steps/1 is text, not a step"),
    "a step is null": case(steps("null"), "/Steps/0 is null, not a step"),
    "a step without Name": case(steps('{"Type": "Fail"}'), "/Steps/0: a step without Name"),
    "a step without Type": case(steps('{"Name": "A"}'), "/Steps/0: a step without Type"),
    "an empty Name": case(steps('{"Name": "", "Type": "Fail"}'), "/Steps/0: a step without Name"),
    "a Name that is a number": case(steps('{"Name": 5, "Type": "Fail"}'), "/Steps/0: a step with"),
    "a Type that is null": case(steps('{"Name": "A", "Type": null}'), "/Steps/0: a step without"),
    "Arguments is a list": case(
        steps('{"Name": "A", "Type": "Fail", "Arguments": []}'),
        "/Steps/0/Arguments is a list, not an object",
    ),
    "Arguments is text": case(
        steps('{"Name": "A", "Type": "Fail", "Arguments": "x"}'), "/Steps/0/Arguments is text"
    ),
    "two steps of one name": case(
        steps(fail("Train"), fail("Other"), fail("Train")),
        "two steps named 'Train': /Steps/0 and /Steps/2",
    ),
    "a nested step has the name of another": case(
        steps(fail("Train"), condition("C", fail("Train"))),
        "two steps named 'Train': /Steps/0 and /Steps/1/Arguments/IfSteps/0",
    ),
    "a nested step has the name of its parent": case(
        steps(condition("C", fail("C"), "ElseSteps")),
        "two steps named 'C': /Steps/0 and /Steps/0/Arguments/ElseSteps/0",
    ),
    "a nested step without Type": case(
        steps(condition("C", '{"Name": "A"}')),
        "/Steps/0/Arguments/IfSteps/0: a step without Type",
    ),
    "a branch is an object": case(
        steps('{"Name": "C", "Type": "Condition", "Arguments": {"IfSteps": {}}}'),
        "/Steps/0/Arguments/IfSteps is an object, not a list of steps",
    ),
    "a body is a reference": case(
        steps('{"Name": "F", "Type": "ForEach", "Arguments": {"ForEachBody": {"Get": "x"}}}'),
        "/Steps/0/Arguments/ForEachBody is an object, not a list of steps",
    ),
    "steps 70 deep": case(steps(NESTED), "nested deeper than 64 steps"),
    "Parameters is an object": case(
        '{"Steps": [], "Parameters": {"A": "B"}}', "/Parameters is an object, not a list"
    ),
    "a parameter is text": case(
        '{"Steps": [], "Parameters": ["A"]}', "/Parameters/0 is text, not an object"
    ),
    "a parameter without Name": case(
        '{"Steps": [], "Parameters": [{"Type": "String"}]}',
        "/Parameters/0: a parameter without Name",
    ),
    "a parameter without Type": case(
        '{"Steps": [], "Parameters": [{"Name": "A"}]}', "/Parameters/0: a parameter without Type"
    ),
    "a parameter of an unknown type": case(
        '{"Steps": [], "Parameters": [{"Name": "A", "Type": "List"}]}',
        "/Parameters/0/Type is 'List', not one of String, Integer, Float, Boolean",
    ),
    "EnumValues is text": case(
        '{"Steps": [], "Parameters": [{"Name": "A", "Type": "String", "EnumValues": "a"}]}',
        "/Parameters/0/EnumValues is text, not a list",
    ),
    "a default outside the enum": case(
        '{"Steps": [], "Parameters": [{"Name": "A", "Type": "String",'
        ' "DefaultValue": "b", "EnumValues": ["a"]}]}',
        "/Parameters/0/DefaultValue is none of its EnumValues",
    ),
    "two parameters of one name": case(
        '{"Steps": [], "Parameters": [{"Name": "A", "Type": "String"},'
        ' {"Name": "A", "Type": "Integer"}]}',
        "/Parameters/1: a second parameter 'A'",
    ),
    "a lone surrogate in a repeated name": case(
        steps('{"Name": "\\ud800", "Type": "Fail"}', '{"Name": "\\ud800", "Type": "Fail"}'),
        "two steps named '\\ud800': /Steps/0 and /Steps/1",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_no_definition_is_refused_by_the_reader(name: str) -> None:
    with pytest.raises(InputError) as error:
        read_definition(CASES[name].text, "pipeline.json")
    message = str(error.value)
    assert message.startswith("pipeline.json: "), message
    assert "\n" not in message
    for part in CASES[name].parts:
        assert part in message, message


@pytest.mark.parametrize("name", CASES)
def test_what_is_no_definition_is_refused_by_the_command(
    name: str, refused: Refused, tmp_path: Path, profile: str
) -> None:
    target, environment = tmp_path / "pipeline.json", tmp_path / "environment.yaml"
    target.write_bytes(CASES[name].text)
    environment.write_text(profile, "utf-8")
    line = refused(str(target), "--environment", str(environment))
    assert str(target) in line
    for part in CASES[name].parts:
        assert part in line, line


AS_A_USER = ["truncated", "a duplicate name", "objects 100,000 deep", "two steps of one name"]


@pytest.mark.parametrize("name", AS_A_USER)
def test_the_command_as_a_user_starts_it_says_the_same(
    name: str, refused: Refused, refused_apart: Refused, tmp_path: Path, profile: str
) -> None:
    target, environment = tmp_path / "pipeline.json", tmp_path / "environment.yaml"
    target.write_bytes(CASES[name].text)
    environment.write_text(profile, "utf-8")
    arguments = (str(target), "--environment", str(environment))
    assert refused_apart(*arguments) == refused(*arguments)


@pytest.mark.parametrize("name", ["empty", "truncated", "a step without Type", "binary", "50 MB"])
def test_standard_input_is_called_by_its_name(
    name: str, refused_apart: Refused, tmp_path: Path, profile: str
) -> None:
    environment = tmp_path / "environment.yaml"
    environment.write_text(profile, "utf-8")
    line = refused_apart("-", "--environment", str(environment), stdin=CASES[name].text)
    assert line.startswith("ormer: error: standard input: ")
    for part in CASES[name].parts:
        assert part in line, line


@pytest.mark.parametrize(
    "text, place",
    [
        ('{"Steps": [],\n "Version": "1",\n "Version": "2"}', "line 3"),
        ('{"Steps": [],\n "x": NaN}', "line 2"),
        ('{"Steps": [],\n "x": ' + "1" * 10_000 + "}", "line 2"),
        (
            '{"Steps": [\n{"Name": "A", "Type": "Fail"},\n{"Name": "B", "Type": "Fail",\n'
            '"Type": "Training"}]}',
            "line 4",
        ),
    ],
    ids=["a duplicate name", "NaN", "a huge integer", "a duplicate name in a step"],
)
def test_a_strict_refusal_says_where_as_every_other_does(text: str, place: str) -> None:
    """A definition has thousands of lines; "duplicate name 'Type'" alone finds none of them."""
    with pytest.raises(InputError, match=place):
        read_definition(text.encode(), "pipeline.json")


@pytest.mark.parametrize(
    "target, part",
    [
        ("missing.json", "no such file"),
        (".", "is a directory, not a file"),
        ("missing-*.json", "matches no file"),
    ],
    ids=["missing", "a directory", "a glob of nothing"],
)
def test_a_file_that_cannot_be_read_is_named(
    target: str, part: str, refused: Refused, tmp_path: Path, profile: str
) -> None:
    environment = tmp_path / "environment.yaml"
    environment.write_text(profile, "utf-8")
    line = refused(str(tmp_path / target), "--environment", str(environment))
    assert str(tmp_path / target) in line
    assert part in line
