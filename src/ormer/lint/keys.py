"""LNT-01 and LNT-02: keys that a request for the action cannot have, or may have no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from ormer.evaluate.conditions import condition_test
from ormer.evaluate.match_action import matches_action
from ormer.facts.global_keys import GLOBAL_KEYS, global_key
from ormer.facts.iam_actions import Action, action, deprecated_keys, service_actions
from ormer.lint.bench import Bench, without
from ormer.lint.called import USUAL, expand
from ormer.lint.document import At
from ormer.lint.key_facts import carries, is_multivalued, key_type
from ormer.lint.rules import DEPRECATED, KEY
from ormer.lint.samples import Value, foreign, values
from ormer.lint.wish import Wish
from ormer.model.authorization import AuthorizationRequest
from ormer.model.lint import LintFinding, Witness
from ormer.model.policy import Condition, Effect
from ormer.model.policy_operators import split_policy_operator
from ormer.model.principal import ANONYMOUS
from ormer.read.text.suggestion import suggestion

_MOST_NAMED = 3
_NOTHING = AuthorizationRequest(ANONYMOUS, "", "", "", {})


def findings(bench: Bench) -> Iterator[LintFinding]:
    """Every key that some action of its statement does not carry, and every deprecated one."""
    for at in bench.statements:
        for condition in at.statement.conditions:
            successor = deprecated_keys().get(condition.key.lower())
            if successor is not None:
                found = _deprecated(bench, at, condition, successor)
            elif global_key(condition.key) is None:
                found = _not_carried(bench, at, condition)
            else:
                found = None
            if found is not None:
                yield found


def holds_when_missing(condition: Condition, version: str, effect: Effect) -> bool:
    """Whether the condition holds of a request that does not have its key."""
    return condition_test(condition, version, effect)(_NOTHING)


def _not_carried(bench: Bench, at: At, condition: Condition) -> Optional[LintFinding]:
    place = at.condition_place(condition)
    missing = holds_when_missing(condition, bench.version, at.statement.effect)
    if key_type(condition.key) is None:
        return bench.finding(
            KEY, at, place, _unknown(condition.key), _witness(bench, at, condition, None)
        )
    lacking, others = _lacking(at, condition, missing)
    if not lacking:
        return None
    witness = _witness(bench, at, condition, lacking)
    if witness is None and others:
        return None  # a wildcard takes in actions with the key, and the rest come to no harm
    names = ", ".join(each.name for each in lacking[:_MOST_NAMED])
    more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
    effect = _effect(at.statement.effect, missing)
    message = f"{names}{more} never carry {condition.key}: {effect}"
    return bench.finding(KEY, at, place, message, witness)


def _unknown(key: str) -> str:
    near = ""
    if key.lower().startswith("aws:"):
        near = suggestion(key, {known.key for known in GLOBAL_KEYS.values()})
    else:
        facts = service_actions(key.partition(":")[0])
        near = suggestion(key.lower(), set(facts.key_types)) if facts is not None else ""
    near = near if "did you mean" in near else ""
    return f"no request has a key {key}{near}"


def _effect(effect: Effect, missing: bool) -> str:
    if effect is Effect.DENY:
        return "every call is denied" if missing else "the Deny does not see these calls"
    return "the condition does not narrow them" if missing else "none of these calls is allowed"


def _lacking(at: At, condition: Condition, missing: bool) -> tuple[tuple[Action, ...], bool]:
    """The actions that lack the key, and whether only wildcards take them in beside others.

    A wildcard that takes in actions with the key and without is what most authors mean, unless
    the statement then denies those without.
    """
    statement = at.statement
    optional = split_policy_operator(condition.operator).if_exists
    if statement.not_action:
        return (), False
    named: list[Action] = []
    wild: list[Action] = []
    carried = 0
    for pattern in statement.actions:
        found = expand(pattern) if pattern.strip("*") else _usual(at)
        lack = [each for each in found if not carries(each, condition.key)]
        carried += len(found) - len(lack)
        (wild if "*" in pattern or "?" in pattern else named).extend(lack)
    if carried and optional and statement.effect is Effect.ALLOW:
        return (), False
    if not carried:
        return (*named, *wild), False
    if missing and statement.effect is Effect.DENY:
        return (*named, *wild), not named
    return tuple(named), False


def _usual(at: At) -> tuple[Action, ...]:
    found = (action(name) for name in USUAL)
    return tuple(
        each
        for each in found
        if each is not None and matches_action(at.statement, each.name.lower())
    )


def _witness(
    bench: Bench, at: At, condition: Condition, among: Optional[tuple[Action, ...]]
) -> Optional[Witness]:
    """A request for one of the actions, without the key."""
    key = condition.key.lower()
    effect = at.statement.effect
    own = Wish(at.statement, bench.version, {key: (None,)}, among)
    if holds_when_missing(condition, bench.version, effect):
        return bench.kept_out(at, own) if effect is Effect.DENY else bench.let_in(at, own)
    meant = bench.meant(at, without(at, condition))
    wish = own._replace(statement=meant.statement)
    if effect is Effect.DENY:
        return bench.gets_past(at, meant, wish)
    return bench.left_out(at, meant, wish)


def _deprecated(
    bench: Bench, at: At, condition: Condition, successor: str
) -> Optional[LintFinding]:
    if _names(bench, at, successor):
        return None
    message = f"{condition.key} is deprecated; the key is now {successor}"
    witness = _witness_of_successor(bench, at, condition, successor)
    return bench.finding(DEPRECATED, at, at.condition_place(condition), message, witness)


def _names(bench: Bench, at: At, successor: str) -> bool:
    """Whether a statement of the same effect asks for the successor: then both are meant."""
    return any(
        condition.key.lower() == successor.lower()
        for other in bench.alike(at.statement.effect)
        for condition in other.conditions
    )


def _witness_of_successor(
    bench: Bench, at: At, condition: Condition, successor: str
) -> Optional[Witness]:
    """A request that holds the successor alone, for an action that no longer lists the old key."""
    key, new = condition.key.lower(), successor.lower()
    effect = at.statement.effect
    good = [text for text in values(condition, bench.version, {}) if ":" in text]
    missing = holds_when_missing(condition, bench.version, effect)
    bad = effect is Effect.DENY and not missing
    held: tuple[Value, ...] = foreign(new) if bad or not good else tuple(good)
    if is_multivalued(new):
        held = tuple((each,) if isinstance(each, str) else each for each in held)
    among = tuple(
        each
        for pattern in at.statement.actions
        for each in expand(pattern)
        if carries(each, new) and not carries(each, key)
    )
    if at.statement.not_action or not among:
        return None
    own = Wish(at.statement, bench.version, {key: (None,), new: held}, among)
    if missing:
        return bench.kept_out(at, own) if effect is Effect.DENY else bench.let_in(at, own)
    meant = bench.meant(at, without(at, condition))
    wish = own._replace(statement=meant.statement)
    if effect is Effect.DENY:
        return bench.gets_past(at, meant, wish)
    return bench.left_out(at, meant, wish)
