"""Where a framework container gets its code from: the detector behind ``api:CodeLocations``.

Source: the SageMaker Training and Inference Toolkits, which download and unpack what
``sagemaker_submit_directory`` (a hyperparameter) or ``SAGEMAKER_SUBMIT_DIRECTORY`` (a
variable of the environment) names.
"""

from __future__ import annotations

from typing import Optional

from ormer.facts.service import Shape
from ormer.model.request import Found
from ormer.requests.holders import paths_to
from ormer.requests.paths import Input, gather

_NAMES = ("sagemaker_submit_directory", "SAGEMAKER_SUBMIT_DIRECTORY")
_HOLDERS = frozenset(["HyperParameters", "StaticHyperParameters", "Environment"])


def code_locations(source: Input, shape: Optional[Shape]) -> tuple[Found, ...]:
    """The locations the input names, each with its place; Opaque where a holder is unknown.

    ``shape`` is the input's, or None where no service model describes it: then there are none.
    """
    found: list[Found] = []
    for path in paths_to(shape, _HOLDERS) if shape is not None else ():
        if path[0] in source.node:
            for name in _NAMES:
                found += gather(source, (*path, name))[0]
    return tuple(found)
