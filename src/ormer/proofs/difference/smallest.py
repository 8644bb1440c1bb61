"""A request with as few condition keys as still show what it shows."""

from __future__ import annotations

from collections.abc import Callable

from ormer.model.authorization import AuthorizationRequest
from ormer.prove.request_space import RequestSpace


def smallest(
    request: AuthorizationRequest,
    space: RequestSpace,
    shows: Callable[[AuthorizationRequest], bool],
) -> AuthorizationRequest:
    """The request without the keys that it need not have, one by one, while ``shows`` holds.

    Keys that every request of the action has stay, so that it is one that can be made.
    """
    kept = set(space.always) | set(space.required) | set(space.fixed)
    for group in (*space.together, *space.implied):
        kept |= set(group)
    old = {new: old for old, new in space.renamed.items()}
    kept |= {old[key] for key in kept if key in old}
    for key in sorted(request.context):
        if key not in kept:
            fewer = {name: value for name, value in request.context.items() if name != key}
            if shows(request._replace(context=fewer)):
                request = request._replace(context=fewer)
    return request
