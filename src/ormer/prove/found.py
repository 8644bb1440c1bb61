"""A solver's model -> the request that it is."""

from __future__ import annotations

from typing import NamedTuple, Optional

from ormer.model.authorization import Context
from ormer.prove.atoms import Undecided
from ormer.prove.formula import All, Any, Formula
from ormer.prove.solver import Model
from ormer.prove.views import RESOURCE, Request, View


class Found(NamedTuple):
    """A request. ``seen`` is its context as policies see it, ``really`` what it holds by the
    names of today; both have keys in lower case. ``account`` is the resource's where it is the
    organisation's management account."""

    resource: str
    is_foreign: bool
    is_through_listed: bool
    seen: Context
    really: Context
    account: str = ""


def found_in(model: Model, request: Request) -> Found:
    """The request of a model."""
    return _Reader(model, request).found()


def holds_in(model: Model, request: Request, formula: Formula) -> bool:
    """Whether the formula holds of the request of a model."""
    return _Reader(model, request).is_true(formula)


class _Reader:
    def __init__(self, model: Model, request: Request) -> None:
        self.model = model
        self.request = request
        self.atoms = request.atoms
        self.texts = dict(model.texts)

    def found(self) -> Found:
        """The request."""
        request = self.request
        seen = {key: self._value(view) for key, view in request.all_seen()}
        really = {key: self._value(view) for key, view in request.all_really()}
        return Found(
            self._text(RESOURCE),
            self.is_true(request.foreign),
            self.is_true(request.listed),
            {key: value for key, value in seen.items() if value is not None},
            {key: value for key, value in really.items() if value is not None},
            self._account(),
        )

    def _account(self) -> str:
        account = self.request.management_account
        return account if self.is_true(self.request.managed_by(account)) else ""

    def _value(self, view: View) -> Optional[str | tuple[str, ...]]:
        for where, name in view.single:
            if self.is_true(where):
                return self._text(name)
        many = [self._text(name) for where, name in view.many if self.is_true(where)]
        return tuple(dict.fromkeys(many)) or None

    def _text(self, name: str) -> str:
        if name not in self.texts:
            try:
                self.texts[name] = self.atoms.text_for(name, (), ()) or ""
            except Undecided:
                self.texts[name] = "ormer"
        return self.texts[name]

    def is_true(self, formula: Formula) -> bool:
        """Whether a formula holds."""
        if isinstance(formula, bool):
            return formula
        if isinstance(formula, All):
            return all(self.is_true(part) for part in formula.parts)
        if isinstance(formula, Any):
            return any(self.is_true(part) for part in formula.parts)
        atom = self.atoms.by_number.get(abs(formula))
        if atom is not None:
            holds = atom.holds(self._text(atom.variable))
        else:
            holds = self.model.switches.get(self.atoms.switch_names[abs(formula)], False)
        return holds is (formula > 0)
