"""Import the SageMaker SDK without a configured region and without its own warnings.

SDK v3 makes an AWS client of boto3's default session while it is imported, which fails
where no region is configured, and uses parts of itself that it has deprecated.
"""

from __future__ import annotations

import contextlib
import os
import warnings
from typing import Iterator, Mapping

REGION = "AWS_DEFAULT_REGION"


@contextlib.contextmanager
def importing_sdk(region: str) -> Iterator[None]:
    """Import the SDK, and modules that import it, inside; ``region`` counts only if none is set."""
    with warnings.catch_warnings(), _without_default_session():
        warnings.simplefilter("ignore")
        with environment_variables({REGION: os.environ.get(REGION) or region}):
            yield


@contextlib.contextmanager
def _without_default_session() -> Iterator[None]:
    """boto3's default session remembers the environment it was made in, which may be gone."""
    import boto3

    before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, None
    try:
        yield
    finally:
        boto3.DEFAULT_SESSION = before


@contextlib.contextmanager
def environment_variables(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for as long as the context lasts."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
