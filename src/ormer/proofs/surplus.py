"""What a Deny or a limit keeps out besides: a request that a control surely permits.

What is looked for is not what the control may forbid, whatever the members of the input are that
no condition key shows, and surely denied. It has one job definition at most. What is found is
decided by the evaluator once more.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.evaluate.open.verdict import decide_symbolic
from ormer.model.access import Access, Holder
from ormer.model.authorization import AuthorizationRequest, Layer, Level, Outcome, PolicySet
from ormer.model.policy import CURRENT_VERSION, Effect, Policy, Principals, Statement
from ormer.proofs.replay import is_forbidden, request_of
from ormer.prove.case import Case, Found
from ormer.prove.forbidden import Forbidden, forbidden_formula
from ormer.prove.formula import negation
from ormer.prove.layers import Part
from ormer.prove.policies import statements
from ormer.prove.request_space import RequestSpace

_PERMITTED, _DENIED = "permitted", "denied"
_EVERYTHING = Statement("All", Effect.ALLOW, ("*",), False, ("*",), False, None, False, ())
_OPEN = Policy("everything", CURRENT_VERSION, (_EVERYTHING,))
_OPEN_TO_ALL = _EVERYTHING._replace(principals=Principals(everyone=True))


class Surplus(NamedTuple):
    """A request that is permitted and denied; or why it could not be found or decided.

    Neither, where there is none: nothing is denied but what may be forbidden.
    """

    request: Optional[AuthorizationRequest] = None
    why: str = ""

    @property
    def is_none(self) -> bool:
        """Whether nothing else is denied."""
        return self.request is None and not self.why


class SurplusOf:
    """The surplus of each part of a case, found when it is first asked for."""

    def __init__(
        self, access: Access, holder: Holder, space: RequestSpace, possible: Forbidden
    ) -> None:
        self.access = access
        self.holder = holder
        self.possible = possible
        self._space = space._replace(has_definitions=False)
        self._case: Optional[Case] = None
        self._found: dict[str, Surplus] = {}

    def of(self, part: Part, deadline: float) -> Surplus:
        """What the part, one of the layers', denies besides."""
        if part.name not in self._found:
            self._found[part.name] = self._of(part, deadline)
        return self._found[part.name]

    def _of(self, part: Part, deadline: float) -> Surplus:
        case = self._asked()
        case.solver.deadline = deadline
        answer = case.ask("", (_PERMITTED, f"{_DENIED}\n{part.name}"))
        if answer.unknown:
            return Surplus(why=answer.unknown)
        if answer.model is None:
            return Surplus()
        found = case.found(answer.model)
        request = request_of(self.holder, self._space.action, found)
        if is_forbidden(self.possible, request, found) or not self._denies(part, request, found):
            return Surplus(why=f"the evaluator does not find it so: {found.resource}")
        return Surplus(request)

    def _asked(self) -> Case:
        if self._case is None:
            case = self._case = Case(self.access, self.holder, self._space, self._spoken_of())
            permitted = negation(forbidden_formula(self.possible, case.request))
            case.solver.add_if(_PERMITTED, permitted)
            for part in case.parts:
                case.solver.add_if(f"{_DENIED}\n{part.name}", negation(part.formula))
        return self._case

    def _spoken_of(self) -> dict[str, Forbidden]:
        """What has to hold and what must not change places here: a Deny has to match."""
        met = tuple(statements(self.access, self.holder, self._space.action))
        denies = tuple(each for each in met if each.effect is Effect.DENY)
        allows = tuple(each for each in met if each.effect is Effect.ALLOW)
        return {
            _DENIED: Forbidden(denies, allows),
            _PERMITTED: Forbidden(self.possible.exceptions, self.possible.statements),
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
        """The layer's policies, everything else allowed; of a Deny's layer, too."""
        endpoint = self.access.endpoint_of(self._space.action) if found.is_through_listed else None
        whole = self.access.policies(self.holder.principal.name, found.resource, endpoint)
        resource = whole.resource if not part.statement else None
        made = PolicySet(identity=(_OPEN,), resource=resource)
        more = (_OPEN,) if part.statement else ()
        if part.layer is Layer.IDENTITY:
            return made._replace(identity=(*whole.identity, *more))
        if part.layer is Layer.BOUNDARY:
            return made._replace(boundary=(*(whole.boundary or ()), *more))
        if part.layer is Layer.SESSION and whole.session is not None:
            return made._replace(session=_opened(whole.session, _EVERYTHING, part))
        if part.layer is Layer.RESOURCE and whole.resource is not None:
            return made._replace(resource=_opened(whole.resource, _OPEN_TO_ALL, part))
        if part.layer is Layer.ENDPOINT and endpoint is not None:
            return made._replace(endpoint=(_opened(endpoint.policy, _OPEN_TO_ALL, part),))
        levels = tuple(
            Level(one.name, (*one.policies, *more))
            for one in (self.access.scps if part.layer is Layer.SCP else self.access.rcps)
        )
        if part.layer is Layer.SCP:
            return made._replace(scps=levels)
        return made._replace(rcps=levels)


def _opened(policy: Policy, everything: Statement, part: Part) -> Policy:
    """A Deny's policy, with an Allow of everything besides."""
    more = (everything,) if part.statement else ()
    return policy._replace(statements=(*policy.statements, *more))
