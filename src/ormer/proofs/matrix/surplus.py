"""What a Deny or a limit keeps out besides: a request that a control surely permits.

What is looked for is not what the control may forbid, whatever the members of the input are that
no condition key shows, and surely denied. It has one job definition at most. What is found is
decided by the evaluator once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Optional

from ormer.evaluate.open.verdict import decide_symbolic
from ormer.model.access import Access, Holder
from ormer.model.authorization import AuthorizationRequest, Layer, Level, Outcome, PolicySet
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.proofs.replay import is_forbidden, request_of
from ormer.prove.case import Case
from ormer.prove.forbidden import Forbidden, forbidden_formula
from ormer.prove.formula import negation
from ormer.prove.found import Found
from ormer.prove.layers import Part
from ormer.prove.policies import statements
from ormer.prove.request_space import RequestSpace
from ormer.prove.solver import Answer

_PERMITTED, _DENIED = "permitted", "denied"
_EVERYTHING = Statement("All", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ())
_OPEN = Policy("everything", CURRENT_VERSION, (_EVERYTHING,))
_OPEN_TO_ALL = _EVERYTHING._replace(principals=Principals(everyone=True))


class Surplus(NamedTuple):
    """A request that is permitted and denied, or why none was found or confirmed."""

    request: Optional[AuthorizationRequest] = None
    why: str = ""


class SurplusOf:
    """The surplus of each part of a case, looked for when it is first asked for.

    ``sets`` are what may be forbidden, by the names that are asked for: ``NET-01``.
    """

    def __init__(
        self, access: Access, holder: Holder, space: RequestSpace, sets: Mapping[str, Forbidden]
    ) -> None:
        self.access = access
        self.holder = holder
        self.sets = sets
        self._space = space._replace(has_definitions=False, several=frozenset())
        self._case: Optional[Case] = None
        self._added: set[str] = set()
        self._none: dict[tuple[str, str], bool] = {}

    def is_none(self, name: str, part: Part, deadline: float) -> bool:
        """Whether the part, one of the layers', surely denies nothing that ``name`` permits."""
        key = (name, part.name)
        if key not in self._none:
            answer = self._ask(name, part, deadline, ())
            self._none[key] = answer.model is None and not answer.unknown
        return self._none[key]

    def of(self, name: str, part: Part, deadline: float) -> Surplus:
        """What a part that is not without denies besides: what nothing else denies, if it can."""
        others = [each.name for each in self._asked().parts if each.name != part.name]
        why = ""
        for besides in (others, ()):
            answer = self._ask(name, part, deadline, besides)
            if answer.model is None:
                why = answer.unknown
                continue
            found = self._asked().found(answer.model)
            request = request_of(self.holder, self._space.action, found)
            forbidden = is_forbidden(self.sets[name], request, found.really)
            if not forbidden and self._denies(part, request, found):
                return Surplus(request)
            why = f"the evaluator does not find it so: {found.resource}"
        return Surplus(why=why)

    def _ask(self, name: str, part: Part, deadline: float, others: Iterable[str]) -> Answer:
        case = self._asked()
        case.solver.deadline = deadline
        permitted, denied = f"{_PERMITTED}\n{name}", f"{_DENIED}\n{part.name}"
        if permitted not in self._added:
            formula = negation(forbidden_formula(self.sets[name], case.request))
            case.solver.add_if(permitted, formula)
            self._added.add(permitted)
        return case.ask("", (*others, permitted, denied))

    def _asked(self) -> Case:
        if self._case is None:
            case = self._case = Case(self.access, self.holder, self._space, self._spoken_of())
            for part in case.parts:
                case.solver.add_if(f"{_DENIED}\n{part.name}", negation(part.formula))
            for one in self.sets.values():  # their keys, before what holds of all keys is added
                forbidden_formula(one, case.request)
        return self._case

    def _spoken_of(self) -> dict[str, Forbidden]:
        """What has to hold and what must not change places here: a Deny has to match."""
        met = tuple(statements(self.access, self.holder, self._space.action))
        denies = tuple(each for each in met if each.effect is Effect.DENY)
        allows = tuple(each for each in met if each.effect is Effect.ALLOW)
        return {
            _DENIED: Forbidden(denies, allows),
            **{name: Forbidden(one.exceptions, one.statements) for name, one in self.sets.items()},
        }

    def _denies(self, part: Part, request: AuthorizationRequest, found: Found) -> bool:
        """Whether the part's own layer denies it for the evaluator, too, and the part does."""
        decided = decide_symbolic(self._alone(part, found), request)
        if part.statement:
            named = {(one.layer, one.policy, one.statement) for one in decided.reasons}
            is_named = (part.layer, part.policy, part.statement) in named
            return decided.outcome is Outcome.EXPLICITLY_DENIED and is_named
        lacking = {one.layer for group in decided.missing for one in group}
        return decided.outcome is Outcome.IMPLICITLY_DENIED and part.layer in lacking

    def _alone(self, part: Part, found: Found) -> PolicySet:
        """The layer's policies, everything else allowed; for a limit, without its Denies."""
        endpoint = self.access.endpoint_of(self._space.action) if found.is_through_listed else None
        whole = self.access.policies(self.holder.principal.name, found.resource, endpoint)
        resource = None if part.statement or whole.resource is None else _told(whole.resource, part)
        made = PolicySet(identity=(_OPEN,), resource=resource)
        more = (_OPEN,) if part.statement else ()
        if part.layer is Layer.IDENTITY:
            return made._replace(identity=(*_all_told(whole.identity, part), *more))
        if part.layer is Layer.BOUNDARY:
            return made._replace(boundary=(*_all_told(whole.boundary or (), part), *more))
        if part.layer is Layer.SESSION and whole.session is not None:
            return made._replace(session=_told(whole.session, part, _EVERYTHING))
        if part.layer is Layer.RESOURCE and whole.resource is not None:
            return made._replace(resource=_told(whole.resource, part, _OPEN_TO_ALL))
        if part.layer is Layer.ENDPOINT and endpoint is not None:
            return made._replace(endpoint=(_told(endpoint.policy, part, _OPEN_TO_ALL),))
        levels = tuple(
            Level(one.name, (*_all_told(one.policies, part), *more))
            for one in (self.access.scps if part.layer is Layer.SCP else self.access.rcps)
        )
        if part.layer is Layer.SCP:
            return made._replace(scps=levels)
        return made._replace(rcps=levels)


def _told(policy: Policy, part: Part, everything: Optional[Statement] = None) -> Policy:
    """A Deny's policy, with an Allow of everything besides; of a limit, its Allows."""
    if part.statement:
        more = () if everything is None else (everything,)
        return policy._replace(statements=(*policy.statements, *more))
    allows = tuple(each for each in policy.statements if each.effect is Effect.ALLOW)
    return policy._replace(statements=allows)


def _all_told(policies: Iterable[Policy], part: Part) -> tuple[Policy, ...]:
    return tuple(_told(policy, part) for policy in policies)
