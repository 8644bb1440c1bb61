"""One condition of a control -> the conditions with which IAM sees the same, in every world.

A renamed key is asked for under both names, unless the profile pins one: missing is missing
under both, a wrong value is wrong under the name that is there. A flag that is missing may be
shown as ``false`` (``model.world``), so that a missing flag and a false one are the same here.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from ormer.facts.carriers import Carriers
from ormer.guardrails.terms import BOOL, NEVER, NULL, Alternatives, Term, simplified, term
from ormer.model.control import Condition as Asked
from ormer.model.environment import Environment
from ormer.model.policy import Condition
from ormer.model.policy_operators import FOR_ALL, FOR_ANY, split_policy_operator
from ormer.model.world import ABSENT, BOTH, NEITHER, NEW, OLD

_OPPOSITE = {
    "NumericLessThan": "NumericGreaterThanEquals",
    "NumericGreaterThanEquals": "NumericLessThan",
    "NumericGreaterThan": "NumericLessThanEquals",
    "NumericLessThanEquals": "NumericGreaterThan",
}
_FLAG = "Bool"


class Literals:
    """Says conditions for one profile."""

    def __init__(self, carriers: Carriers, environment: Environment) -> None:
        self._carriers = carriers
        self._names = (environment.values.get("assume.kms_key_names") or ("",))[0]
        flag = environment.values.get("assume.absent_boolean") or ("",)
        self._is_absent_sure = flag[0] == ABSENT

    def spellings(self, key: str) -> tuple[str, ...]:
        """The names to ask for; none where the profile says that the service fills neither."""
        old = self._carriers.renamed.get(key)
        if old is None:
            return (key,)
        one = {NEW: (key,), BOTH: (key,), OLD: (old,), NEITHER: ()}
        return one.get(self._names, (key, old))

    def is_doubtful_flag(self, key: str) -> bool:
        """Whether the key is a flag that may be shown as false where it is missing."""
        carried = self._carriers.keys.get(key)
        return carried is not None and carried.type == _FLAG and not self._is_absent_sure

    def holds(self, asked: Asked) -> Alternatives:
        """Where the control's condition holds."""
        return self._said(asked.operator, asked.key, _folded(asked), _true)

    def fails(self, asked: Asked) -> Alternatives:
        """Where the control's condition does not hold."""
        return self._said(asked.operator, asked.key, _folded(asked), _false)

    def present(self, key: str) -> Alternatives:
        """Where the key is there."""
        return self.holds(Asked(NULL, key, ("false",)))

    def by_one_name(self, one: Term) -> Term:
        """The term without what it says of the other name of a key that is there.

        Where the service fills both names, both hold the same.
        """
        there = {c.key for c in one if c.operator == NULL and c.values == ("false",)}
        pairs = self._carriers.renamed.items()
        other = {old if new in there else new for new, old in pairs if {new, old} & there}
        said = {(c.operator, c.values) for c in one if c.key in there}
        return frozenset(c for c in one if c.key not in other or (c.operator, c.values) not in said)

    def _said(self, operator: str, key: str, values: tuple[str, ...], say: _Say) -> Alternatives:
        if operator == NULL and self.is_doubtful_flag(key):
            absent = (values[0] == "true") is (say is _true)
            flag = (BOOL + "IfExists", "false") if absent else (BOOL, "true")
            return (term(Condition(flag[0], key, (flag[1],))),)
        names = self.spellings(key)
        said = [say(operator, name, values) for name in names]
        if not said:
            return NEVER
        if _is_missing_enough(operator, values, say):
            return simplified(frozenset().union(*one) for one in product(*said))
        return simplified(one for each in said for one in each)


def _folded(asked: Asked) -> tuple[str, ...]:
    """The words true and false in one spelling, whatever the control's."""
    is_word = asked.operator in (NULL, BOOL, f"{BOOL}IfExists")
    return tuple(value.lower() for value in asked.values) if is_word else asked.values


_Say = Callable[[str, str, tuple[str, ...]], Alternatives]


def _is_missing_enough(operator: str, values: tuple[str, ...], say: _Say) -> bool:
    """Whether it holds of a missing key: then it has to hold under every name."""
    if operator == NULL:
        holds = values[0] == "true"
    else:
        parsed = split_policy_operator(operator)
        alone = parsed.negated or parsed.if_exists
        holds = parsed.each == FOR_ALL or (not parsed.each and alone)
    return holds is (say is _true)


def _true(operator: str, key: str, values: tuple[str, ...]) -> Alternatives:
    if values:
        return (term(Condition(operator, key, values)),)
    parsed = split_policy_operator(operator)  # the profile approves nothing
    if parsed.each == FOR_ALL:
        return (term(),) if parsed.negated else _null(key, "true")
    if not parsed.negated:
        return _null(key, "true") if parsed.if_exists and not parsed.each else NEVER
    return _null(key, "false") if parsed.each == FOR_ANY else (term(),)


def _false(operator: str, key: str, values: tuple[str, ...]) -> Alternatives:
    if operator == NULL:
        return _null(key, "false" if values[0] == "true" else "true")
    parsed = split_policy_operator(operator)
    base = _opposite(parsed.base)
    if parsed.base == BOOL:
        values = tuple("false" if value == "true" else "true" for value in values)
    if parsed.each:
        other = FOR_ANY if parsed.each == FOR_ALL else FOR_ALL
        return _true(f"{other}:{base}", key, values)
    if parsed.if_exists or parsed.negated:
        there = _null(key, "false") if "Not" in base else (term(),)
        return simplified(one | more for one in _true(base, key, values) for more in there)
    is_enough = "Not" in base
    return _true(base if is_enough else f"{base}IfExists", key, values)


def _opposite(base: str) -> str:
    if base == BOOL:
        return base
    if base in _OPPOSITE:
        return _OPPOSITE[base]
    for start in ("String", "Arn", "Numeric"):
        if base.startswith(start):
            rest = base[len(start) :]
            return start + rest[3:] if rest.startswith("Not") else f"{start}Not{rest}"
    raise KeyError(base)


def _null(key: str, word: str) -> Alternatives:
    return (term(Condition(NULL, key, (word,))),)
