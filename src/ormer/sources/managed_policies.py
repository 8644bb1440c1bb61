"""AWS managed policies by name, as the package moto carries copies of them.

moto is no dependency of this package: the extra ``managed-policies`` installs it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from ormer.model.errors import InputError
from ormer.read.text.suggestion import suggestion

_EXTRA = "pip install 'ormer[managed-policies]'"


def managed_policy(name: str) -> Any:
    """The document of an AWS managed policy: its default version when moto's copy was made.

    Raises InputError for a name that moto does not have, with the nearest one that it has, and
    where moto is not installed.
    """
    policies = _policies()
    if name not in policies:
        hint = suggestion(name, policies) if name else ""
        near = hint if "did you mean" in hint else ""
        raise InputError(f"managed:{name}: no AWS managed policy of this name{near}")
    return policies[name]["Document"]


@lru_cache(maxsize=1)
def _policies() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(_moto_file())
    return found


def _moto_file() -> str:
    """The text of moto's copy. The package itself is not imported: that takes longer than all
    else, and the file holds a text alone."""
    moto = find_spec("moto")
    places = (moto.submodule_search_locations if moto is not None else None) or ()
    for place in places:
        path = Path(place) / "iam" / "aws_managed_policies.py"
        spec = spec_from_file_location("moto_managed_policies", path)
        if path.is_file() and spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            return str(module.aws_managed_policies_data)
    raise InputError(
        f"AWS managed policies are read from the package moto, which is missing: {_EXTRA}"
    )
