"""What every part of a statement becomes: a question about a request."""

from __future__ import annotations

from collections.abc import Callable

from ormer.model.authorization import AuthorizationRequest

Test = Callable[[AuthorizationRequest], bool]
