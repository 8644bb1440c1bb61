"""The reference of what policies are expected to decide."""

from __future__ import annotations

from collections.abc import Iterator

from ormer.expectations.expectation import (
    ALLOWED,
    DENIED,
    WAYS,
    Ask,
    Expectation,
    load_expectations,
)

_VIA = {"outside": "from outside the VPC", "vpc": "through the VPC"}


def expectations_page() -> str:
    """Every expectation of the package with what is asked."""
    found = load_expectations()
    lines = [
        "# What policies have to decide",
        "",
        "Generated from `src/ormer/expectations/catalogue/` by `python -m docs.generate`.",
        "",
        f"{len(found)} expectations. `pytest --pyargs ormer.suites --access FILE` asks each "
        "request; [suites.md](suites.md) says how, who asks, and how to write your own.",
        "",
        "| id | severity | what | has to be |",
        "|---|---|---|---|",
    ]
    for one in found:
        link = f"[{one.id}](#{one.id.lower()})"
        lines.append(f"| {link} | {one.severity.value} | {one.title} | {_wanted(one)} |")
    for one in found:
        lines += ["", *_expectation(one)]
    return "\n".join(lines) + "\n"


def _wanted(one: Expectation) -> str:
    return ALLOWED if one.is_allowed else DENIED


def _expectation(one: Expectation) -> Iterator[str]:
    yield f"## {one.id}"
    yield ""
    yield f"**{one.title}** ({one.severity.value}). {one.why}"
    yield ""
    yield f"Has to be {_wanted(one)}:"
    yield ""
    yield "```text"
    for ask in one.asks:
        yield from _ask(ask)
    yield "```"
    yield ""
    yield f"Source: {one.source}."


def _ask(ask: Ask) -> Iterator[str]:
    way = "either way" if set(ask.ways) == set(WAYS) else _VIA[ask.ways[0]]
    yield f"{', '.join(ask.who)}, {way}: {', '.join(ask.actions)}"
    yield from (f"  on {resource}" for resource in ask.resources)
    for key, value in ask.given.items():
        if value is None:
            yield f"  without {key}"
        else:
            yield f"  with {key} = {value if isinstance(value, str) else ', '.join(value)}"
