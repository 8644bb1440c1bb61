"""Laws of decisions: whatever the policies, each of these changes can have one effect only."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.differential.cases import case as random_case
from ormer.evaluate.globs import glob_test, match_glob, parse_glob
from ormer.evaluate.match_action import matches_action
from ormer.model.policy import Effect, Statement

Line = dict[str, Any]
Decide = Callable[[Line], Any]
LINES = st.integers(0, 10**9).map(lambda seed: random_case(seed, 0))
LAYERS = (
    *("identityPolicies", "permissionBoundaries", "sessionPolicy", "resourcePolicy"),
    *("vpcEndpointPolicies", "scps"),
)
FOR_RESOURCES = ("resourcePolicy", "vpcEndpointPolicies")
ORDER = ("ExplicitlyDenied", "ImplicitlyDenied", "Allowed")
TEXT = st.text(alphabet="ab:/", max_size=8)
PATTERN = st.text(alphabet="ab:/*?", max_size=8)


def documents(line: Line, layer: str) -> list[Any]:
    """The documents of a layer, which may be changed in their place."""
    found = line.get(layer)
    if layer == "scps":
        return [document for level in found or [] for document in level["policies"]]
    return found if isinstance(found, list) else [] if found is None else [found]


def statements(document: Any) -> list[Any]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


@pytest.fixture(scope="session")
def outcome(decided: Decide) -> Callable[[Line], str]:
    return lambda line: str(decided(line).outcome.value)


@given(LINES, st.sampled_from(LAYERS), st.booleans(), st.integers(0, 99))
@settings(max_examples=400, deadline=None)
def test_an_added_deny_never_allows_more(
    outcome: Callable[[Line], str], line: Line, layer: str, everything: bool, pick: int
) -> None:
    among = documents(line, layer)
    assume(among)
    changed = copy.deepcopy(line)
    document = documents(changed, layer)[pick % len(among)]
    deny: Line = {"Effect": "Deny", "Action": "*" if everything else "s3:*", "Resource": "*"}
    if layer in FOR_RESOURCES:
        deny["Principal"] = "*"
    document["Statement"] = [*statements(document), deny]
    assert ORDER.index(outcome(changed)) <= ORDER.index(outcome(line))


@given(LINES, st.sampled_from(LAYERS), st.integers(0, 99))
@settings(max_examples=400, deadline=None)
def test_an_added_allow_never_denies_more(
    outcome: Callable[[Line], str], line: Line, layer: str, pick: int
) -> None:
    among = documents(line, layer)
    assume(among)
    changed = copy.deepcopy(line)
    document = documents(changed, layer)[pick % len(among)]
    allow: Line = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    if layer in FOR_RESOURCES:
        allow["Principal"] = "*"
    document["Statement"] = [*statements(document), allow]
    assert ORDER.index(outcome(changed)) >= ORDER.index(outcome(line))


@given(LINES, st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_the_order_of_statements_and_policies_does_not_matter(
    outcome: Callable[[Line], str], line: Line, draw: random.Random
) -> None:
    changed = copy.deepcopy(line)
    for layer in LAYERS:
        for document in documents(changed, layer):
            document["Statement"] = draw.sample(statements(document), len(statements(document)))
        if isinstance(changed.get(layer), list):
            draw.shuffle(changed[layer])
    assert outcome(changed) == outcome(line)


@given(LINES)
@settings(max_examples=400, deadline=None)
def test_an_identity_policy_split_in_two_decides_the_same(
    outcome: Callable[[Line], str], line: Line
) -> None:
    changed = copy.deepcopy(line)
    changed["identityPolicies"] = [
        {**document, "Statement": statement}
        for document in line.get("identityPolicies", [])
        for statement in statements(document)
    ]
    assert outcome(changed) == outcome(line)


@given(LINES)
@settings(max_examples=400, deadline=None)
def test_a_list_of_actions_split_into_statements_decides_the_same(
    outcome: Callable[[Line], str], line: Line
) -> None:
    changed = copy.deepcopy(line)
    for layer in LAYERS:
        for document in documents(changed, layer):
            document["Statement"] = [
                {**statement, "Action": action}
                for statement in statements(document)
                for action in (
                    statement["Action"]
                    if isinstance(statement.get("Action"), list)
                    else [statement.get("Action")]
                )
            ]
            for statement in document["Statement"]:
                if statement["Action"] is None:
                    del statement["Action"]
    assert outcome(changed) == outcome(line)


@given(LINES)
@settings(max_examples=400, deadline=None)
def test_the_case_of_actions_and_keys_does_not_matter(
    outcome: Callable[[Line], str], line: Line
) -> None:
    changed = copy.deepcopy(line)
    request = changed["request"]
    request["action"] = request["action"].upper()
    request["context"] = {key.upper(): value for key, value in request["context"].items()}
    for layer in LAYERS:
        for document in documents(changed, layer):
            for statement in statements(document):
                for element in ("Action", "NotAction"):
                    found = statement.get(element)
                    if isinstance(found, str):
                        statement[element] = found.upper()
    assert outcome(changed) == outcome(line)


@given(LINES)
@settings(max_examples=400, deadline=None)
def test_a_boundary_or_an_endpoint_that_allows_everything_changes_nothing(
    outcome: Callable[[Line], str], line: Line
) -> None:
    """A Deny with NotPrincipal denies whoever has a boundary, so no boundary is added there."""
    full: Line = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    everyone = {**full, "Principal": "*"}
    changed = copy.deepcopy(line)
    if "NotPrincipal" not in json.dumps(line):
        changed.setdefault("permissionBoundaries", [{"Statement": [full]}])
    changed.setdefault("vpcEndpointPolicies", [{"Statement": [everyone]}])
    changed["scps"] = [*changed.get("scps", []), {"id": "more", "policies": [{"Statement": full}]}]
    assert outcome(changed) == outcome(line)


@given(LINES)
@settings(max_examples=400, deadline=None)
def test_the_statements_named_are_of_the_effect_that_decides(decided: Decide, line: Line) -> None:
    decision = decided(line)
    effects = {reason.effect for reason in decision.reasons}
    expected: dict[str, set[Effect]] = {
        "Allowed": {Effect.ALLOW},
        "ExplicitlyDenied": {Effect.DENY},
        "ImplicitlyDenied": set(),
    }
    assert effects <= expected[decision.outcome.value]
    assert bool(decision.missing) is (decision.outcome.value == "ImplicitlyDenied")


@given(LINES)
@settings(max_examples=400, deadline=None)
def test_without_its_denying_statements_a_request_is_not_explicitly_denied(
    outcome: Callable[[Line], str], line: Line
) -> None:
    """The reasons of a denial are all there is: remove Denies layer by layer and none is left."""
    changed = copy.deepcopy(line)
    levels = [document for level in changed.get("rcps", []) for document in level["policies"]]
    for document in [d for layer in LAYERS for d in documents(changed, layer)] + levels:
        document["Statement"] = [s for s in statements(document) if s["Effect"] == "Allow"]
    assert outcome(changed) != "ExplicitlyDenied"


@given(LINES)
@settings(max_examples=600, deadline=None)
def test_a_denial_ends_when_each_layer_that_it_names_allows(decided: Decide, line: Line) -> None:
    decision = decided(line)
    assume(decision.outcome.value == "ImplicitlyDenied")
    changed = copy.deepcopy(line)
    for group in decision.missing:
        assert decided(changed).outcome.value == "ImplicitlyDenied", "each of them is needed"
        allow(changed, group[0])
    assert decided(changed).outcome.value == "Allowed"


def allow(line: Line, missing: Any) -> None:
    """Let the layer allow everything."""
    full: Line = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    members = {"identity": "identityPolicies", "boundary": "permissionBoundaries"}
    members |= {"vpce": "vpcEndpointPolicies"}
    layer = missing.layer.value
    if layer == "scp":
        (level,) = (level for level in line["scps"] if level["id"] == missing.name)
        level["policies"].append({"Statement": full})
    elif layer in members:
        document = {"Statement": {**full, "Principal": "*"} if layer == "vpce" else full}
        line[members[layer]] = [*line.get(members[layer], []), document]
    elif layer == "session":
        line["sessionPolicy"] = {"Statement": full}
    else:
        found = line.get("resourcePolicy") or {"Statement": []}
        account = str(line["request"]["principal"]).split(":")[4:5]
        who: Any = {"AWS": account} if account else "*"
        more = [*statements(found), {**full, "Principal": who}]
        if isinstance(line["request"]["principal"], dict):
            more[-1]["Principal"] = "*"
        line["resourcePolicy"] = {**found, "Statement": more}


def slow_match(pattern: str, text: str) -> bool:
    """Globs by their definition, character by character."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(slow_match(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and slow_match(pattern[1:], text[1:])


@given(PATTERN, TEXT)
@settings(max_examples=2000, deadline=None)
def test_a_glob_matches_what_its_definition_says(pattern: str, text: str) -> None:
    glob = parse_glob(pattern)
    assert match_glob(glob, text) is slow_match(pattern, text)
    assert glob_test(glob)(text) is slow_match(pattern, text)


@given(PATTERN, TEXT)
@settings(max_examples=500, deadline=None)
def test_a_wildcard_for_a_part_matches_no_less(pattern: str, text: str) -> None:
    if match_glob(parse_glob(pattern), text):
        for at in range(len(pattern)):
            wider = f"{pattern[:at]}*{pattern[at + 1 :]}"
            assert match_glob(parse_glob(wider), text)


@given(st.lists(PATTERN, min_size=1, max_size=3), TEXT)
@settings(max_examples=500, deadline=None)
def test_not_action_is_all_that_action_is_not(patterns: list[str], text: str) -> None:
    def about(negated: bool) -> bool:
        actions = tuple(patterns)
        made = Statement("", Effect.DENY, actions, negated, None, False, None, False, ())
        return matches_action(made, text)

    assert about(False) is not about(True)


def test_a_glob_of_many_stars_takes_no_time() -> None:
    assert not match_glob(parse_glob("*a" * 200 + "b"), "a" * 20_000)
