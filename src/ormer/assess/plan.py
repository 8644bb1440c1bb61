"""Controls and a profile -> tests, sorted by the action they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Optional

from ormer.assess.conditions import ConditionTest, condition_test
from ormer.assess.expectation import expectation
from ormer.assess.globs import matches
from ormer.assess.outcome import NO
from ormer.assess.textset import TextSet
from ormer.controls.resolve import NotConfigured, resolved
from ormer.facts.service import ActionFacts, Service
from ormer.model.control import MEMBER, Condition, Control, Statement
from ormer.model.environment import Environment
from ormer.model.operators import NULL
from ormer.model.request import Operand

SHAPE = "api:Shape"
VALUE = "api:Value"
API, STEP = "api:", "Step"
_DERIVED = (
    ("Model", "EndpointConfig", "Endpoint", "Member", "Value", "Key", "Shape")
    + ("SecretFindings", "CodeLocations")
)  # fmt: skip


class Test(NamedTuple):
    """One key of a Condition block, ready to run."""

    operator: str
    key: str
    run: ConditionTest


class StatementPlan(NamedTuple):
    """A forbidden (or excepted) set of requests, ready to run."""

    tests: tuple[Test, ...]
    resources: Optional[TextSet]
    not_resource: bool
    reason: str


class ControlPlan:
    """A control as it applies to one action: on the request, or on a member of a shape.

    ``keys`` are those its statements ask for; ``of_resource``: they ask for the resource;
    ``accepts_missing``: they ask for one value, and pass where it is missing; ``by_definition``:
    they ask for a key that each job definition of the request has for itself; ``by_value``: they
    ask for the member's value alone; ``looks_at``: members of the input and of the step without
    which there is nothing to judge, None where that is not so simple. ``passed`` remembers what
    has passed, so that it is judged once, and ``passes_absent`` that nothing does.
    """

    __slots__ = (
        ("id", "title", "severity", "fix", "expected", "statements", "exceptions")
        + ("keys", "of_resource", "accepts_missing", "by_definition", "passed")
        + ("by_value", "looks_at", "passes_absent")
    )  # fmt: skip

    def __init__(
        self,
        control: Control,
        statements: list[Statement],
        exceptions: tuple[StatementPlan, ...],
        facts: Optional[ActionFacts],
    ) -> None:
        self.id, self.title = control.id, control.title
        self.severity, self.fix = control.severity, control.fix
        self.expected = expectation(statements)
        self.statements = tuple(_compiled(s) for s in statements)
        self.exceptions = exceptions
        self.keys = tuple(dict.fromkeys(c.key for s in statements for c in s.conditions))
        self.of_resource = any(s.resources is not None for s in statements)
        self.accepts_missing = self._judges_each_value() and all(
            _lets_missing_pass(s) for s in self.statements
        )
        self.by_definition = facts is not None and any(key in facts.keys for key in self.keys)
        self.by_value = self.keys == (VALUE,) and not self.of_resource
        self.looks_at = None if self.of_resource or self.by_definition else _looked_at(self.keys)
        self.passed: set[tuple[object, ...]] = set()
        self.passes_absent = False

    def _judges_each_value(self) -> bool:
        """Whether it forbids the values of its only key exactly if it forbids one of them."""
        if len(self.keys) != 1:
            return False
        return self.keys[0] == VALUE or all(_judges_each_value(s) for s in self.statements)


class ActionPlan(NamedTuple):
    """Everything to run on a request of one action."""

    of_request: tuple[ControlPlan, ...]
    of_member: Mapping[str, tuple[ControlPlan, ...]]


class Plan:
    """A catalogue compiled against one environment profile.

    ``not_configured`` maps a control's id to the profile field it lacks; ``disabled`` to
    the profile's reason; ``shapes`` are the botocore shapes whose members controls judge.
    """

    def __init__(
        self, controls: tuple[Control, ...], environment: Environment, service: Service
    ) -> None:
        self.controls = controls
        self.service = service
        self.not_configured: dict[str, str] = {}
        self.disabled = {k: v[0] for k, v in environment.mapping("disabled_controls").items()}
        self._resolved: list[tuple[Control, tuple[Statement, ...], tuple[Statement, ...]]] = []
        for control in controls:
            if control.id not in self.disabled:
                self._resolve(control, environment)
        self.shapes = frozenset(
            shape
            for _, statements, _ in self._resolved
            for statement in statements
            if statement.facet == MEMBER
            for shape in _shapes_of(statement)
        )
        self._actions: dict[str, ActionPlan] = {}

    def _resolve(self, control: Control, environment: Environment) -> None:
        try:
            forbid = tuple(s for f in control.forbid for s in resolved(f, environment))
            exceptions = tuple(s for e in control.exceptions for s in resolved(e, environment))
        except NotConfigured as missing:
            self.not_configured[control.id] = str(missing)
        else:
            self._resolved.append((control, forbid, exceptions))

    def for_action(self, action: str) -> ActionPlan:
        """What to run on requests of ``action``."""
        plan = self._actions.get(action)
        if plan is None:
            plan = self._actions[action] = self._make(action)
        return plan

    def _make(self, action: str) -> ActionPlan:
        facts = self.service.actions.get(action)
        of_request: list[ControlPlan] = []
        of_member: dict[str, list[ControlPlan]] = {}
        for control, forbid, exceptions in self._resolved:
            mine = [s for s in forbid if _is_about(s, action, facts)]
            excepted = tuple(_compiled(s) for s in exceptions if _is_about(s, action, facts))
            for_request = [s for s in mine if s.facet != MEMBER]
            if for_request:
                of_request.append(ControlPlan(control, for_request, excepted, facts))
            for shape in sorted({x for s in mine if s.facet == MEMBER for x in _shapes_of(s)}):
                about = [
                    _without_shape(s) for s in mine if s.facet == MEMBER and shape in _shapes_of(s)
                ]
                made = ControlPlan(control, about, excepted, facts)
                of_member.setdefault(shape, []).append(made)
        return ActionPlan(tuple(of_request), {k: tuple(v) for k, v in of_member.items()})


def _is_about(statement: Statement, action: str, facts: Optional[ActionFacts]) -> bool:
    return any(_matches(pattern, action, facts) for pattern in statement.actions)


def _matches(pattern: str, action: str, facts: Optional[ActionFacts]) -> bool:
    if not pattern.startswith("@"):
        return matches(pattern.lower(), action.lower())
    if facts is None:
        return False
    key = pattern[1:]
    return facts.takes_tags if key == "aws:RequestTag" else key in facts.keys


def _looked_at(keys: tuple[str, ...]) -> Optional[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The first members of the keys' paths, in the input and in the step."""
    paths = [key[len(API) :].split(".") for key in keys if key.startswith(API)]
    if not keys or len(paths) < len(keys) or any(path[0] in _DERIVED for path in paths):
        return None
    of_step = tuple({path[1] for path in paths if path[0] == STEP})
    return tuple({path[0] for path in paths if path[0] != STEP}), of_step


def _lets_missing_pass(statement: StatementPlan) -> bool:
    return any(test.run(Operand((), ((),))).code == NO for test in statement.tests)


def _judges_each_value(statement: StatementPlan) -> bool:
    """Whether the statement forbids a list of values exactly if it forbids one of them."""
    alone = len(statement.tests) == 1 and statement.resources is None
    return alone and not statement.tests[0].operator.startswith("ForAllValues")


def _compiled(statement: Statement) -> StatementPlan:
    tests = tuple(
        Test(c.operator, c.key, condition_test(c.operator, c.values))
        for c in sorted(statement.conditions, key=_most_telling_first)
    )
    resources = None if statement.resources is None else TextSet(statement.resources, globs=True)
    return StatementPlan(tests, resources, statement.not_resource, statement.reason)


def _most_telling_first(condition: Condition) -> int:
    """Whether a value is there rarely decides, whether it is missing often does."""
    if condition.operator != NULL:
        return 1
    return 0 if condition.values[0].lower() == "true" else 2


def _shapes_of(statement: Statement) -> tuple[str, ...]:
    """The shapes that a member statement names (grammar: with StringEquals)."""
    return tuple(v for c in statement.conditions if c.key == SHAPE for v in c.values)


def _without_shape(statement: Statement) -> Statement:
    rest = tuple(c for c in statement.conditions if c.key != SHAPE)
    return statement._replace(conditions=rest)
