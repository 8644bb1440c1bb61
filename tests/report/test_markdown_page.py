"""The page of bounded size: nothing beyond the bound, nothing after what did not fit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ormer.report.markdown.page import Page

LAST = "x" * 198
"""The longest last line, which follows an empty one; both end."""


def test_lines_are_taken_together_or_not_at_all() -> None:
    page = Page(200 + 10)
    assert page.put("1234", "6789") and not page.full
    assert not page.put("")
    assert page.full and page.text() == "1234\n6789\n"


def test_after_one_line_that_does_not_fit_none_does() -> None:
    page = Page(200 + 10)
    assert not page.put("x" * 10)
    assert not page.put("x"), "what comes later must not look as if nothing were missing"
    assert not page.fold("more")
    assert page.text() == ""


def test_lines_are_counted_in_bytes() -> None:
    page = Page(200 + 4)
    assert not page.put("éé")
    assert Page(200 + 5).put("éé")


PART = st.tuples(st.booleans(), st.lists(st.text("aé", max_size=12), min_size=1, max_size=4))


@given(parts=st.lists(PART, max_size=8), room=st.integers(0, 120))
def test_it_stays_in_bounds_and_closes_what_it_folds(
    parts: list[tuple[bool, list[str]]], room: int
) -> None:
    page = Page(200 + room)
    for folded, lines in parts:
        if not folded:
            page.put(*lines)
        elif page.fold("more", lines[0]):
            for line in lines[1:]:
                page.put(line)
            page.unfold()
    assert len(page.text().encode()) <= room
    assert page.text().count("<details>") == page.text().count("\n</details>\n")
    page.end(LAST)
    assert len(page.text().encode()) <= 200 + room
