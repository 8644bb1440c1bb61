"""Where a framework container gets its code from: the detector behind ``api:CodeLocations``.

Source: the SageMaker Training and Inference Toolkits, which download and unpack what
``sagemaker_submit_directory`` (a hyperparameter) or ``SAGEMAKER_SUBMIT_DIRECTORY`` (a
variable of the environment) names. A tuning job gives its jobs the values of its ranges as
hyperparameters too ("Define Hyperparameter Ranges" in the Developer Guide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Optional

from ormer.facts.service import Shape
from ormer.model.request import Found
from ormer.model.value import Opaque
from ormer.requests.holders import paths_to
from ormer.requests.paths import EACH, Input, gather
from ormer.requests.resolve import is_reference

_NAMES = ("sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY")
_HOLDERS = frozenset(["HyperParameters", "StaticHyperParameters", "Environment"])
_RANGES = frozenset(["HyperParameterRanges", "ParameterRanges"])
_LISTS_OF_TEXTS = {"CategoricalParameterRanges": "Values", "AutoParameters": "ValueHint"}
"""The ranges whose values may be any text, and the member that has them."""


def code_locations(source: Input, shape: Optional[Shape]) -> tuple[Found, ...]:
    """The locations the input names, each with its place; Opaque where a holder is unknown.

    ``shape`` is the input's, or None where no service model describes it: then there are none.
    """
    if shape is None:
        return ()
    found: list[Found] = []
    node = source.node
    for path in paths_to(shape, _HOLDERS):
        if path[0] in node:
            for name in _NAMES:
                if not _is_plain_without(name, node[path[0]], path):
                    found += gather(source, (*path, name))[0]
    for path in paths_to(shape, _RANGES):
        if path[0] in node:
            for kind, values in _LISTS_OF_TEXTS.items():
                found += _in_ranges(source, (*path, kind), values)
    return tuple(found)


def _is_plain_without(name: str, holder: Any, path: tuple[str, ...]) -> bool:
    """Whether the holder is at hand, written out, and has no such name: nearly always."""
    is_written = type(holder) is dict and name not in holder and not is_reference(holder)
    return len(path) == 1 and is_written


def _in_ranges(source: Input, path: tuple[str, ...], values: str) -> Iterator[Found]:
    """What the ranges at the path give to a hyperparameter that names code, or may name it."""
    for name, place in gather(source, (*path, EACH, "Name"))[0]:
        may_be = _may_be_code(name) if place[-1] == "Name" else None
        if may_be is None:
            yield Found(Opaque("which hyperparameters the ranges have is not known"), place)
        elif may_be:
            given = gather(source, (*path, EACH, values))[0]
            yield from (one for one in given if one.place[: len(place) - 1] == place[:-1])


def _may_be_code(name: Any) -> Optional[bool]:
    """Whether a hyperparameter's name is one that names code, or None where it may be."""
    from ormer.requests.open_texts import texts  # late: few jobs have ranges of texts

    known = texts(name)
    if known is None or any(text.free and _may_be(text.text) for text in known):
        return None
    return any(text.text in _NAMES for text in known)


def _may_be(text: str) -> bool:
    from ormer.requests.open_texts import MARK

    pattern = "".join(".*" if re.match(MARK, c) else re.escape(c) for c in text)
    return any(re.fullmatch(pattern, name) for name in _NAMES)
