"""A definition that is made to be slow is unknown, and what is not searched is never a pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Says = Callable[..., Any]
ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
