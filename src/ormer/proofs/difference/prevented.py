"""What keeps something from being allowed: as few statements and layers as do."""

from __future__ import annotations

from collections.abc import Mapping

from ormer.evaluate.explain import layers
from ormer.model.authorization import Missing
from ormer.prove.layers import Part
from ormer.prove.question import Question

NO_ALLOW = "no Allow"


def prevented(
    question: Question, given: tuple[str, ...], parts: Mapping[str, Part]
) -> tuple[str, ...]:
    """In words, as few of ``parts``, which are assumed by their names, as make ``given``
    impossible, none of which can be spared: layers that do not allow it where they are enough,
    else Denies, too."""
    lacking = tuple(name for name, part in parts.items() if not part.statement)
    kept = _fewest(question, given, lacking) or _fewest(question, given, tuple(parts))
    return tuple(_words(parts[name]) for name in kept)


def _fewest(question: Question, given: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """None where all of them leave it possible."""
    answer = question.ask(*given, *names)
    if answer.model is not None or answer.unknown:
        return ()
    kept = [name for name in names if name in answer.core]
    for each in list(kept):
        fewer = [other for other in kept if other != each]
        answer = question.ask(*given, *fewer)
        if answer.model is None and not answer.unknown:
            kept = fewer
    return tuple(kept)


def _words(part: Part) -> str:
    """A Deny by its name, or the layer that does not allow it."""
    if part.statement:
        return f"{part.layer.value} {part.policy} statement {part.statement}"
    return f"{NO_ALLOW} for it in the {layers((Missing(part.layer, part.policy),))}"
