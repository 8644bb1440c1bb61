"""A counterexample with as little in it as shows the violation, and likely values in that.

Each wish ("this key is not there") is an assumption that the solver is asked with; it is kept
where a request is left. So what comes out still is a request that can exist: what the API asks
for stays, and what comes together goes together. The order of the wishes is fixed, and with it
the request that is found.
"""

from __future__ import annotations

from collections.abc import Iterator

from ormer.prove.arns import resources_of
from ormer.prove.atoms import Undecided
from ormer.prove.case import Case
from ormer.prove.formula import Formula, all_of, any_of, negation
from ormer.prove.reaching import may_be_of
from ormer.prove.solver import Model
from ormer.prove.views import FIRST, RESOURCE, SECOND, View

_MOST_HINTS = 24
_LATE = ("aws:sourcevpce", "aws:sourceip")


def minimal(case: Case, name: str, model: Model) -> Model:
    """The model with fewer keys and likelier values; both are of the set ``name``."""
    return _Wishes(case, name, model).model()


class _Wishes:
    def __init__(self, case: Case, name: str, model: Model) -> None:
        self.case = case
        self.name = name
        self.best = model
        self.kept = [part.name for part in case.parts]

    def model(self) -> Model:
        for label, wish in list(self._fewer()):
            self._granted(label, wish)
        for variable in sorted(self.best.texts):
            self._likely(variable)
        return self.best

    def _granted(self, label: str, wish: Formula) -> bool:
        if wish is True or wish is False:
            return wish
        called = f"wish\n{self.name}\n{label}"
        self.case.solver.add_if(called, wish)
        answer = self.case.ask(self.name, [*self.kept, called])
        if answer.model is None:
            return False
        self.kept.append(called)
        self.best = answer.model
        return True

    def _fewer(self) -> Iterator[tuple[str, Formula]]:
        """What need not be in a request, in order: what is easiest to do without comes first."""
        request = self.case.request
        switches = self.case.atoms.switches
        if "there is another definition" in switches:
            yield "one definition", -switches["there is another definition"]
        yield "own account", negation(request.foreign)
        yield "a known resource", self._is_known()
        views = dict(request.all_really())
        for key in sorted(views, key=lambda each: (each in _LATE, each)):
            if request.space.has_definitions:
                yield f"no {key}{SECOND}", negation(request.really(key, SECOND).present)
            yield f"no {key}{FIRST}", negation(views[key].present)
            yield from self._one_value(key, views[key])

    def _is_known(self) -> Formula:
        """Whether the resource is a bucket of the profile or one whose policy is listed: nobody
        knows what the policy of another key or role allows."""
        request = self.case.request
        action = request.space.action.lower()
        owned = [arn for arn in request.space.owned if may_be_of(action, arn)]
        matches = request.atoms.matches
        return any_of(matches(RESOURCE, each) for arn in owned for each in resources_of(arn))

    def _one_value(self, key: str, view: View) -> Iterator[tuple[str, Formula]]:
        for number in range(len(view.many) - 1, -1, -1):
            yield f"{key} without value {number}", negation(view.many[number][0])

    def _likely(self, variable: str) -> None:
        """The first hint that fits, if it is not what was found."""
        about = self.case.atoms.variables[variable]
        if about.values is not None:
            return
        for number, hint in enumerate(about.hints[:_MOST_HINTS]):
            if hint == self.best.texts.get(variable):
                return
            try:
                wish = self._is(variable, hint)
            except Undecided:
                return
            if self._granted(f"{variable} like hint {number}", wish):
                return

    def _is(self, variable: str, text: str) -> Formula:
        """Every atom of the variable as it is for the text."""
        atoms = self.case.atoms
        numbers = atoms.of_variable[variable]
        return all_of(n if atoms.holds(n, text) else -n for n in numbers)
