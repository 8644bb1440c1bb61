"""The locations in a text: cut where a shell, a list or an option parts them, free parts kept."""

from __future__ import annotations

import pytest

from ormer.model.value import CALLER, RUN, Expression, Free, Opaque, Value
from ormer.requests.open_texts import Reading, locations

FREE = Free("P", CALLER)
NUMBER = Free("N", CALLER, "Integer")
IDENTIFIER = Free("Execution.PipelineExecutionId", RUN)
ENUM = Free("E", CALLER, "String", ("s3://a/x", "b"))
SHOWN, PLACE, CODE, LIST = Reading.SHOWN, Reading.PLACE, Reading.CODE, Reading.LIST


@pytest.mark.parametrize(
    "text, expected",
    [
        ("aws s3 cp s3://a/x|s3://b/y", ["s3://a/x", "s3://b/y"]),
        ("--in=s3://a/x&out=s3://b/y", ["s3://a/x", "s3://b/y"]),
        ("s3://a/x=s3://b/y", ["s3://a/x=", "s3://b/y"]),
        ("s3://a/day=1/x", ["s3://a/day=1/x"]),
        ("(aws s3 ls s3://a) && ls", ["s3://a"]),
        ("echo `aws s3 ls s3://a`", ["s3://a"]),
        ("{'path': 's3://a', 'b': 1}", ["s3://a"]),
        ('{"s3://a":"s3://b"}', ["s3://a", "s3://b"]),
        ("s3://a''-of-another/x", ["s3://a''-of-another/x"]),
        ("s3://a`echo -b`/x", ["s3://a`echo"]),
        ("s3://a{,-b}/x", ["s3://a{"]),
        ("https://a/x", []),
        ("file:///x", []),
    ],
)
def test_a_text_is_cut_where_nothing_is_joined_to_the_location(
    text: str, expected: list[str]
) -> None:
    """A shell joins what stands at a quote or a backtick: the bucket's name would go on."""
    assert locations(text, SHOWN) == tuple(expected)


def of(*parts: str | Free) -> Expression:
    return Expression(parts)


@pytest.mark.parametrize(
    "value, reading, expected",
    [
        (of("s3://a,", FREE), SHOWN, ["s3://a", of(FREE)]),
        (of("x=", FREE, "&y=s3://a"), SHOWN, ["s3://a", of(FREE)]),
        (of("s3://a/", FREE), SHOWN, [of("s3://a/", FREE)]),
        (of("s3://a/day=", FREE, "/x"), SHOWN, [of("s3://a/day=", FREE, "/x")]),
        (of("--x=s3://a-", NUMBER), SHOWN, [of("s3://a-", NUMBER)]),
        (of("--x=s3://a/", IDENTIFIER, ".py"), SHOWN, [of("s3://a/", IDENTIFIER, ".py")]),
        (of("s", NUMBER, "://a"), SHOWN, [of("s", NUMBER, "://a")]),
        (of(FREE, "://a"), SHOWN, [of(FREE, "://a")]),
        (of("s3://a''", FREE), SHOWN, [of("s3://a''", FREE)]),
        (of("on ", FREE), SHOWN, []),
        (of("x-", NUMBER), LIST, []),
        (of(IDENTIFIER), PLACE, []),
        (of(FREE), PLACE, [of(FREE)]),
        (of("cp s3://a/", FREE, " ."), SHOWN, [of("s3://a/", FREE)]),
        (of("cp s3://a/", FREE, " ."), PLACE, [of("s3://a/", FREE), of(FREE)]),
        (of(ENUM), SHOWN, ["s3://a/x"]),
        (of("s3://", ENUM._replace(choices=("a", "b"))), SHOWN, None),
        (of("s3:/", ENUM._replace(choices=("/a", "b"))), SHOWN, ["s3://a"]),
        (of("https://a/", NUMBER), CODE, [of("https://a/", NUMBER)]),
    ],
)
def test_each_piece_of_a_text_with_free_parts_is_one(
    value: Value, reading: Reading, expected: list[Value] | None
) -> None:
    """None stands for the whole value, enums and all."""
    assert locations(value, reading) == (tuple(expected) if expected is not None else (value,))


def test_a_text_of_too_many_enums_is_unknown() -> None:
    enums = [Free(f"E{i}", CALLER, "String", ("s3:", "//", "a")) for i in range(6)]
    (found,) = locations(of(*enums), SHOWN)
    assert isinstance(found, Opaque)


def test_a_text_with_the_characters_of_the_marks_is_unknown() -> None:
    (found,) = locations(of("\U000f0000", FREE), SHOWN)
    assert isinstance(found, Opaque)


@pytest.mark.parametrize("text", ["a", "s3://", ")", "s3://a)", "://", "-", "a "])
def test_a_long_text_is_read_to_its_end(text: str) -> None:
    for reading in Reading:
        locations(text * (60_000 // len(text)), reading)
        locations(of(text * (60_000 // len(text)), FREE), reading)
