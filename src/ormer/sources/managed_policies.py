"""AWS managed policies by name, as the package moto carries copies of them.

moto is no dependency of this package: the extra ``managed-policies`` installs it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
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
    try:
        from moto.iam.aws_managed_policies import aws_managed_policies_data
    except ImportError:
        raise InputError(
            f"AWS managed policies are read from the package moto, which is missing: {_EXTRA}"
        ) from None
    found: Mapping[str, Any] = json.loads(aws_managed_policies_data)
    return found
