"""The atoms of a question: what may be true of a request, and which of it can be true together.

A switch is a choice that stands for itself. A variable is a text of the request (its resource,
the value of a condition key); its atoms say that it matches a pattern, or is within a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Optional

from ormer.prove.language import TooManyStates, matches, only_text_of, test_of, witness
from ormer.prove.pattern import Pattern
from ormer.prove.typed_values import BINARY, UNREADABLE, Limit, is_read, others, telling

Test = Callable[[str], bool]
_SHORTEST = ("x",)
"""Before an empty text, which stands for no value in places."""


class Atom(NamedTuple):
    """A variable matches ``pattern``, or passes ``test``, which no pattern can say.

    ``kind`` is what the test reads the text as (``typed_values``), ``limits`` what it compares
    it with.
    """

    variable: str
    pattern: Optional[Pattern]
    test: Optional[Test] = None
    kind: str = ""
    limits: tuple[Limit, ...] = ()

    def holds(self, text: str) -> bool:
        """Whether it is true of a text."""
        if self.pattern is not None:
            return matches(self.pattern, text)
        assert self.test is not None
        return self.test(text)


class Variable(NamedTuple):
    """``values`` are all that it can be, where that is known; ``hints`` what it likely is.

    ``kind`` is what each of its texts can be read as, empty where that is not known.
    """

    name: str
    values: Optional[tuple[str, ...]] = None
    hints: tuple[str, ...] = ()
    kind: str = ""


class Undecided(Exception):
    """Whether some atoms can be true together cannot be told; ``args[0]`` says of what."""


class Atoms:
    """The atoms of one question by their numbers, which start at 1. ``deadline`` is of
    time.monotonic."""

    def __init__(self) -> None:
        self.deadline = float("inf")
        self.count = 0
        self.switches: dict[str, int] = {}
        self.switch_names: dict[int, str] = {}
        self.as_read: dict[str, bool] = {}  # switches of what AWS does not document
        self.doubts: dict[str, str] = {}  # in words what switches of a shared request are about
        self.variables: dict[str, Variable] = {}
        self.by_number: dict[int, Atom] = {}
        self.of_variable: dict[str, list[int]] = {}
        self._known: dict[tuple[str, object], int] = {}
        self._fitting: dict[int, int] = {}
        self._tests: dict[int, Callable[[str], object]] = {}

    def switch(self, name: str) -> int:
        """The choice of that name."""
        if name not in self.switches:
            self.count += 1
            self.switches[name] = self.count
            self.switch_names[self.count] = name
        return self.switches[name]

    def variable(self, made: Variable) -> str:
        """Declare a variable, once; gives back its name."""
        if made.name not in self.variables:
            likely = made.hints if made.kind else (*made.hints, *_SHORTEST)
            self.variables[made.name] = made._replace(hints=likely)
            self.of_variable[made.name] = []
        return made.name

    def matches(self, variable: str, pattern: Pattern) -> int:
        """The variable's text is in the pattern."""
        return self._atom((variable, pattern), Atom(variable, pattern))

    def passes(self, called: object, made: Atom) -> int:
        """The variable's text passes a test; ``called`` tells tests apart."""
        return self._atom((made.variable, called), made)

    def _atom(self, key: tuple[str, object], made: Atom) -> int:
        if key not in self._known:
            self.count += 1
            self._known[key] = self.count
            self.by_number[self.count] = made
            self.of_variable[made.variable].append(self.count)
        return self._known[key]

    def text_for(self, variable: str, true: Sequence[int], false: Sequence[int]) -> Optional[str]:
        """A text of the variable of which the atoms are true and false; None if there is none.

        Raises Undecided where that cannot be told.
        """
        about = self.variables[variable]
        wanted = [self.by_number[number] for number in true]
        unwanted = [self.by_number[number] for number in false]
        if about.values is not None:
            return _first(about.values, wanted, unwanted)
        if self.is_textual(variable, (*true, *false)):
            inside = [each.pattern for each in wanted if each.pattern is not None]
            outside = [each.pattern for each in unwanted if each.pattern is not None]
            hint = self.hint(variable, true, false)
            if hint is not None:
                return hint
            try:
                return witness(inside, outside, self.deadline)
            except TooManyStates:
                raise Undecided(f"{variable}: too many patterns to tell apart") from None
        return self._typed(about, wanted, unwanted)

    def holds(self, number: int, text: str) -> bool:
        """Whether an atom is true of a text."""
        test = self._tests.get(number)
        if test is None:
            atom = self.by_number[number]
            test = atom.holds if atom.pattern is None else test_of(atom.pattern)
            self._tests[number] = test
        found = test(text)
        return found is not None and found is not False

    def is_textual(self, variable: str, numbers: Iterable[int]) -> bool:
        """Whether all that the atoms ask of the variable is that it is in patterns."""
        about = self.variables[variable]
        if about.kind or about.values is not None:
            return False
        return all(self.by_number[number].pattern is not None for number in numbers)

    def hint(self, variable: str, true: Sequence[int], false: Sequence[int]) -> Optional[str]:
        """The first hint that fits; which hints an atom holds for are the bits of a number."""
        about = self.variables[variable]
        left = (1 << len(about.hints)) - 1
        for number in true:
            left &= self._hints_of(about, number)
        for number in false:
            left &= ~self._hints_of(about, number)
        return about.hints[(left & -left).bit_length() - 1] if left else None

    def _hints_of(self, about: Variable, number: int) -> int:
        found = self._fitting.get(number)
        if found is None:
            found = 0
            for bit, text in enumerate(about.hints):
                if self.holds(number, text):
                    found |= 1 << bit
            self._fitting[number] = found
        return found

    def _typed(self, about: Variable, wanted: list[Atom], unwanted: list[Atom]) -> Optional[str]:
        """Tests of numbers, dates or addresses, perhaps with texts among them."""
        asked = (*wanted, *unwanted)
        kinds = {each.kind for each in asked if each.kind}
        texts = [
            *(each for each in about.hints if not about.kind or is_read(about.kind, each)),
            *_texts(about, [self.by_number[n] for n in self.of_variable[about.name]]),
        ]
        found = _first(texts, wanted, unwanted)
        if found is not None:
            return found
        if any(_text_of(each) is not None for each in wanted):
            return None  # that text is among those tried, and it is the only one
        is_open = any(_is_open(each) for each in asked)
        is_respelled = any(_may_be_respelled(each, kinds) for each in unwanted)
        if len(kinds) > 1 or BINARY in kinds or is_open or is_respelled:
            said = " and as ".join(sorted(kinds | {about.kind} - {""}))
            raise Undecided(f"{about.name} is compared as {said}, or as text")
        return None


def _texts(about: Variable, atoms: list[Atom]) -> Iterator[str]:
    """Of each kind, the texts that tell all its tests apart; and all texts that are named."""
    for kind in sorted({each.kind for each in atoms if each.kind} | {about.kind} - {""}):
        yield from telling(
            kind, [limit for each in atoms if each.kind == kind for limit in each.limits]
        )
    texts = [text for each in atoms if (text := _text_of(each)) is not None]
    yield from texts
    if about.kind:
        yield from others(about.kind, len(texts) + 1)
    else:
        yield UNREADABLE
        yield from (f"{UNREADABLE}{number}" for number in range(len(texts)))


def _text_of(atom: Atom) -> Optional[str]:
    return None if atom.pattern is None else only_text_of(atom.pattern)


def _may_be_respelled(atom: Atom, kinds: set[str]) -> bool:
    """Whether what is not to be this text may be another one of the same value."""
    text = _text_of(atom)
    return text is not None and any(kind == BINARY or is_read(kind, text) for kind in kinds)


def _is_open(atom: Atom) -> bool:
    return atom.pattern is not None and only_text_of(atom.pattern) is None


def _first(texts: Iterable[str], wanted: Sequence[Atom], unwanted: Sequence[Atom]) -> Optional[str]:
    for text in texts:
        if all(each.holds(text) for each in wanted) and not any(
            each.holds(text) for each in unwanted
        ):
            return text
    return None
