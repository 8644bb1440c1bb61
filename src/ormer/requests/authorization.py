"""A step's request -> the condition keys that IAM would be shown with it, in one world.

Sources: the Service Authorization Reference ("Actions, resources, and condition keys for
Amazon SageMaker") for the keys an action has, ``facts/condition_keys.yaml`` for the members
that fill them, and "AWS global condition context keys" (aws:RequestTag, aws:TagKeys) and
"Granting a user permissions to pass a role" (iam:PassedToService) in the IAM User Guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import NamedTuple, Optional

from ormer.facts.carriers import Carriers, load_carriers
from ormer.facts.service import KeyFacts, load_service
from ormer.model.authorization import Context
from ormer.model.request import Facet, Operand, Request
from ormer.model.value import Expression, Opaque, Value
from ormer.model.world import ABSENT, FALSE, World
from ormer.requests.calls.texts import open_text
from ormer.requests.facet import TAG_PREFIX, StepFacet

PASS_ROLE = "iam:PassRole"
TAG_KEYS = "aws:TagKeys"
PASSED_TO = "iam:PassedToService"
_SAGEMAKER = "sagemaker.amazonaws.com"
_OTHER_SERVICES = ("EMR", "EMRServerless")
_MOST_CHOICES = 256

Shape = str | tuple[str, ...]
"""A key's value: a text, or the texts of a multivalued key."""


class Open(NamedTuple):
    """A key whose value is not known before the call: why, and all it can be where that is known.

    A choice that is None is that the key is not there. Each key's choices are by themselves: that
    two keys hang on one parameter is not told. ``text`` is the value with symbols for what is free
    in it, empty where not even that is known.
    """

    why: str
    choices: tuple[Optional[Shape], ...] = ()
    text: Shape = ""


class Shown(NamedTuple):
    """What IAM is shown, keys in lower case, as the evaluator takes them.

    ``open`` are the keys that are not in ``context`` because their value is not known.
    """

    context: Context
    open: Mapping[str, Open]


class _Filled(NamedTuple):
    """A key's values in one job definition, each as all that it can be.

    ``lacks``: a value that belongs there is missing. ``unknown`` says why they are not known;
    ``open`` are then the texts with symbols that they are, if that much is.
    """

    values: tuple[tuple[str, ...], ...]
    lacks: bool
    unknown: str = ""
    open: tuple[str, ...] = ()


def contexts(request: Request, world: World) -> Shown:
    """The condition keys of ``request`` in ``world``.

    Keys that come from the caller or its network (``aws:PrincipalArn``, ``aws:SourceVpce``) are
    not in the request, and not here.
    """
    context: dict[str, Shape] = {}
    open_: dict[str, Open] = {}
    for name, value in _keys(request, world, load_carriers()):
        if isinstance(value, Open):
            open_[name.lower()] = value
        elif value:
            context[name.lower()] = value
    return Shown(context, open_)


_Given = Iterator[tuple[str, Shape | Open]]


def _keys(request: Request, world: World, carriers: Carriers) -> _Given:
    if request.action == PASS_ROLE:
        if request.step_type in _OTHER_SERVICES:
            yield PASSED_TO, Open("which service a cluster's role is passed to is not known")
        else:
            yield PASSED_TO, _SAGEMAKER
        return
    facts = load_service().actions.get(request.action)
    for key, entry in facts.keys.items() if facts else ():
        filled = [_filled(facet.operand(key), entry, world) for facet in request.facets]
        value = _joined(filled, entry.type.startswith("ArrayOf"), world)
        if value is None:
            continue
        old = carriers.renamed.get(key)
        for name in (key,) if old is None else world.spellings(key, old):
            yield name, value
    if facts is not None and facts.takes_tags:
        yield from _tags(request.facets[0])


def _filled(operand: Operand, entry: KeyFacts, world: World) -> _Filled:
    values: list[tuple[str, ...]] = []
    for found in operand.found:
        choices = _choices(found.value)
        if not choices:
            lacks = operand.demanded and bool(operand.missing)
            return _Filled((), lacks, _why(found.value), _open_texts(operand))
        values.append(choices)
    lacks = operand.demanded and bool(operand.missing or not operand.found)
    if not values and entry.type == "Bool" and world.absent_boolean == FALSE:
        return _Filled((("false",),), False)
    return _Filled(tuple(dict.fromkeys(values)), lacks)


def _joined(filled: list[_Filled], is_list: bool, world: World) -> Shape | Open | None:
    """The values of all job definitions; None where the key is not there."""
    if any(one.lacks for one in filled) and world.job_definitions == ABSENT:
        return None
    unknown = next((one.unknown for one in filled if one.unknown), "")
    if unknown:
        return Open(unknown, text=_open_shape(filled, is_list))
    values = tuple(dict.fromkeys(value for one in filled for value in one.values))
    if not values:
        return None
    if not is_list and len(values) > 1:
        shown = ", ".join(dict.fromkeys(text for each in values for text in each))
        return Open(f"the key has one value, and several members fill it: {shown}")
    if prod(len(each) for each in values) > _MOST_CHOICES:
        return Open("it has more choices than are looked at")
    choices = tuple(tuple(dict.fromkeys(one)) for one in product(*values))
    shapes: tuple[Shape, ...] = choices if is_list else tuple(one[0] for one in choices)
    if len(shapes) == 1:
        return shapes[0]
    return Open("whoever starts the pipeline decides", tuple(one or None for one in shapes))


def _open_texts(operand: Operand) -> tuple[str, ...]:
    """The values with symbols for what is free in them; nothing where one is not even a text."""
    texts = tuple(open_text(one.value) for one in operand.found)
    return () if None in texts else tuple(text for text in texts if text is not None)


def _open_shape(filled: list[_Filled], is_list: bool) -> Shape:
    """The values of all job definitions, where each is there and known as a text with symbols."""
    found: dict[str, None] = {}
    for one in filled:
        texts = one.open or tuple(each[0] for each in one.values if len(each) == 1)
        if one.lacks or not texts or len(texts) < len(one.values):
            return ""
        found.update(dict.fromkeys(texts))
    if is_list:
        return tuple(found)
    return next(iter(found)) if len(found) == 1 else ""


def _tags(facet: Facet) -> _Given:
    tags = facet.tags() if isinstance(facet, StepFacet) else {}
    whole = tags.get("")
    if whole is not None:
        yield TAG_KEYS, Open(_why(whole.found[0].value))
        return
    for name, operand in tags.items():
        value = _joined([_filled(operand, _TAG, World())], False, World())
        yield TAG_PREFIX + name, value or ""
    if tags:
        yield TAG_KEYS, tuple(sorted(tags))


_TAG = KeyFacts(TAG_PREFIX, "String", (), "", (), False)


def _choices(value: Value) -> tuple[str, ...]:
    """All that a value can be; nothing where that is not known."""
    if isinstance(value, Opaque):
        return ()
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if not isinstance(value, Expression):
        return (str(value),)
    free = {part for part in value.parts if not isinstance(part, str)}
    if len(free) != 1:
        return ()  # several parts may hang together
    (part,) = free
    texts = (
        "".join(choice if p == part else str(p) for p in value.parts)
        for choice in part.choices or ()
    )
    return tuple(dict.fromkeys(texts))


def _why(value: Value) -> str:
    if isinstance(value, Opaque):
        return value.reason
    return f"{value.text() if isinstance(value, Expression) else value} is open"
