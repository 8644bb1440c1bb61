"""Lines and columns of places in a JSON text: short regions, and an ancestor for what is missing."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.model.definition import Place
from ormer.read.text.json_regions import Region, regions

TEXT = """{
  "Steps": [
    {"Name": "a", "Arguments": {"Size": 30, "On" : true}},
    {
      "Name": "b/~",
      "Arguments":
        {"Keys": ["k1", -1.5e3, null, {}, []]}
    }
  ]
}
"""


def shown(text: str, place: Place) -> str:
    """The text of a region, which has to be on the lines it says."""
    region = regions(text, [place])[place]
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: region.line - 1]) + region.column - 1
    end = sum(len(line) + 1 for line in lines[: region.end_line - 1]) + region.end_column - 1
    return text[start:end]


@pytest.mark.parametrize(
    "place, region, said",
    [
        ((), Region(1, 1, 1, 2), "{"),
        (("Steps",), Region(2, 3, 2, 10), '"Steps"'),
        (("Steps", 0), Region(3, 5, 3, 6), "{"),
        (("Steps", 0, "Name"), Region(3, 6, 3, 17), '"Name": "a"'),
        (("Steps", 0, "Arguments", "Size"), Region(3, 33, 3, 43), '"Size": 30'),
        (("Steps", 0, "Arguments", "On"), Region(3, 45, 3, 56), '"On" : true'),
        (("Steps", 1, "Name"), Region(5, 7, 5, 20), '"Name": "b/~"'),
        (("Steps", 1, "Arguments"), Region(6, 7, 6, 18), '"Arguments"'),
        (("Steps", 1, "Arguments", "Keys", 0), Region(7, 19, 7, 23), '"k1"'),
        (("Steps", 1, "Arguments", "Keys", 1), Region(7, 25, 7, 31), "-1.5e3"),
        (("Steps", 1, "Arguments", "Keys", 2), Region(7, 33, 7, 37), "null"),
        (("Steps", 1, "Arguments", "Keys", 3), Region(7, 39, 7, 40), "{"),
        (("Steps", 1, "Arguments", "Keys", 4), Region(7, 43, 7, 44), "["),
    ],
)
def test_a_place_is_its_name_and_plain_value_or_what_opens_it(
    place: Place, region: Region, said: str
) -> None:
    assert regions(TEXT, [place]) == {place: region}
    assert shown(TEXT, place) == said


@pytest.mark.parametrize(
    "place, nearest",
    [
        (("Steps", 0, "Arguments", "VpcConfig", "Subnets"), ("Steps", 0, "Arguments")),
        (("Steps", 1, "Arguments", "Keys", 9), ("Steps", 1, "Arguments", "Keys")),
        (("Steps", 1, "Arguments", "Keys", "Name"), ("Steps", 1, "Arguments", "Keys")),
        (("Steps", 0, "Name", "Inside"), ("Steps", 0, "Name")),
        (("Steps", 0, 0), ("Steps", 0)),
        (("Nowhere",), ()),
    ],
)
def test_what_is_missing_has_the_region_of_its_nearest_ancestor(
    place: Place, nearest: Place
) -> None:
    found = regions(TEXT, [place, nearest])
    assert found[place] == found[nearest]
    assert regions(TEXT, [place])[place] == found[nearest], "whether or not that is asked for"


def test_in_a_minified_text_the_column_tells() -> None:
    text = '{"A":[{"B":1},{"B":2}]}'
    found = regions(text, [("A", 0, "B"), ("A", 1, "B")])
    assert list(found.values()) == [Region(1, 8, 1, 13), Region(1, 16, 1, 21)]


def test_columns_count_characters_not_bytes() -> None:
    assert regions('{"é😀": "ü", "b": 1}', [("b",)])[("b",)] == Region(1, 13, 1, 19)


def test_names_are_compared_as_they_are_read() -> None:
    text = r'{"\u0041\n\"\\": 1, "\ud800": 2}'
    assert shown(text, ('A\n"\\',)) == r'"\u0041\n\"\\": 1'
    assert shown(text, ("\ud800",)) == r'"\ud800": 2'


def test_punctuation_in_texts_is_no_punctuation() -> None:
    text = r'{"a": "},]{[:\"", "b": ["x,y", "]"], "c": 1}'
    assert shown(text, ("c",)) == '"c": 1'
    assert shown(text, ("b", 1)) == '"]"'


def test_line_ends_of_windows_are_counted_once() -> None:
    assert regions('{\r\n"a": 1,\r\n"b": 2}', [("b",)])[("b",)] == Region(3, 1, 3, 7)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(body=VALUES, indent=st.sampled_from([None, 0, 3]), ascii_only=st.booleans())
def test_every_place_is_found_whatever_the_layout(
    body: Any, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(body, indent=indent, ensure_ascii=ascii_only)
    places = places_and_values(body, ())
    together = regions(text, [place for place, _ in places])
    for place, value in places:
        assert together[place] == regions(text, [place])[place]
        said = shown(text, place)
        if isinstance(value, (dict, list)):
            if place and isinstance(place[-1], str):
                assert json.loads(said) == place[-1]
            else:
                assert said == ("{" if isinstance(value, dict) else "[")
        elif place and isinstance(place[-1], str):
            assert json.loads("{" + said + "}") == {place[-1]: value}
        else:
            assert json.loads(said) == value


def places_and_values(node: Any, place: Place) -> list[tuple[Place, Any]]:
    below: Any = ()
    if isinstance(node, (dict, list)):
        below = node.items() if isinstance(node, dict) else enumerate(node)
    return [(place, node), *(p for key, v in below for p in places_and_values(v, (*place, key)))]


def test_work_grows_with_the_text_and_not_with_its_square() -> None:
    """Counted in calls, which no load of the machine changes."""

    def calls(steps: int) -> int:
        body = {"Steps": [{"Name": f"s{n}", "Arguments": {"K": [n]}} for n in range(steps)]}
        text = json.dumps(body, indent=1)
        places = [("Steps", n, "Arguments", "K", 0) for n in range(steps)]
        made = Counter[str]()
        sys.setprofile(lambda frame, event, argument: made.update([event]))
        try:
            regions(text, places)
        finally:
            sys.setprofile(None)
        return made.total()

    assert calls(800) < 9 * calls(100)
