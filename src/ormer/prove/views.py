"""A request as atoms: which keys it has and with what values, as the service shows them.

What the request really holds and what policies see of it are told apart: a renamed key has the
name that the world says, a flag that is not set may be shown as false, and of several job
definitions the values are shown together. Sources: ``model.world``; "AWS global condition
context keys" in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ormer.model.world import ABSENT, FALSE, World
from ormer.prove.atoms import Atoms, Variable
from ormer.prove.formula import Formula, all_of, any_of, implies, negation
from ormer.prove.request_space import KeyFacts, RequestSpace

Place = tuple[Formula, str]
"""A value: the variable that has it, and where it is there."""

RESOURCE = "the resource"
FOREIGN = "the resource is another account's"
MANAGED = "the resource is the management account's"
UNSHOWN = "a policy that nobody shows lets the principal in"
"""Or what AWS does not document does: all that no evaluator can replay."""
DOUBT = "in doubt: "
"""Begins the names of switches of what AWS does not document, where it is not as read."""
LISTED, OTHER = "through the listed endpoint", "through another endpoint"
FIRST, SECOND = "", " of another definition"
ANOTHER = " of another member"
_OTHER_ACCOUNT = "999988887777"


class View(NamedTuple):
    """A key: the value of a single-valued key stands in at most one place, each value of a
    multivalued one in a place of its own."""

    single: tuple[Place, ...] = ()
    many: tuple[Place, ...] = ()

    @property
    def present(self) -> Formula:
        """Where the key is there."""
        return any_of(where for where, _ in self.places)

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place."""
        return (*self.single, *self.many)


class Request:
    """The atoms of a request. ``slots`` says how many values of a key can matter.

    ``is_shared``: what is said of the request is said twice, with and without "not". Then what
    is open in a policy is not taken to be more or less, but to be either, the same both times.
    """

    def __init__(
        self,
        atoms: Atoms,
        space: RequestSpace,
        slots: Callable[[str], int],
        is_shared: bool = False,
    ) -> None:
        self.atoms = atoms
        self.is_shared = is_shared
        self.space = space
        self._slots = slots
        self._really: dict[tuple[str, str], View] = {}
        self._seen: dict[str, View] = {}
        self.management_account = ""
        atoms.variable(Variable(RESOURCE, hints=space.hints))

    @property
    def foreign(self) -> Formula:
        """Where the resource is another account's."""
        return self.atoms.switch(FOREIGN) if self.space.may_be_foreign else False

    def managed_by(self, account: str) -> Formula:
        """Where the resource is the management account's, which is ``account``, or empty."""
        if not account:
            return False
        if account == self.space.principal.account:
            return negation(self.foreign)
        self.management_account = account
        return all_of((self.foreign, self.atoms.switch(MANAGED)))

    @property
    def unshown(self) -> Formula:
        """Where a resource's policy that nobody shows lets the principal in."""
        return self.atoms.switch(UNSHOWN)

    @property
    def listed(self) -> Formula:
        """Where it comes through the listed endpoint."""
        return self.atoms.switch(LISTED) if self.space.route.endpoint else False

    def either(self, called: str, otherwise: bool) -> Formula:
        """What is open, by a name for it: a choice where it is shared, ``otherwise`` if not."""
        return self.atoms.switch(f"open: {called}") if self.is_shared else otherwise

    def in_world(self, world: World) -> Request:
        """The same request, with the same atoms, as policies see it in another world."""
        made = Request(self.atoms, self.space._replace(world=world), self._slots, self.is_shared)
        made.management_account = self.management_account
        for key, definition in self._really:
            made.really(key, definition)
        for key in self._seen:
            made.seen(key)
        return made

    def unsure(self, called: str, may: bool, place: str = "") -> Formula:
        """What nobody tells or documents, by a name for it: a choice where it is shared; if not,
        and what may be counts, so as no evaluator can replay. ``place`` says what it is about."""
        if self.is_shared:
            return self._shared_doubt(f"open: {called}", called, place)
        return self._doubt(called, place) if may else False

    def in_doubt(self, called: str, as_read: bool, may: bool, place: str = "") -> Formula:
        """Whether something holds that AWS does not document, by a name for it; ``as_read`` is
        what the evaluator takes it for. A choice where it is shared; if not, what errs on the
        side of ``may``, and so that no evaluator can replay it where it is not as read.

        Where it is shared, what may differ needs names that do: the texts of two keys do.
        """
        if self.is_shared:
            name = f"open: {called}, read as {as_read}"
            self.atoms.as_read[name] = as_read
            return self._shared_doubt(name, called, place)
        if as_read is may:
            return as_read
        other = self._doubt(called, place)
        return negation(other) if as_read else other

    def _shared_doubt(self, name: str, called: str, place: str) -> int:
        self.atoms.doubts.setdefault(name, _said(called, place))
        return self.atoms.switch(name)

    def _doubt(self, called: str, place: str) -> Formula:
        return all_of((self.unshown, self.atoms.switch(f"{DOUBT}{_said(called, place)}")))

    def really(self, key: str, definition: str = FIRST) -> View:
        """What the request holds for a key, by its name of today, in one job definition."""
        found = self._really.get((key, definition))
        if found is None:
            found = self._really[key, definition] = self._made(key, definition)
        return found

    def seen(self, key: str) -> View:
        """What policies see of it."""
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._shown(key)
        return found

    def all_really(self) -> Iterator[tuple[str, View]]:
        """Every key that was asked for, with what the first job definition holds."""
        for key, definition in list(self._really):
            if definition == FIRST:
                yield key, self.really(key)

    def all_seen(self) -> Iterator[tuple[str, View]]:
        """Every key that was asked for, under each name, with what policies see."""
        old = {new: old for old, new in self.space.renamed.items()}
        for key in dict.fromkeys([*self._seen, *(key for key, _ in self._really)]):
            for name in (key, old.get(key, key)):
                yield name, self.seen(name)

    def _made(self, key: str, definition: str) -> View:
        fixed = self.space.fixed.get(key)
        if fixed is not None:
            return View(((True, self.constant(fixed)),))
        facts = self.space.key(key)
        if facts is None:
            return View()
        name = key + definition
        if facts.multivalued:
            return View(many=self._values(name, key, facts))
        one = self.atoms.variable(_variable(name, facts))
        there = self.atoms.switch(f"{name} is there")
        if facts.multivalued is False:
            return View(((True if key in self.space.always else there, one),))
        is_list = self.atoms.switch(f"{name} is a list")
        many = tuple((all_of((is_list, w)), v) for w, v in self._values(name, key, facts))
        return View(((all_of((-is_list, there)), one),), many)

    def constant(self, text: str) -> str:
        """A variable that has one value."""
        return self.atoms.variable(Variable(f"={text}", (text,)))

    def _values(self, name: str, key: str, facts: KeyFacts) -> tuple[Place, ...]:
        return tuple(
            (
                self.atoms.switch(f"{name} has value {number}"),
                self.atoms.variable(_variable(f"{name} #{number}", facts)),
            )
            for number in range(self._slots(key))
        )

    def _shown(self, key: str) -> View:
        today = self.space.renamed.get(key)
        renamed = {new: old for old, new in self.space.renamed.items()}
        old = key if today is not None else renamed.get(key)
        if old is not None and key not in self.space.world.spellings(today or key, old):
            return View()
        name = today or key
        shown = self._of_definitions(name)
        return self._of_members(name, shown) if name in self.space.several else shown

    def _of_members(self, key: str, shown: View) -> View:
        """Several members fill a key with one value: nobody documents which of them is shown."""
        another = self.really(key, ANOTHER)
        is_it = all_of((another.present, self.unsure(f"{key} shows another of its members", True)))
        others = _where(negation(is_it), shown)
        return View((*others.single, *_where(is_it, another).single), shown.many)

    def _of_definitions(self, key: str) -> View:
        first = self._flag(key, self.really(key))
        if not self.space.has_definitions or key in self.space.fixed or _is_global(key):
            return first
        more = self.atoms.switch("there is another definition")
        second = self._flag(key, self.really(key, SECOND))
        if self.space.world.job_definitions == ABSENT:
            both = implies(more, second.present)
            first = _where(both, first)
            second = _where(all_of((more, self._flag(key, self.really(key)).present)), second)
        else:
            second = _where(more, second)
        taken = self.atoms.switch(f"{key} is the other definition's")
        none_here, none_there = negation(first.present), negation(second.present)
        single = (
            *_where(any_of((-taken, none_there)), View(first.single)).single,
            *_where(any_of((taken, none_here)), View(second.single)).single,
        )
        many = (*first.many, *second.many)
        if not single or not self._may_be_list(key):
            return View(single, many)
        as_list = self.atoms.switch(f"{key} is shown as a list")
        is_list = any_of((as_list, *(where for where, _ in many)))
        values = _where(is_list, View(many=(*first.single, *second.single))).many
        return View(_where(negation(is_list), View(single)).single, (*many, *values))

    def _may_be_list(self, key: str) -> bool:
        """Whether nobody knows that it has one value: the values of several definitions may be
        shown as a list then."""
        facts = self.space.key(key)
        return facts is not None and facts.multivalued is None

    def _flag(self, key: str, view: View) -> View:
        """A flag that is not set may be shown as false, by the actions that have it."""
        if key not in self.space.flags or self.space.world.absent_boolean != FALSE:
            return view
        if self.space.key(key) is None:
            return view
        unset: Place = (negation(view.present), self.constant("false"))
        return View((*view.single, unset), view.many)


def left_open(doubts: Iterable[str]) -> str:
    """One line about what is in doubt; empty for nothing."""
    said = ", or whether ".join(dict.fromkeys(doubts))
    return f"AWS does not document, or no policy tells, whether {said}" if said else ""


def _said(called: str, place: str) -> str:
    return f"{called}, in {place}" if place else called


def _variable(name: str, facts: KeyFacts) -> Variable:
    return Variable(name, facts.values, facts.hints, facts.kind)


def _where(condition: Formula, view: View) -> View:
    return View(
        tuple((all_of((condition, where)), variable) for where, variable in view.single),
        tuple((all_of((condition, where)), variable) for where, variable in view.many),
    )


def _is_global(key: str) -> bool:
    return key.startswith("aws:")
