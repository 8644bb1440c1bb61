"""What a guardrail denies is what its control forbids: exactly, or on the side that it says.

What a control forbids is decided by the check's own tests of conditions, on values given
directly; what a guardrail denies by the evaluator, on the documents as they are written, in
every world. The two share no code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ormer.assess.conditions import condition_test
from ormer.assess.outcome import YES
from ormer.controls.load import load_catalogue
from ormer.controls.resolve import resolved
from ormer.facts.carriers import load_carriers
from ormer.facts.service import load_service
from ormer.guardrails.boundary import allows
from ormer.guardrails.project import Projector
from ormer.guardrails.projection import Form, Kind, Projection
from ormer.model.control import MEMBER, Control, Statement
from ormer.model.environment import Environment
from ormer.model.request import Found, Operand
from ormer.model.world import World

OTHER = "something-else"
THERE = "there"
"""Stands for a structure without which a key is not owed."""


class Case(NamedTuple):
    """Values of every key, those IAM sees and those it does not, and the resource."""

    keys: dict[str, Any]
    resource: str


class Reference:
    """What a control forbids of an action, by the check's own condition tests."""

    def __init__(self, control: Control, action: str, environment: Environment) -> None:
        self.action = action
        self.forbid = [
            s for f in control.forbid for s in resolved(f, environment) if about(s, action)
        ]
        self.excepted = [
            s for e in control.exceptions for s in resolved(e, environment) if about(s, action)
        ]
        self.statements = [s for s in self.forbid if s.facet != MEMBER]
        asked = [c for s in (*self.statements, *self.excepted) for c in s.conditions]
        self.values: dict[str, list[Any]] = {}
        for condition in asked:
            self.values.setdefault(condition.key, []).extend(condition.values)
        carriers = load_carriers()
        self.demanded = {
            key: THERE + key
            for key in self.values
            if key in carriers.keys and action in carriers.keys[key].demanded_by
        }
        self.is_update = action.startswith("sagemaker:") and not action.startswith(
            "sagemaker:Create"
        )

    def forbids(self, case: Case) -> bool:
        """Whether it forbids these values; an update only what they are, not what is missing."""
        if any(self.holds(exception, case) for exception in self.excepted):
            return False
        return any(
            self.holds(statement, case)
            for statement in self.statements
            if not self.is_update or all(case.keys.get(c.key) for c in statement.conditions)
        )

    def holds(self, statement: Statement, case: Case) -> bool:
        if statement.resources is not None:
            named = case.resource in statement.resources
            if named is statement.not_resource:
                return False
        return all(
            condition_test(c.operator, c.values)(self.operand(c.key, case)).code == YES
            for c in statement.conditions
        )

    def operand(self, key: str, case: Case) -> Operand:
        value = case.keys.get(key)
        values = () if value is None else (value,) if isinstance(value, str) else value
        there = self.demanded.get(key)
        demanded = bool(values) or there is None or bool(case.keys[there])
        return Operand(tuple(Found(v, ()) for v in values), () if values else ((),), demanded)


def about(statement: Statement, action: str) -> bool:
    carriers = load_carriers().keys
    for pattern in statement.actions:
        if pattern == "@aws:RequestTag":
            facts = load_service().actions.get(action)
            if facts is not None and facts.takes_tags:
                return True
        elif pattern.startswith("@"):
            if action in carriers[pattern[1:]].actions:
                return True
        elif pattern == action:
            return True
    return False


@cache
def choices(reference: Reference) -> dict[str, tuple[Any, ...]]:
    """Values of each key that tell the control's statements apart."""
    found: dict[str, tuple[Any, ...]] = dict.fromkeys(reference.demanded.values(), (None, THERE))
    for key, asked in reference.values.items():
        carried = load_carriers().keys.get(key)
        words = sorted(
            {value.replace("*", "x").replace("?", "y") for value in asked} - {"true", "false"}
        )
        kind = carried.type if carried else ""
        if kind == "Bool":
            found[key] = (None, "true", "false")
        elif kind == "Numeric":
            found[key] = (
                None,
                *(
                    str(int(word) + step)
                    for word in words
                    for step in (-1, 0, 1)
                    if int(word) + step >= 0
                ),
                "999999999",
            )
        elif carried is not None and carried.is_multivalued:
            some = [words[0], words[-1]] if words else []
            mixed = [(OTHER, *some), tuple(some)]
            found[key] = (None, (OTHER,), *((word,) for word in some), *(m for m in mixed if m))
        else:
            found[key] = (None, OTHER, *words[:3])
    return found


def cases(reference: Reference) -> Iterator[Case]:
    names = choices(reference)
    resources = {r for s in reference.forbid for r in s.resources or ()} | {"arn:aws:x:::other"}
    for values in product(*names.values()):
        for resource in sorted(resources):
            yield Case(dict(zip(names, values, strict=True)), resource)


@pytest.fixture(scope="session")
def projected(environment: Environment) -> dict[str, tuple[Projection, ...]]:
    projector = Projector(load_carriers(), load_service(), environment)
    return {c.id: projector.project(c) for c in load_catalogue().controls}


@pytest.fixture(scope="session")
def references(
    projected: dict[str, tuple[Projection, ...]], environment: Environment
) -> dict[tuple[str, str], Reference]:
    controls = {control.id: control for control in load_catalogue().controls}
    return {
        (name, one.action): Reference(controls[name], one.action, environment)
        for name, projections in projected.items()
        for one in projections
    }


GUARDED = [c.id for c in load_catalogue().controls if c.raw["guardrail"]["form"] != "none"]
ATTACHED = [
    (c.id, kind, wildcards)
    for c in load_catalogue().controls
    for kind in Kind
    for wildcards in (False, True)
    if kind.attached_to in c.raw["guardrail"].get("attach", ())
]


def agrees(form: Form, forbidden: bool, denied: bool) -> bool:
    """Whether a guardrail of this form may deny what its control forbids or does not forbid."""
    if form is Form.EXACT:
        return forbidden == denied
    if form is Form.STRICTER:
        return denied or not forbidden
    return forbidden or not denied


@pytest.mark.parametrize("control, kind, wildcards", ATTACHED)
def test_each_control_on_each_of_its_actions(
    control: str,
    kind: Kind,
    wildcards: bool,
    projected: Any,
    references: Any,
    denier: Any,
    open_worlds: tuple[World, ...],
    in_world: Any,
) -> None:
    """Every combination of telling values, in every world."""
    guard = denier(kind, wildcards)
    for projection in guard.made.projections[control]:
        reference = references[control, projection.action]
        for case in cases(reference):
            forbidden = reference.forbids(case)
            for world in open_worlds:
                found = guard.denies(projection.action, in_world(case.keys, world), case.resource)
                denied = control in found
                assert agrees(projection.form, forbidden, denied), (
                    projection.action,
                    case,
                    world.name,
                )


@pytest.mark.parametrize("control", GUARDED)
def test_the_cases_tell_something(control: str, projected: Any, references: Any) -> None:
    """Each projection is met by what it denies and by what it lets through."""
    for projection in projected[control]:
        if projection.denials and projection.denials[0].conditions:
            reference = references[control, projection.action]
            assert {reference.forbids(case) for case in cases(reference)} == {True, False}


@pytest.mark.parametrize("control", GUARDED)
def test_what_a_form_claims_is_there(
    control: str, projected: Any, references: Any, denier: Any, in_world: Any
) -> None:
    """A stricter one denies something that is not forbidden, a weaker one lets something through."""
    guard = denier()
    for projection in projected[control]:
        if projection.form not in (Form.STRICTER, Form.WEAKER):
            continue
        reference = references[control, projection.action]
        told = {
            (
                reference.forbids(case),
                control
                in guard.denies(projection.action, in_world(case.keys, World()), case.resource),
            )
            for case in cases(reference)
        }
        beyond = (False, True) if projection.form is Form.STRICTER else (True, False)
        assert beyond in told, projection.action


def test_a_control_says_the_form_that_it_has(projected: Any) -> None:
    """On the actions that pipelines cause, which is what its file is about."""
    caused = {*load_service().actions}
    for control in load_catalogue().controls:
        said = control.raw["guardrail"]["form"]
        forms = {
            one.form
            for one in projected[control.id]
            if one.action in caused or not one.action.startswith("sagemaker:")
        }
        if said == "none":
            assert forms <= {Form.NONE}, control.id
        elif said == "exact":
            assert forms == {Form.EXACT}, control.id
        elif said == "stricter":
            assert Form.WEAKER not in forms and forms & {Form.EXACT, Form.STRICTER}, control.id
            assert control.raw["guardrail"]["also_denies"]
        else:
            assert said == "weaker" and forms & {Form.WEAKER, Form.NONE}, control.id
            assert control.raw["guardrail"]["reason"]


@pytest.mark.parametrize("kind", [Kind.IAM, Kind.BOUNDARY, Kind.SCP])
def test_all_controls_together_on_any_request(
    kind: Kind,
    references: Any,
    denier: Callable[..., Any],
    open_worlds: tuple[World, ...],
    in_world: Any,
) -> None:
    guard = denier(kind)
    of_action: dict[str, list[Projection]] = {}
    for projections in guard.made.projections.values():
        for one in projections:
            of_action.setdefault(one.action, []).append(one)
    actions = sorted(
        a
        for a in of_action
        if a.startswith("sagemaker:") and (kind is not Kind.BOUNDARY or allows(a))
    )

    @settings(max_examples=400, deadline=None)
    @given(st.data())
    def law(data: Any) -> None:
        action = data.draw(st.sampled_from(actions))
        keys: dict[str, Any] = {}
        for projection in of_action[action]:
            for key, values in choices(references[projection.control, action]).items():
                keys.setdefault(key, data.draw(st.sampled_from(values), label=key))
        world = data.draw(st.sampled_from(open_worlds))
        found = guard.denies(action, in_world(keys, world))
        for projection in of_action[action]:
            reference = references[projection.control, action]
            forbidden = reference.forbids(Case(keys, "*"))
            assert agrees(projection.form, forbidden, projection.control in found), (
                projection.control
            )
        assert found <= {projection.control for projection in of_action[action]}

    law()
