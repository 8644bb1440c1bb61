"""What keeps something from being allowed: as few statements and layers as do."""

from __future__ import annotations

from ormer.evaluate.explain import layers
from ormer.model.authorization import Missing
from ormer.prove.layers import Part
from ormer.prove.question import Question

NO_ALLOW = "no Allow"


def fewest(question: Question, given: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Of ``names``, which cannot all be assumed with ``given``, some that cannot either and none
    of which can be spared. The last ones are kept where there is a choice."""
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


def part_words(part: Part) -> str:
    """A Deny by its name, or the layer that does not allow it."""
    if part.statement:
        return f"{part.layer.value} {part.policy} statement {part.statement}"
    return f"{NO_ALLOW} for it in the {layers((Missing(part.layer, part.policy),))}"
