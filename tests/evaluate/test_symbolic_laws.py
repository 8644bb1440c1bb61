"""What is decided about unknown parts holds for each thing that they may turn out to be.

A random line is decided as it is; then parts of its texts are replaced by symbols, of its
resource by wildcards, and keys are made uncertain. The symbolic decision has to hold for the
line as it was, and for the line with other texts in place of the symbols.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.differential.cases import case as random_case
from ormer.evaluate.decide import decide
from ormer.evaluate.open.text import covers, meets, open_glob, open_literal
from ormer.evaluate.open.verdict import decide_symbolic
from ormer.model.authorization import AuthorizationRequest, Outcome
from ormer.model.errors import InputError
from ormer.model.symbol import END, START, symbol
from ormer.read.policies.decide_line import check_line, read_policies, read_request

Line = dict[str, Any]
SEEDS = st.integers(0, 10**9)
LAYERS = (
    *("identityPolicies", "permissionBoundaries", "sessionPolicy", "resourcePolicy"),
    *("vpcEndpointPolicies", "scps", "rcps"),
)
OTHERS = ("", "*", "?", "red", "data", "ann/x", "r*", "111111111111", "true", "5", "x-y")
KEYS = ("text:none", "x:bool", "aws:username", "aws:principaltag/t")
FORMS = st.text(alphabet="ab:*?", max_size=6)


class Openings:
    """Replaces parts of texts by symbols; the same part by the same symbol."""

    def __init__(self, draw: random.Random, chance: float) -> None:
        self.draw = draw
        self.chance = chance
        self.names: dict[str, str] = {}

    def text(self, text: str) -> str:
        if self.draw.random() >= self.chance or not text:
            return text
        start = self.draw.randrange(len(text) + 1)
        end = self.draw.randrange(start, len(text) + 1)
        part = text[start:end]
        if not part or "$" in part or "{" in part or "}" in part or ":" in part or "*" in part:
            return text
        name = self.names.setdefault(part, f"S{len(self.names)}")
        return text[:start] + symbol(name) + text[end:]

    def policy(self, value: Any, key: str = "") -> Any:
        """The document with symbols in it, its grammar left as it is."""
        if isinstance(value, dict):
            return {k: self.policy(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [self.policy(each, key) for each in value]
        fixed = key in ("Effect", "Version", "Sid", "id") or not isinstance(value, str)
        return value if fixed else self.text(value)


def opened(line: Line, draw: random.Random) -> tuple[Line, dict[str, str]]:
    """The line with symbols, and what they stand for."""
    made = copy.deepcopy(line)
    openings = Openings(draw, draw.choice((0.0, 0.1, 0.3)))
    for layer in LAYERS:
        if layer in made:
            made[layer] = openings.policy(made[layer])
    request = made["request"]
    context = Openings(draw, draw.choice((0.0, 0.3)))
    context.names = openings.names
    request["context"] = {
        key: [context.text(each) for each in value]
        if isinstance(value, list)
        else context.text(value)
        for key, value in request["context"].items()
        if value is not None
    }
    head, colon, name = request["resource"].rpartition(":")
    request["resource"] = head + colon + context.text(name)
    return made, {name: part for part, name in openings.names.items()}


def bound(value: Any, texts: dict[str, str]) -> Any:
    """The line with a text in place of each symbol."""
    if isinstance(value, dict):
        return {bound(key, texts): bound(each, texts) for key, each in value.items()}
    if isinstance(value, list):
        return [bound(each, texts) for each in value]
    if not isinstance(value, str):
        return value
    return re.sub(f"{START}([^{END}]*){END}", lambda found: texts[found[1]], value)


def completions(made: Line, texts: dict[str, str], draw: random.Random) -> Iterator[Line]:
    yield bound(made, texts)
    for _ in range(4):
        chosen = {name: draw.choice((text, text, *OTHERS)) for name, text in texts.items()}
        yield bound(made, chosen)


def consistent(symbolic: Outcome, concrete: Outcome) -> bool:
    return {
        Outcome.ALLOWED: concrete is Outcome.ALLOWED,
        Outcome.EXPLICITLY_DENIED: concrete is Outcome.EXPLICITLY_DENIED,
        Outcome.IMPLICITLY_DENIED: concrete is not Outcome.ALLOWED,
        Outcome.UNKNOWN: True,
    }[symbolic]


def with_globs(request: AuthorizationRequest, draw: random.Random) -> AuthorizationRequest:
    """The request for everything of a form that its resource is of."""
    text = request.resource
    if START in text:
        return request
    start = draw.randrange(len(text) + 1)
    end = draw.randrange(start, len(text) + 1)
    form = f"{text[:start]}*{text[end:]}"
    return request if form == "*" else request._replace(resource=form)


@given(SEEDS)
@settings(max_examples=800, deadline=None)
def test_a_decision_with_symbols_holds_for_every_text_they_may_be(
    policy_set: Callable[[Line], Any], seed: int
) -> None:
    draw = random.Random(seed)
    line = random_case(seed, 0)
    if draw.random() < 0.3:
        line["publicAccessBlock"] = {"RestrictPublicBuckets": True}
    made, texts = opened(line, draw)
    request = read_request(made, "line")
    uncertain = frozenset(k for k in (*request.context, *KEYS) if draw.random() < 0.05)
    asked = with_globs(request, draw) if draw.random() < 0.2 else request
    decided = decide_symbolic(policy_set(made), asked._replace(uncertain=uncertain))
    assert bool(decided.why) is (decided.outcome is Outcome.UNKNOWN)
    for complete in completions(made, texts, draw):
        try:
            policies = read_policies(check_line(complete, "line"), "line")
        except InputError:
            continue  # such a text no policy can have
        found = read_request(complete, "line")
        for key in uncertain:
            context = dict(found.context)
            if draw.random() < 0.5:
                context.pop(key, None)
            elif key not in context:
                context[key] = draw.choice(("red", "true", ("red", "blue")))
            found = found._replace(context=context)
        concrete = decide(policies, found).outcome
        assert consistent(decided.outcome, concrete), (decided, concrete, complete)


@given(SEEDS)
@settings(max_examples=600, deadline=None)
def test_without_unknown_parts_it_is_the_decision_itself(
    policy_set: Callable[[Line], Any], seed: int
) -> None:
    line = random_case(seed, 0)
    policies, request = policy_set(line), read_request(line, "line")
    assert decide_symbolic(policies, request).decision == decide(policies, request)


def matched(pattern: str, text: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    return bool(re.fullmatch(expression, text, re.DOTALL))


@given(FORMS, FORMS, st.lists(st.text(alphabet="ab:z", max_size=3), min_size=6, max_size=6))
@settings(max_examples=1500, deadline=None)
def test_covers_and_meets_say_what_holds_for_each_text_of_a_form(
    pattern: str, form: str, parts: list[str]
) -> None:
    text = ""
    for c, part in zip(form, [*parts, *parts], strict=False):
        text += part if c == "*" else (part[:1] or "a") if c == "?" else c
    if covers(open_glob(pattern), open_glob(form)):
        assert matched(pattern, text)
    if not meets(open_glob(pattern), open_glob(form)):
        assert not matched(pattern, text)


@pytest.mark.parametrize(
    "pattern, text, sure, maybe",
    [
        ("data/*", "data/abalone/*", True, True),
        ("data/abalone/*", "data/*", False, True),
        ("data/abalone/*", "models/*", False, False),
        ("*", symbol("X"), True, True),
        ("?", symbol("X"), False, True),
        (f"{symbol('X')}/*", f"{symbol('X')}/a", True, True),
        (f"{symbol('X')}/*", f"{symbol('Y')}/a", False, True),
        (f"a{symbol('X')}", "b", False, False),
        (f"a{symbol('X')}", "ab", False, True),
        ("?*", "*?", True, True),
        ("a?*", "a*", False, True),
        ("", "*", False, True),
        ("*a*b*", "xaybz", True, True),
    ],
)
def test_a_pattern_matches_surely_perhaps_or_not(
    pattern: str, text: str, sure: bool, maybe: bool
) -> None:
    assert covers(open_glob(pattern), open_glob(text)) is sure
    assert meets(open_glob(pattern), open_glob(text)) is maybe


def test_in_a_text_without_wildcards_a_star_is_a_star() -> None:
    assert covers(open_literal("a*"), open_literal("a*"))
    assert not meets(open_literal("a*"), open_literal("ab"))
