"""Access files made of documents, in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ormer.model.access import Access
from ormer.model.access_file import (
    AccessFile,
    NamedEndpoint,
    NamedLevel,
    NamedPrincipal,
    NamedResource,
    Reference,
)
from ormer.model.principal import principal_from_arn
from ormer.run.access import access_of

ROLE = "arn:aws:iam::111122223333:role/jobs"
MadeAccess = Callable[..., Access]


def _reference(document: Any, place: str) -> Reference:
    return Reference(place, 1, "", document)


def _document(statements: Any) -> dict[str, Any]:
    several = statements if isinstance(statements, list) else [statements]
    return {"Version": "2012-10-17", "Statement": several}


@pytest.fixture(scope="session")
def made() -> MadeAccess:
    """``made(statement, ..., boundary=, tags=, resources={arn: statements}, ...)``."""

    def _made(
        *statements: Any,
        arn: str = ROLE,
        boundary: Any = None,
        tags: Any = None,
        resources: Any = None,
        endpoints: Any = None,
        scps: Any = None,
        organization: str = "",
    ) -> Access:
        limit = None if boundary is None else _reference(_document(boundary), "boundary")
        own = (_reference(_document(list(statements)), "policy"),) if statements else ()
        principal = NamedPrincipal(principal_from_arn(arn), tags or {}, own, limit, None)
        return access_of(
            AccessFile(
                "access.yaml",
                (principal,),
                tuple(
                    NamedResource(each, _reference(_document(d), f"policy of {each}"))
                    for each, d in (resources or {}).items()
                ),
                tuple(
                    NamedEndpoint(f"vpce-{service}", service, _reference(_document(d), service))
                    for service, d in (endpoints or {}).items()
                ),
                tuple(
                    NamedLevel(f"level {n}", (_reference(_document(d), f"scp {n}"),))
                    for n, d in enumerate(scps or ())
                ),
                (),
                "",
                {},
                organization,
            )
        )

    return _made
